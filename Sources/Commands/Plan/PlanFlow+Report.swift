import Applying
import ConfigModel
import Diagnostics
import Engine
import PlanModel
import StateModel

/// What is said when an apply has ended.
extension PlanFlow {
    func report(_ result: ApplyResult, _ planned: Engine.Planned, _ configuration: Configuration, kinds: KindProgress) {
        var warnings = result.diagnostics.filter { $0.severity == .warning }
        if planned.plan.options.isPartial { warnings.append(Self.incomplete) }
        if let stream = session.messages {
            stream.diagnostics(warnings + result.errors, configuration.sources)
            let added = result.counts.created + result.counts.replaced
            let removed = result.counts.deleted + result.counts.replaced
            stream.summary(
                !result.isDone
                    ? "Apply failed."
                    : planned.plan.mode == .destroy
                        ? "Destroy complete! Resources: \(removed) destroyed."
                        : "Apply complete! Resources: \(importedWords(result))\(added) added, \(result.counts.updated) changed, \(removed) destroyed.",
                added, result.counts.updated, removed, imported: result.imported, planned.plan.mode == .destroy ? "destroy" : "apply")
            if planned.plan.mode != .destroy { stream.outputs(result.outputs) }
            return
        }
        session.show(warnings, configuration.sources)
        session.show(result.errors, configuration.sources)
        let paint = session.paint
        let counts = result.counts
        let added = counts.created + counts.replaced
        let destroyed = counts.deleted + counts.replaced
        if result.isDone {
            let word = planned.plan.mode == .destroy ? "Destroy complete!" : "Apply complete!"
            let detail =
                planned.plan.mode == .destroy
                ? "Resources: \(destroyed) destroyed."
                : "Resources: \(importedWords(result))\(added) added, \(counts.updated) changed, \(destroyed) destroyed."
            let told = kinds.summary.map { " Kinds: \($0)." } ?? ""
            session.terminal.write("\n" + paint.bold(paint.green("\(word) \(detail)\(told)")) + "\n")
        } else {
            session.terminal.write(
                "\n" + paint.bold(paint.red(result.isInterrupted ? "Interrupted." : "Apply failed."))
                    + " \(added) added, \(counts.updated) changed, \(destroyed) destroyed, \(result.failed.count) failed, \(result.notBegun.count) not begun.\n"
            )
            list(
                "Failed", result.failed.map { $0.step.label + ($0.isOpen ? " (what it did is not known; the next run looks for it)" : "") })
            list("Kinds that are not as planned yet", kinds.incomplete)
            list("Abandoned, to be looked for by the next run", result.abandoned.map(\.label))
            list("Not begun", result.notBegun.map(\.label))
        }
        if planned.plan.mode != .destroy { tell(outputs: result.outputs) }
    }

    private static let incomplete = Diagnostic.warning(
        "Applied changes may be incomplete",
        "The plan was made with -target or -exclude: other changes that the configuration asks for are not made, and outputs may not be as it says.",
        hints: ["To see what is left, run: ashlar plan"])

    func tell(outputs: [String: OutputRecord]) {
        guard !outputs.isEmpty else { return }
        session.terminal.write("\n" + session.paint.bold(session.paint.green("Outputs:")) + "\n\n")
        session.terminal.write(outputText(outputs))
    }

    private func importedWords(_ result: ApplyResult) -> String { result.imported > 0 ? "\(result.imported) imported, " : "" }

    private func list(_ title: String, _ labels: [String]) {
        guard !labels.isEmpty else { return }
        session.terminal.write("\n\(title):\n")
        for label in labels.prefix(50) { session.terminal.write("  - \(label)\n") }
        if labels.count > 50 { session.terminal.write("  … and \(labels.count - 50) more\n") }
    }
}
