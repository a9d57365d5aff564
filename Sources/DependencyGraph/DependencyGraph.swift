/// A directed graph over `0 ..< vertexCount`, in compressed adjacency: an edge runs from a vertex to one that must come before it.
///
/// Building and every algorithm here are linear in vertices plus edges.
public struct DependencyGraph: Sendable, Hashable {
    @usableFromInline var offsets: [Int32]
    @usableFromInline var targets: [Int32]

    public var vertexCount: Int { offsets.count - 1 }
    public var edgeCount: Int { targets.count }

    /// - Parameter edges: pairs (vertex, what it depends on); duplicates and loops to itself are dropped.
    public init(vertexCount: Int, edges: [(from: Int, to: Int)]) {
        var counts = [Int32](repeating: 0, count: vertexCount + 1)
        for edge in edges where edge.from != edge.to { counts[edge.from + 1] += 1 }
        for index in 0..<vertexCount { counts[index + 1] += counts[index] }
        var filled = counts
        var targets = [Int32](repeating: 0, count: Int(counts[vertexCount]))
        for edge in edges where edge.from != edge.to {
            targets[Int(filled[edge.from])] = Int32(edge.to)
            filled[edge.from] += 1
        }
        // Sorted and without duplicates a vertex, so that equal inputs give equal graphs.
        var offsets: [Int32] = [0]
        offsets.reserveCapacity(vertexCount + 1)
        var unique: [Int32] = []
        unique.reserveCapacity(targets.count)
        for vertex in 0..<vertexCount {
            let slice = targets[Int(counts[vertex])..<Int(counts[vertex + 1])].sorted()
            for (index, target) in slice.enumerated() where index == 0 || slice[index - 1] != target { unique.append(target) }
            offsets.append(Int32(unique.count))
        }
        self.offsets = offsets
        self.targets = unique
    }

    /// What a vertex depends on, ascending.
    @inlinable
    public func dependencies(of vertex: Int) -> ArraySlice<Int32> { targets[Int(offsets[vertex])..<Int(offsets[vertex + 1])] }

    /// The same graph with every edge turned round.
    public func reversed() -> DependencyGraph {
        var edges: [(from: Int, to: Int)] = []
        edges.reserveCapacity(edgeCount)
        for vertex in 0..<vertexCount {
            for target in dependencies(of: vertex) { edges.append((from: Int(target), to: vertex)) }
        }
        return DependencyGraph(vertexCount: vertexCount, edges: edges)
    }

    /// Dependencies first; among those that are free, the lowest number first, so that equal graphs give equal orders.
    /// Nil where there is a cycle.
    public func topologicalOrder() -> [Int]? {
        let dependants = reversed()
        var remaining = (0..<vertexCount).map { dependencies(of: $0).count }
        var ready = MinimumQueue()
        for vertex in 0..<vertexCount where remaining[vertex] == 0 { ready.push(vertex) }
        var order: [Int] = []
        order.reserveCapacity(vertexCount)
        while let vertex = ready.pop() {
            order.append(vertex)
            for dependant in dependants.dependencies(of: vertex) {
                remaining[Int(dependant)] -= 1
                if remaining[Int(dependant)] == 0 { ready.push(Int(dependant)) }
            }
        }
        return order.count == vertexCount ? order : nil
    }

    /// All that can be reached from `roots` along dependencies, roots included.
    public func reachable(from roots: some Sequence<Int>) -> [Bool] {
        var seen = [Bool](repeating: false, count: vertexCount)
        var stack: [Int] = []
        for root in roots where !seen[root] {
            seen[root] = true
            stack.append(root)
        }
        while let vertex = stack.popLast() {
            for target in dependencies(of: vertex) where !seen[Int(target)] {
                seen[Int(target)] = true
                stack.append(Int(target))
            }
        }
        return seen
    }
}

/// A binary heap of integers, smallest first.
public struct MinimumQueue: Sendable {
    @usableFromInline var heap: [Int] = []

    public init() {}
    public var isEmpty: Bool { heap.isEmpty }
    public var count: Int { heap.count }

    @inlinable
    public mutating func push(_ value: Int) {
        heap.append(value)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            if heap[parent] <= heap[child] { break }
            heap.swapAt(parent, child)
            child = parent
        }
    }

    @inlinable
    public mutating func pop() -> Int? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            var parent = 0
            while true {
                var smallest = parent
                for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[smallest] { smallest = child }
                if smallest == parent { break }
                heap.swapAt(parent, smallest)
                parent = smallest
            }
        }
        return first
    }
}
