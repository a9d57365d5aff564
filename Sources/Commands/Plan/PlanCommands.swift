import Addresses
import ArgumentParser
import ConfigModel
import Diagnostics
import Engine
import Foundation
import PlanModel
import Planning
import StateModel

struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "plan", abstract: "Show what apply would change, and why.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlanningOptions

    @Option(name: .customLong("out"), help: ArgumentHelp("Save the plan, for apply.", valueName: "file"))
    var out: String?

    @Option(
        name: .customLong("generate-config-out"),
        help: ArgumentHelp("Write resource blocks for what import blocks name and nothing declares.", valueName: "file"))
    var generated: String?

    @Flag(name: .customLong("detailed-exitcode"), help: "Exit with 2 where there are changes, 0 where there are none, 1 on an error.")
    var detailedExitCode = false

    func run() async throws {
        let session = output.session(streaming: output.json)
        let flow = PlanFlow(session: session, options: options)
        let own = try session.configuration()
        let (planned, configuration) = try await session.interruptible {
            if let generated { return try await flow.plan(own, generatingTo: generated) }
            return (try await flow.plan(own, mode: options.mode, lock: nil), own)
        }
        flow.tell(planned, configuration)
        // From here on the plan is only looked at.
        await flow.close(planned, configuration)
        if let out {
            try session.save(planned, to: out)
            if !output.json {
                session.terminal.write(
                    "\nSaved the plan to: \(out)\n\nTo perform exactly these actions, run the following command to apply:\n    ashlar apply \"\(out)\"\n"
                )
            }
        }
        if detailedExitCode, planned.plan.isApplyable || !planned.plan.withheld.isEmpty { throw CommandFailure.changes }
        // "No changes" would be a guess.
        if detailedExitCode, planned.plan.unreadCount > 0 { throw CommandFailure.failed }
    }
}

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply", abstract: "Carry out the changes, in order, as parallel as the graph allows.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlanningOptions

    @Flag(name: .customLong("auto-approve"), help: "Do not ask.")
    var autoApprove = false

    @Argument(help: "A plan that was saved with plan -out.")
    var planFile: String?

    func run() async throws {
        let session = output.session(streaming: output.json)
        let flow = PlanFlow(session: session, options: options)
        try await session.locked("apply", timeout: options.lockSeconds) { lock in
            if let planFile {
                try await applySaved(planFile, flow, lock)
            } else {
                let configuration = try session.configuration()
                try await planAndApply(flow, configuration, mode: options.mode, approved: autoApprove, lock: lock)
            }
        }
    }

    private func applySaved(_ path: String, _ flow: PlanFlow, _ lock: StateLock) async throws {
        let session = flow.session
        let saved: SavedPlan
        let planned: Engine.Planned
        do throws(DiagnosticError) {
            saved = try session.savedPlan(path)
        } catch {
            throw session.fail(error.diagnostics, SourceMap())
        }
        // Which modules there are may depend on the variables that it was made with.
        let configuration = try session.configuration(fixed: saved.plan.variableValues)
        let ephemeral = try flow.ephemeralVariables(configuration, of: saved.plan)
        do throws(DiagnosticError) {
            planned = try await session.engine.replan(
                saved, configuration: configuration, ephemeral: ephemeral, against: try await session.snapshotOrDiagnostic(),
                in: session.store)
        } catch {
            throw session.fail(error.diagnostics, configuration.sources)
        }
        session.messages?.plannedChanges(planned.plan)
        try await flow.apply(planned, configuration, lock: lock, command: planned.plan.mode == .destroy ? .destroy : .apply)
    }
}

struct DestroyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "destroy", abstract: "Take everything down again.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlanningOptions

    @Flag(name: .customLong("auto-approve"), help: "Do not ask.")
    var autoApprove = false

    func run() async throws {
        let session = output.session(streaming: output.json)
        let flow = PlanFlow(session: session, options: options)
        try await session.locked("destroy", timeout: options.lockSeconds) { lock in
            let configuration = try session.configuration()
            try await planAndApply(flow, configuration, mode: .destroy, approved: autoApprove, lock: lock)
        }
    }
}

