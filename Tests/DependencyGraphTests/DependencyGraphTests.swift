import DependencyGraph
import Testing

@Suite struct DependencyGraphTests {
    @Test func ordersDependenciesFirst() throws {
        let graph = DependencyGraph(vertexCount: 5, edges: [(from: 0, to: 4), (from: 4, to: 2), (from: 0, to: 4), (from: 1, to: 1)])
        #expect(graph.edgeCount == 2)
        #expect(try #require(graph.topologicalOrder()) == [1, 2, 3, 4, 0])
        #expect(graph.reachable(from: [0]) == [true, false, true, false, true])
    }

    @Test func findsTheShortestCycle() {
        let edges = [(from: 0, to: 1), (from: 1, to: 2), (from: 2, to: 0), (from: 2, to: 3), (from: 3, to: 2), (from: 4, to: 0)]
        let graph = DependencyGraph(vertexCount: 5, edges: edges)
        #expect(graph.topologicalOrder() == nil)
        #expect(graph.shortestCycle() == [2, 3])
    }

    @Test func findsOneCycleOfEachTangle() {
        let edges = [
            (from: 5, to: 6), (from: 6, to: 5), (from: 0, to: 5), (from: 4, to: 3), (from: 3, to: 2), (from: 2, to: 4), (from: 3, to: 4),
            (from: 7, to: 0), (from: 1, to: 2), (from: 6, to: 7),
        ]
        let graph = DependencyGraph(vertexCount: 9, edges: edges)
        #expect(graph.shortestCycles() == [[3, 4], [5, 6]])
        #expect(DependencyGraph(vertexCount: 3, edges: [(from: 0, to: 1), (from: 1, to: 2)]).shortestCycles() == [])
    }

    @Test func isLinearOnALongCircle() {
        let count = 100_000
        let graph = DependencyGraph(vertexCount: count, edges: (0..<count).map { (from: $0, to: ($0 + 1) % count) })
        #expect(graph.topologicalOrder() == nil)
    }

    @Test(arguments: 0..<200)
    func randomGraphsKeepEveryEdge(_ seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func random(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        let count = 1 + random(30)
        let edges = (0..<random(80)).map { _ in (from: random(count), to: random(count)) }
        let graph = DependencyGraph(vertexCount: count, edges: edges)
        guard let order = graph.topologicalOrder() else {
            guard let cycle = graph.shortestCycle() else {
                Issue.record("no order and no cycle")
                return
            }
            for (index, vertex) in cycle.enumerated() {
                #expect(graph.dependencies(of: vertex).contains(Int32(cycle[(index + 1) % cycle.count])))
            }
            return
        }
        #expect(graph.shortestCycle() == nil)
        var place = [Int](repeating: 0, count: count)
        for (index, vertex) in order.enumerated() { place[vertex] = index }
        for edge in edges where edge.from != edge.to { #expect(place[edge.to] < place[edge.from]) }
    }

    @Test func isLinearOnAChain() {
        let count = 100_000
        let graph = DependencyGraph(vertexCount: count, edges: (1..<count).map { (from: $0, to: $0 - 1) })
        #expect(graph.topologicalOrder()?.last == count - 1)
        #expect(graph.shortestCycle() == nil)
    }
}
