import Addresses
import PlanModel
import StateModel

/// A plan as a run reads it: numbers for the machine, addresses and names for the journal.
struct PlanReading: Sendable {
    let plan: Plan
    let names: DerivedNames
    /// Vertex that creates the object of each change; -1: none.
    let creators: [Int32]

    init(_ plan: Plan, digest: String) {
        self.plan = plan
        names = DerivedNames(planDigest: digest)
        var creators = [Int32](repeating: -1, count: plan.changes.count)
        for (index, vertex) in plan.vertices.enumerated() {
            if case .effect(.create, let change) = vertex.kind, creators.indices.contains(change) { creators[change] = Int32(index) }
        }
        self.creators = creators
    }

    /// - Throws: where an edge or a vertex names what does not exist.
    func graph() throws(ApplyGraph.Fault) -> ApplyGraph {
        var groups: [String: Int32] = [:]
        var identities: [String: Int32] = [:]
        var vertices: [ApplyGraph.Vertex] = []
        vertices.reserveCapacity(plan.vertices.count)
        for (index, vertex) in plan.vertices.enumerated() {
            let kind: ApplyGraph.Kind
            switch vertex.kind {
            case .effect(let effect, let change):
                guard plan.changes.indices.contains(change) else { throw ApplyGraph.Fault(vertex: index, target: change) }
                switch effect {
                case .create, .update, .delete, .provision, .deprovision: kind = .effect
                case .read: kind = .read
                case .forget, .record, .importing: kind = .record
                case .noOp: kind = .evaluation
                }
            case .join: kind = .join
            case .open: kind = .evaluation
            case .output(let output):
                guard plan.outputs.indices.contains(output) else { throw ApplyGraph.Fault(vertex: index, target: output) }
                kind = .evaluation
            case .condition(let condition):
                guard plan.checks.indices.contains(condition) else { throw ApplyGraph.Fault(vertex: index, target: condition) }
                kind = .evaluation
            }
            var node = ApplyGraph.Vertex(kind: kind)
            if kind == .effect || kind == .read, case .effect(_, let change) = vertex.kind {
                if !vertex.group.isEmpty {
                    node.group = number(of: "\(plan.changes[change].provider)\u{0}\(vertex.group)", in: &groups)
                }
                if !vertex.identity.isEmpty { node.identity = number(of: vertex.identity, in: &identities) }
                node.isSelfContained = vertex.isSelfContained
            }
            vertices.append(node)
        }
        return try ApplyGraph(vertices: vertices, edges: plan.edges)
    }

    private func number(of name: String, in table: inout [String: Int32]) -> Int32 {
        if let known = table[name] { return known }
        let number = Int32(table.count)
        table[name] = number
        return number
    }

    var identities: Set<String> {
        var result: Set<String> = []
        for vertex in plan.vertices where !vertex.identity.isEmpty { result.insert(vertex.identity) }
        return result
    }

    func effect(_ vertex: Int32) -> (Vertex.Effect, Change)? {
        guard case .effect(let effect, let change) = plan.vertices[Int(vertex)].kind, plan.changes.indices.contains(change) else {
            return nil
        }
        return (effect, plan.changes[change])
    }

    func intent(of vertex: Int32) -> String { names.intent(ofVertex: Int(vertex)) }

    /// Key under which the change's old object waits while its successor is created; nil where nothing makes way.
    func deposedKey(of change: Int) -> String? {
        guard plan.changes[change].action == .createThenDelete, creators[change] >= 0 else { return nil }
        return names.deposedKey(ofCreateVertex: Int(creators[change]))
    }

    /// The object that a vertex is about: the removal in a create-then-delete is about what was deposed.
    func target(of vertex: Int32) -> ObjectAddress? {
        // A plan that names a change it does not have is refused, and its steps are listed in the refusal.
        guard case .effect(let effect, let change) = plan.vertices[Int(vertex)].kind, plan.changes.indices.contains(change) else {
            return nil
        }
        let address = plan.changes[change].address
        if effect == .delete || effect == .forget, let key = deposedKey(of: change) {
            return ObjectAddress(address.instance, .deposed(key))
        }
        return address
    }

    func step(_ vertex: Int32) -> ApplyStep {
        switch plan.vertices[Int(vertex)].kind {
        case .effect(let effect, let change):
            let address = target(of: vertex)
            return ApplyStep(
                vertex: Int(vertex), change: change, effect: effect, address: address, label: address?.description ?? "")
        case .output(let index):
            return ApplyStep(
                vertex: Int(vertex), change: nil, effect: nil, address: nil,
                label: plan.outputs.indices.contains(index) ? "output.\(plan.outputs[index].name)" : "an output that the plan does not have"
            )
        case .condition(let index):
            return ApplyStep(
                vertex: Int(vertex), change: nil, effect: nil, address: nil,
                label: plan.checks.indices.contains(index) ? plan.checks[index].subject : "a condition that the plan does not have")
        case .join(let label), .open(let label): return ApplyStep(vertex: Int(vertex), change: nil, effect: nil, address: nil, label: label)
        }
    }

    // MARK: What is true before the first step

    /// Moves, then what reads showed, each in an order in which none undoes another.
    func openingEvents(base: StateSnapshot) -> [StateEvent] {
        moves(base: base)
            + plan.observed.compactMap { observation in
                // What data sources said while planning a destroy is of no use after it.
                if plan.mode == .destroy, observation.kind == .data {
                    return base.object(at: observation.address) == nil ? nil : .observed(address: observation.address, object: nil)
                }
                // Taken over by an earlier run of this plan, which may have changed it since.
                if observation.kind == .moved, base.object(at: observation.address) != nil { return nil }
                return .observed(address: observation.address, object: observation.object)
            }
    }

    private func moves(base: StateSnapshot) -> [StateEvent] {
        var targets: [ResourceInstanceAddress: ResourceInstanceAddress] = [:]
        var order: [ResourceInstanceAddress] = []
        for change in plan.changes {
            guard let from = change.previousAddress, from != change.address.instance, targets[from] == nil else { continue }
            // Already moved, by an earlier run of this plan.
            if base.object(at: ObjectAddress(from)) == nil, base.deposed(of: from).isEmpty { continue }
            targets[from] = change.address.instance
            order.append(from)
        }
        var events: [StateEvent] = []
        var moved: Set<ResourceInstanceAddress> = []
        for first in order where !moved.contains(first) {
            // Whoever stands where this one goes leaves first.
            var path = [first]
            var onPath: Set<ResourceInstanceAddress> = [first]
            var closesCircle = false
            while let last = path.last, let next = targets[last], targets[next] != nil, !moved.contains(next) {
                if !onPath.insert(next).inserted {
                    closesCircle = true
                    break
                }
                path.append(next)
            }
            if closesCircle {
                // All places of a circle are taken again: the first one stands aside until the others have moved on.
                guard let last = targets[first] else { continue }
                let aside = first.aside
                events.append(.moved(from: first, to: aside))
                for from in path.dropFirst().reversed() { if let to = targets[from] { events.append(.moved(from: from, to: to)) } }
                events.append(.moved(from: aside, to: last))
            } else {
                for from in path.reversed() { if let to = targets[from] { events.append(.moved(from: from, to: to)) } }
            }
            moved.formUnion(path)
        }
        return events
    }
}

extension ResourceInstanceAddress {
    /// Where nothing else can be: no name in a configuration has this sign.
    fileprivate var aside: ResourceInstanceAddress {
        var resource = resource
        resource.resource.name += "~"
        return resource.instance(key)
    }
}
