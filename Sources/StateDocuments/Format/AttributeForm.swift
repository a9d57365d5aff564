import Values

/// Attributes of a document, where only those have their type with them whose schema says "any".
enum AttributeForm {
    /// - Throws: where the document's value cannot be one of the type.
    static func decode(_ value: Value, as type: ValueType) throws(ConversionError) -> Value {
        guard type.holdsDynamic else { return try convert(value, to: type) }
        if value.isNull { return .null(type) }
        switch type {
        case .dynamic:
            guard let form = value["type"], let inner = value["value"], let own = ValueType(documentForm: form) else { return value }
            return try convert(inner, to: own)
        case .list(let element):
            return .list(try elements(of: value).map { item throws(ConversionError) in try decode(item, as: element) }, of: element)
        case .set(let element):
            return .set(try elements(of: value).map { item throws(ConversionError) in try decode(item, as: element) }, of: element)
        case .tuple(let types):
            let items = try elements(of: value)
            guard items.count == types.count else { throw ConversionError(message: "tuple of \(types.count) elements required") }
            return .tuple(try zip(items, types).map { item throws(ConversionError) in try decode(item.0, as: item.1) })
        case .map(let element):
            guard let entries = value.entries else { throw ConversionError(message: "map required") }
            return .map(try entries.map { entry throws(ConversionError) in (entry.key, try decode(entry.value, as: element)) }, of: element)
        case .object(let object):
            guard value.entries != nil else { throw ConversionError(message: "object required") }
            return .object(
                try object.attributes.map { attribute throws(ConversionError) in
                    (
                        attribute.name,
                        try value[attribute.name].map { item throws(ConversionError) in try decode(item, as: attribute.type) }
                            ?? .null(attribute.type)
                    )
                })
        case .bool, .number, .string: return try convert(value, to: type)
        }
    }

    private static func elements(of value: Value) throws(ConversionError) -> [Value] {
        guard let elements = value.elements else { throw ConversionError(message: "list required") }
        return Array(elements)
    }

    /// Objects of a document need not have every attribute: those that a type has gained since are null.
    private static func convert(_ value: Value, to type: ValueType) throws(ConversionError) -> Value {
        try completed(value, to: type).converted(to: type)
    }

    private static func member(_ value: Value, _ attribute: ObjectType.Attribute) -> Value {
        value[attribute.name].map { completed($0, to: attribute.type) } ?? .null(attribute.type)
    }

    private static func completed(_ value: Value, to type: ValueType) -> Value {
        switch type {
        case .object(let object):
            guard value.entries != nil else { return value }
            return .object(object.attributes.map { ($0.name, member(value, $0)) })
        case .list(let element), .set(let element):
            guard let elements = value.elements else { return value }
            return .tuple(elements.map { completed($0, to: element) })
        case .map(let element):
            guard let entries = value.entries else { return value }
            return .object(entries.map { ($0.key, completed($0.value, to: element)) })
        default: return value
        }
    }
}
