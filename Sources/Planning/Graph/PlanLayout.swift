import Addresses
import ConfigModel
import Diagnostics
import PlanModel

/// Vertices and edges in the making.
struct PlanLayout {
    private(set) var vertices: [Vertex] = []
    private(set) var edges: [[Int32]] = []
    /// Edges that are kept where they can be.
    var wishes: [(vertex: Int32, other: Int32, wish: Wish)] = []
    /// The draft behind an effect vertex.
    var draftOf: [Int] = []
    /// The create, update, read or no-op vertex of a draft; -1: none.
    var effectOf: [Int32]
    /// The delete or forget vertex of a draft; -1: none.
    var removalOf: [Int32]

    /// The import vertex of a draft; -1: none.
    var importOf: [Int32]

    init(drafts: Int) {
        effectOf = Array(repeating: -1, count: drafts)
        removalOf = Array(repeating: -1, count: drafts)
        importOf = Array(repeating: -1, count: drafts)
    }

    mutating func add(_ vertex: Vertex, draft: Int = -1, waitsFor: [Int32] = []) -> Int32 {
        vertices.append(vertex)
        edges.append(waitsFor)
        draftOf.append(draft)
        return Int32(vertices.count - 1)
    }

    mutating func wait(_ vertex: Int32, for other: Int32) {
        if vertex != other { edges[Int(vertex)].append(other) }
    }

    mutating func replaceEdges(of vertex: Int32, with others: [Int32]) { edges[Int(vertex)] = others }

    mutating func prefer(_ vertex: Int32, after other: Int32, _ wish: Wish) {
        if vertex != other { wishes.append((vertex, other, wish)) }
    }

    /// Sorted, without duplicates.
    mutating func tidy() {
        for index in edges.indices where edges[index].count > 1 {
            edges[index].sort()
            var unique: [Int32] = []
            unique.reserveCapacity(edges[index].count)
            for edge in edges[index] where unique.last != edge { unique.append(edge) }
            edges[index] = unique
        }
    }
}
