extension Value {
    public static let `true` = Value(.bool(true), marks: [], beneath: [])
    public static let `false` = Value(.bool(false), marks: [], beneath: [])
    /// `null` of no type.
    public static let null = Value(.null(.dynamic), marks: [], beneath: [])
    /// An unknown of which nothing is known.
    public static let unknown = Value(.unknown(Unknown(type: .dynamic)), marks: [], beneath: [])
    public static let emptyObject = Value.object([])
    public static let emptyTuple = Value.tuple([])

    public static func bool(_ value: Bool) -> Value { value ? .true : .false }
    public static func number(_ value: Number) -> Value { Value(.number(value), marks: [], beneath: []) }
    /// A whole number of 512 bits' precision, as a literal has.
    public static func int(_ value: Int) -> Value { .number(Number(value)) }
    /// Normalises to NFC.
    public static func string(_ value: String) -> Value { .normalized(value.normalizedToNFC()) }
    public static func null(_ type: ValueType) -> Value { Value(.null(.of(type)), marks: [], beneath: []) }

    /// An unknown of `type`. A refinement that leaves one possibility gives a known value.
    public static func unknown(_ type: ValueType, _ refinement: Refinement = .none) -> Value {
        if refinement.isNotNull, let only = refinement.onlyValue(type) { return only }
        return Value(.unknown(Unknown(type: type, refinement: refinement)), marks: [], beneath: [])
    }

    /// A list; each element must already be of type `element`, unless that is `dynamic`.
    @inlinable
    public static func list(_ values: some Sequence<Value>, of element: ValueType) -> Value { list(ContiguousArray(values), .of(element)) }

    @usableFromInline
    static func list(_ values: ContiguousArray<Value>, _ element: ValueTypeBox) -> Value {
        Value(.list(Elements(elementType: element, values: values)), summary(values))
    }

    @inlinable
    public static func tuple(_ values: some Sequence<Value>) -> Value { tuple(contiguous: ContiguousArray(values)) }

    @usableFromInline
    static func tuple(contiguous values: ContiguousArray<Value>) -> Value {
        Value(.tuple(values), summary(values))
    }

    /// A map; of equal keys the last wins.
    @inlinable
    public static func map(_ entries: some Sequence<(String, Value)>, of element: ValueType) -> Value {
        let (keys, values) = separated(entries)
        return map(keys: keys, values: values, .of(element))
    }

    @usableFromInline
    static func map(keys: [String], values: ContiguousArray<Value>, _ element: ValueTypeBox) -> Value {
        let (keys, values) = sorted(keys, values)
        var entries = ContiguousArray<Entry>()
        entries.reserveCapacity(keys.count)
        for index in keys.indices { entries.append(Entry(key: keys[index], value: values[index])) }
        return Value(.map(Entries(elementType: element, entries: entries)), summary(values))
    }

    /// An object; of equal names the last wins.
    @inlinable
    public static func object(_ attributes: some Sequence<(String, Value)>) -> Value {
        let (names, slots) = separated(attributes)
        return object(names: names, slots: slots)
    }

    public static func object(_ attributes: KeyValuePairs<String, Value>) -> Value {
        var names: [String] = []
        var slots = ContiguousArray<Value>()
        names.reserveCapacity(attributes.count)
        slots.reserveCapacity(attributes.count)
        for (name, value) in attributes {
            names.append(name)
            slots.append(value)
        }
        return object(names: names, slots: slots)
    }

    @usableFromInline
    static func object(names: [String], slots: ContiguousArray<Value>) -> Value {
        let (names, slots) = sorted(names, slots)
        return object(shape: Shape(sortedNames: names), slots: slots)
    }

    /// An object whose slots stand in the order of the shape's names.
    public static func object(shape: Shape, slots: ContiguousArray<Value>) -> Value {
        Value(.object(ObjectValue(shape: shape, slots: slots)), summary(slots))
    }

    @inlinable
    static func separated(_ entries: some Sequence<(String, Value)>) -> ([String], ContiguousArray<Value>) {
        var keys: [String] = []
        var values = ContiguousArray<Value>()
        keys.reserveCapacity(entries.underestimatedCount)
        values.reserveCapacity(entries.underestimatedCount)
        for (key, value) in entries {
            keys.append(key)
            values.append(value)
        }
        return (keys, values)
    }

    /// Sorted by key bytes, the last of equal keys kept. Keys are normalised to NFC. What is in order already is not copied.
    private static func sorted(_ keys: [String], _ values: ContiguousArray<Value>) -> ([String], ContiguousArray<Value>) {
        var keys = keys
        for index in keys.indices where !keys[index].isSurelyNFC { keys[index] = keys[index].normalizedToNFC() }
        var isInOrder = true
        for index in keys.indices.dropFirst() where !keys[index - 1].precedesByBytes(keys[index]) {
            isInOrder = false
            break
        }
        if isInOrder { return (keys, values) }
        // The index keeps equal keys in the order they came in, so that the last of them is the last.
        let order = keys.indices.sorted { left, right in
            keys[left] == keys[right] ? left < right : keys[left].precedesByBytes(keys[right])
        }
        var sortedKeys: [String] = []
        var sortedValues = ContiguousArray<Value>()
        for index in order {
            if sortedKeys.last == keys[index] {
                sortedValues[sortedValues.count - 1] = values[index]
            } else {
                sortedKeys.append(keys[index])
                sortedValues.append(values[index])
            }
        }
        return (sortedKeys, sortedValues)
    }

    private static func summary(_ values: ContiguousArray<Value>) -> Summary {
        values.withUnsafeBufferPointer { values in
            var result = Summary()
            for index in values.indices { result.add(values[index]) }
            return result
        }
    }

    /// This node and all beneath it.
    public var summaryIncludingSelf: Beneath {
        var result = beneath
        if !marks.isEmpty {
            if marks.contains(.sensitive) { result.insert(.sensitive) }
            if marks.contains(.ephemeral) { result.insert(.ephemeral) }
        }
        if case .unknown = node { result.insert(.unknown) }
        return result
    }

    /// The same value with its own marks replaced.
    public func withMarks(_ marks: Marks) -> Value { Value(node, marks: marks, beneath: beneath, extent: extent) }
    /// The same value with these marks added to this node.
    public func marked(_ added: Marks) -> Value {
        added.isSubset(of: marks) ? self : Value(node, marks: marks.union(added), beneath: beneath, extent: extent)
    }
}
