import ProviderKit
import Values

/// The names of a block schema's attributes and blocks, in the order of an object's slots; worked out once a schema.
final class BodyShape {
    let schema: BlockSchema
    let shape: Shape
    let members: [Member]
    let impliedType: ValueType
    /// A sensitive attribute stands in it, or in a block that is nested in it.
    let holdsSensitive: Bool

    enum Member {
        case attribute(AttributeSchema)
        case block(NestedBlockSchema, BodyShape)
    }

    init(_ schema: BlockSchema) {
        self.schema = schema
        var members: [(String, Member)] = schema.attributes.map { ($0.name, .attribute($0)) }
        for block in schema.blocks where schema.attribute(block.name) == nil {
            members.append((block.name, .block(block, BodyShape(block.block))))
        }
        members.sort { $0.0.precedesByBytes($1.0) }
        shape = Shape(sortedNames: members.map(\.0))
        self.members = members.map(\.1)
        impliedType = schema.impliedType
        holdsSensitive = self.members.contains { member in
            switch member {
            case .attribute(let schema): schema.isSensitive
            case .block(_, let inner): inner.holdsSensitive
            }
        }
    }

    func member(_ name: String) -> Member? { shape.index(of: name).map { members[$0] } }
}

extension BodyShape.Member {
    /// What stands in the slot where nothing is written.
    var absentValue: Value {
        switch self {
        case .attribute(let schema): .null(schema.type)
        case .block(let schema, let shape):
            switch schema.nesting {
            case .single: .null(shape.impliedType)
            case .group: .object(shape: shape.shape, slots: ContiguousArray(shape.members.map(\.absentValue)))
            case .list: .list([], of: shape.impliedType)
            case .set: .set([Value](), of: shape.impliedType)
            case .map: .map([], of: shape.impliedType)
            }
        }
    }
}

extension BodyShape {
    /// What was read, with marks as they are recorded. A provider reads with values of which some are sensitive, and what comes out
    /// is marked more widely than the record is: where nothing has changed the record's own marks stand, or every read would find a change.
    /// What has changed keeps all marks, so that nothing becomes known that should not.
    func marking(_ read: Value, asRecorded prior: Value) -> Value {
        let marked = read.withMarks(at: prior.unmarkedDeep().1)
        guard marked != prior, case .object(let now) = marked.node, case .object(let old) = prior.node, now.slots.count == old.slots.count,
            now.slots.count == members.count
        else { return markingSensitive(marked) }
        var slots = now.slots
        for slot in slots.indices where slots[slot] != old.slots[slot] {
            if slots[slot].withoutMarks([.sensitive]) == old.slots[slot].withoutMarks([.sensitive]) { slots[slot] = old.slots[slot] }
        }
        return markingSensitive(Value.object(shape: now.shape, slots: slots).marked(marked.marks))
    }

    /// Marks the schema's sensitive attributes in an object of this shape, and in what is nested in it.
    func markingSensitive(_ value: Value) -> Value {
        guard holdsSensitive, case .object(let object) = value.node, object.slots.count == members.count else { return value }
        var slots = object.slots
        var changed = false
        for (slot, member) in members.enumerated() {
            switch member {
            case .attribute(let schema):
                if !schema.isSensitive || slots[slot].isSensitive { continue }
                slots[slot] = slots[slot].marked(.sensitive)
            case .block(let schema, let inner):
                if !inner.holdsSensitive { continue }
                slots[slot] = schema.markingSensitive(slots[slot], inner)
            }
            changed = true
        }
        return changed ? Value.object(shape: object.shape, slots: slots).marked(value.marks) : value
    }
}

extension NestedBlockSchema {
    /// Marks what is sensitive in the blocks that a value stands for.
    func markingSensitive(_ value: Value, _ shape: BodyShape) -> Value {
        guard shape.holdsSensitive else { return value }
        let marked: Value
        switch value.node {
        case .list(let elements): marked = .list(elements.values.map(shape.markingSensitive), of: elements.elementType.type)
        case .set(let elements): marked = .set(elements.values.map(shape.markingSensitive), of: elements.elementType.type)
        case .map(let map): marked = .map(map.entries.map { ($0.key, shape.markingSensitive($0.value)) }, of: map.elementType.type)
        case .object: marked = shape.markingSensitive(value)
        default: return value
        }
        return marked.marked(value.marks)
    }
}
