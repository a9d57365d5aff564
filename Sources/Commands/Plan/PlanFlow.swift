import Addresses
import Applying
import ConfigModel
import Diagnostics
import Engine
import Foundation
import PlanModel
import Planning
import StateModel
import Values

/// What plan, apply and destroy have in common.
struct PlanFlow {
    let session: Session
    let options: PlanningOptions

    /// Values for the configuration's variables, from wherever they are given.
    func variables(_ configuration: Configuration) throws(CommandFailure) -> [String: Value] {
        try resolve(session.variableInputs, .all, configuration)
    }

    /// Values of the variables that have one: others may be unknown.
    func presentVariables(_ configuration: Configuration) throws(CommandFailure) -> [String: Value] {
        try resolve(session.variableInputs, .present, configuration)
    }

    /// Values that a saved plan does not hold. Others may be given again, and not otherwise than when it was made.
    func ephemeralVariables(_ configuration: Configuration, of plan: Plan) throws(CommandFailure) -> [String: Value] {
        let given = try resolve(VariableInputs(commandLine: session.variableInputs.commandLine), .given, configuration)
        let ephemeral = Set(configuration.modules[0].variables.filter(\.isEphemeral).map(\.name))
        let planned = plan.variableValues
        let changed = given.filter { !ephemeral.contains($0.key) && planned[$0.key] != $0.value }.keys.sorted()
        if !changed.isEmpty {
            throw session.fail(
                changed.map { name in
                    .error(
                        "Can't change variable when applying a saved plan",
                        "The variable \"\(name)\" is given another value than the one that the plan was made with.",
                        hints: ["Leave it out, or plan again with the other value."])
                }, SourceMap())
        }
        return try resolve(session.variableInputs, .ephemeral, configuration)
    }

    private func resolve(_ inputs: VariableInputs, _ selection: VariableSelection, _ configuration: Configuration)
        throws(CommandFailure) -> [String: Value]
    {
        func resolve(_ inputs: VariableInputs) -> ResolvedVariables {
            resolveVariables(root: configuration.modules[0], inputs: inputs, selection: selection, read: session.catalog.sources.read)
        }
        var resolved = resolve(inputs)
        // Only where that is all that is wrong: no answer helps otherwise.
        if !resolved.missing.isEmpty, resolved.diagnostics.count(where: { $0.severity == .error }) == resolved.missing.count,
            let prompt = VariablePrompt(session, options.input)
        {
            var inputs = inputs
            inputs.commandLine += try prompt.answers(for: resolved.missing, configuration.sources)
            resolved = resolve(inputs)
        }
        var all = configuration.sources
        all.merge(resolved.sources)
        if resolved.diagnostics.hasErrors { throw session.fail(resolved.diagnostics, all) }
        session.show(resolved.diagnostics, all)
        return resolved.values
    }

    /// Plans against the state as it is, open intents resolved first where `lock` allows it.
    ///
    /// - Parameter asking: what else is asked of the plan.
    func plan(
        _ configuration: Configuration, mode: Plan.Mode, lock: StateLock?, asking: (inout Engine.PlanRequest) -> Void = { _ in }
    ) async throws -> Engine.Planned {
        if mode != .destroy, !configuration.hasFiles { throw session.fail([Self.noConfiguration], SourceMap()) }
        let versions = session.builtinVersionFaults(configuration).filter { $0.severity == .error }
        if !versions.isEmpty { throw session.fail(versions, configuration.sources) }
        let values = try variables(configuration)
        var snapshot = try await session.snapshot()
        if !snapshot.openIntents.isEmpty { snapshot = try await recovered(snapshot, configuration, values, lock) }
        do throws(DiagnosticError) {
            var request = Engine.PlanRequest(
                configuration: configuration, variables: values, mode: mode, options: options.options)
            asking(&request)
            let planned = try await session.engine.plan(request, against: snapshot)
            session.show(planned.diagnostics, configuration.sources)
            return planned
        } catch {
            throw session.fail(error.diagnostics, configuration.sources)
        }
    }

    /// Plans, and closes the ephemeral resources that were opened for it, however the body ends.
    func withPlan<Result>(
        _ configuration: Configuration, mode: Plan.Mode, lock: StateLock?, asking: (inout Engine.PlanRequest) -> Void = { _ in },
        _ body: (Engine.Planned) async throws -> Result
    ) async throws -> Result {
        let planned = try await session.interruptible(holding: lock) {
            try await plan(configuration, mode: mode, lock: lock, asking: asking)
        }
        do {
            let result = try await body(planned)
            await close(planned, configuration)
            return result
        } catch {
            await close(planned, configuration)
            throw error
        }
    }

    /// A wrong directory looks like a configuration from which everything was taken out.
    private static let noConfiguration = Diagnostic.error(
        "No configuration files",
        "There is no configuration here (no file that ends in .tf), and without one everything that is recorded would be destroyed, which is hardly what is wanted.",
        hints: ["Check the directory, or -chdir.", "To destroy everything, run: ashlar destroy"])

