import StateModel

/// Gathers what is to be journalled and writes it in few, large appends: one at a time, and while one is under way the next grows.
struct ApplyJournal {
    /// What is to be said when an append is durable.
    struct Batch: Sendable {
        var events: [StateEvent] = []
        var groups: [Int32] = []
        var vertices: [Int32] = []

        var isEmpty: Bool { events.isEmpty && groups.isEmpty && vertices.isEmpty }
    }

    private(set) var pending = Batch()
    private(set) var inFlight: Batch?
    var version: StateVersion
    /// When the oldest pending fact came.
    private var since: ContinuousClock.Instant?
    private(set) var failure: StateStoreError?
    /// Events of the append that failed; they stand first in `pending`.
    private(set) var failedCount = 0

    /// How long facts wait for the intents of what follows them: one sync for both.
    static let patience: Duration = .milliseconds(3)

    init(version: StateVersion) { self.version = version }

    mutating func add(_ events: [StateEvent], group: Int32? = nil, vertex: Int32? = nil) {
        if pending.isEmpty { since = .now }
        pending.events.append(contentsOf: events)
        if let group { pending.groups.append(group) }
        if let vertex { pending.vertices.append(vertex) }
    }

    enum Decision { case nothing, write, wait(Duration) }

    /// - Parameter isFinishing: steps are being finished whose intents could come along.
    func decide(isFinishing: Bool) -> Decision {
        guard inFlight == nil, failure == nil, !pending.isEmpty else { return .nothing }
        guard isFinishing, pending.groups.isEmpty, let since else { return .write }
        let waited = ContinuousClock.now - since
        return waited >= Self.patience ? .write : .wait(Self.patience - waited)
    }

    mutating func beginWriting() -> Batch {
        let batch = pending
        inFlight = batch
        pending = Batch()
        since = nil
        return batch
    }

    /// - Returns: what is durable now.
    mutating func ended(_ result: Result<StateVersion, StateStoreError>) -> Batch? {
        guard let batch = inFlight else { return nil }
        inFlight = nil
        switch result {
        case .success(let version):
            self.version = version
            if !pending.isEmpty { since = .now }
            return batch
        case .failure(let error):
            failure = error
            failedCount = batch.events.count
            // Tried once more at the end: facts must not be lost to a disk that was full for a moment.
            pending = Batch(events: batch.events + pending.events, groups: [], vertices: batch.vertices + pending.vertices)
            return nil
        }
    }

    /// What is left, without the intents of steps that were never begun: those must not be written after all.
    /// - Parameter committed: the append that failed was written nevertheless.
    mutating func takeRest(withoutIntents neverBegun: Set<String>, committed: Bool = false) -> Batch {
        var rest = pending
        pending = Batch()
        rest.groups = []
        if committed { rest.events.removeFirst(min(failedCount, rest.events.count)) }
        if neverBegun.isEmpty { return rest }
        let keys = Set(neverBegun.map { DerivedNames.deposedKey(ofIntent: $0) })
        rest.events.removeAll { event in
            switch event {
            case .intent(let intent): neverBegun.contains(intent.id)
            // What made way for it stays in its place.
            case .deposed(_, let key): keys.contains(key)
            default: false
            }
        }
        return rest
    }
}
