import Addresses
public import StateModel

/// A state that lives as long as the process. Keeps the promises of the seam, and breaks them when told to.
public actor InMemoryStore: StateStore {
    /// What is to happen to an append.
    public enum Fault: Sendable {
        /// Nothing is written.
        case refuse(StateStoreError)
        /// Written, but the caller is told otherwise: what a crash between commit and answer looks like.
        case writeAndFail(StateStoreError)
    }

    public private(set) var events: [StateEvent] = []
    private var state: StateSnapshot
    private var held: StateLock?
    private var epoch: Int64 = 0
    private let fault: @Sendable ([StateEvent]) async -> Fault?
    public private(set) var appends = 0

    /// - Parameter fault: asked before each append.
    public init(
        _ initial: StateSnapshot = StateSnapshot(version: StateVersion(lineage: "", serial: 0)),
        fault: @escaping @Sendable ([StateEvent]) async -> Fault? = { _ in nil }
    ) {
        state = initial
        self.fault = fault
    }

    public func snapshot() async throws(StateStoreError) -> StateSnapshot { state }

    public func append(_ events: [StateEvent], under lock: StateLock, expecting version: StateVersion)
        async throws(StateStoreError) -> StateVersion
    {
        let fault = await fault(events)
        if case .refuse(let error)? = fault { throw error }
        guard held?.id == lock.id, held?.epoch == lock.epoch else { throw StateStoreError(.lockLost, "The lock of the state was lost.") }
        let isNone = version.serial == 0 && state.version.serial == 0 && (version.lineage.isEmpty || state.version.lineage.isEmpty)
        guard version == state.version || isNone else {
            throw StateStoreError(.versionMismatch(expected: version, found: state.version), "Somebody else wrote to the state meanwhile.")
        }
        for event in events {
            // What a real store could not write is refused here too.
            do throws(StateCodingError) { _ = try event.encoded() } catch { throw StateStoreError(.other, error.message) }
        }
        if !events.isEmpty, state.version.lineage.isEmpty { state.version.lineage = "memory" }
        for event in events { state.fold(event) }
        self.events += events
        state.version.serial += Int64(events.count)
        appends += 1
        if case .writeAndFail(let error)? = fault { throw error }
        return state.version
    }

    public func history(limit: Int) async throws(StateStoreError) -> [RunRecord] {
        var runs: [RunRecord] = []
        for event in events {
            switch event {
            case .runBegan(let run):
                runs.removeAll { $0.id == run.id }
                runs.append(run)
            case .runEnded(let id, let result, let time, let counts):
                guard let index = runs.firstIndex(where: { $0.id == id }) else { continue }
                runs[index].result = result
                runs[index].endedAt = time
                runs[index].counts = counts
            default: break
            }
        }
        return Array(runs.reversed().prefix(max(0, limit)))
    }

    public func events(since serial: Int64, limit: Int) async throws(StateStoreError) -> [(serial: Int64, event: StateEvent)] {
        events.enumerated().map { (Int64($0.offset) + 1, $0.element) }.filter { $0.0 >= serial }.prefix(max(0, limit)).map { $0 }
    }

    public func lock(for holder: LockHolder) async throws(StateStoreError) -> StateLock {
        if let held { throw StateStoreError(.locked(held), "The state is locked by \(held.holder.user).") }
        return give(to: holder)
    }

    public func takeOver(_ held: StateLock, for holder: LockHolder) async throws(StateStoreError) -> StateLock {
        guard let now = self.held else { throw StateStoreError(.notHeld, "The state is not locked.") }
        if now != held { throw StateStoreError(.locked(now), "The state is locked by \(now.holder.user).") }
        return give(to: holder)
    }

    private func give(to holder: LockHolder) -> StateLock {
        epoch += 1
        let lock = StateLock(id: "lock-\(epoch)", epoch: epoch, holder: holder)
        held = lock
        return lock
    }

    public func unlock(_ lock: StateLock) async throws(StateStoreError) {
        guard held?.id == lock.id, held?.epoch == lock.epoch else { throw StateStoreError(.lockLost, "The lock of the state was lost.") }
        held = nil
    }

    public func currentLock() async throws(StateStoreError) -> StateLock? { held }

    public func breakLock(id: String) async throws(StateStoreError) {
        guard held?.id == id else { throw StateStoreError(.notHeld, "The state is not locked with \(id).") }
        held = nil
    }
}
