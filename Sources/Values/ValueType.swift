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
    /// The names, for the objects that are converted to this type.
    let shape: Shape

    public init(_ attributes: [Attribute]) {
        var isSorted = true
        for index in attributes.indices.dropFirst() where !attributes[index - 1].name.precedesByBytes(attributes[index].name) {
            isSorted = false
            break
        }
        self.attributes = isSorted ? attributes : attributes.sorted { $0.name.precedesByBytes($1.name) }
        shape = Shape(sortedNames: self.attributes.map(\.name))
    }

    /// - Parameter attributes: in the order of the shape's names.
    init(shape: Shape, attributes: [Attribute]) {
        self.shape = shape
        self.attributes = attributes
    }

    public static func == (left: ObjectType, right: ObjectType) -> Bool { left.attributes == right.attributes }
    public func hash(into hasher: inout Hasher) { hasher.combine(attributes) }

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
    public func precedesByBytes(_ other: String) -> Bool {
        utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                let shared = min(left.count, right.count)
                var index = 0
                while index < shared {
                    if left[index] != right[index] { return left[index] < right[index] }
                    index += 1
                }
                return left.count < right.count
            }
        }.flatMap { $0 } ?? utf8.lexicographicallyPrecedes(other.utf8)
    }
}
