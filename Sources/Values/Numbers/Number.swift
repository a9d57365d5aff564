/// A number of the language: an exact binary float whose precision is its own.
///
/// Literals, `tonumber` and numbers read from JSON have 512 bits; what counts something (`length`) has 64, what the machine's
/// floating point worked out 53; a result takes the larger of its operands'. Two numbers are equal when their values are, whatever
/// their precisions. Nearly all numbers are whole and small, hence the fast path.
public struct Number: Hashable, Comparable, Sendable {
    enum Storage: Sendable {
        /// Every whole number in `Int64`'s range, except minus zero.
        case small(Int64, precision: UInt16)
        /// Everything else: fractions, large numbers, infinities, minus zero.
        case big(BigNumber)
    }

    let storage: Storage

    init(storage: Storage) { self.storage = storage }

    /// What a literal has.
    public static let literalPrecision = 512

    /// A whole number of 512 bits' precision, as a literal has.
    public init(_ value: Int) { storage = .small(Int64(value), precision: 512) }

    /// - Parameter precision: in bits, 64 to 512.
    public init(exactly value: Int64, precision: Int = 64) {
        storage = .small(value, precision: UInt16(min(max(precision, 64), 512)))
    }

    /// The double's exact value, with 53 bits' precision; nil for "not a number".
    public init?(_ value: Double) {
        if value.isNaN { return nil }
        self.init(BinaryFloat(value))
    }

    init(_ float: BinaryFloat) {
        if let small = float.exactInt64 {
            storage = .small(small, precision: float.precision)
        } else {
            storage = .big(BigNumber(float))
        }
    }

    public static let zero = Number(0)
    public static let one = Number(1)
    public static let infinity = Number(BinaryFloat.infinite(negative: false, precision: 512))

    /// As `BinaryFloat`, for operations off the fast path.
    var float: BinaryFloat {
        switch storage {
        case .small(let value, let precision): BinaryFloat(value, precision: precision)
        case .big(let number): number.float
        }
    }

    /// In bits, 1 to 512.
    public var precision: Int {
        switch storage {
        case .small(_, let precision): Int(precision)
        case .big(let number): Int(number.float.precision)
        }
    }

    public static func == (left: Number, right: Number) -> Bool {
        if case .small(let a, _) = left.storage, case .small(let b, _) = right.storage { return a == b }
        return left.float.compare(right.float) == 0
    }

    public static func < (left: Number, right: Number) -> Bool {
        if case .small(let a, _) = left.storage, case .small(let b, _) = right.storage { return a < b }
        return left.float.compare(right.float) < 0
    }

    public func hash(into hasher: inout Hasher) {
        switch storage {
        case .small(let value, _): hasher.combine(value)
        case .big(let number):
            // Minus zero equals zero, so it must hash as zero does.
            if number.float.form == .zero { hasher.combine(Int64(0)) } else { number.float.hashValue(into: &hasher) }
        }
    }
}

/// The rare number: one reference, so that `Number` stays at 16 bytes.
final class BigNumber: Sendable {
    let float: BinaryFloat
    init(_ float: BinaryFloat) { self.float = float }
}

/// An operation without a result, such as zero divided by zero.
public struct NumberError: Error, Hashable, Sendable, CustomStringConvertible {
    /// In the reference's words.
    public let message: String
    public init(_ message: String) { self.message = message }
    public var description: String { message }
}
