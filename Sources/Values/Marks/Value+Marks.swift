extension Value {
    /// Marks of this node and of everything beneath.
    public var allMarks: Marks {
        var result = marks
        if beneath.contains(.sensitive) { result.insert(.sensitive) }
        if beneath.contains(.ephemeral) { result.insert(.ephemeral) }
        return result
    }

    /// The value without these marks, beneath too unless `deep` is false.
    public func withoutMarks(_ removed: Marks, deep: Bool = true) -> Value {
        if allMarks.isDisjoint(with: removed) { return self }
        guard deep else { return withMarks(marks.subtracting(removed)) }
        return mappingChildren { $0.withoutMarks(removed) }.withMarks(marks.subtracting(removed))
    }

    /// The value without any marks, and where they were: parents before what is in them, in order.
    public func unmarkedDeep() -> (Value, [(Path, Marks)]) {
        if allMarks.isEmpty { return (self, []) }
        var found: [(Path, Marks)] = []
        walk { path, value in
            if !value.marks.isEmpty { found.append((path, value.marks)) }
            return !value.beneath.isDisjoint(with: [.sensitive, .ephemeral])
        }
        return (withoutMarks([.sensitive, .ephemeral]), found)
    }

    /// The value with marks added at the paths. A path that leads nowhere marks the deepest node it reaches, so that nothing
    /// marked comes out bare; a path into a set marks the set.
    public func withMarks(at places: [(Path, Marks)]) -> Value {
        if places.isEmpty { return self }
        let root = MarkTree()
        for (path, marks) in places where !marks.isEmpty { root.insert(path, marks) }
        return root.apply(to: self)
    }

    /// An unknown in the place of this value, divided only as far as marks stand on parts of it, so that each part keeps its own.
    public func unknownKeepingMarks() -> Value {
        let isDivided: Bool
        switch node {
        case .set, .unknown, .null: isDivided = false
        default: isDivided = !allMarks.isSubset(of: marks)
        }
        guard isDivided else { return .unknown(type).marked(allMarks) }
        return mappingChildren { $0.unknownKeepingMarks() }.withMarks(marks)
    }

    /// Where sensitive nodes are; not what is beneath such a node.
    public var sensitivePaths: [Path] {
        var found: [Path] = []
        guard holdsSensitive else { return found }
        walk { path, value in
            if value.isSensitive {
                found.append(path)
                return false
            }
            return value.beneath.contains(.sensitive)
        }
        return found
    }
}

/// Paths with their marks as a tree, so that many of them are applied in one walk.
private final class MarkTree {
    var marks: Value.Marks = []
    var children: [Path.Step: MarkTree] = [:]

    func insert(_ path: Path, _ marks: Value.Marks) {
        var node = self
        for step in path.steps {
            if let child = node.children[step] {
                node = child
            } else {
                let child = MarkTree()
                node.children[step] = child
                node = child
            }
        }
        node.marks.formUnion(marks)
    }

    var allMarks: Value.Marks { children.values.reduce(marks) { $0.union($1.allMarks) } }

    func apply(to value: Value) -> Value {
        if children.isEmpty { return value.marked(marks) }
        if case .set = value.node { return value.marked(allMarks) }
        var reached: Set<Path.Step> = []
        let result = value.mappingChildren { step, child in
            guard let tree = children[step] ?? children[step.alternative] else { return child }
            reached.insert(children[step] == nil ? step.alternative : step)
            return tree.apply(to: child)
        }
        var own = marks
        for (step, child) in children where !reached.contains(step) { own.formUnion(child.allMarks) }
        return result.marked(own)
    }
}

extension Path.Step {
    /// Names of attributes and keys of maps stand for each other.
    fileprivate var alternative: Path.Step {
        switch self {
        case .attribute(let name): .key(name)
        case .key(let name): .attribute(name)
        default: self
        }
    }
}
