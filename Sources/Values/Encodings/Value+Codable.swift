/// Without loss, and to be read by people: what JSON itself can say is written as it is, everything else as an object of one or
/// two keys: `{"list": […], "of": "string"}`, `{"unknown": "string"}`, `{"marked": ["sensitive"], "value": …}`.
///
/// The fast form, for stores, is `encodedRecord()`.
extension Value: Codable {
    private enum Key: String, CodingKey {
        case list, set, tuple, map, object, of, number, precision, null, unknown, refinement, marked, value
    }

    public func encode(to encoder: any Encoder) throws {
        if holdsEphemeral {
            throw EncodingError.invalidValue(
                self, .init(codingPath: encoder.codingPath, debugDescription: "an ephemeral value cannot be encoded"))
        }
        if marks.contains(.sensitive) {
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(["sensitive"], forKey: .marked)
            try container.encode(withMarks([]), forKey: .value)
            return
        }
        switch node {
        case .bool(let value): try encodeSingle(value, to: encoder)
        case .string(let text): try encodeSingle(text, to: encoder)
        case .number(let number):
            if case .small(let value, precision: 512) = number.storage {
                try encodeSingle(value, to: encoder)
                return
            }
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(number.description, forKey: .number)
            if number.precision != 512 { try container.encode(number.precision, forKey: .precision) }
        case .list(let elements): try encode(elements, .list, to: encoder)
        case .set(let elements): try encode(elements, .set, to: encoder)
        case .tuple(let values):
            var container = encoder.unkeyedContainer()
            for value in values { try container.encode(value) }
        case .map(let map):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(map.elementType.type, forKey: .of)
            var entries = container.nestedContainer(keyedBy: Name.self, forKey: .map)
            for entry in map.entries { try entries.encode(entry.value, forKey: Name(entry.key)) }
        case .object(let object):
            var container = encoder.container(keyedBy: Key.self)
            var attributes = container.nestedContainer(keyedBy: Name.self, forKey: .object)
            for (name, value) in zip(object.shape.names, object.slots) { try attributes.encode(value, forKey: Name(name)) }
        case .null(let box):
            if case .dynamic = box.type {
                var container = encoder.singleValueContainer()
                try container.encodeNil()
                return
            }
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(box.type, forKey: .null)
        case .unknown(let unknown):
            var container = encoder.container(keyedBy: Key.self)
            try container.encode(unknown.type, forKey: .unknown)
            if unknown.refinement != .none { try container.encode(unknown.refinement, forKey: .refinement) }
        }
    }

    private func encodeSingle(_ value: some Encodable, to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(value)
    }

    private func encode(_ elements: Elements, _ key: Key, to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(elements.elementType.type, forKey: .of)
        var values = container.nestedUnkeyedContainer(forKey: key)
        for value in elements.values { try values.encode(value) }
    }

    public init(from decoder: any Decoder) throws {
        // Which form it is shows only by trying: a failed attempt is the answer, not a fault.
        if let container = try? decoder.container(keyedBy: Key.self) {
            self = try Value.decoded(container)
        } else if var container = try? decoder.unkeyedContainer() {
            var values = ContiguousArray<Value>()
            while !container.isAtEnd { values.append(try container.decode(Value.self)) }
            self = .tuple(values)
        } else {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let bool = try? container.decode(Bool.self) {  // not a bool: the next
                self = .bool(bool)
            } else if let text = try? container.decode(String.self) {  // not a string: a number
                self = .string(text)
            } else {
                self = .number(Number(Int(try container.decode(Int64.self))))
            }
        }
    }

    private static func decoded(_ container: KeyedDecodingContainer<Key>) throws -> Value {
        func corrupted(_ key: Key, _ text: String) -> DecodingError {
            .dataCorruptedError(forKey: key, in: container, debugDescription: text)
        }
        if container.contains(.marked) {
            guard try container.decode([String].self, forKey: .marked) == ["sensitive"] else { throw corrupted(.marked, "unknown mark") }
            return try container.decode(Value.self, forKey: .value).marked(.sensitive)
        }
        if container.contains(.number) {
            let precision = try container.decodeIfPresent(Int.self, forKey: .precision) ?? 512
            let text = try container.decode(String.self, forKey: .number)
            guard (1...512).contains(precision), let number = Number(decimal: text, precision: precision) else {
                throw corrupted(.number, "not a number")
            }
            return .number(number)
        }
        if container.contains(.object) {
            let attributes = try container.nestedContainer(keyedBy: Name.self, forKey: .object)
            return .object(try attributes.allKeys.map { ($0.stringValue, try attributes.decode(Value.self, forKey: $0)) })
        }
        if container.contains(.null) { return .null(try container.decode(ValueType.self, forKey: .null)) }
        if container.contains(.unknown) {
            let refinement = try container.decodeIfPresent(Refinement.self, forKey: .refinement) ?? .none
            return .unknown(try container.decode(ValueType.self, forKey: .unknown), refinement)
        }
        let type = try container.decode(ValueType.self, forKey: .of)
        func checked(_ value: Value, _ key: Key) throws -> Value {
            guard value.hasType(fitting: type) else { throw corrupted(key, "an element of another type than its collection's") }
            return value
        }
        if container.contains(.list) {
            return .list(try container.decode([Value].self, forKey: .list).map { try checked($0, .list) }, of: type)
        }
        if container.contains(.set) {
            return .set(try container.decode([Value].self, forKey: .set).map { try checked($0, .set) }, of: type)
        }
        let entries = try container.nestedContainer(keyedBy: Name.self, forKey: .map)
        return .map(
            try entries.allKeys.map { ($0.stringValue, try checked(try entries.decode(Value.self, forKey: $0), .map)) }, of: type)
    }
}

extension Number: Codable {
    /// As a value that is this number.
    public init(from decoder: any Decoder) throws {
        guard let number = try Value(from: decoder).numberValue else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a number"))
        }
        self = number
    }

    public func encode(to encoder: any Encoder) throws { try Value.number(self).encode(to: encoder) }
}
