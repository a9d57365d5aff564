import Addresses
import ConfigModel
import DependencyGraph
import Diagnostics
import PlanModel
import StateModel
import Values

extension Planner {
    /// Writes the ordered steps once, from what was decided: vertices + edges stay within declarations + references + instances.
    func assemble() throws(DiagnosticError) -> Plan {
        planOutputs()
        try refuseDuplicates()
        var (layout, graph) = try ordered()
        let withheld = withhold(&layout, graph)
        placeProvisioners(&layout)
        self.layout = layout
        var options = inputs.options
        options.targets.sort()
        let digests =
            inputs.configuration.inputs + providers.digests.map { Plan.InputDigest(kind: .provider, name: $0.name, digest: $0.digest) }
        let variables = inputs.configuration.modules[0].variables.filter { !$0.isEphemeral }
            .compactMap { variable in inputs.variables[variable.name].map { Plan.NamedValue(name: variable.name, value: $0) } }
            .sorted { $0.name.precedesByBytes($1.name) }
        return Plan(
            mode: inputs.mode, options: options, variables: variables, createdAt: inputs.createdAt, base: inputs.base.version,
            configurationDigest: inputs.configuration.digest, inputs: digests,
            observed: observed.sorted { $0.address < $1.address }, changes: drafts.map(\.change), vertices: layout.vertices,
            edges: layout.edges, outputs: outputs, checks: checks,
            isComplete: withheld.isEmpty && !selection.isTargeted && inputs.options.excludes.isEmpty, withheld: withheld)
    }

    /// All steps, in an order that can be carried out: where kinds that move stand in each other's way, some of them go before they come.
    private func ordered() throws(DiagnosticError) -> (PlanLayout, DependencyGraph) {
        goFirstWhereKindsExchange()
        while true {
            let layout = laidOut()
            let graph = DependencyGraph(
                vertexCount: layout.vertices.count,
                edges: layout.edges.enumerated().flatMap { vertex, targets in targets.map { (from: vertex, to: Int($0)) } })
            if graph.topologicalOrder() != nil { return (layout, graph) }
            guard goFirstWhereKindsStandInTheWay(layout, graph) else { throw circularOrder(graph, layout) }
        }
    }

    private func laidOut() -> PlanLayout {
        var layout = PlanLayout(drafts: drafts.count)
        var waits = WaitTable(declarations: declarations, instances: cells.instances.map(\.count))
        addEffects(&layout, &waits)
        addRemovals(&layout)
        orderByIdentity(&layout)
        orderByPlace(&layout)
        layout.settleWishes()
        keepMovedKindsUp(&layout)
        addOutputs(&layout, &waits)
        layout.tidy()
        return layout
    }

    // MARK: Effects of what is configured

    private func addEffects(_ layout: inout PlanLayout, _ waits: inout WaitTable) {
        let ofChecks = declarations.order.filter(isOfCheck)
        for vertex in declarations.order where !isOfCheck(vertex) { addEffects(of: vertex, after: [], &layout, &waits) }
        var rest: [Int32] = []
        if ofChecks.contains(where: { if case .resource = declarations.vertices[$0].declaration { true } else { false } }) {
            let effects = layout.effectOf.filter { $0 >= 0 }.sorted()
            if effects.count > 1 {
                rest = [layout.add(Vertex(kind: .join(label: "before checks")), waitsFor: effects)]
            } else {
                rest = effects
            }
        }
        for vertex in ofChecks { addEffects(of: vertex, after: rest, &layout, &waits) }
    }

    /// Checks and what they alone ask for come when all else is done: they are about what has become of it.
    private func isOfCheck(_ vertex: Int) -> Bool {
        let place = declarations.vertices[vertex]
        switch place.declaration {
        case .check: return true
        case .resource(let item):
            let name = inputs.configuration.modules[place.module].resources[item].name
            return declarations.indices[place.module].checkData[name] != nil
        default: return false
        }
    }

