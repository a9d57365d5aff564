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
            {
                flags[vertex] = true
            }
            if flags[vertex] {
                for target in graph.dependencies(of: vertex) { flags[Int(target)] = true }
            }
        }
        return flags
    }
}
