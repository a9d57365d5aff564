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
    public static func string(_ value: String) -> Value { Value(.string(value.normalizedToNFC()), marks: [], beneath: []) }
    public static func null(_ type: ValueType) -> Value { Value(.null(.of(type)), marks: [], beneath: []) }

    /// An unknown of `type`. A refinement that leaves one possibility gives a known value.
    public static func unknown(_ type: ValueType, _ refinement: Refinement = .none) -> Value {
        Value(.unknown(Unknown(type: type, refinement: refinement)), marks: [], beneath: [])
    }

    /// A list; each element must already be of type `element`, unless that is `dynamic`.
    public static func list(_ values: some Sequence<Value>, of element: ValueType) -> Value {
        let values = ContiguousArray(values)
        return Value(.list(Elements(elementType: .of(element), values: values)), marks: [], beneath: summary(values))
    }

    public static func tuple(_ values: some Sequence<Value>) -> Value {
        let values = ContiguousArray(values)
        return Value(.tuple(values), marks: [], beneath: summary(values))
    }

    /// A map; of equal keys the last wins.
    public static func map(_ entries: some Sequence<(String, Value)>, of element: ValueType) -> Value {
        let sorted = sortedEntries(entries)
        return Value(
            .map(Entries(elementType: .of(element), entries: ContiguousArray(sorted.map { Entry(key: $0.0, value: $0.1) }))), marks: [],
            beneath: summary(sorted.lazy.map(\.1)))
    }

    /// An object; of equal names the last wins.
    public static func object(_ attributes: some Sequence<(String, Value)>) -> Value {
        let sorted = sortedEntries(attributes)
        return object(shape: Shape(sortedNames: sorted.map(\.0)), slots: ContiguousArray(sorted.map(\.1)))
    }

    public static func object(_ attributes: KeyValuePairs<String, Value>) -> Value { object(attributes.map { ($0.key, $0.value) }) }

    /// An object whose slots stand in the order of the shape's names.
    public static func object(shape: Shape, slots: ContiguousArray<Value>) -> Value {
        Value(.object(ObjectValue(shape: shape, slots: slots)), marks: [], beneath: summary(slots))
    }

    /// Sorted by key bytes, the last of equal keys kept. Keys are normalised to NFC.
    private static func sortedEntries(_ entries: some Sequence<(String, Value)>) -> [(String, Value)] {
        var sorted = entries.map { ($0.0.normalizedToNFC(), $0.1) }
        var inOrder = true
        for index in sorted.indices.dropFirst() where !sorted[index - 1].0.precedesByBytes(sorted[index].0) {
            inOrder = false
            break
        }
        if inOrder { return sorted }
        // A stable sort: Swift's is, in practice and by its documentation since 5.8's proposal text; the index makes it certain.
        var indexed = sorted.enumerated().map { ($0.offset, $0.element) }
        indexed.sort { left, right in
            if left.1.0 == right.1.0 { return left.0 < right.0 }
            return left.1.0.precedesByBytes(right.1.0)
        }
        sorted.removeAll(keepingCapacity: true)
        for (_, entry) in indexed {
            if let last = sorted.last, last.0 == entry.0 { sorted.removeLast() }
            sorted.append(entry)
        }
        return sorted
    }

    private static func summary(_ values: some Sequence<Value>) -> Beneath {
        var result: Beneath = []
        for value in values { result.formUnion(value.summaryIncludingSelf) }
        return result
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
    public func withMarks(_ marks: Marks) -> Value { Value(node, marks: marks, beneath: beneath) }
    /// The same value with these marks added to this node.
    public func marked(_ added: Marks) -> Value { added.isSubset(of: marks) ? self : Value(node, marks: marks.union(added), beneath: beneath) }
}
