import ConfigModel
import DependencyGraph

extension DeclarationGraph {
    /// Effective `create_before_destroy` of each resource vertex: what a resource with it depends on must have it too, or the
    /// order could not be kept. Linear: one pass against the order.
    func effectiveCreateBeforeDestroy() -> [Bool] {
        var flags = [Bool](repeating: false, count: vertices.count)
        for vertex in order.reversed() {
            let place = vertices[vertex]
            if case .resource(let item) = place.declaration,
                configuration.modules[place.module].resources[item].lifecycle.createBeforeDestroy
                    || kindsAround(place.module).contains(where: \.lifecycle.createBeforeDestroy)
            {
                flags[vertex] = true
            }
            if flags[vertex] {
                for target in graph.dependencies(of: vertex) { flags[Int(target)] = true }
            }
        }
        return flags
    }

    /// The kinds that a module's resources are parts of, the innermost first: what their `lifecycle` says holds for all parts.
    func kindsAround(_ module: Int) -> [ModuleCall] {
        var found: [ModuleCall] = []
        var current = module
        while let parent = indices[current].parent, let call = indices[current].callInParent {
            let around = configuration.modules[parent].calls[call]
            if case .kind = around.callee { found.append(around) }
            current = parent
        }
        return found
    }

    func preventsDestroy(_ block: ResourceBlock, in module: Int) -> Bool {
        block.lifecycle.preventDestroy || kindsAround(module).contains(where: \.lifecycle.preventDestroy)
    }
}
