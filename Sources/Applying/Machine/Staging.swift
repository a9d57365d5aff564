/// Which vertices will go in one group: so that a step is completed before what it waits for is done, where both may travel together.
///
/// A vertex is staged in a group when it is ready and of that group; or when it is self-contained, of that group, and everything
/// unfinished that it waits for is staged there. A join is staged where everything unfinished before it is. "All in one group" is
/// kept as count, sum and sum of squares of the groups' numbers: they are equal exactly where the variance is 0.
struct Staging: Sendable {
    /// Group in which a vertex is staged; -1: in none.
    private(set) var groups: [Int32]
    private var counts: [Int32]
    private var sums: [Int64]
    private var squares: [Int64]
    /// Vertices that are being completed before what they wait for is done, by group.
    private(set) var early: [Int32: Int] = [:]
    private var isEarly: Set<Int32> = []

    init(count: Int) {
        groups = Array(repeating: -1, count: count)
        counts = Array(repeating: 0, count: count)
        sums = Array(repeating: 0, count: count)
        squares = Array(repeating: 0, count: count)
    }

    mutating func note(_ group: Int32, at vertex: Int32) { add(group, 1, at: vertex) }
    mutating func forget(_ group: Int32, at vertex: Int32) { add(group, -1, at: vertex) }

    private mutating func add(_ group: Int32, _ sign: Int64, at vertex: Int32) {
        counts[Int(vertex)] += Int32(sign)
        sums[Int(vertex)] += sign * Int64(group)
        squares[Int(vertex)] += sign * Int64(group) * Int64(group)
    }

    /// The one group in which `waits` predecessors are staged; nil where some are not, or they differ.
    func commonGroup(of vertex: Int32, waits: Int32) -> Int32? {
        let count = Int64(counts[Int(vertex)])
        guard count > 0, count == Int64(waits) else { return nil }
        let group = sums[Int(vertex)] / count
        return group * count == sums[Int(vertex)] && group * group * count == squares[Int(vertex)] ? Int32(group) : nil
    }

    mutating func set(_ group: Int32, of vertex: Int32) { groups[Int(vertex)] = group }

    mutating func beginEarly(_ vertex: Int32) {
        guard isEarly.insert(vertex).inserted else { return }
        early[groups[Int(vertex)], default: 0] += 1
    }

    /// - Returns: the group in which none is being completed early any more.
    mutating func endEarly(_ vertex: Int32) -> Int32? {
        guard isEarly.remove(vertex) != nil else { return nil }
        let group = groups[Int(vertex)]
        let left = (early[group] ?? 1) - 1
        early[group] = left > 0 ? left : nil
        return left > 0 ? nil : group
    }
}

extension ApplyMachine {
    /// A ready vertex joins its group; others may follow it there.
    mutating func stage(_ vertex: Int32) {
        let group = graph.vertices[Int(vertex)].group
        guard group >= 0, graph.vertices[Int(vertex)].kind == .effect, staging.groups[Int(vertex)] < 0 else { return }
        enter(group, vertex)
    }

    private mutating func enter(_ group: Int32, _ first: Int32) {
        var entered = [first]
        while let vertex = entered.popLast() {
            staging.set(group, of: vertex)
            for successor in graph.successors(of: vertex) {
                staging.note(group, at: successor)
                if follows(successor) == group { entered.append(successor) }
            }
        }
    }

    mutating func stageIfTogether(_ vertex: Int32) {
        if let group = follows(vertex) { enter(group, vertex) }
    }

    /// The group into which a pending vertex goes with all that it waits for. Begins its completion, unless it is a join.
    private mutating func follows(_ vertex: Int32) -> Int32? {
        guard !isStopping, phases[Int(vertex)] == .pending, staging.groups[Int(vertex)] < 0,
            let group = staging.commonGroup(of: vertex, waits: remaining[Int(vertex)])
        else { return nil }
        let node = graph.vertices[Int(vertex)]
        if node.kind == .join { return group }
        guard node.kind == .effect, node.isSelfContained, node.group == group else { return nil }
        set(vertex, .completing)
        toComplete.append(vertex)
        staging.set(group, of: vertex)
        staging.beginEarly(vertex)
        return group
    }

    /// The vertex is no longer being completed.
    mutating func settleEarly(_ vertex: Int32) {
        if let group = staging.endEarly(vertex) { lanes.wake(group: group) }
    }
}
