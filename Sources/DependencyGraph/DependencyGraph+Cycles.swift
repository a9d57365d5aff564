extension DependencyGraph {
    /// A shortest cycle, first vertex not repeated, beginning with its lowest vertex; nil where there is none.
    public func shortestCycle() -> [Int]? { shortestCycles().min { $0.count < $1.count } }

    /// A shortest cycle of each tangle (vertices that all reach each other), the one with the lowest vertex first.
    ///
    /// Each tangle is searched breadth first from its vertices: the cost is that of the tangled parts alone.
    public func shortestCycles() -> [[Int]] {
        let tangles = self.tangles()
        guard !tangles.isEmpty else { return [] }
        var tangle = [Int](repeating: -1, count: vertexCount)
        for (number, members) in tangles.enumerated() { for vertex in members { tangle[vertex] = number } }
        let cycles = tangles.compactMap { members -> [Int]? in
            var best: [Int]?
            // A bound on work for monstrous tangles: any cycle is good enough then.
            for start in members.prefix(2_000) {
                if let found = cycle(through: start, within: tangle, shorterThan: best?.count ?? Int.max) { best = found }
                if best?.count == 2 { break }
            }
            guard let best, let lowest = best.indices.min(by: { best[$0] < best[$1] }) else { return nil }
            return Array(best[lowest...] + best[..<lowest])
        }
        return cycles.sorted { $0[0] < $1[0] }
    }

    /// Strongly connected components of more than one vertex, members ascending (Tarjan's algorithm, by a stack of its own: chains are long).
    public func tangles() -> [[Int]] {
        let unseen = -1
        var number = [Int](repeating: unseen, count: vertexCount)
        var low = [Int](repeating: 0, count: vertexCount)
        var isOpen = [Bool](repeating: false, count: vertexCount)
        var open: [Int] = []
        var found: [[Int]] = []
        var next = 0
        var path: [(vertex: Int, edge: Int)] = []
        func enter(_ vertex: Int) {
            number[vertex] = next
            low[vertex] = next
            next += 1
            isOpen[vertex] = true
            open.append(vertex)
            path.append((vertex, Int(offsets[vertex])))
        }
        for root in 0..<vertexCount where number[root] == unseen {
            enter(root)
            while let (vertex, edge) = path.last {
                if edge < Int(offsets[vertex + 1]) {
                    path[path.count - 1].edge += 1
                    let target = Int(targets[edge])
                    if number[target] == unseen {
                        enter(target)
                    } else if isOpen[target] {
                        low[vertex] = min(low[vertex], number[target])
                    }
                    continue
                }
                path.removeLast()
                if let above = path.last?.vertex { low[above] = min(low[above], low[vertex]) }
                guard low[vertex] == number[vertex] else { continue }
                var members: [Int] = []
                while let member = open.popLast() {
                    isOpen[member] = false
                    members.append(member)
                    if member == vertex { break }
                }
                if members.count > 1 { found.append(members.sorted()) }
            }
        }
        return found
    }

    private func cycle(through start: Int, within tangle: [Int], shorterThan limit: Int) -> [Int]? {
        var parent = [Int: Int]()
        var frontier = [start]
        var depth = 1
        while !frontier.isEmpty, depth < limit {
            var next: [Int] = []
            for vertex in frontier {
                for target in dependencies(of: vertex) where tangle[Int(target)] == tangle[start] {
                    if Int(target) == start {
                        var path = [vertex]
                        while let last = path.last, last != start, let before = parent[last] { path.append(before) }
                        return path.reversed()
                    }
                    if parent[Int(target)] == nil {
                        parent[Int(target)] = vertex
                        next.append(Int(target))
                    }
                }
            }
            frontier = next
            depth += 1
        }
        return nil
    }
}
