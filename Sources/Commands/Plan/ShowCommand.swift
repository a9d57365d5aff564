import Addresses
import ArgumentParser
import ConfigModel
import Diagnostics
import Engine
import Foundation
import PlanModel
import Planning
import StateModel

struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a saved plan, or a state.")

    @OptionGroup var output: OutputOptions

    @Argument(help: "A saved plan, or the file of a state; the state of the configuration where left out.")
    var path: String?

    func run() async throws {
        let session = output.session()
        guard let path else { return try write(try await session.snapshot(), session) }
        if let state = try await session.stateFile(path) { return try write(state, session) }
        let saved: SavedPlan
        do throws(DiagnosticError) {
            saved = try session.savedPlan(path)
        } catch {
            let faults = error.diagnostics.map { fault in
                var fault = fault
                if fault.summary.hasPrefix("Failed to load") { fault.summary = "Failed to read the given file as a state or plan file" }
                return fault
            }
            throw session.fail(faults, SourceMap())
        }
        let snapshot = try await session.snapshot()
        if output.json {
            session.terminal.write(try await published(saved.plan, snapshot, session) + "\n")
        } else {
            let buffer = OutputBuffer(session.terminal)
            let (configuration, sources, _) = session.engine.load(variables: session.variableInputs, fixed: saved.plan.variableValues)
            let renderer = PlanRenderer(
                paint: session.paint, sources: configuration?.sources ?? sources, kinds: configuration?.kindPlaces ?? [:],
                write: { buffer.write($0) })
            renderer.render(saved.plan, base: snapshot.objects.mapValues(\.attributes))
            buffer.flush()
        }
    }

    private func write(_ state: StateSnapshot, _ session: Session) throws {
        if output.json { return session.terminal.write(try PublishedState.state(state) + "\n") }
        let printer = StatePrinter(paint: session.paint)
        let texts = state.objects.keys.sorted().compactMap { state.objects[$0].map(printer.text) }
        if texts.isEmpty, state.outputs.isEmpty { return session.terminal.write("The state is empty: nothing is recorded.\n") }
        session.terminal.write(texts.joined(separator: "\n"))
        guard !state.outputs.isEmpty else { return }
        session.terminal.write("\(texts.isEmpty ? "" : "\n")Outputs:\n\n" + outputText(state.outputs))
    }

    /// With the configuration, where it still is the one that was planned.
    private func published(_ plan: Plan, _ snapshot: StateSnapshot, _ session: Session) async throws -> String {
        let (loaded, _, _) = session.engine.load(variables: session.variableInputs, fixed: plan.variableValues)
        let configuration = loaded.flatMap { $0.digest == plan.configurationDigest ? $0 : nil }
        if configuration == nil {
            session.show(
                [
                    .warning(
                        "The configuration has changed since the plan was made",
                        "\(loaded.map { plan.inputsChanged(to: $0.inputs, of: [.configuration]) + ". " } ?? "")What the published format says of the configuration is left out: configuration, relevant_attributes, outputs that stay as they are."
                    )
                ], SourceMap())
        }
        if snapshot.version != plan.base {
            session.show(
                [
                    .warning(
                        "The state has changed since the plan was made",
                        "prior_state is the state as it is now, not the one that was planned against. Such a plan can no longer be applied."
                    )
                ], SourceMap())
        }
        var published = PublishedPlan(plan: plan, base: snapshot, configuration: configuration)
        if let configuration { published.schemas = try await session.schemas(configuration) }
        return try published.json()
    }
}
