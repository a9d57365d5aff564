import ArgumentParser
import ConfigModel
import Diagnostics
import Engine
import PlanModel
import Planning

extension GraphText.Format: ExpressibleByArgument {}

struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph", abstract: "Draw what depends on what, in DOT or Mermaid.",
        discussion:
            "Without options, the resources of the configuration and what each needs. With -type=plan, everything that is evaluated; with -type=plan-destroy, the resources in the order in which they go; with -type=apply or -plan=FILE, the steps of a plan and what each waits for."
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlanningOptions

    @Option(name: .customLong("type"), help: ArgumentHelp("plan, plan-refresh-only, plan-destroy or apply.", valueName: "type"))
    var type: String?

    @Option(name: .customLong("plan"), help: ArgumentHelp("Draw the steps of a saved plan.", valueName: "file"))
    var planFile: String?

    @Option(name: .customLong("format"), help: "dot or mermaid.")
    var format = GraphText.Format.dot

    @Flag(name: .customLong("draw-cycles"), help: .hidden)
    var drawCycles = false

    @Option(name: .customLong("module-depth"), help: .hidden)
    var moduleDepth: Int?

    func run() async throws {
        let session = output.session()
        let wanted = planFile == nil ? type ?? "" : "apply"
        guard ["", "plan", "plan-refresh-only", "plan-destroy", "apply"].contains(wanted) else {
            throw session.fail(
                [
                    .error(
                        "Unsupported graph type",
                        "The -type=... argument must be either \"plan\", \"plan-refresh-only\", \"plan-destroy\", or \"apply\".")
                ], SourceMap())
        }
        if let planFile {
            do throws(DiagnosticError) {
                return write(DrawnGraph(stepsOf: try session.savedPlan(planFile).plan), session)
            } catch {
                throw session.fail(error.diagnostics, SourceMap())
            }
        }
        let configuration = try session.configuration()
        if wanted == "apply" {
            let flow = PlanFlow(session: session, options: options)
            return try await flow.withPlan(configuration, mode: .normal, lock: nil) { write(DrawnGraph(stepsOf: $0.plan), session) }
        }
        do throws(DiagnosticError) {
            switch wanted {
            case "plan", "plan-refresh-only": write(try DrawnGraph(declarationsOf: configuration), session)
            case "plan-destroy": write(try DrawnGraph(resourcesOf: configuration).reversed, session)
            default: write(try DrawnGraph(resourcesOf: configuration), session)
            }
        } catch {
            throw session.fail(error.diagnostics, configuration.sources)
        }
    }

    private func write(_ graph: DrawnGraph, _ session: Session) {
        let nothing =
            planFile != nil || type == "apply"
            ? ["There is nothing to be done."]
            : ["This configuration does not contain any resources.", "For a more detailed graph, try: ashlar graph -type=plan"]
        session.terminal.write(GraphText(graph: graph, nothing: nothing).text(format))
    }
}
