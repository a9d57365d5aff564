/// The type of a value, as the language has it. `dynamic` is "any": the type of an unknown of which nothing is known, of an
/// untyped null, and a wish ("whatever it is") in a type constraint.
public indirect enum ValueType: Hashable, Sendable {
    case dynamic, bool, number, string
    case list(ValueType)
    case set(ValueType)
    case map(ValueType)
    case tuple([ValueType])
    case object(ObjectType)

    /// `object({…})` of these attributes, none optional.
    public static func object(_ attributes: [String: ValueType]) -> ValueType {
        .object(ObjectType(attributes.map { ObjectType.Attribute(name: $0.key, type: $0.value) }))
    }

    public static let emptyObject = ValueType.object(ObjectType([]))
    public static let emptyTuple = ValueType.tuple([])

    public var isPrimitive: Bool {
        switch self {
        case .bool, .number, .string: true
        default: false
        }
    }

    /// Whether `dynamic` stands anywhere in it.
    public var holdsDynamic: Bool {
        switch self {
        case .dynamic: true
        case .bool, .number, .string: false
        case .list(let element), .set(let element), .map(let element): element.holdsDynamic
        case .tuple(let elements): elements.contains { $0.holdsDynamic }
        case .object(let object): object.attributes.contains { $0.type.holdsDynamic }
        }
    }
}

/// Attribute names and their types, in order of the names' UTF-8 bytes.
public struct ObjectType: Hashable, Sendable {
    public struct Attribute: Hashable, Sendable {
        public var name: String
        public var type: ValueType
        /// `optional(…)` in a type constraint: conversion supplies what is missing.
        public var isOptional: Bool
        /// `optional(type, default)`; only in a type constraint.
        public var defaultValue: Value?

        public init(name: String, type: ValueType, isOptional: Bool = false, defaultValue: Value? = nil) {
            self.name = name
            self.type = type
            self.isOptional = isOptional
            self.defaultValue = defaultValue
        }
    }

    public private(set) var attributes: [Attribute]

    public init(_ attributes: [Attribute]) {
        self.attributes = attributes.sorted { $0.name.precedesByBytes($1.name) }
    }

    /// Binary search by bytes.
    public func attribute(_ name: String) -> Attribute? {
        var lower = 0
        var upper = attributes.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if attributes[middle].name == name { return attributes[middle] }
            if attributes[middle].name.precedesByBytes(name) { lower = middle + 1 } else { upper = middle }
        }
        return nil
    }
}

extension String {
    /// The published order of keys and set elements: by UTF-8 bytes, not by Unicode collation.
    @inlinable
    public func precedesByBytes(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
