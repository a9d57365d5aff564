extension Value {
    public var isNull: Bool { if case .null = node { true } else { false } }
    public var isUnknown: Bool { if case .unknown = node { true } else { false } }
    /// Nothing unknown in it.
    public var isWhollyKnown: Bool { !summaryIncludingSelf.contains(.unknown) }
    public var isSensitive: Bool { marks.contains(.sensitive) }
    /// Anything sensitive in it.
    public var holdsSensitive: Bool { summaryIncludingSelf.contains(.sensitive) }
    public var holdsEphemeral: Bool { summaryIncludingSelf.contains(.ephemeral) }

    public var stringValue: String? { if case .string(let value) = node { value } else { nil } }
    public var boolValue: Bool? { if case .bool(let value) = node { value } else { nil } }
    public var numberValue: Number? { if case .number(let value) = node { value } else { nil } }
    /// A whole number in `Int`'s range.
    public var intValue: Int? { numberValue?.exactInt }

    /// The value's type, worked out from its parts for objects and tuples.
    public var type: ValueType {
        switch node {
        case .bool: .bool
        case .number: .number
        case .string: .string
        case .list(let elements): .list(elements.elementType.type)
        case .set(let elements): .set(elements.elementType.type)
        case .map(let entries): .map(entries.elementType.type)
        case .tuple(let values): .tuple(values.map(\.type))
        case .object(let object): .object(object.type)
        case .null(let box): box.type
        case .unknown(let unknown): unknown.type
        }
    }

    /// Elements of a list, set or tuple; nil for everything else.
    public var elements: ContiguousArray<Value>? {
        switch node {
        case .list(let elements), .set(let elements): elements.values
        case .tuple(let values): values
        default: nil
        }
    }

    /// Keys and values of a map or object in byte order of the keys; nil for everything else.
    public var entries: [(key: String, value: Value)]? {
        switch node {
        case .map(let map): map.entries.map { ($0.key, $0.value) }
        case .object(let object): Array(zip(object.shape.names, object.slots)).map { (key: $0.0, value: $0.1) }
        default: nil
        }
    }

    /// Attribute of an object or entry of a map; nil where there is none or the value is neither. Marks of this node are not added.
    public subscript(_ name: String) -> Value? {
        switch node {
        case .object(let object):
            guard let index = object.shape.index(of: name) else { return nil }
            return object.slots[index]
        case .map(let map):
            var lower = 0
            var upper = map.entries.count
            while lower < upper {
                let middle = (lower + upper) / 2
                if map.entries[middle].key == name { return map.entries[middle].value }
                if map.entries[middle].key.precedesByBytes(name) { lower = middle + 1 } else { upper = middle }
            }
            return nil
        default: return nil
        }
    }
}

extension Value.ObjectValue {
    var type: ObjectType {
        var attributes: [ObjectType.Attribute] = []
        attributes.reserveCapacity(slots.count)
        for index in slots.indices { attributes.append(.init(name: shape.names[index], type: slots[index].type)) }
        return ObjectType(shape: shape, attributes: attributes)
    }
}