    private func addEffects(of vertex: Int, after rest: [Int32], _ layout: inout PlanLayout, _ waits: inout WaitTable) {
        let space = declarations.instanceModule(of: vertex)
        for instance in cells.instances[space] {
            let id = Cells.CellID(vertex: vertex, instance: instance.number)
            var sources = rest
            for target in declarations.graph.dependencies(of: vertex) {
                let others = cells.cellInstances(of: Int(target), seenFrom: instance)
                if let point = waits.point(Int(target), others, &layout, name: { self.label(Int(target)) }) { sources.append(point) }
            }
            let own = draftsByCell[id] ?? []
            let effects = own.filter { needsEffect(drafts[$0]) || drafts[$0].change.importing != nil }
            let conditions = openConditions.byCell[id] ?? []
            let deferred = ephemerals.deferred(in: id)
            guard effects.count + conditions.count + deferred.count > 0 else {
                waits.set(vertex, instance.number, sources)
                continue
            }
            var entry = sources
            if effects.count + conditions.count + deferred.count > 1, Set(sources).count > 1 {
                entry = [layout.add(Vertex(kind: .join(label: "before " + label(vertex))), waitsFor: sources)]
            }
            var exits: [Int32] = []
            for index in effects {
                let imported = addImport(of: index, &layout)
                guard needsEffect(drafts[index]) else {
                    exits += imported
                    continue
                }
                let number = addEffect(of: index, waitsFor: entry + imported, &layout)
                exits.append(number)
                for condition in drafts[index].openConditions {
                    exits.append(addCondition(condition, waitsFor: [number], &layout))
                }
            }
            for address in deferred { exits.append(layout.add(Vertex(kind: .open(address.description)), waitsFor: entry)) }
            for condition in conditions { exits.append(addCondition(condition, waitsFor: entry, &layout)) }
            waits.set(vertex, instance.number, exits)
        }
    }

    private func addCondition(_ number: Int, waitsFor: [Int32], _ layout: inout PlanLayout) -> Int32 {
        layout.add(Vertex(kind: .condition(openConditions.all[number].check)), waitsFor: waitsFor)
    }

    private func needsEffect(_ draft: ChangeDraft) -> Bool {
        switch draft.change.action {
        case .noOp: !draft.openConditions.isEmpty
        case .create, .update, .read, .deleteThenCreate, .createThenDelete, .record: true
        case .delete, .forget: false
        }
    }

    /// What is taken over is there already: that waits for nothing.
    private func addImport(of index: Int, _ layout: inout PlanLayout) -> [Int32] {
        guard drafts[index].change.importing != nil else { return [] }
        let number = layout.add(Vertex(kind: .effect(.importing, change: index)), draft: index)
        layout.importOf[index] = number
        return [number]
    }

    private func addEffect(of index: Int, waitsFor: [Int32], _ layout: inout PlanLayout) -> Int32 {
        let draft = drafts[index]
        let effect: Vertex.Effect =
            switch draft.change.action {
            case .update: .update
            case .read: .read
            case .record: .record
            case .noOp: .noOp
            default: .create
            }
        var vertex = Vertex(kind: .effect(effect, change: index), identity: draft.identity, group: draft.group)
        vertex.isSelfContained = draft.isSelfContained
        let number = layout.add(vertex, draft: index, waitsFor: waitsFor)
        layout.effectOf[index] = number
        return number
    }

    private func label(_ vertex: Int) -> String {
        DeclarationGraph.name(of: declarations.vertices[vertex], in: inputs.configuration).name
    }

    // MARK: Refusals

    private func circularOrder(_ graph: DependencyGraph, _ layout: PlanLayout) -> DiagnosticError {
        let cycle = graph.shortestCycle() ?? []
        let names = cycle.map { vertex in
            switch layout.vertices[vertex].kind {
            case .effect(let effect, let change): "\(effect.rawValue) \(drafts[change].change.address)"
            case .join(let label), .open(let label): label
            case .output(let index): "output.\(outputs[index].name)"
            case .condition: "a condition"
            }
        }
        let inCycle = cycle.map { layout.draftOf[$0] }.filter { $0 >= 0 }
        let held = Set(inCycle.compactMap { drafts[$0].prior?.identity }.filter { !$0.isEmpty })
        let exchanged = inCycle.filter { held.contains(drafts[$0].identity) && drafts[$0].identity != drafts[$0].prior?.identity }
        if Set(exchanged).count > 1 {
            return DiagnosticError(
                .error(
                    "Cycle: \(names.joined(separator: ", "))",
                    "These objects exchange the names by which they are known: each would have to wait until the other has given up its own.",
                    hints: ["Apply the change in two steps, with a name in between that nothing else has."]))
        }
        return DiagnosticError(
            .error(
                "Cycle: \(names.joined(separator: ", "))",
                "These steps would each have to come before the other. This happens where a replacement has to be made before the old object goes, and what depends on it the other way round.",
                hints: ["Give the resources in it the same create_before_destroy, or apply the change in two steps."]))
    }
}
