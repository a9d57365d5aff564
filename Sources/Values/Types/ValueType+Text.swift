extension ValueType {
    /// What the reference calls the type of a value in messages: "list of string", "object", "dynamic".
    public var friendlyName: String { name(dynamic: "dynamic", dynamicElement: "dynamic") }

    /// The same for a type that is asked for: "list of any single type".
    public var friendlyNameAsConstraint: String { name(dynamic: "any type", dynamicElement: "any single type") }

    private func name(dynamic: String, dynamicElement: String) -> String {
        func element(_ type: ValueType) -> String {
            if case .dynamic = type { return dynamicElement }
            return type.name(dynamic: dynamic, dynamicElement: dynamicElement)
        }
        switch self {
        case .dynamic: return dynamic
        case .bool: return "bool"
        case .number: return "number"
        case .string: return "string"
        case .list(let type): return "list of " + element(type)
        case .set(let type): return "set of " + element(type)
        case .map(let type): return "map of " + element(type)
        case .tuple: return "tuple"
        case .object: return "object"
        }
    }

    /// The type as a type constraint is written: `list(string)`, `object({a=string})`, `any`.
    public var constraintText: String {
        switch self {
        case .dynamic: "any"
        case .bool: "bool"
        case .number: "number"
        case .string: "string"
        case .list(let type): "list(\(type.constraintText))"
        case .set(let type): "set(\(type.constraintText))"
        case .map(let type): "map(\(type.constraintText))"
        case .tuple(let types): "tuple([" + types.map(\.constraintText).joined(separator: ",") + "])"
        case .object(let object):
            "object({"
                + object.attributes.map { attribute in
                    let name = isIdentifier(attribute.name) ? attribute.name : quotedForMessages(attribute.name)
                    let type = attribute.type.constraintText
                    return attribute.isOptional ? "\(name)=optional(\(type))" : "\(name)=\(type)"
                }.joined(separator: ",") + "})"
        }
    }

    /// Without `optional(…)` and defaults, all the way down: the type a converted value has.
    public var withoutOptionalAttributes: ValueType {
        switch self {
        case .dynamic, .bool, .number, .string: self
        case .list(let type): .list(type.withoutOptionalAttributes)
        case .set(let type): .set(type.withoutOptionalAttributes)
        case .map(let type): .map(type.withoutOptionalAttributes)
        case .tuple(let types): .tuple(types.map(\.withoutOptionalAttributes))
        case .object(let object):
            .object(ObjectType(object.attributes.map { .init(name: $0.name, type: $0.type.withoutOptionalAttributes) }))
        }
    }

    public var isCollection: Bool {
        switch self {
        case .list, .set, .map: true
        default: false
        }
    }

    /// Element type of a list, set or map.
    public var elementType: ValueType? {
        switch self {
        case .list(let type), .set(let type), .map(let type): type
        default: nil
        }
    }
}

private func isIdentifier(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, first.properties.isIDStart || first == "_" else { return false }
    return name.unicodeScalars.allSatisfy { $0.properties.isIDContinue || $0 == "-" }
}
