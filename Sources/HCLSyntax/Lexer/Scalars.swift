/// A character at a place in a buffer, or the length of what is not UTF-8 there.
enum DecodedScalar {
    case scalar(Unicode.Scalar, length: Int)
    case broken(length: Int)
}

extension UnsafeBufferPointer where Element == UInt8 {
    /// Decodes the character at `position`, which must be a valid index. Refuses overlong forms, surrogates and values beyond U+10FFFF.
    func scalar(at position: Int) -> DecodedScalar {
        let first = self[position]
        if first < 0x80 { return .scalar(Unicode.Scalar(first), length: 1) }
        let length: Int
        var value: UInt32
        let least: UInt32
        switch first {
        case 0xC2...0xDF: (length, value, least) = (2, UInt32(first & 0x1F), 0x80)
        case 0xE0...0xEF: (length, value, least) = (3, UInt32(first & 0x0F), 0x800)
        case 0xF0...0xF4: (length, value, least) = (4, UInt32(first & 0x07), 0x10000)
        default: return .broken(length: 1)
        }
        for offset in 1..<length {
            guard position + offset < count, self[position + offset] & 0xC0 == 0x80 else { return .broken(length: offset) }
            value = value << 6 | UInt32(self[position + offset] & 0x3F)
        }
        guard value >= least, let scalar = Unicode.Scalar(value) else { return .broken(length: 1) }
        return .scalar(scalar, length: length)
    }
}

extension Unicode.Scalar {
    /// White space in the sense of strip markers and indentation: Unicode's, line ends included.
    var isBlank: Bool { value < 0x80 ? value == 0x20 || (9...13).contains(value) : properties.isWhitespace }
    /// Whether an identifier may begin with this character: Unicode's ID_Start and the underscore.
    var beginsIdentifier: Bool { self == "_" || properties.isIDStart }
    /// Whether an identifier may go on with this character: Unicode's ID_Continue and the hyphen.
    var continuesIdentifier: Bool { self == "-" || properties.isIDContinue }
}
