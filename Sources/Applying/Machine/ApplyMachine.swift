/// Decides what an apply does next. Pure: events in, effects out; time, journal and providers are the driver's.
///
/// Promises, whatever the order of events: no step begins before what it waits for is done (or goes before it in the same group);
/// no effect before its intent is durable; never two effects on one identity at once; a failure stops what depends on it and nothing
/// else; after `.interrupt` nothing new begins; after `.abandon`, or when nothing can happen any more, `.finished` comes once.
/// An event costs the edges of the vertices that it settles, so a whole run is linear in the plan.
public struct ApplyMachine: Sendable {
    public enum Phase: UInt8, Sendable, CaseIterable {
        case pending, completing
        /// Completed, and waiting for a place.
        case waiting
        /// Completed early, and waiting for what it depends on.
        case held
        /// Failed for the moment; to be tried again.
        case delayed
        case journalling, applying
        /// Its outcome is being journalled; the verdict stands.
        case recording
        case done, failed, notBegun
        /// Under way when the run was abandoned: its intent stays open.
        case abandoned

        public var isFinal: Bool { rawValue >= Phase.done.rawValue }
    }

    public enum Event: Sendable {
        case start
        case completed(Int32, Completion)
        /// The intents of a group are durable.
        case intentsDurable(group: Int32)
        case outcome(Int32, Outcome)
        /// All outcomes of a group have been told.
        case groupEnded(Int32)
        /// What `.record` and `.withdraw` asked for is durable.
        case recorded([Int32])
        case retryDue(Int32)
        case interrupt
        case abandon
        /// The journal takes nothing any more: nothing new may begin.
        case journalFailed
    }

    public enum Completion: Sendable {
        /// To be carried out. `key` names what limits it; at most `limit` groups of a key run at once (0: no limit of its own).
        case ready(key: Int32, limit: Int32)
        /// Nothing to be carried out; `record`: but something to be journalled.
        case nothing(record: Bool)
        case failed
    }

    public enum Outcome: Sendable {
        case done
        /// To be tried again after a while.
        case postponed
        /// Failed, and what is known of it is to be journalled.
        case failed
        /// Nobody knows what it did: nothing is journalled, its intent stays open.
        case interrupted
        case notBegun
    }

    public enum Effect: Sendable, Hashable {
        /// Evaluate these again; answer `.completed` for each.
        case complete([Int32])
        /// Journal an intent for each of `unrecorded`; answer `.intentsDurable`. Members stand in an order that keeps dependencies.
        case begin(group: Int32, members: [Int32], unrecorded: [Int32])
        /// Carry out; answer `.outcome` for each member, then `.groupEnded`.
        case apply(group: Int32)
        /// Journal what became of the vertex; answer `.recorded`.
        case record(Int32)
        /// Close the intent of a vertex that was not begun after all; answer `.recorded`.
        case withdraw(Int32)
        /// Answer `.retryDue` after a pause.
        case retry(Int32)
        /// The provider began none of the group though nothing had failed: the vertex counts as failed.
        case refused(Int32)
        /// Nothing more will happen. Comes once, last.
        case finished
    }

    public let limits: ApplyLimits
    let graph: ApplyGraph

    public private(set) var phases: [Phase]
    var counts = [Int](repeating: 0, count: Phase.allCases.count)
    /// What a vertex in `recording` will be.
    var verdicts: [Phase]
    /// Predecessors that are not done.
    var remaining: [Int32]
    /// Key of what limits it, once completed.
    var keys: [Int32]
    var isIntentDurable: [Bool]
    /// A predecessor failed while this was under way in the same group.
    var isBlocked: [Bool]
    /// Turned out to be nothing before what it waits for was done.
    var isNothing: [Bool]

    var staging: Staging
    var lanes = Lanes()
    var groups: [Int32: Group] = [:]
    var nextGroup: Int32 = 0
    var running = 0
    var busyIdentities: Set<Int32> = []
    var identityWaiters: [Int32: Queue] = [:]

    /// Nothing new begins.
    public private(set) var isStopping = false
    public internal(set) var isFinished = false
    var isJournalBroken = false

    // Within one `handle`:
    var effects: [Effect] = []
    var toComplete: [Int32] = []
    var hits: [Int32]

    struct Group: Sendable {
        var members: [Int32]
        var key: Int32
        var hasProgress = false
        var returned: [Int32] = []
    }

