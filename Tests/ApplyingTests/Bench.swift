import Addresses
import Applying
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Synchronization
import TestSupport
import Values

/// A state, a world and a provider, and runs on them.
struct Bench {
    let world: ScriptedWorld
    let store: InMemoryStore
    var provider: ScriptedProvider
    var provisioners = ScriptedProvisioners()
    /// Whether identities may be claimed by several.
    var isShared = true
    var limits = ApplyLimits(retries: RetryPolicy(tries: 4, firstDelay: 0.001, growth: 1))
    let clock = ApplyClock(now: { 1_700_000_000 }, sleep: { _ in await Task.yield() })

    init(
        world: ScriptedWorld = ScriptedWorld(), store: InMemoryStore = InMemoryStore(),
        provider: ((ScriptedWorld) -> ScriptedProvider) = { ScriptedProvider(world: $0) }
    ) {
        self.world = world
        self.store = store
        self.provider = provider(world)
    }

    static func record(_ number: Int, digest: String = "digest") -> RunRecord {
        RunRecord(id: RunID(rawValue: "run-\(number)"), command: .apply, holder: RandomState.holder, beganAt: 0, planDigest: digest)
    }

    /// Plans for the wishes and applies.
    func apply(
        _ wishes: [Wish], run number: Int = 1, observer: Recorder? = nil, fault: @escaping @Sendable (Int) -> [Diagnostic] = { _ in [] }
    )
        async throws -> ApplyResult
    {
        let plan = SmallPlanner.plan(wishes, try await store.snapshot())
        return try await apply(plan, wishes, run: number, observer: observer, fault: fault)
    }

    func apply(
        _ plan: Plan, _ wishes: [Wish] = [], run number: Int = 1, observer: Recorder? = nil,
        fault: @escaping @Sendable (Int) -> [Diagnostic] = { _ in [] }
    ) async throws -> ApplyResult {
        let lock = try await store.lock(for: RandomState.holder)
        let run = try await self.run(plan, wishes, lock: lock, number: number, observer: observer, fault: fault)
        let result = await run.run()
        try await store.unlock(lock)
        return result
    }

    func run(
        _ plan: Plan, _ wishes: [Wish], lock: StateLock, number: Int = 1, observer: Recorder? = nil,
        fault: @escaping @Sendable (Int) -> [Diagnostic] = { _ in [] }
    ) async throws -> ApplyRun {
        let completer = SmallCompleter(plan, wishes, provider: provider, isShared: isShared, fault: fault)
        return ApplyRun(
            plan: plan, run: Self.record(number, digest: try plan.digest()), base: try await store.snapshot(), store: store, lock: lock,
            completing: completer, providers: completer, provisioners: provisioners, limits: limits, clock: clock, observer: observer)
    }

    func recover(_ number: Int = 100) async throws -> RecoveryResult {
        let snapshot = try await store.snapshot()
        let lock = try await store.lock(for: RandomState.holder)
        let completer = SmallCompleter(SmallPlanner.plan([], snapshot), [], provider: provider)
        let result = try await Recovery(store: store, lock: lock, providers: completer, clock: clock).recover(
            snapshot, run: Self.record(number))
        try await store.unlock(lock)
        return result
    }
}

/// Keeps what an observer is told.
final class Recorder: ApplyObserver {
    private let told = Mutex<[ApplyNotice]>([])
    var notices: [ApplyNotice] { told.withLock { $0 } }
    func observe(_ notices: [ApplyNotice]) { told.withLock { $0 += notices } }

    /// In a word each.
    var words: [String] {
        notices.map { notice in
            switch notice {
            case .stepBegan(let step): "began \(step.label)"
            case .stepEnded(let step, _, _): "ended \(step.label)"
            case .stepFailed(let step, _, _): "failed \(step.label)"
            case .stepRetried(let step, let tries, _, _): "retried \(step.label) \(tries)"
            case .stepWaits(let step, let failure, _): "waits \(step.label): \(failure.detail)"
            case .provisionBegan(let step, let type): "\(type) began \(step.label)"
            case .provisionOutput(let step, _, let line): "\(step.label): \(line)"
            case .provisionEnded(let step, let type, let succeeded, _): "\(type) \(succeeded ? "ended" : "failed") \(step.label)"
            case .output(let name, _): "output \(name)"
            case .warnings(let found): "warned \(found.count)"
            case .interrupted: "interrupted"
            case .abandoned: "abandoned"
            }
        }
    }
}
