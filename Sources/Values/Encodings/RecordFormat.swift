// The record form: one byte of version, then nodes.
//
//     node    = kind byte (its upper bits are marks), then by kind
//     varint  = little-endian base 128; zigzag for signed numbers
//     text    = varint count, UTF-8
//     shape   = the first object of its names writes them, the others its number in order of appearance
//
// It is self-contained, holds every type, mark, refinement and precision, and equal values of equal precision give equal bytes.
enum RecordFormat {
    static let version: UInt8 = 1

    enum Kind: UInt8 {
        case no = 0
        case yes = 1
        /// Whole, in `Int64`'s range, 512 bits: zigzag.
        case whole = 2
        /// The same with a precision before it.
        case wholeOfPrecision = 3
        /// Precision, sign and form, exponent, words of the mantissa from the lowest that is not zero.
        case number = 4
        case string = 5
        case list = 6
        case set = 7
        case tuple = 8
        case map = 9
        /// An object that brings its names.
        case object = 10
        /// An object of names that were seen before.
        case objectOfShape = 11
        case null = 12
        case unknown = 13
    }

    /// Bounds the digits that a foreign number may have once it is printed.
    static let exponentLimit: Int32 = 1 << 17

    static let sensitiveBit: UInt8 = 0x40
    static let kindMask: UInt8 = 0x1F

    enum TypeKind: UInt8 {
        case dynamic = 0
        case bool = 1
        case number = 2
        case string = 3
        case list = 4
        case set = 5
        case map = 6
        case tuple = 7
        case object = 8
    }

    static let optionalBit: UInt8 = 1
    static let defaultBit: UInt8 = 2

    static let notNullBit: UInt8 = 1
    static let prefixBit: UInt8 = 2
    static let lowerBoundBit: UInt8 = 4
    static let upperBoundBit: UInt8 = 8
    static let minimumLengthBit: UInt8 = 16
    static let maximumLengthBit: UInt8 = 32
}