    /// - Parameter finished: vertices that an earlier run of the same plan has done.
    public init(_ graph: ApplyGraph, limits: ApplyLimits = ApplyLimits(), finished: Set<Int32> = []) {
        self.graph = graph
        self.limits = limits
        let count = graph.count
        phases = Array(repeating: .pending, count: count)
        verdicts = Array(repeating: .pending, count: count)
        remaining = graph.waits
        keys = Array(repeating: -1, count: count)
        isIntentDurable = Array(repeating: false, count: count)
        isBlocked = Array(repeating: false, count: count)
        isNothing = Array(repeating: false, count: count)
        hits = Array(repeating: 0, count: count)
        staging = Staging(count: count)
        counts[Int(Phase.pending.rawValue)] = count
        for vertex in finished where vertex >= 0 && vertex < count {
            set(vertex, .done)
            for successor in graph.successors(of: vertex) { remaining[Int(successor)] -= 1 }
        }
    }

    /// Takes what happened, in order, and answers what is to be done, in order. Once finished, answers nothing.
    public mutating func handle(_ events: [Event]) -> [Effect] {
        if isFinished { return [] }
        effects = []
        for event in events {
            handle(event)
            if isFinished { break }
        }
        if !isFinished {
            if !isStopping { dispatch() }
            if !toComplete.isEmpty, !isStopping { effects.append(.complete(toComplete)) }
            toComplete = []
            finishIfIdle()
        }
        defer { effects = [] }
        return effects
    }

    private mutating func handle(_ event: Event) {
        switch event {
        case .start:
            for vertex in 0..<Int32(graph.count) where phases[Int(vertex)] == .pending && remaining[Int(vertex)] == 0 {
                becomeReady(vertex)
            }
        case .completed(let vertex, let completion): completed(vertex, completion)
        case .intentsDurable(let group): intentsDurable(group)
        case .outcome(let vertex, let outcome): ended(vertex, outcome)
        case .groupEnded(let group): groupEnded(group)
        case .recorded(let vertices):
            for vertex in vertices where phases[Int(vertex)] == .recording { set(vertex, verdicts[Int(vertex)]) }
        case .retryDue(let vertex):
            if phases[Int(vertex)] == .delayed, !isStopping {
                if remaining[Int(vertex)] > 0 { set(vertex, .held) } else { enqueue(vertex) }
            }
        case .interrupt: stop()
        case .abandon:
            stop()
            finish()
        case .journalFailed:
            isJournalBroken = true
            stop()
            // Their intents were not written, nor will they be.
            for vertex in 0..<Int32(graph.count) where phases[Int(vertex)] == .journalling { set(vertex, .notBegun) }
        }
    }

    // MARK: Phases

    mutating func set(_ vertex: Int32, _ phase: Phase) {
        counts[Int(phases[Int(vertex)].rawValue)] -= 1
        counts[Int(phase.rawValue)] += 1
        phases[Int(vertex)] = phase
    }

    func count(_ phase: Phase) -> Int { counts[Int(phase.rawValue)] }

    /// Journals the outcome of `vertex`; once that is durable, it is what `verdict` says.
    mutating func conclude(_ vertex: Int32, _ verdict: Phase, withdrawing: Bool = false) {
        verdicts[Int(vertex)] = verdict
        set(vertex, .recording)
        effects.append(withdrawing ? .withdraw(vertex) : .record(vertex))
    }

    // MARK: Ending

    private mutating func stop() {
        if isStopping { return }
        isStopping = true
        toComplete = []
        for vertex in 0..<Int32(graph.count) {
            switch phases[Int(vertex)] {
            case .waiting, .held:
                if isIntentDurable[Int(vertex)], !isJournalBroken {
                    conclude(vertex, .notBegun, withdrawing: true)
                } else {
                    set(vertex, .notBegun)
                }
            case .delayed:
                // Its last try failed and there will be no other.
                if isJournalBroken { set(vertex, .failed) } else { conclude(vertex, .failed) }
            case .completing: set(vertex, .notBegun)
            default: break
            }
        }
    }

    private mutating func finishIfIdle() {
        let underWay = count(.applying) + count(.journalling)
        if isStopping {
            if underWay == 0, isJournalBroken || count(.recording) == 0 { finish() }
            return
        }
        // A group that has not ended may send some of its members back.
        if groups.isEmpty, underWay + count(.recording) + count(.completing) + count(.waiting) + count(.delayed) == 0 { finish() }
    }

    private mutating func finish() {
        for vertex in 0..<Int32(graph.count) {
            switch phases[Int(vertex)] {
            case .applying: set(vertex, .abandoned)
            // Intents may be durable, and nothing was begun. What is in `recording` stays: the driver knows whether it got durable.
            case .pending, .completing, .waiting, .held, .delayed, .journalling: set(vertex, .notBegun)
            case .recording, .done, .failed, .notBegun, .abandoned: break
            }
        }
        isFinished = true
        effects.append(.finished)
    }
}
