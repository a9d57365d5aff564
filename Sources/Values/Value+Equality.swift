extension Value: Hashable {
    /// Exactly the same: node, type, marks; an unknown is the same as an unknown of the same type and refinement. The
    /// language's `==` is `Value.equal`.
    public static func == (left: Value, right: Value) -> Bool {
        guard left.marks == right.marks, left.beneath == right.beneath else { return false }
        switch (left.node, right.node) {
        case (.bool(let a), .bool(let b)): return a == b
        case (.number(let a), .number(let b)): return a == b
        case (.string(let a), .string(let b)): return a == b
        case (.list(let a), .list(let b)), (.set(let a), .set(let b)): return a.elementType == b.elementType && a.values == b.values
        case (.tuple(let a), .tuple(let b)): return a == b
        case (.map(let a), .map(let b)):
            return a.elementType == b.elementType && a.entries.count == b.entries.count
                && zip(a.entries, b.entries).allSatisfy { $0.key == $1.key && $0.value == $1.value }
        case (.object(let a), .object(let b)): return (a.shape === b.shape || a.shape.names == b.shape.names) && a.slots == b.slots
        case (.null(let a), .null(let b)): return a == b
        case (.unknown(let a), .unknown(let b)): return a === b || (a.type == b.type && a.refinement == b.refinement)
        default: return false
        }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(marks)
        switch node {
        case .bool(let value): hasher.combine(value)
        case .number(let value): hasher.combine(value)
        case .string(let value): hasher.combine(value)
        case .list(let elements), .set(let elements): for value in elements.values { value.hash(into: &hasher) }
        case .tuple(let values): for value in values { value.hash(into: &hasher) }
        case .map(let map):
            for entry in map.entries {
                hasher.combine(entry.key)
                entry.value.hash(into: &hasher)
            }
        case .object(let object):
            for index in object.slots.indices {
                hasher.combine(object.shape.names[index])
                object.slots[index].hash(into: &hasher)
            }
        case .null: hasher.combine(0 as UInt8)
        case .unknown(let unknown): hasher.combine(unknown.refinement)
        }
    }
}

extension ValueTypeBox: Hashable {
    public static func == (left: ValueTypeBox, right: ValueTypeBox) -> Bool { left === right || left.type == right.type }
    public func hash(into hasher: inout Hasher) { hasher.combine(type) }
}

extension Value: CustomDebugStringConvertible {
    /// For people at work on this program and for messages of tests. What is sensitive is not shown.
    public var debugDescription: String {
        if marks.contains(.sensitive) { return "(sensitive value)" }
        if marks.contains(.ephemeral) { return "(ephemeral value)" }
        switch node {
        case .bool(let value): return String(value)
        case .number(let value): return value.description
        case .string(let value): return value.debugDescription
        case .list(let elements): return "list[" + elements.values.map(\.debugDescription).joined(separator: ", ") + "]"
        case .set(let elements): return "set[" + elements.values.map(\.debugDescription).joined(separator: ", ") + "]"
        case .tuple(let values): return "[" + values.map(\.debugDescription).joined(separator: ", ") + "]"
        case .map(let map):
            return "map{" + map.entries.map { "\($0.key.debugDescription) = \($0.value.debugDescription)" }.joined(separator: ", ") + "}"
        case .object(let object):
            return "{" + zip(object.shape.names, object.slots).map { "\($0) = \($1.debugDescription)" }.joined(separator: ", ") + "}"
        case .null(let box): return box.type == .dynamic ? "null" : "null(\(box.type.constraintText))"
        case .unknown(let unknown): return "unknown(\(unknown.type.constraintText))"
        }
    }
}
