import Addresses
import DependencyGraph
import PlanModel
import StateModel

extension Planner {
    /// What a kind had where it was goes only after what it has where it is now is ready, and after everything that uses the kind has
    /// changed, whatever is between: a page behind a load balancer never goes away. The same holds for a kind that goes altogether, as
    /// far as others go on without it.
    ///
    /// Linear in vertices and edges, and nothing at all where no kind leaves anything behind.
    func keepMovedKindsUp(_ layout: inout PlanLayout) {
        guard inputs.mode != .destroy else { return }
        var leaving: [ModulePath: [Int32]] = [:]
        for (index, draft) in drafts.enumerated() where layout.removalOf[index] >= 0 {
            guard let kind = draft.change.address.instance.module.kind, isLeftBehind(draft) else { continue }
            leaving[kind, default: []].append(layout.removalOf[index])
        }
        guard !leaving.isEmpty else { return }
        let roots = users(of: leaving.keys, layout)
        let graph = DependencyGraph(
            vertexCount: layout.vertices.count,
            edges: layout.edges.enumerated().flatMap { vertex, targets in targets.map { (from: vertex, to: Int($0)) } })
        let dependants = graph.reversed()
        // What itself waits for something to go cannot be waited for, and what goes uses nothing any more.
        var isSkipped = dependants.reachable(from: leaving.values.joined().map { Int($0) })
        for removal in layout.removalOf where removal >= 0 { isSkipped[Int(removal)] = true }
        var users = Users(dependants: dependants, isSkipped: isSkipped)
        for kind in leaving.keys.sorted() {
            var waited: Set<Int32> = []
            for root in roots[kind] ?? [] where !isSkipped[Int(root)] { waited.insert(users.done(root, &layout)) }
            guard !waited.isEmpty else { continue }
            let sources = waited.sorted()
            let gate =
                sources.count == 1
                ? sources[0] : layout.add(Vertex(kind: .join(label: "everything that uses \(kind) has changed")), waitsFor: sources)
            for removal in leaving[kind] ?? [] { layout.wait(removal, for: gate) }
        }
    }

    /// Parts on the target that a kind had before, and parts of a kind that is no more; not what merely changes in its place.
    private func isLeftBehind(_ draft: ChangeDraft) -> Bool {
        if case .deposed = draft.change.address.generation { return true }
        switch draft.change.action {
        case .createThenDelete: return draft.change.reason == .containerReplaced
        case .delete, .forget:
            switch removalReason(draft.change.address.instance) {
            case .noResourceConfig, .noModule, .moduleDisabled: return true
            default: return false
            }
        default: return false
        }
    }

    /// Steps of each kind itself, and of what used it up to now.
    private func users(of kinds: some Collection<ModulePath>, _ layout: PlanLayout) -> [ModulePath: [Int32]] {
        var users: [ModulePath: [Int32]] = [:]
        let kinds = Set(kinds)
        for (index, draft) in drafts.enumerated() where layout.effectOf[index] >= 0 {
            if let own = draft.change.address.instance.module.kind, kinds.contains(own) {
                users[own, default: []].append(layout.effectOf[index])
            }
            for resource in draft.prior?.dependencies ?? [] {
                if let used = resource.module.kind, kinds.contains(used) { users[used, default: []].append(layout.effectOf[index]) }
            }
        }
        return users
    }
}

/// Vertices that are done when a vertex and everything that waits for it, through whatever is between, are.
private struct Users {
    let dependants: DependencyGraph
    let isSkipped: [Bool]
    private var known: [Int32]

    init(dependants: DependencyGraph, isSkipped: [Bool]) {
        self.dependants = dependants
        self.isSkipped = isSkipped
        known = Array(repeating: -1, count: dependants.vertexCount)
    }

    mutating func done(_ root: Int32, _ layout: inout PlanLayout) -> Int32 {
        // Depth first with a stack of its own: chains are long. A vertex is finished when it comes up for the second time.
        var stack: [(vertex: Int, isSecond: Bool)] = [(Int(root), false)]
        while let (vertex, isSecond) = stack.popLast() {
            guard known[vertex] < 0 || isSecond else { continue }
            let next = dependants.dependencies(of: vertex).filter { !isSkipped[Int($0)] }
            if !isSecond, next.contains(where: { known[Int($0)] < 0 }) {
                // Itself until then, so that a circle, which is told of later, ends here.
                known[vertex] = Int32(vertex)
                stack.append((vertex, true))
                for target in next where known[Int(target)] < 0 { stack.append((Int(target), false)) }
                continue
            }
            let sources = Set(next.map { known[Int($0)] }).sorted()
            switch sources.count {
            case 0: known[vertex] = Int32(vertex)
            case 1: known[vertex] = sources[0]
            default:
                let label = "what waits for a step of a kind that moves"
                known[vertex] = layout.add(Vertex(kind: .join(label: label)), waitsFor: sources)
            }
        }
        return known[Int(root)]
    }
}
