extension Value {
    /// Where two values differ: the smallest parts that do, in order. Sets are compared as a whole; a different kind, length of a tuple,
    /// or mark is a difference of the node itself.
    public func differences(_ other: Value) -> [Path] {
        var found: [Path] = []
        var path = Path()
        collectDifferences(other, &path, &found)
        return found
    }

    private func collectDifferences(_ other: Value, _ path: inout Path, _ found: inout [Path]) {
        if self == other { return }
        if marks != other.marks {
            found.append(path)
            return
        }
        func compare(_ step: Path.Step, _ left: Value?, _ right: Value?, _ path: inout Path) {
            path.steps.append(step)
            if let left, let right {
                left.collectDifferences(right, &path, &found)
            } else {
                found.append(path)
            }
            path.steps.removeLast()
        }
        switch (node, other.node) {
        case (.list(let a), .list(let b)) where a.elementType == b.elementType:
            for index in 0..<max(a.values.count, b.values.count) {
                compare(
                    .index(index), index < a.values.count ? a.values[index] : nil, index < b.values.count ? b.values[index] : nil, &path)
            }
        case (.tuple(let a), .tuple(let b)) where a.count == b.count:
            for index in a.indices { compare(.index(index), a[index], b[index], &path) }
        case (.map(let a), .map(let b)) where a.elementType == b.elementType:
            for key in mergedNames(a.entries.map(\.key), b.entries.map(\.key)) { compare(.key(key), self[key], other[key], &path) }
        case (.object(let a), .object(let b)):
            for name in mergedNames(a.shape.names, b.shape.names) { compare(.attribute(name), self[name], other[name], &path) }
        default: found.append(path)
        }
    }
}

/// Both, sorted by bytes, without duplicates. Both are sorted already.
private func mergedNames(_ left: [String], _ right: [String]) -> [String] {
    var result: [String] = []
    result.reserveCapacity(max(left.count, right.count))
    var i = 0
    var j = 0
    while i < left.count || j < right.count {
        if j == right.count || (i < left.count && left[i].precedesByBytes(right[j])) {
            result.append(left[i])
            i += 1
        } else {
            if i < left.count, left[i] == right[j] { i += 1 }
            result.append(right[j])
            j += 1
        }
    }
    return result
}
