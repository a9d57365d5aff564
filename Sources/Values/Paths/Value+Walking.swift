extension Value {
    /// Visits every node, parents first, children in order.
    /// - Parameter visit: answers whether to go beneath the node.
    public func walk(_ visit: (Path, Value) throws -> Bool) rethrows {
        var path = Path()
        try walk(&path, visit)
    }

    private func walk(_ path: inout Path, _ visit: (Path, Value) throws -> Bool) rethrows {
        guard try visit(path, self) else { return }
        func descend(_ step: Path.Step, _ child: Value, _ path: inout Path) throws {
            path.steps.append(step)
            try child.walk(&path, visit)
            path.steps.removeLast()
        }
        switch node {
        case .list(let elements): for (index, value) in elements.values.enumerated() { try descend(.index(index), value, &path) }
        case .tuple(let values): for (index, value) in values.enumerated() { try descend(.index(index), value, &path) }
        case .set(let elements): for value in elements.values { try descend(.element(value), value, &path) }
        case .map(let map): for entry in map.entries { try descend(.key(entry.key), entry.value, &path) }
        case .object(let object):
            for index in object.slots.indices { try descend(.attribute(object.shape.names[index]), object.slots[index], &path) }
        case .bool, .number, .string, .null, .unknown: break
        }
    }

    /// Where the first infinite number is: those alone have no text in JSON.
    public var firstInfinity: Path? {
        guard holdsInfinity else { return nil }
        var found: Path?
        walk { path, value in
            if found == nil, case .number(let number) = value.node, number.isInfinite { found = path }
            return found == nil
        }
        return found
    }

    /// Nearly no value does, so no paths are made to find out.
    private var holdsInfinity: Bool {
        switch node {
        case .number(let number): number.isInfinite
        case .list(let elements), .set(let elements): elements.values.contains { $0.holdsInfinity }
        case .tuple(let values): values.contains { $0.holdsInfinity }
        case .map(let map): map.entries.contains { $0.value.holdsInfinity }
        case .object(let object): object.slots.contains { $0.holdsInfinity }
        case .bool, .string, .null, .unknown: false
        }
    }

    /// The value with every node replaced by what the closure makes of it, children first. What it makes of elements of
    /// a list, set or map must be of the element type.
    public func transformed(_ transform: (Path, Value) throws -> Value) rethrows -> Value {
        var path = Path()
        return try transformed(&path, transform)
    }

    private func transformed(_ path: inout Path, _ transform: (Path, Value) throws -> Value) rethrows -> Value {
        var place = path
        let value = try mappingChildren { step, child in
            place.steps.append(step)
            let result = try child.transformed(&place, transform)
            place.steps.removeLast()
            return result
        }
        return try transform(path, value)
    }

    /// The same node with each direct child replaced; its own marks stay.
    func mappingChildren(_ transform: (Path.Step, Value) throws -> Value) rethrows -> Value {
        switch node {
        case .bool, .number, .string, .null, .unknown: return self
        case .list(let elements):
            var values = elements.values
            for index in values.indices { values[index] = try transform(.index(index), values[index]) }
            return Value.list(values, of: elements.elementType.type).withMarks(marks)
        case .set(let elements):
            return Value.set(try elements.values.map { try transform(.element($0), $0) }, of: elements.elementType.type).marked(marks)
        case .tuple(var values):
            for index in values.indices { values[index] = try transform(.index(index), values[index]) }
            return Value.tuple(values).withMarks(marks)
        case .map(let map):
            let entries = try map.entries.map { ($0.key, try transform(.key($0.key), $0.value)) }
            return Value.map(entries, of: map.elementType.type).withMarks(marks)
        case .object(let object):
            var slots = object.slots
            for index in slots.indices { slots[index] = try transform(.attribute(object.shape.names[index]), slots[index]) }
            return Value.object(shape: object.shape, slots: slots).withMarks(marks)
        }
    }

    func mappingChildren(_ transform: (Value) throws -> Value) rethrows -> Value {
        try mappingChildren { _, child in try transform(child) }
    }
}
