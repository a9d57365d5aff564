/// What changes between two sequences, with the unchanged middle left out.
struct SequenceDifference<Element: Hashable> {
    enum Item {
        case same(Element)
        case removed(Element)
        case added(Element)
        case hidden(Int)
        /// Changes that are counted and not shown.
        case cut(removed: Int, added: Int)
    }

    private(set) var items: [Item] = []

    /// - Parameter context: how many unchanged elements are kept around a change.
    init(_ before: [Element], _ after: [Element], context: Int) {
        var start = 0
        while start < min(before.count, after.count), before[start] == after[start] { start += 1 }
        var end = 0
        while end < min(before.count, after.count) - start, before[before.count - 1 - end] == after[after.count - 1 - end] { end += 1 }
        let old = Array(before[start..<(before.count - end)])
        let new = Array(after[start..<(after.count - end)])
        let all =
            before[..<start].map { Item.same($0) } + Self.middle(old, new) + before[(before.count - end)...].map { Item.same($0) }
        items = Self.folded(all, context)
    }

    /// Sequences whose order means nothing: what is in one of them only.
    init(unordered before: [Element], _ after: [Element]) {
        let (old, new) = (Set(before), Set(after))
        let kept = before.count { new.contains($0) }
        items = before.filter { !new.contains($0) }.map { .removed($0) } + after.filter { !old.contains($0) }.map { .added($0) }
        if kept > 0 { items.append(.hidden(kept)) }
    }

    /// Beyond so many comparisons the shortest difference is not looked for: two long texts with little in common.
    private static var mostComparisons: Int { 4_000_000 }

    private static func middle(_ old: [Element], _ new: [Element]) -> [Item] {
        guard old.count * new.count <= mostComparisons else { return old.map { .removed($0) } + new.map { .added($0) } }
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var all: [Item] = []
        var (a, b) = (0, 0)
        while a < old.count || b < new.count {
            if a < old.count, removed.contains(a) {
                all.append(.removed(old[a]))
                a += 1
            } else if b < new.count, inserted.contains(b) {
                all.append(.added(new[b]))
                b += 1
            } else {
                all.append(.same(old[a]))
                a += 1
                b += 1
            }
        }
        return all
    }

    private static func folded(_ all: [Item], _ context: Int) -> [Item] {
        var near = [Bool](repeating: false, count: all.count)
        for (index, item) in all.enumerated() {
            if case .same = item { continue }
            for other in max(0, index - context)...min(all.count - 1, index + context) { near[other] = true }
        }
        var result: [Item] = []
        var hidden: [Item] = []
        func flush() {
            // To say that one is hidden takes the room of that one.
            if hidden.count > 1 { result.append(.hidden(hidden.count)) } else { result += hidden }
            hidden = []
        }
        for (index, item) in all.enumerated() {
            if near[index] {
                flush()
                result.append(item)
            } else {
                hidden.append(item)
            }
        }
        flush()
        return result
    }
}
