import Addresses
import ConfigModel
import DependencyGraph
import Diagnostics
import PlanModel
import StateModel
import Values

extension Planner {
    func visitOutput(_ item: Int, in instance: ModuleInstance) {
        let output = inputs.configuration.modules[instance.module].outputs[item]
        attempt { () throws(DiagnosticError) in try cells.evaluate(.output(item), in: instance) }
        visitPreconditions(ofOutput: item, in: instance)
        guard let value = instance.outputs[item] else { return }
        guard instance.path.isRoot else {
            // What a kind gives is as it is; its composition is ours.
            if instance.path.kind == nil { refuseEphemeral(value, in: output, isRoot: false) }
            return
        }
        if let fault = Self.infinityFault(in: value, of: output) { diagnostics.append(fault) }
        if value.holdsSensitive, !output.isSensitive {
            diagnostics.append(
                Diagnostic(
                    .error, "Output refers to sensitive values",
                    "To reduce the risk of accidentally exporting sensitive data that was intended to be only internal, any root module output containing sensitive data must be explicitly marked as sensitive, to confirm your intent.",
                    subject: output.span,
                    hints: [
                        "If you do intend to export this data, annotate the output value as sensitive by adding the argument: sensitive = true"
                    ]))
        }
        refuseEphemeral(value, in: output, isRoot: true)
    }

    private func refuseEphemeral(_ value: Value, in output: Output, isRoot: Bool) {
        guard value.holdsEphemeral, !output.isEphemeral else { return }
        diagnostics.append(
            .error(
                "Ephemeral value not allowed",
                "This output value is not declared as returning an ephemeral value, so it cannot be set to a result derived from an ephemeral value.",
                at: output.value.span, hints: isRoot ? [] : ["Add the argument: ephemeral = true"]))
    }

    static func infinityFault(in value: Value, of output: Output) -> Diagnostic? {
        value.firstInfinity.map { path in
            .error(
                "Infinite number",
                "The output value \"\(Path([.attribute(output.name)] + path.steps))\" cannot be recorded: cannot serialize infinity as JSON.",
                at: output.span, hints: [BodyDecoder.infinityHint])
        }
    }

    /// Compares root outputs with the recorded ones.
    func planOutputs() {
        if inputs.mode == .destroy {
            outputs = removedOutputs()
            return
        }
        let declared = inputs.configuration.modules[0].outputs
        var names: Set<String> = []
        var changes: [OutputChange] = []
        for (item, output) in declared.enumerated() where !output.isEphemeral {
            names.insert(output.name)
            let vertex = declarations.vertex(0, .output(item))
            guard selection.includes(vertex: vertex), !heldBack.contains(vertex) else { continue }
            let after = cells.root.outputs[item] ?? .unknown
            // A null output is nothing, as in the reference.
            let present = after.isNull ? nil : Optional(after)
            // A resource that is configured and not made yet says nothing of an output.
            if inputs.mode == .refreshOnly, !after.isWhollyKnown { continue }
            let before = inputs.base.outputs[output.name]
            if before?.value.withoutMarks([.sensitive]) != present?.withoutMarks([.sensitive])
                || (before != nil && before?.isSensitive != output.isSensitive)
            {
                changes.append(
                    OutputChange(
                        name: output.name, before: before?.value, after: present, isSensitive: output.isSensitive,
                        wasSensitive: before?.isSensitive ?? false))
            }
        }
        // What is not declared any more goes, unless only a part is looked at.
        for (name, before) in inputs.base.outputs where !names.contains(name) && !selection.isTargeted {
            changes.append(OutputChange(name: name, before: before.value, after: nil, isSensitive: before.isSensitive))
        }
        outputs = changes.sorted { $0.name.precedesByBytes($1.name) }
    }

    /// An output is there when what it comes from is; one that a destroy removes goes when that has gone.
    func addOutputs(_ layout: inout PlanLayout, _ waits: inout WaitTable) {
        if inputs.mode == .destroy { return addRemovedOutputs(&layout) }
        let declared = declarations.indices[0].outputs
        for (index, change) in outputs.enumerated() {
            var sources: [Int32] = []
            if let item = declared[change.name] {
                let vertex = declarations.vertex(0, .output(item))
                if let point = waits.point(vertex, 0, &layout, name: { "output.\(change.name)" }) { sources = [point] }
            }
            _ = layout.add(Vertex(kind: .output(index)), waitsFor: sources)
        }
    }
}
