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
            let effects = own.filter { needsEffect(drafts[$0]) }
            let conditions = openConditions.byCell[id] ?? []
            guard effects.count + conditions.count > 0 else {
                waits.set(vertex, instance.number, sources)
                continue
            }
            var entry = sources
            if effects.count + conditions.count > 1, Set(sources).count > 1 {
                entry = [layout.add(Vertex(kind: .join(label: "before " + label(vertex))), waitsFor: sources)]
            }
            var exits: [Int32] = []
            for index in effects {
                let number = addEffect(of: index, waitsFor: entry, &layout)
                exits.append(number)
                for condition in drafts[index].openConditions {
                    exits.append(addCondition(condition, waitsFor: [number], &layout))
                }
            }
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

    // MARK: Removals

    private func addRemovals(_ layout: inout PlanLayout) {
        let removing = drafts.indices.filter { drafts[$0].removes }
        guard !removing.isEmpty else { return }
        for index in removing {
            let draft = drafts[index]
            let effect: Vertex.Effect = draft.change.action == .forget || draft.isForgottenWith != nil ? .forget : .delete
            var vertex = Vertex(
                kind: .effect(effect, change: index), identity: draft.prior?.identity ?? draft.identity,
                group: draft.removalGroup ?? draft.group)
            vertex.isSelfContained = true
            layout.removalOf[index] = layout.add(vertex, draft: index)
        }
        var gone: [ResourceAddress: Int32] = [:]
        var changed: [ResourceAddress: [Int32]] = [:]
        let removedResources = Set(removing.map { drafts[$0].change.address.instance.resource })
        // What depended on a resource goes before it; what goes on depending on it is changed before.
        for (index, draft) in drafts.enumerated() {
            let old = draft.prior?.dependencies ?? []
            if draft.removes, draft.isForgottenWith == nil {
                for resource in old where removedResources.contains(resource) {
                    let join = gone[resource] ?? layout.add(Vertex(kind: .join(label: "dependants of \(resource) are gone")))
                    gone[resource] = join
                    if isMoving(draft) {
                        layout.prefer(join, after: layout.removalOf[index], .movedDependantGone)
                    } else {
                        layout.wait(join, for: layout.removalOf[index])
                    }
                }
            }
            if layout.effectOf[index] >= 0 {
                for resource in old where removedResources.contains(resource) {
                    changed[resource, default: []].append(layout.effectOf[index])
                }
            }
        }
        var moved: [ResourceAddress: Int32] = [:]
        var mayMove: [ResourceAddress: Int32] = [:]
        // Dependants of what has a successor by then are with that one first; of what just goes, they may have to come after it, where
        // something takes its name and they use that.
        func movedOn(_ resource: ResourceAddress, isSucceeded: Bool, _ layout: inout PlanLayout) -> Int32? {
            guard let dependants = changed[resource] else { return nil }
            if let known = isSucceeded ? moved[resource] : mayMove[resource] { return known }
            let join = layout.add(Vertex(kind: .join(label: "dependants of \(resource) have changed")))
            for dependant in dependants {
                if isSucceeded { layout.wait(join, for: dependant) } else { layout.prefer(join, after: dependant, .dependantFirst) }
            }
            if isSucceeded { moved[resource] = join } else { mayMove[resource] = join }
            return join
        }
        var successors: [ResourceAddress: [Int32]] = [:]
        for (index, draft) in drafts.enumerated() where layout.effectOf[index] >= 0 {
            for resource in draft.change.record?.dependencies ?? [] where removedResources.contains(resource) {
                successors[resource, default: []].append(layout.effectOf[index])
            }
        }
        var newDependants: [ResourceAddress: Int32] = [:]
        for index in removing {
            let draft = drafts[index]
            let removal = layout.removalOf[index]
            let resource = draft.change.address.instance.resource
            if let container = draft.isForgottenWith {
                if let holder = draftByAddress[ObjectAddress(container)], layout.removalOf[holder] >= 0 {
                    layout.wait(removal, for: layout.removalOf[holder])
                    if draft.change.action == .forget, drafts[holder].change.action == .delete {
                        // It goes at the moment that its container does: what waits for it to be left alone waits for that.
                        if let join = gone[resource] { layout.wait(layout.removalOf[holder], for: join) }
                        if let join = movedOn(resource, isSucceeded: false, &layout) {
                            layout.wait(layout.removalOf[holder], for: join)
                        }
                    }
                }
            }
            switch draft.change.action {
            case .deleteThenCreate:
                if !draft.isForcedInPlace, draft.isForgottenWith == nil, let join = gone[resource] { layout.wait(removal, for: join) }
                layout.wait(layout.effectOf[index], for: removal)
            case .createThenDelete:
                if let join = gone[resource] { layout.wait(removal, for: join) }
                layout.wait(removal, for: layout.effectOf[index])
                if let waiting = successors[resource] {
                    let join =
                        newDependants[resource]
                        ?? layout.add(Vertex(kind: .join(label: "readers of \(resource) have changed")), waitsFor: waiting)
                    newDependants[resource] = join
                    layout.wait(removal, for: join)
                }
                if let join = movedOn(resource, isSucceeded: true, &layout) { layout.wait(removal, for: join) }
            default:
                if let join = gone[resource] { layout.wait(removal, for: join) }
                if draft.isForgottenWith == nil, let join = movedOn(resource, isSucceeded: false, &layout) {
                    layout.wait(removal, for: join)
                }
            }
        }
    }

    /// What takes an identity waits until what had it has given it up, by going or by getting another one: or it would be refused, or
    /// removed with it. Shared identities are the other way round, where that can be: the new claim first, so that nothing is taken away
    /// and put back.
    private func orderByIdentity(_ layout: inout PlanLayout) {
        var givers: [String: [Int32]] = [:]
        for (index, draft) in drafts.enumerated() {
            guard let old = draft.prior?.identity, !old.isEmpty, draft.isForgottenWith == nil else { continue }
            switch draft.change.action {
            case .delete: givers[old, default: []].append(layout.removalOf[index])
            case .deleteThenCreate, .createThenDelete:
                if draft.identity != old { givers[old, default: []].append(layout.removalOf[index]) }
            case .update:
                if draft.identity != old { givers[old, default: []].append(layout.effectOf[index]) }
            case .noOp, .create, .read, .forget, .record: break
            }
        }
        guard !givers.isEmpty else { return }
        for (index, draft) in drafts.enumerated() where !draft.identity.isEmpty && layout.effectOf[index] >= 0 {
            switch draft.change.action {
            case .create, .deleteThenCreate, .createThenDelete: break
            case .update where draft.identity != draft.prior?.identity: break
            default: continue
            }
            let taker = layout.effectOf[index]
            // One but where it is shared, and then as many as there are claims on one thing.
            for giver in givers[draft.identity] ?? [] where giver != layout.removalOf[index] {
                if draft.isShared {
                    layout.prefer(giver, after: taker, .newClaimFirst)
                } else {
                    layout.wait(taker, for: giver)
                }
            }
        }
    }

    // MARK: Refusals

    private func circularOrder(_ graph: DependencyGraph, _ layout: PlanLayout) -> DiagnosticError {
        let cycle = graph.shortestCycle() ?? []
        let names = cycle.map { vertex in
            switch layout.vertices[vertex].kind {
            case .effect(let effect, let change): "\(effect.rawValue) \(drafts[change].change.address)"
            case .join(let label): label
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

/// What waits for a declaration in a module instance has to wait for. A join is made only where several vertices are waited for
/// and somebody asks.
struct WaitTable {
    private enum Point {
        case none
        case one(Int32)
        case several([Int32])
    }

    private struct Whole: Hashable {
        var vertex: Int
        var first: Int
    }

    private var points: [[Point]]
    private var wholes: [Whole: Int32?] = [:]

    init(declarations: DeclarationGraph, instances: [Int]) {
        points = declarations.vertices.indices.map { vertex in
            Array(repeating: .none, count: max(1, instances[declarations.instanceModule(of: vertex)]))
        }
    }

    mutating func set(_ vertex: Int, _ instance: Int, _ sources: [Int32]) {
        var unique = Array(Set(sources))
        unique.sort()
        switch unique.count {
        case 0: points[vertex][instance] = .none
        case 1: points[vertex][instance] = .one(unique[0])
        default: points[vertex][instance] = .several(unique)
        }
    }

    /// All instances of a called module as one, so that N that wait for M are N + M edges.
    mutating func point(_ vertex: Int, _ instances: [ModuleInstance], _ layout: inout PlanLayout, name: () -> String) -> Int32? {
        guard let first = instances.first else { return nil }
        guard instances.count > 1 else { return point(vertex, first.number, &layout, name: name) }
        let whole = Whole(vertex: vertex, first: first.number)
        if let known = wholes[whole] { return known }
        var points: Set<Int32> = []
        for instance in instances {
            if let point = point(vertex, instance.number, &layout, name: name) { points.insert(point) }
        }
        let sources = points.sorted()
        let joined = sources.count > 1 ? layout.add(Vertex(kind: .join(label: name())), waitsFor: sources) : sources.first
        wholes[whole] = .some(joined)
        return joined
    }

    mutating func point(_ vertex: Int, _ instance: Int, _ layout: inout PlanLayout, name: () -> String) -> Int32? {
        switch points[vertex][instance] {
        case .none: return nil
        case .one(let only): return only
        case .several(let sources):
            let join = layout.add(Vertex(kind: .join(label: name())), waitsFor: sources)
            points[vertex][instance] = .one(join)
            return join
        }
    }
}
