import Addresses
import ConfigModel
import DependencyGraph
import Diagnostics
import Evaluation
import Values

/// Evaluating again while applying.
extension Cells {
    /// From now on cells that held unknowns are evaluated again when they are needed, until what they wait for is a fact.
    func beginApplying(functions: any FunctionCalling) {
        open.begin()
        self.functions = functions
        for (module, list) in instances.enumerated() {
            for instance in list {
                let source = configuration.modules[module]
                func note(_ declaration: Declaration) {
                    if let value = stored(declaration, in: instance), value.isWhollyKnown { return }
                    open.insert(CellID(vertex: declarations.vertex(module, declaration), instance: instance.number))
                }
                for item in source.variables.indices { note(.variable(item)) }
                for item in source.locals.indices { note(.local(item)) }
                for item in source.outputs.indices { note(.output(item)) }
                for case let cell? in instance.resources { cell.shared?.removeAll() }
                for cell in instance.children.values { cell.whole = nil }
            }
        }
    }

    /// Evaluates an open cell and the open cells it needs, dependencies first, by a loop: chains may be long.
    func refresh(_ id: CellID) throws(DiagnosticError) {
        guard try open.isDue(id) else { return }
        var needed: Set<CellID> = [id]
        var stack = [id]
        while let next = stack.popLast() {
            let instance = instances[declarations.instanceModule(of: next.vertex)][next.instance]
            for target in declarations.graph.dependencies(of: next.vertex) {
                for other in cellInstances(of: Int(target), seenFrom: instance) {
                    let candidate = CellID(vertex: Int(target), instance: other.number)
                    if try open.isDue(candidate), needed.insert(candidate).inserted { stack.append(candidate) }
                }
            }
        }
        let ordered = needed.sorted { (declarations.rank[$0.vertex], $0.instance) < (declarations.rank[$1.vertex], $1.instance) }
        for cell in ordered {
            let place = declarations.vertices[cell.vertex]
            let instance = instances[place.module][cell.instance]
            do throws(DiagnosticError) {
                try evaluate(place.declaration, in: instance)
                open.note(cell, isKnown: stored(place.declaration, in: instance)?.isWhollyKnown ?? true)
            } catch {
                open.note(cell, isKnown: false, fault: error)
                open.note(id, isKnown: false, fault: error)
                throw error
            }
        }
    }

    /// `each` of a module instance; its value is evaluated again while applying where it held unknowns.
    func repetition(of instance: ModuleInstance) -> RepetitionValues {
        guard open.isApplying, let parent = instance.parent, let cell = parent.children[instance.module],
            let item = declarations.indices[instance.module].callInParent
        else { return instance.repetition }
        return applied(instance.repetition, of: configuration.modules[parent.module].calls[item].repetition, in: parent, cell)
    }

    /// `each.value` as it is now, where the plan did not know it.
    func applied(
        _ planned: RepetitionValues, of repetition: Repetition, in instance: ModuleInstance, _ cell: some RepeatedCell
    ) -> RepetitionValues {
        guard open.isApplying, let value = planned.eachValue, !value.isWhollyKnown else { return planned }
        let values: [InstanceKey: Value]
        if let current = cell.appliedEachValues?.current(open) {
            values = current
        } else {
            values = eachValues(repetition, in: instance) ?? [:]
            cell.appliedEachValues = Finding(values, isFinal: !values.isEmpty && values.values.allSatisfy(\.isWhollyKnown), open)
        }
        var applied = planned
        applied.eachValue = values[planned.key] ?? value
        return applied
    }

    /// `each.value` of every key now; nil where the expression cannot be evaluated (the step that needs it will say so).
    private func eachValues(_ repetition: Repetition, in instance: ModuleInstance) -> [InstanceKey: Value]? {
        guard case .forEach(let located) = repetition,
            let value = try? evaluator(located.file, in: instance).value(of: located.expression),
            let entries = value.entries
        else { return nil }
        return Dictionary(entries.map { (InstanceKey.key($0.key), $0.value) }) { _, last in last }
    }
}
