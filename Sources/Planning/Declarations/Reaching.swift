import Addresses
import ConfigModel
import DependencyGraph
import Diagnostics
import Evaluation
import HCLSyntax

extension DeclarationGraph {
    /// Vertices that these names in a module refer to.
    func targets(of traversals: [Traversal], in module: Int) -> [Int] {
        var result: [Int] = []
        let index = indices[module]
        for traversal in traversals {
            guard let reference = checkedReference(traversal, file: "") else { continue }
            switch reference.subject {
            case .variable(let name): if let item = index.variables[name] { result.append(vertex(module, .variable(item))) }
            case .local(let name): if let item = index.locals[name] { result.append(vertex(module, .local(item))) }
            case .resource(let name):
                if let item = index.resources[name] {
                    result.append(vertex(module, .resource(item)))
                } else if let kind = index.kinds[name] {
                    result.append(contentsOf: configuration.modules[kind].outputs.indices.map { vertex(kind, .output($0)) })
                }
            case .module(let name, let output):
                guard let child = index.modules[name] else { break }
                if let output, let item = indices[child].outputs[output] {
                    result.append(vertex(child, .output(item)))
                } else {
                    result.append(contentsOf: configuration.modules[child].outputs.indices.map { vertex(child, .output($0)) })
                }
            case .path, .terraform, .count, .each, .self, .other: break
            }
        }
        return result
    }
}

extension Planner {
    /// All declarations that these come from, directly or through others.
    func everything(behind vertices: [Int]) -> Set<Int> {
        var found: Set<Int> = []
        var stack = vertices
        while let next = stack.popLast() {
            for target in declarations.graph.dependencies(of: next) where found.insert(Int(target)).inserted { stack.append(Int(target)) }
        }
        return found
    }

    /// The resources that a declaration's value or order comes from, through locals, variables, outputs, data sources and
    /// providers: what the record keeps, so that destruction knows the order when the configuration is gone.
    func resourcesReached(from vertex: Int, _ instance: ModuleInstance) -> [ResourceAddress] {
        var found: Set<ResourceAddress> = []
        for target in declarations.graph.dependencies(of: vertex) {
            for other in cells.cellInstances(of: Int(target), seenFrom: instance) {
                found.formUnion(reached(Int(target), other))
            }
        }
        return found.sorted()
    }

    /// What a reference to a declaration reaches: a managed resource itself, else what lies behind it. Kept for what is between.
    private func reached(_ vertex: Int, _ instance: ModuleInstance) -> [ResourceAddress] {
        let place = declarations.vertices[vertex]
        if case .resource(let item) = place.declaration {
            let block = inputs.configuration.modules[place.module].resources[item]
            if block.name.mode == .managed { return [ResourceAddress(module: instance.path, resource: block.name)] }
        }
        let id = Cells.CellID(vertex: vertex, instance: instance.number)
        if let known = reached[id] { return known }
        // Dependencies come first in the order, so that this goes one step deep only: what lies behind is kept already, but for
        // vertices that nothing has asked about. Those are walked by a stack.
        var found: Set<ResourceAddress> = []
        var stack = [(vertex, instance)]
        var seen: Set<Cells.CellID> = [id]
        while let (next, at) = stack.popLast() {
            let place = declarations.vertices[next]
            if case .resource(let item) = place.declaration {
                let block = inputs.configuration.modules[place.module].resources[item]
                if block.name.mode == .managed {
                    found.insert(ResourceAddress(module: at.path, resource: block.name))
                    continue
                }
            }
            let nextID = Cells.CellID(vertex: next, instance: at.number)
            if nextID != id, let known = reached[nextID] {
                found.formUnion(known)
                continue
            }
            for target in declarations.graph.dependencies(of: next) {
                for other in cells.cellInstances(of: Int(target), seenFrom: at) {
                    let otherID = Cells.CellID(vertex: Int(target), instance: other.number)
                    if seen.insert(otherID).inserted { stack.append((Int(target), other)) }
                }
            }
        }
        let sorted = found.sorted()
        reached[id] = sorted
        return sorted
    }
}