/// Plans, shows, asks, applies.
func planAndApply(_ flow: PlanFlow, _ configuration: Configuration, mode: Plan.Mode, approved: Bool, lock: StateLock) async throws {
    let session = flow.session
    if session.messages != nil, !approved {
        throw session.fail(
            [
                .error(
                    "Plan file or auto-approve required", "With -json nobody is asked whether the plan may be carried out.",
                    hints: ["Apply a saved plan, or approve beforehand with -auto-approve."])
            ], SourceMap())
    }
    try await flow.withPlan(configuration, mode: mode, lock: lock) { planned in
        try await carryOut(planned, flow, configuration, mode: mode, approved: approved, lock: lock)
    }
}

private func carryOut(
    _ planned: Engine.Planned, _ flow: PlanFlow, _ configuration: Configuration, mode: Plan.Mode, approved: Bool, lock: StateLock
) async throws {
    let session = flow.session
    flow.tell(planned, configuration)
    let hasBookkeeping =
        !planned.plan.vertices.isEmpty || planned.plan.changes.contains { $0.previousAddress != nil }
        || planned.plan.observed.contains { $0.kind == .object }
    if planned.plan.isEmpty, !hasBookkeeping {
        if let stream = session.messages {
            let isDestroy = mode == .destroy
            stream.summary(
                isDestroy
                    ? "Destroy complete! Resources: 0 destroyed." : "Apply complete! Resources: 0 added, 0 changed, 0 destroyed.", 0, 0, 0,
                isDestroy ? "destroy" : "apply")
            if !isDestroy { stream.outputs(planned.base.outputs) }
        } else if mode == .destroy {
            session.terminal.write("\nDestroy complete! Resources: 0 destroyed.\n")
        } else {
            session.terminal.write(
                "\n" + session.paint.bold(session.paint.green("Apply complete! Resources: 0 added, 0 changed, 0 destroyed.")) + "\n")
            flow.tell(outputs: planned.base.outputs)
        }
        try failIfWithheld(planned, session)
        // "Complete" is about what could be looked at.
        if planned.plan.unreadCount > 0 { throw CommandFailure.failed }
        return
    }
    if !approved, !planned.plan.isEmpty || mode == .refreshOnly {
        try ask(session, mode)
    }
    try await flow.apply(
        planned, configuration, lock: lock, command: mode == .destroy ? .destroy : mode == .refreshOnly ? .refresh : .apply)
    try failIfWithheld(planned, session)
}

private func failIfWithheld(_ planned: Engine.Planned, _ session: Session) throws(CommandFailure) {
    let count = planned.plan.withheld.count
    if count == 0 { return }
    session.terminal.writeError(
        "\nNot everything was done: \(count) change\(count == 1 ? " was" : "s were") withheld, as the plan says, to keep protected data.\n")
    throw .failed
}

private func ask(_ session: Session, _ mode: Plan.Mode) throws(CommandFailure) {
    let question =
        mode == .destroy
        ? "Do you really want to destroy all resources?\n  There is no undo. Only 'yes' will be accepted to confirm."
        : "Do you want to perform these actions?\n  Only 'yes' will be accepted to approve."
    session.terminal.write("\n" + session.paint.bold(question) + "\n\n  " + session.paint.bold("Enter a value: "))
    guard let answer = readLine() else {
        throw session.fail(
            [
                .error(
                    "No answer", "Nobody answered, as standard input is closed.",
                    hints: ["Approve beforehand with -auto-approve, or apply a saved plan."])
            ], SourceMap())
    }
    guard answer == "yes" else {
        session.terminal.write("\n\(mode == .destroy ? "Destroy" : "Apply") cancelled.\n")
        throw .failed
    }
}
