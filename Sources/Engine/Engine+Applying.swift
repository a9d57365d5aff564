import Addresses
public import Applying
public import ConfigModel
public import Diagnostics
import Evaluation
import PlanModel
import Planning
import ProviderKit
public import StateModel
public import Values

/// The planner keeps the providers that it configured: applying uses the same ones.
struct PlannerPool: ProviderPool {
    let planner: Planner

    func provider(_ address: ProviderConfigAddress) async throws(DiagnosticError) -> any Provider {
        try await planner.provider(for: address)
    }
}

extension Engine {
    /// A run of a plan that the caller may interrupt.
    ///
    /// - Parameters:
    ///   - run: names the plan's digest.
    ///   - base: the state now, open intents resolved.
    public func run(
        _ planned: Planned, run: RunRecord, store: any StateStore, lock: StateLock, limits: ApplyLimits, observer: (any ApplyObserver)?
    ) async -> ApplyRun {
        let functions = bridge(
            planTime: planned.plan.createdAt, applyTime: run.beganAt, seed: Array((run.id.rawValue + planned.digest).utf8))
        await planned.planner.beginApplying(functions: functions)
        return ApplyRun(
            plan: planned.plan, run: run, base: planned.base, store: store, lock: lock, completing: planned.planner,
            providers: PlannerPool(planner: planned.planner), provisioners: environment.provisioners, limits: limits,
            clock: .system(now: environment.now), observer: observer)
    }

    /// Finds out what runs that were cut off had under way, and records it.
    ///
    /// - Throws: where providers cannot be configured or the state cannot be written.
    public func recover(
        _ snapshot: StateSnapshot, configuration: Configuration, variables: [String: Value], store: any StateStore, lock: StateLock,
        run: RunRecord
    ) async throws(DiagnosticError) -> RecoveryResult {
        let now = environment.now().rounded(.down)
        let snapshot = await snapshot.inCurrentShapes(configuration, environment.catalog)
        let planner = try Planner(
            inputs: PlanningInputs(
                configuration: configuration, variables: variables, base: snapshot, createdAt: now, workspace: environment.workspace,
                workingDirectory: environment.workingDirectory),
            catalog: environment.catalog, functions: bridge(planTime: now))
        let found = await planner.configureProviders()
        if found.hasErrors { throw DiagnosticError(found + (await planner.closeEphemerals())) }
        let recovery = Recovery(store: store, lock: lock, providers: PlannerPool(planner: planner), clock: .system(now: environment.now))
        do throws(StateStoreError) {
            var result = try await recovery.recover(snapshot, run: run)
            let closing = await planner.closeEphemerals()
            // Planning tells them again, unless it does not come to that.
            if !result.unresolved.isEmpty { result.diagnostics = found + result.diagnostics }
            result.diagnostics += closing
            return result
        } catch {
            // What ended it is what is told.
            _ = await planner.closeEphemerals()
            throw DiagnosticError(.error("The state cannot be written", error.message, hints: error.hints))
        }
    }

    /// Makes a saved plan again from what it had observed, and refuses where anything else came out.
    ///
    /// - Parameters:
    ///   - ephemeral: values of the variables that no plan holds.
    ///   - store: of `base`: its journal says what has happened since the plan was made.
    public func replan(
        _ saved: SavedPlan, configuration: Configuration, ephemeral: [String: Value], against base: StateSnapshot, in store: any StateStore
    ) async throws(DiagnosticError) -> Planned {
        let plan = saved.plan
        if plan.base != base.version { throw DiagnosticError(await stale(saved, base.version, store)) }
        if plan.configurationDigest != configuration.digest {
            throw DiagnosticError(
                .error(
                    "Saved plan does not fit the configuration",
                    "The configuration has changed since the plan was made: \(plan.inputsChanged(to: configuration.inputs, of: [.configuration])).",
                    hints: ["Plan again, or bring back the configuration that was planned."]))
        }
        let replay = Replay(environment.catalog, of: plan)
        let made = try await self.plan(
            PlanRequest(
                configuration: configuration,
                variables: ephemeral.merging(plan.variables.map { ($0.name, $0.value) }) { _, planned in planned }, mode: plan.mode,
                options: plan.options, createdAt: plan.createdAt), against: base,
            catalog: replay)
        replay.end()
        let changed = plan.inputsChanged(to: made.plan.inputs)
        guard made.digest == saved.digest else {
            throw DiagnosticError(
                .error(
                    "Saved plan cannot be made again",
                    changed.isEmpty
                        ? "Planning from what the plan observed gives another plan than the one saved."
                        : "Since the plan was made: \(changed).",
                    hints: ["Plan again, and look at what it shows now."]))
        }
        return made
    }
}
