extension Value {
    /// The first place at which `actual` is not what this value, with unknowns in it, promises: what is known is equal, what is unknown came
    /// out within its refinement, collections have the members that were promised. Marks do not count. Nil: there is none.
    public func departure(of actual: Value) -> Path? {
        var path = Path()
        return departure(of: actual, &path)
    }

    private func departure(of actual: Value, _ path: inout Path) -> Path? {
        switch (node, actual.node) {
        case (.unknown, .unknown): return nil
        case (.unknown(let unknown), _): return unknown.admits(actual) ? nil : path
        case (_, .unknown): return path
        case (.set(let promised), .set(let made)): return Self.accounts(promised, for: made) ? nil : path
        default: break
        }
        if let promised = sequence, let made = actual.sequence {
            guard promised.count == made.count else { return path }
            for index in promised.indices {
                if let found = promised[index].departure(of: made[index], at: .index(index), &path) { return found }
            }
            return nil
        }
        if let promised = entries, let made = actual.entries {
            guard promised.count == made.count, zip(promised, made).allSatisfy({ $0.key == $1.key }) else { return path }
            let isObject = if case .object = node { true } else { false }
            for (left, right) in zip(promised, made) {
                if let found = left.value.departure(of: right.value, at: isObject ? .attribute(left.key) : .key(left.key), &path) {
                    return found
                }
            }
            return nil
        }
        return withoutMarks([.sensitive, .ephemeral]) == actual.withoutMarks([.sensitive, .ephemeral]) ? nil : path
    }

    private func departure(of actual: Value, at step: Path.Step, _ path: inout Path) -> Path? {
        path.steps.append(step)
        defer { path.steps.removeLast() }
        return departure(of: actual, &path)
    }

    private var sequence: ContiguousArray<Value>? {
        switch node {
        case .list(let elements): elements.values
        case .tuple(let values): values
        default: nil
        }
    }

    /// Each element of a set is one that was promised, each promised one is there; those that were unknown may have become equal.
    private static func accounts(_ promised: Elements, for made: Elements) -> Bool {
        guard made.values.count <= promised.values.count, made.values.isEmpty == promised.values.isEmpty else { return false }
        let (open, known) = promised.values.reduce(into: ([Value](), Set<Value>())) { result, value in
            if value.isWhollyKnown { result.1.insert(value) } else { result.0.append(value) }
        }
        var found = 0
        for element in made.values {
            if known.contains(element) {
                found += 1
            } else if !open.contains(where: { $0.departure(of: element) == nil }) {
                return false
            }
        }
        return found == known.count
    }
}
