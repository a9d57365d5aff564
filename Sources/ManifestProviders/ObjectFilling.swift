import Diagnostics
import ProviderKit
import Values

/// From what a script emitted or a service answered to an object of the type.
struct ObjectFilling {
    let resource: ResourceManifest

    /// The object as read: what the resource's `object` and the emitted values say, the rest as recorded.
    /// - Parameters:
    ///   - base: the object as recorded or planned.
    ///   - emitted: texts by name; those named like attributes become them.
    ///   - maps: whether the resource's `object` has what it needs (facts, an answer).
    func read(base: Value, emitted: [String: String], _ evaluation: RecipeEvaluation, maps: Bool = true) throws(DiagnosticError) -> Value {
        var slots = Self.slots(base)
        for attribute in resource.body.attributes {
            guard let text = emitted[attribute.name] else { continue }
            let value = try converted(text, attribute)
            guard mayBeTold(attribute, is: value, base: base) else {
                throw DiagnosticError(
                    .error(
                        "Unexpected answer", "A script emitted \"\(attribute.name)\", which is not for the host to say.",
                        at: resource.read?.span ?? resource.headerSpan,
                        hints: ["Only computed attributes are emitted; what else is read is named in the type's object."]))
            }
            slots[attribute.name] = value
        }
        for (name, expression) in resource.object where maps {
            guard let type = type(of: name) else { continue }
            let value = try evaluation.value(expression, as: type, what: "\"\(name)\" of object")
            guard value.isRecordable else {
                throw DiagnosticError(
                    .error("Number out of range", "\"\(name)\" is a number beyond what can be recorded.", at: expression.span))
            }
            slots[name] = value
        }
        for attribute in resource.body.attributes where attribute.schema.isWriteOnly {
            slots[attribute.name] = .null(attribute.schema.type)
        }
        return marked(slots, like: base)
    }

    /// Whether the host may say what an attribute is: it could otherwise rewrite its own record, and so decide whom scripts meant for it, and
    /// the secrets in them, go to next. Not what configuration or schema decide, what names the object, or an id that is known.
    private func mayBeTold(_ attribute: AttributeManifest, is value: Value, base: Value) -> Bool {
        let schema = attribute.schema
        guard schema.isComputed, attribute.value == nil, !attribute.isHost, !schema.isContainer,
            !(resource.schema.isContainer && schema.isOptional), !resource.schema.identity.contains(attribute.name)
        else { return false }
        guard attribute.name == "id", let known = base["id"], known.isWhollyKnown, !known.isNull else { return true }
        return known.withoutMarks([.sensitive]) == value
    }

    /// The object after a step: as planned, with what was not known in the plan taken from what is known now.
    func completed(_ planned: Value, from found: Value?) -> Value {
        if planned.isWhollyKnown { return planned }
        var slots = Self.slots(planned)
        for attribute in resource.body.attributes {
            guard let value = slots[attribute.name], !value.isWhollyKnown else { continue }
            slots[attribute.name] = Self.filled(value, from: found?[attribute.name])
        }
        for block in resource.body.blocks {
            guard let value = slots[block.name], !value.isWhollyKnown else { continue }
            slots[block.name] = Self.filled(value, from: found?[block.name])
        }
        return marked(slots, like: planned)
    }

    /// Unknown leaves replaced by what stands there in `found`, or null.
    static func filled(_ value: Value, from found: Value?) -> Value {
        if value.isWhollyKnown { return value }
        switch value.node {
        case .unknown(let unknown):
            guard let found, found.isWhollyKnown else { return Value.null(unknown.type).marked(value.marks) }
            return found.marked(value.marks)
        case .object(let object):
            let slots = zip(object.shape.names, object.slots).map { ($0, filled($1, from: found?[$0])) }
            return Value.object(slots).withMarks(value.marks)
        case .list(let list):
            let others = found?.elements
            let values = list.values.enumerated().map { index, element in
                filled(element, from: others.flatMap { $0.indices.contains(index) ? $0[index] : nil })
            }
            return Value.list(values, of: list.elementType.type).withMarks(value.marks)
        case .tuple(let tuple):
            let others = found?.elements
            let values = tuple.enumerated().map { index, element in
                filled(element, from: others.flatMap { $0.indices.contains(index) ? $0[index] : nil })
            }
            return Value.tuple(values).withMarks(value.marks)
        case .map(let map):
            let entries = map.entries.map { ($0.key, filled($0.value, from: found?[$0.key])) }
            return Value.map(entries, of: map.elementType.type).withMarks(value.marks)
        case .set(let set):
            // Elements of a set with unknowns in them cannot be told apart: what is there now is the set.
            if let found, found.isWhollyKnown, found.elements?.count == set.values.count { return found.marked(value.marks) }
            return Value.set(set.values.map { filled($0, from: nil) }, of: set.elementType.type).marked(value.marks)
        case .bool, .number, .string, .null: return value
        }
    }

    static func slots(_ object: Value) -> [String: Value] {
        Dictionary((object.entries ?? []).map { ($0.key, $0.value) }) { _, last in last }
    }

    private func marked(_ slots: [String: Value], like base: Value) -> Value {
        var slots = slots
        // What the configuration or the schema made sensitive stays so, whatever is read.
        for (name, value) in slots {
            var marks = base[name]?.marks ?? []
            if resource.body.attribute(name)?.schema.isSensitive == true { marks.insert(.sensitive) }
            if !marks.isEmpty { slots[name] = value.marked(marks) }
        }
        return Value.object(slots.map { ($0.key, $0.value) }).withMarks(base.marks)
    }

    private func type(of name: String) -> ValueType? {
        resource.body.attribute(name)?.schema.type ?? resource.body.blocks.first { $0.name == name }?.schema.impliedType
    }

    private func converted(_ text: String, _ attribute: AttributeManifest) throws(DiagnosticError) -> Value {
        do throws(ConversionError) {
            switch attribute.schema.type {
            case .list, .set:
                let lines = text.split(separator: "\n").map { Value.string(String($0)) }
                return try Value.list(lines, of: .string).converted(to: attribute.schema.type)
            case .string: return .string(text)
            default: return try (text.isEmpty ? Value.null : .string(text)).converted(to: attribute.schema.type)
            }
        } catch {
            throw DiagnosticError(
                .error(
                    "Incorrect value type", "A script emitted a value for \"\(attribute.name)\" that is none: \(error.description).",
                    at: resource.read?.span ?? resource.headerSpan))
        }
    }
}
