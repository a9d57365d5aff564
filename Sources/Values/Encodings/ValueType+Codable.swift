/// As the reference's JSON has types: `"string"`, `["list","string"]`, `["object",{"a":"number"}]`; with optional attributes
/// a third element lists them, and a fourth has their defaults.
extension ValueType: Codable {
    public init(from decoder: any Decoder) throws {
        if let name = try? decoder.singleValueContainer().decode(String.self) {  // not a string: the form of a compound type
            switch name {
            case "dynamic": self = .dynamic
            case "bool": self = .bool
            case "number": self = .number
            case "string": self = .string
            default: throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "unknown type \(name)"))
            }
            return
        }
        var container = try decoder.unkeyedContainer()
        let kind = try container.decode(String.self)
        switch kind {
        case "list": self = .list(try container.decode(ValueType.self))
        case "set": self = .set(try container.decode(ValueType.self))
        case "map": self = .map(try container.decode(ValueType.self))
        case "tuple": self = .tuple(try container.decode([ValueType].self))
        case "object":
            let types = try container.decode([String: ValueType].self)
            let optional = try container.isAtEnd ? [] : Set(container.decode([String].self))
            let defaults = try container.isAtEnd ? [:] : container.decode([String: Value].self)
            self = .object(
                ObjectType(
                    types.map {
                        .init(name: $0.key, type: $0.value, isOptional: optional.contains($0.key), defaultValue: defaults[$0.key])
                    }))
        default: throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "unknown type \(kind)"))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .dynamic: try encodeName("dynamic", to: encoder)
        case .bool: try encodeName("bool", to: encoder)
        case .number: try encodeName("number", to: encoder)
        case .string: try encodeName("string", to: encoder)
        case .list(let element): try encode("list", element, to: encoder)
        case .set(let element): try encode("set", element, to: encoder)
        case .map(let element): try encode("map", element, to: encoder)
        case .tuple(let types): try encode("tuple", types, to: encoder)
        case .object(let object):
            var container = encoder.unkeyedContainer()
            try container.encode("object")
            var types = container.nestedContainer(keyedBy: Name.self)
            for attribute in object.attributes { try types.encode(attribute.type, forKey: Name(attribute.name)) }
            let optional = object.attributes.filter { $0.isOptional || $0.defaultValue != nil }
            guard !optional.isEmpty else { return }
            try container.encode(optional.filter(\.isOptional).map(\.name))
            guard optional.contains(where: { $0.defaultValue != nil }) else { return }
            var defaults = container.nestedContainer(keyedBy: Name.self)
            for attribute in optional { try defaults.encodeIfPresent(attribute.defaultValue, forKey: Name(attribute.name)) }
        }
    }

    private func encodeName(_ name: String, to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }

    private func encode(_ kind: String, _ inner: some Encodable, to encoder: any Encoder) throws {
        var container = encoder.unkeyedContainer()
        try container.encode(kind)
        try container.encode(inner)
    }
}

/// A key that data names.
struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(_ name: String) { stringValue = name }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
}
