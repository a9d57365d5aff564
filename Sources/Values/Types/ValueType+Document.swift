extension ValueType {
    /// The type as published documents write it: `"string"`, `["list","string"]`, `["object",{"a":"number"}]`.
    public var documentForm: Value {
        switch self {
        case .dynamic: .string("dynamic")
        case .bool: .string("bool")
        case .number: .string("number")
        case .string: .string("string")
        case .list(let element): .tuple([.string("list"), element.documentForm])
        case .set(let element): .tuple([.string("set"), element.documentForm])
        case .map(let element): .tuple([.string("map"), element.documentForm])
        case .tuple(let elements): .tuple([.string("tuple"), .tuple(elements.map(\.documentForm))])
        case .object(let object):
            .tuple([.string("object"), .object(object.attributes.map { ($0.name, $0.type.documentForm) })])
        }
    }

    /// Nil where the value, as it was read from a document, describes no type.
    public init?(documentForm value: Value) {
        switch value.stringValue {
        case "string": self = .string
        case "number": self = .number
        case "bool": self = .bool
        case "dynamic": self = .dynamic
        case .some: return nil
        case nil:
            // An object's third part names the optional attributes of a constraint: no value has any.
            guard let parts = value.elements, parts.count >= 2, let kind = parts[0].stringValue else { return nil }
            guard let type = ValueType(constructor: kind, of: parts[1]) else { return nil }
            self = type
        }
    }

    private init?(constructor: String, of argument: Value) {
        switch constructor {
        case "list", "set", "map":
            guard let element = ValueType(documentForm: argument) else { return nil }
            self = constructor == "list" ? .list(element) : constructor == "set" ? .set(element) : .map(element)
        case "tuple":
            guard let elements = argument.elements else { return nil }
            let types = elements.compactMap { ValueType(documentForm: $0) }
            guard types.count == elements.count else { return nil }
            self = .tuple(types)
        case "object":
            guard let entries = argument.entries else { return nil }
            let attributes = entries.compactMap { entry in
                ValueType(documentForm: entry.value).map { ObjectType.Attribute(name: entry.key, type: $0) }
            }
            guard attributes.count == entries.count else { return nil }
            self = .object(ObjectType(attributes))
        default: return nil
        }
    }
}
