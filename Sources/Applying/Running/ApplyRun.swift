import Addresses
import Diagnostics
public import PlanModel
public import ProviderKit
public import StateModel
import Values

/// Carries out one plan, under a lock that the caller holds.
///
/// The actor owns the machine and does what it says: finishes steps, journals intents before effects and facts after them, calls
/// providers, tells the observer. Outcomes arrive in batches; nothing here costs a task or a hop a step.
public actor ApplyRun {
    enum Message: Sendable {
        case finished([(Int32, Finished)])
        case outcome(Int32, ApplyOutcome)
        case read(Int32, Result<Value, ProviderFailure>)
        case provisioned(Int32, ProvisionOutcome)
        case groupEnded(Int32)
        case appended(Result<StateVersion, StateStoreError>)
        case retryDue(Int32)
        case patienceEnded
        case interrupt
    }

    let reading: PlanReading
    let run: RunRecord
    let store: any StateStore
    let lock: StateLock
    let completing: any StepCompleting
    let limits: ApplyLimits
    let clock: ApplyClock
    private let providers: any ProviderPool
    let provisioners: (any Provisioning)?
    let observer: (any ApplyObserver)?
    private let base: StateSnapshot
    private let finishedBefore: Set<Int>

    nonisolated let inbox = Inbox<Message>()
    let facts: RunFacts
    var machine: ApplyMachine
    var journal: ApplyJournal
    var completer: Completer?

    /// Steps from their completion to their end.
    var inHand: ContiguousArray<StepInHand?>
    /// What each group under way asks of its provider.
    var requests: [Int32: (provider: any Provider, members: [Int32], requests: [ApplyRequest])] = [:]
    /// The provisioner that a group under way is.
    var provisioning: [Int32: Int32] = [:]
    var keys: [BatchKey: Int32] = [:]
    var tasks: [Int32: Task<Void, Never>] = [:]
    var beingFinished = 0
    var isWaitingForPatience = false
    var interrupts = 0
    let interruption = Interruption()
    /// What did not answer, by batch key: the step that found it out.
    var lost: [BatchKey: String] = [:]
    var notices: [ApplyNotice] = []
    var endings: [Int32: [StateEvent]] = [:]
    var diagnostics: [Int32: [Diagnostic]] = [:]
    var isOpen: Set<Int32> = []
    var warnings: [Diagnostic] = []
    /// Updates that turned out to be nothing.
    var didNothing: Set<Int32> = []
    /// Recorded after the machine had finished.
    var recordedLate: Set<Int32> = []

    struct BatchKey: Hashable {
        var provider: ProviderConfigAddress
        var key: String
    }

    /// - Parameters:
    ///   - run: as it is to be recorded: command, holder, when it began; `planDigest` names the plan.
    ///   - base: the state now, open intents resolved.
    ///   - lock: held, and kept until `run` has returned.
    ///   - provisioners: nil where none can be run: a plan that has some fails there.
    ///   - finished: vertices that an earlier run of the same plan has done.
    public init(
        plan: Plan, run: RunRecord, base: StateSnapshot, store: any StateStore, lock: StateLock, completing: any StepCompleting,
        providers: any ProviderPool, provisioners: (any Provisioning)? = nil, limits: ApplyLimits = ApplyLimits(), clock: ApplyClock,
        observer: (any ApplyObserver)? = nil,
        finished: Set<Int> = []
    ) {
        reading = PlanReading(plan, digest: run.planDigest)
        self.run = run
        self.base = base
        self.store = store
        self.lock = lock
        self.completing = completing
        self.providers = providers
        self.provisioners = provisioners
        self.limits = limits
        self.clock = clock
        self.observer = observer
        finishedBefore = finished
        facts = RunFacts(base: base, identities: reading.identities)
        journal = ApplyJournal(version: base.version)
        machine = ApplyMachine(.empty)
        inHand = ContiguousArray(repeating: nil, count: plan.vertices.count)
    }

    /// Once: nothing new begins, what is under way ends and is recorded. Twice: it is abandoned, its intents stay open.
    public nonisolated func interrupt() { inbox.post(.interrupt) }

    /// Applies the plan. Returns when everything that can be done is done and recorded. Cancelling the task is an interrupt.
    public func run() async -> ApplyResult {
        await withTaskCancellationHandler {
            await runToEnd()
        } onCancel: {
            interrupt()
        }
    }

    private func runToEnd() async -> ApplyResult {
        let graph: ApplyGraph
        do throws(ApplyGraph.Fault) {
            graph = try reading.graph()
        } catch {
            return refused(
                .error("Plan is not valid", "Vertex \(error.vertex) of the plan names \(error.target), which the plan does not have."))
        }
        let opening = reading.openingEvents(base: base)
        do throws(StateStoreError) {
            journal.version = try await store.append([.runBegan(run)] + opening, under: lock, expecting: journal.version)
        } catch {
            return refused(.error("State could not be written", error.message, hints: error.hints))
        }
        for event in opening { facts.fold(event) }
        for vertex in finishedBefore.sorted() where reading.plan.vertices.indices.contains(vertex) {
            guard let target = reading.target(of: Int32(vertex)) else { continue }
            await completing.settle(vertex, object: facts.object(at: target))
        }
        let inbox = inbox
        completer = Completer(reading: reading, completing: completing, providers: providers, facts: facts) { inbox.post(.finished($0)) }
        machine = ApplyMachine(graph, limits: limits, finished: Set(finishedBefore.map { Int32(truncatingIfNeeded: $0) }))
        perform(machine.handle([.start]))
        while !machine.isFinished {
            write()
            tell()
            let events = await read(await inbox.next())
            perform(machine.handle(events))
        }
        return await finish()
    }

    private func refused(_ diagnostic: Diagnostic) -> ApplyResult {
        var result = ApplyResult(version: journal.version)
        result.diagnostics = [diagnostic]
        result.notBegun = reading.plan.vertices.indices.compactMap { index in
            let step = reading.step(Int32(index))
            return step.effect == nil ? nil : step
        }
        result.counts.notBegun = Set(result.notBegun.compactMap(\.change)).count
        result.outputs = facts.outputs
        return result
    }

    /// Starts an append where there is something to write and none is under way.
    private func write() {
        switch journal.decide(isFinishing: beingFinished > 0) {
        case .nothing: return
        case .wait(let duration):
            if isWaitingForPatience { return }
            isWaitingForPatience = true
            Task.detached { [inbox] in
                // Cancelled or not: it is looked at again.
                try? await Task.sleep(for: duration)
                inbox.post(.patienceEnded)
            }
        case .write:
            let batch = journal.beginWriting()
            let version = journal.version
            Task.detached { [store, lock, inbox] in
                do throws(StateStoreError) {
                    inbox.post(.appended(.success(try await store.append(batch.events, under: lock, expecting: version))))
                } catch {
                    inbox.post(.appended(.failure(error)))
                }
            }
        }
    }

    func tell() {
        if notices.isEmpty { return }
        observer?.observe(notices)
        notices = []
    }
}
