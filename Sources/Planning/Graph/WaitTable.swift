import PlanModel

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
