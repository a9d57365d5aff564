extension Value {
    /// A set: sorted, without duplicates; marks on or in elements go to the set. Elements that hold something unknown are kept apart, for
    /// they may turn out to differ.
    public static func set(_ values: some Sequence<Value>, of element: ValueType) -> Value {
        var marks: Marks = []
        var elements = ContiguousArray<Value>()
        var summary = Summary()
        for value in values {
            let own = value.allMarks
            marks.formUnion(own)
            let plain = own.isEmpty ? value : value.withoutMarks(own)
            summary.add(plain)
            elements.append(plain)
        }
        let sorted = SetOrder.sorted(elements, element)
        return Value(.set(Elements(elementType: .of(element), values: sorted)), marks: marks, summary)
    }
}

/// The order in which a set's elements are listed: strings by bytes, numbers by value, false before true, everything else by
/// the text below; what is unknown after what is known, nulls last.
enum SetOrder {
    static func sorted(_ values: ContiguousArray<Value>, _ element: ValueType) -> ContiguousArray<Value> {
        if values.count < 2 { return values }
        if element.isPrimitive { return sortedPrimitives(values) }
        var seen = Set<Value>()
        var keyed: [(rank: Int, key: [UInt8], value: Value)] = []
        keyed.reserveCapacity(values.count)
        for value in values {
            if value.isWhollyKnown, !seen.insert(value).inserted { continue }
            var key: [UInt8] = []
            appendKey(value, to: &key)
            keyed.append((rank(value), key, value))
        }
        let order = keyed.indices.sorted { left, right in
            if keyed[left].rank != keyed[right].rank { return keyed[left].rank < keyed[right].rank }
            if keyed[left].key != keyed[right].key { return keyed[left].key.lexicographicallyPrecedes(keyed[right].key) }
            return left < right
        }
        return ContiguousArray(order.map { keyed[$0].value })
    }

    private static func rank(_ value: Value) -> Int { value.isNull ? 2 : value.isUnknown ? 1 : 0 }

    private static func sortedPrimitives(_ values: ContiguousArray<Value>) -> ContiguousArray<Value> {
        var values = values
        if !zip(values, values.dropFirst()).allSatisfy({ precedes($0, $1) }) {
            // Equal elements are one or both unknown: their order does not show.
            values.sort { precedes($0, $1) }
        }
        var result = ContiguousArray<Value>()
        result.reserveCapacity(values.count)
        for value in values {
            if let last = result.last, !value.isUnknown, last == value { continue }
            result.append(value)
        }
        return result
    }

    private static func precedes(_ left: Value, _ right: Value) -> Bool {
        switch (left.node, right.node) {
        case (.string(let a), .string(let b)): a.precedesByBytes(b)
        case (.number(let a), .number(let b)): a < b
        case (.bool(let a), .bool(let b)): !a && b
        default: rank(left) < rank(right)
        }
    }

    /// The text that orders compound elements.
    static func appendKey(_ value: Value, to bytes: inout [UInt8]) {
        switch value.node {
        case .unknown: bytes.append(UInt8(ascii: "?"))
        case .null: bytes.append(UInt8(ascii: "~"))
        case .bool(let value): bytes.append(UInt8(ascii: value ? "T" : "F"))
        case .number(let number): bytes.append(contentsOf: number.generalText(significantDigits: 10).utf8)
        case .string(let text): appendGoQuoted(text, to: &bytes)
        case .list(let elements), .set(let elements): appendSequence(elements.values, "[", "]", to: &bytes)
        case .tuple(let values): appendSequence(values, "<", ">", to: &bytes)
        case .object(let object): appendSequence(object.slots, "<", ">", to: &bytes)
        case .map(let map):
            bytes.append(UInt8(ascii: "{"))
            for entry in map.entries {
                appendGoQuoted(entry.key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                appendKey(entry.value, to: &bytes)
                bytes.append(UInt8(ascii: ";"))
            }
            bytes.append(UInt8(ascii: "}"))
        }
    }

    private static func appendSequence(
        _ values: ContiguousArray<Value>, _ open: Unicode.Scalar, _ close: Unicode.Scalar, to bytes: inout [UInt8]
    ) {
        bytes.append(UInt8(ascii: open))
        for value in values {
            appendKey(value, to: &bytes)
            bytes.append(UInt8(ascii: ";"))
        }
        bytes.append(UInt8(ascii: close))
    }
}
