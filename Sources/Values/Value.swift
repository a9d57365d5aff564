/// A value of the language: possibly unknown, possibly null, with marks on every node.
///
/// The enum's payloads hold at most 17 bytes, so marks, the summary of what lies beneath and the extent ride in its stride of 24 bytes for
/// nothing (a test asserts the stride). Build values through the static functions: they keep `beneath`, `extent` and the order of
/// keys true.
public struct Value: Sendable {
    public let node: Node
    /// Marks of this node alone.
    public let marks: Marks
    /// Union over all descendants.
    public let beneath: Beneath
    /// How much there is to be walked through: this node and all beneath it, shared parts each time, eight bytes of text as one more. At most
    /// `UInt32.max`.
    public let extent: UInt32

    public enum Node: Sendable {
        case bool(Bool)
        case number(Number)
        /// Always in NFC.
        case string(String)
        case list(Elements)
        /// In set order (`SetOrder.swift`), without duplicates. Its elements carry no marks: the set does.
        case set(Elements)
        case tuple(ContiguousArray<Value>)
        case map(Entries)
        case object(ObjectValue)
        case null(ValueTypeBox)
        case unknown(Unknown)
    }

    public struct Marks: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let sensitive = Marks(rawValue: 1)
        public static let ephemeral = Marks(rawValue: 2)
    }

    public struct Beneath: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let unknown = Beneath(rawValue: 1)
        public static let sensitive = Beneath(rawValue: 2)
        public static let ephemeral = Beneath(rawValue: 4)
    }

    /// Elements of a list or set, all of one type.
    public struct Elements: Sendable {
        public let elementType: ValueTypeBox
        public let values: ContiguousArray<Value>
    }

    /// Entries of a map, in byte order of their keys.
    public struct Entries: Sendable {
        public let elementType: ValueTypeBox
        public let entries: ContiguousArray<Entry>
    }

    public struct Entry: Sendable {
        public let key: String
        public let value: Value
    }

    /// An object: names shared between all objects of the same attribute names, one slot a name.
    public struct ObjectValue: Sendable {
        public let shape: Shape
        public let slots: ContiguousArray<Value>
    }

    @usableFromInline
    init(_ node: Node, marks: Marks, beneath: Beneath, extent: UInt32 = 1) {
        self.node = node
        self.marks = marks
        self.beneath = beneath
        self.extent = extent
    }

    /// What is summed up of the parts of a value.
    @usableFromInline
    struct Summary {
        var beneath: Beneath = []
        /// Of the value itself one.
        var extent: UInt32 = 1

        mutating func add(_ part: Value) {
            beneath.formUnion(part.summaryIncludingSelf)
            extent = extent.adding(part.extent)
        }
    }

    init(_ node: Node, marks: Marks = [], _ summary: Summary) {
        self.init(node, marks: marks, beneath: summary.beneath, extent: summary.extent)
    }

    /// A text that is in NFC.
    static func normalized(_ text: String, marks: Marks = []) -> Value {
        Value(.string(text), marks: marks, beneath: [], extent: UInt32(clamping: 1 + text.utf8.count / 8))
    }
}

extension UInt32 {
    /// The sum, or the greatest number there is.
    public func adding(_ other: UInt32) -> UInt32 {
        let (sum, overflows) = addingReportingOverflow(other)
        return overflows ? .max : sum
    }
}

/// A type behind one reference.
public final class ValueTypeBox: Sendable {
    public let type: ValueType
    public init(_ type: ValueType) { self.type = type }

    public static let dynamic = ValueTypeBox(.dynamic)
    public static let string = ValueTypeBox(.string)
    public static let number = ValueTypeBox(.number)
    public static let bool = ValueTypeBox(.bool)

    public static func of(_ type: ValueType) -> ValueTypeBox {
        switch type {
        case .dynamic: dynamic
        case .string: string
        case .number: number
        case .bool: bool
        default: ValueTypeBox(type)
        }
    }
}

/// The attribute names of an object, sorted by bytes.
public final class Shape: Sendable {
    public let names: [String]

    /// - Parameter sortedNames: in byte order, without duplicates.
    public init(sortedNames: [String]) { names = sortedNames }

    /// Binary search.
    public func index(of name: String) -> Int? {
        var lower = 0
        var upper = names.count
        while lower < upper {
            let middle = (lower + upper) / 2
            if names[middle] == name { return middle }
            if names[middle].precedesByBytes(name) { lower = middle + 1 } else { upper = middle }
        }
        return nil
    }
}

/// What is known of a value that is not known yet.
public final class Unknown: Sendable {
    public let type: ValueType
    public let refinement: Refinement

    public init(type: ValueType, refinement: Refinement = .none) {
        self.type = type
        self.refinement = refinement
    }
}

/// Bounds on what an unknown will turn out to be.
public struct Refinement: Hashable, Codable, Sendable {
    public var isNotNull = false
    /// Strings: what it begins with.
    public var prefix: String?
    /// Numbers, inclusive or not.
    public var lowerBound: Bound?
    public var upperBound: Bound?
    /// Collections.
    public var minimumLength: Int?
    public var maximumLength: Int?

    public struct Bound: Hashable, Codable, Sendable {
        public var value: Number
        public var isInclusive: Bool

        public init(value: Number, isInclusive: Bool) {
            self.value = value
            self.isInclusive = isInclusive
        }
    }

    public init() {}
    public static let none = Refinement()
    public static var notNull: Refinement {
        var refinement = Refinement()
        refinement.isNotNull = true
        return refinement
    }

    /// The one value that the bounds leave of those that are not null.
    func onlyValue(_ type: ValueType) -> Value? {
        switch type {
        case .number:
            guard let lowerBound, let upperBound, lowerBound.isInclusive, upperBound.isInclusive, lowerBound.value == upperBound.value
            else {
                return nil
            }
            return .number(lowerBound.value)
        case .list(let element):
            // A known length of unknown elements; only of modest ones, for the length may come from foreign bytes.
            guard let minimumLength, minimumLength == maximumLength, minimumLength <= 1024 else { return nil }
            return .list(repeatElement(.unknown(element), count: minimumLength), of: element)
        case .set(let element): return maximumLength == 0 ? .set([], of: element) : nil
        case .map(let element): return maximumLength == 0 ? .map([], of: element) : nil
        default: return nil
        }
    }
}
