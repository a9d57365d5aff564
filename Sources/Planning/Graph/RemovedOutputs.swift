import Addresses
import ConfigModel
import DependencyGraph
import PlanModel
import StateModel
import Values

extension Planner {
    /// Root outputs that a destroy takes away: all of them, but where something is to stay only those that come from what goes, and from
    /// nothing else.
    func removedOutputs() -> [OutputChange] {
        var names = inputs.base.outputs.keys.sorted { $0.precedesByBytes($1) }
        if selection.isTargeted || !selection.excludes.isEmpty {
            let declared = declarations.indices[0].outputs
            let ending = endingDeclarations()
            names = names.filter { name in declared[name].map { ending[declarations.vertex(0, .output($0))] } ?? false }
        }
        return names.compactMap { name in
            inputs.base.outputs[name].map { OutputChange(name: name, before: $0.value, after: nil, isSensitive: $0.isSensitive) }
        }
    }

    /// Declarations that come from recorded objects all of which go, directly or through what is between.
    private func endingDeclarations() -> [Bool] {
        let going = Set(drafts.filter(\.removes).map(\.change.address) + observed.filter { $0.object == nil }.map(\.address))
        var recorded: [Int: Bool] = [:]
        for address in inputs.base.objects.keys {
            guard let vertex = declaration(of: address.instance) else { continue }
            recorded[vertex] = (recorded[vertex] ?? true) && going.contains(address)
        }
        var comes = [Bool](repeating: false, count: declarations.vertices.count)
        var stays = comes
        for vertex in declarations.order {
            if isManaged(vertex) {
                comes[vertex] = recorded[vertex] != nil
                stays[vertex] = recorded[vertex] == false
                continue
            }
            for target in declarations.graph.dependencies(of: vertex) {
                if comes[Int(target)] { comes[vertex] = true }
                if stays[Int(target)] { stays[vertex] = true }
            }
        }
        return zip(comes, stays).map { $0 && !$1 }
    }

    /// Each waits until the objects that it comes from are gone; one that comes from none until everything is: where a delete fails or
    /// is withheld, it is still there.
    func addRemovedOutputs(_ layout: inout PlanLayout) {
        guard !outputs.isEmpty else { return }
        var removals: [Int: [Int32]] = [:]
        for (index, draft) in drafts.enumerated() where layout.removalOf[index] >= 0 {
            if let vertex = declaration(of: draft.change.address.instance) { removals[vertex, default: []].append(layout.removalOf[index]) }
        }
        let declared = declarations.indices[0].outputs
        let roots = outputs.map { change in declared[change.name].map { declarations.vertex(0, .output($0)) } }
        let needed = declarationsUpToResources(roots.compactMap { $0 })
        func joined(_ sources: [Int32], _ label: @autoclosure () -> String) -> Int32? {
            sources.count > 1 ? layout.add(Vertex(kind: .join(label: label())), waitsFor: sources) : sources.first
        }
        var points = [Int32?](repeating: nil, count: declarations.vertices.count)
        for vertex in declarations.order where needed[vertex] {
            let sources =
                isManaged(vertex)
                ? removals[vertex] ?? []
                : Set(declarations.graph.dependencies(of: vertex).compactMap { points[Int($0)] }).sorted()
            points[vertex] = joined(
                sources, "\(DeclarationGraph.name(of: declarations.vertices[vertex], in: inputs.configuration).name) is gone")
        }
        let all = layout.removalOf.filter { $0 >= 0 }
        let everything = roots.contains { $0.flatMap { points[$0] } == nil } ? joined(all, "everything is gone") : nil
        for (index, root) in roots.enumerated() {
            let point = root.flatMap { points[$0] } ?? everything
            _ = layout.add(Vertex(kind: .output(index)), waitsFor: point.map { [$0] } ?? [])
        }
    }

    private func declaration(of address: ResourceInstanceAddress) -> Int? {
        resourceItem(address).map { declarations.vertex($0.module, .resource($0.item)) }
    }

    private func isManaged(_ vertex: Int) -> Bool {
        let place = declarations.vertices[vertex]
        guard case .resource(let item) = place.declaration else { return false }
        return inputs.configuration.modules[place.module].resources[item].name.mode == .managed
    }

    /// What declarations come from, as far as the first managed resources.
    private func declarationsUpToResources(_ roots: [Int]) -> [Bool] {
        var found = [Bool](repeating: false, count: declarations.vertices.count)
        var stack = roots
        while let vertex = stack.popLast() {
            guard !found[vertex] else { continue }
            found[vertex] = true
            if !isManaged(vertex) { stack += declarations.graph.dependencies(of: vertex).map { Int($0) } }
        }
        return found
    }
}
