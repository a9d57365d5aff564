import Addresses
import ConfigModel
import DependencyGraph
import Diagnostics
import HCLSyntax

extension DeclarationGraph {
    /// One error for each tangle (who mends one circle should not meet the next one only then): its shortest circle, with the place of each step: in the user's own files where a kind is in one, whose insides nobody can change.
    static func cycleFault(
        _ graph: DependencyGraph, vertices: [Vertex], configuration: Configuration, edges: EdgeCollector
    ) -> DiagnosticError {
        DiagnosticError(
            graph.shortestCycles().map { cycle in
                let steps = steps(of: cycle.map { vertices[$0] }, in: configuration)
                var detail = "These depend on each other in a circle, so that none of them can be worked out first:"
                for step in steps {
                    detail += "\n  - \(step.name)"
                    if let span = step.span { detail += " (\(edges.place(span)))" }
                }
                return .error(
                    "Cycle: \(steps.map(\.name).joined(separator: ", "))", detail, at: steps.lazy.compactMap(\.span).first,
                    hints: ["Remove one of these references, or split one of these blocks in two."])
            })
    }

    private struct Step {
        var name: String
        var span: SourceSpan?
        /// Of what is within a kind.
        var kind: ModuleCallPath?
        var isArgument = false
    }

    private static func steps(of cycle: [Vertex], in configuration: Configuration) -> [Step] {
        var steps: [Step] = []
        for vertex in cycle {
            let step = step(vertex, in: configuration)
            guard let kind = step.kind, let last = steps.last, last.kind == kind else {
                steps.append(step)
                continue
            }
            // All that is within one kind is one step, best told by the argument through which it is entered.
            if step.isArgument, !last.isArgument { steps[steps.count - 1] = step }
        }
        if steps.count > 1, let first = steps.first, let last = steps.last, let kind = first.kind, last.kind == kind {
            if last.isArgument, !first.isArgument { steps[0] = last }
            steps.removeLast()
        }
        return steps
    }

    private static func step(_ vertex: Vertex, in configuration: Configuration) -> Step {
        let module = configuration.modules[vertex.module]
        let (name, span) = name(of: vertex, in: configuration)
        let path = module.path.steps
        guard
            let outermost = path.firstIndex(where: { step in
                if case .kind = step { true } else { false }
            }),
            let call = configuration.module(at: ModuleCallPath(Array(path[..<outermost])))?.call(path[outermost])
        else { return Step(name: name, span: span) }
        if path.count == outermost + 1, case .variable(let item) = vertex.declaration {
            let argument = module.variables[item].name
            let written = call.body.attribute(argument).map { attribute in
                SourceSpan(file: call.attributeFiles[argument] ?? call.body.file, range: attribute.expression.range)
            }
            return Step(name: "\(call.path).\(argument)", span: written ?? call.span, kind: call.path, isArgument: true)
        }
        return Step(name: "\(call.path)", span: call.span, kind: call.path)
    }
}
