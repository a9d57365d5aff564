import Addresses
import ConfigModel
import DependencyGraph
import PlanModel
import StateModel

/// What `-exclude` names stays as it is, and so does everything that depends on it, as in OpenTofu: it would be planned from values that this run
/// does not make.
extension Planner {
    /// Notes whether a declaration depends on what is held back; dependencies have been asked before.
    ///
    /// - Returns: whether there is nothing to be visited: a result that stays what it was, a check that cannot be decided.
    func holdBack(_ vertex: Int) -> Bool {
        guard !heldBack.isEmpty, inputs.mode != .destroy,
            declarations.graph.dependencies(of: vertex).contains(where: { heldBack.contains(Int($0)) })
        else { return false }
        heldBack.insert(vertex)
        let place = declarations.vertices[vertex]
        switch place.declaration {
        case .output: return place.module == 0
        case .check: return true
        default: return false
        }
    }

    /// Whether an instance is planned.
    func plans(_ address: ResourceInstanceAddress, vertex: Int) -> Bool {
        !heldBack.contains(vertex) && selection.includes(address, vertex: vertex)
    }

    /// After a resource was visited: what depends on it has no value to go by where one of its excluded instances was never made, or all are excluded.
    func noteExcluded(_ resource: ResourceAddress, _ keys: some Collection<InstanceKey>, vertex: Int) {
        guard !selection.excludes.isEmpty else { return }
        let excluded = keys.map(resource.instance).filter { address in selection.excludes.contains { $0.matches(address) } }
        self.excluded.formUnion(excluded)
        guard !excluded.isEmpty, inputs.mode != .destroy else { return }
        if excluded.count == keys.count || excluded.contains(where: { inputs.base.objects[ObjectAddress($0)] == nil }) {
            heldBack.insert(vertex)
        }
    }

    /// Recorded objects of declarations that are held back: of those with unknown `count` nobody knows which are still wanted.
    func recordedAndHeldBack() -> [ObjectAddress] {
        guard !heldBack.isEmpty else { return [] }
        return inputs.base.objects.keys.filter { address in
            guard let module = inputs.configuration.index(of: address.instance.module.call),
                let item = declarations.indices[module].resources[address.instance.resource.resource]
            else { return false }
            return heldBack.contains(declarations.vertex(module, .resource(item)))
        }
    }
}
