/// What a byte can begin in code (outside of strings). One look-up decides the branch of the lexer's loop.
enum ByteClass: UInt8 {
    /// Not used within the language: control characters, stray operators, quotes of other languages.
    case invalid
    case space, lineFeed, carriageReturn
    /// ASCII letters and the underscore.
    case letter
    case digit
    /// First byte of a character beyond ASCII, or not UTF-8 at all.
    case beyondASCII
    case quote, hash, slash
    /// Anything else the language uses: brackets and operators.
    case punctuation
    case openBrace, closeBrace
}

/// The class of each of the 256 bytes.
let byteClasses: [ByteClass] = (UInt8.min...UInt8.max).map { byte in
    switch byte {
    case UInt8(ascii: " "), UInt8(ascii: "\t"): .space
    case UInt8(ascii: "\n"): .lineFeed
    case UInt8(ascii: "\r"): .carriageReturn
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): .letter
    case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
    case 0x80...0xFF: .beyondASCII
    case UInt8(ascii: "\""): .quote
    case UInt8(ascii: "#"): .hash
    case UInt8(ascii: "/"): .slash
    case UInt8(ascii: "{"): .openBrace
    case UInt8(ascii: "}"): .closeBrace
    default: "()[],.:=?+-*%<>&|!~".utf8.contains(byte) ? .punctuation : .invalid
    }
}