    /// What earlier runs had begun and not recorded is looked for before anything is planned.
    private func recovered(_ snapshot: StateSnapshot, _ configuration: Configuration, _ values: [String: Value], _ lock: StateLock?)
        async throws
        -> StateSnapshot
    {
        if let lock { return try await recover(snapshot, configuration, values, lock) }
        return try await session.locked("recover", timeout: options.lockSeconds) { lock in
            try await recover(try await session.snapshot(), configuration, values, lock)
        }
    }

    private func recover(_ snapshot: StateSnapshot, _ configuration: Configuration, _ values: [String: Value], _ lock: StateLock)
        async throws
        -> StateSnapshot
    {
        if snapshot.openIntents.isEmpty { return snapshot }
        let sought = snapshot.openIntents.map(\.address.description)
        session.terminal.writeError(
            "Looking for what an interrupted run had under way: \(sought.prefix(3).joined(separator: ", "))\(sought.count > 3 ? " and \(sought.count - 3) more" : "")\n"
        )
        do throws(DiagnosticError) {
            let result = try await session.engine.recover(
                snapshot, configuration: configuration, variables: values, store: session.store, lock: lock,
                run: session.run(.recover, "recover"))
            await session.releaseKeepsakes()
            say(result)
            // What may exist and could not be found must not be made a second time: nothing is planned before that is known.
            if result.diagnostics.hasErrors || !result.unresolved.isEmpty { throw DiagnosticError(result.diagnostics) }
            session.show(result.diagnostics, configuration.sources)
            return result.snapshot
        } catch {
            throw session.fail(error.diagnostics, configuration.sources)
        }
    }

    /// What became of each step that was under way.
    private func say(_ result: RecoveryResult) {
        func lines(_ intents: [Intent], _ words: (Intent) -> String) -> [String] { intents.map { "  \($0.address) \(words($0))\n" } }
        let all =
            lines(result.adopted) { _ in "had been made, and is recorded now" }
            + lines(result.unfinished) { _ in "is half made, and is recorded as tainted" }
            + lines(result.withdrawn) { intent in
                switch intent.action {
                case .create: "had not been made"
                case .deprovision: "had not been destroyed; its destroy-time provisioners run again before it is"
                case .update, .delete, .provision: "had not been touched"
                }
            }
            + lines(result.reread) { $0.action == .provision ? "is recorded as tainted" : "was read again, and is recorded as it is" }
        session.terminal.writeError(all.prefix(50).joined() + (all.count > 50 ? "  … and \(all.count - 50) more\n" : ""))
    }

    /// Says what is planned, to a person or to a program.
    func tell(_ planned: Engine.Planned, _ configuration: Configuration) {
        if let stream = session.messages {
            stream.plan(planned.plan, base: planned.base)
            warnOfTargets(planned.plan)
        } else {
            warnOfTargets(planned.plan)
            render(planned, configuration)
        }
    }

    private func render(_ planned: Engine.Planned, _ configuration: Configuration) {
        let buffer = OutputBuffer(session.terminal)
        let renderer = PlanRenderer(
            paint: session.paint, sources: configuration.sources, kinds: configuration.kindPlaces, write: { buffer.write($0) })
        renderer.render(planned.plan, base: planned.base.objects.mapValues(\.attributes))
        buffer.flush()
    }

    private func warnOfTargets(_ plan: Plan) {
        guard plan.options.isPartial else { return }
        session.show(
            [
                .warning(
                    "Resource targeting is in effect",
                    "You are creating a plan with -target or -exclude, so its result may not represent all of the changes requested by the current configuration."
                )
            ], SourceMap())
    }

    /// Ephemeral resources that were opened for this run are open no longer.
    func close(_ planned: Engine.Planned, _ configuration: Configuration) async {
        session.show(await planned.planner.closeEphemerals(), configuration.sources)
    }

    // MARK: Applying

    func apply(_ planned: Engine.Planned, _ configuration: Configuration, lock: StateLock, command: RunRecord.Command) async throws {
        let progress = ProgressReporter(session: session, plan: planned.plan)
        let run = await session.engine.run(
            planned, run: session.run(command, command.rawValue, planDigest: planned.digest), store: session.store, lock: lock,
            limits: ApplyLimits(parallelism: options.parallelism), observer: progress)
        let result = try await session.whileActing(onInterrupt: { run.interrupt() }) { await run.run() }
        progress.finish()
        await close(planned, configuration)
        await session.releaseKeepsakes()
        report(result, planned, configuration, kinds: progress.kinds)
        if !result.isDone { throw CommandFailure.failed }
        if let unread = planned.plan.unreadInWords {
            // What was planned is done; whether the rest is as configured nobody has seen.
            session.terminal.writeError("\n\(unread)\n")
            throw CommandFailure.failed
        }
    }
}
