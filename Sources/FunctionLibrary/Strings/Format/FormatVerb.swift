/// `%[2]-8.2f` and its like.
struct FormatVerb {
    /// As it stands in the format string.
    var text = ""
    /// Where it begins, in bytes.
    var offset = 0
    /// Which argument, from 1.
    var argument = 0
    var mode: Unicode.Scalar = "v"
    var padsWithZeros = false
    var isSharp = false
    var hasPlus = false
    var hasSpace = false
    var isLeftAligned = false
    var width: Int?
    var precision: Int?
}

/// A format string, read once for any number of argument lists.
struct FormatString {
    enum Piece {
        case text(String)
        case verb(FormatVerb)
    }

    private(set) var pieces: [Piece] = []
    /// The highest argument that a verb names.
    private(set) var argumentCount = 0

    /// - Throws: `FunctionError` in the reference's words.
    init(_ string: String) throws {
        let bytes = Array(string.utf8)
        var position = 0
        var literal: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            if byte != UInt8(ascii: "%") {
                literal.append(byte)
                position += 1
            } else if position + 1 < bytes.count, bytes[position + 1] == byte {
                literal.append(byte)
                position += 2
            } else {
                if !literal.isEmpty { pieces.append(.text(String(decoding: literal, as: UTF8.self))) }
                literal.removeAll()
                var reader = VerbReader(bytes: bytes, position: position)
                // A verb without an index takes the argument behind that of the verb before it.
                let verb = try reader.read(following: lastArgument)
                lastArgument = verb.argument
                argumentCount = max(argumentCount, verb.argument)
                pieces.append(.verb(verb))
                position = reader.position
            }
        }
        if !literal.isEmpty { pieces.append(.text(String(decoding: literal, as: UTF8.self))) }
    }

    private var lastArgument = 0
}

private struct VerbReader {
    let bytes: [UInt8]
    var position: Int

    mutating func read(following last: Int) throws -> FormatVerb {
        var verb = FormatVerb()
        verb.offset = position
        verb.argument = last + 1
        position += 1
        if next == UInt8(ascii: "[") {
            try readIndex(into: &verb)
        } else {
            readFlags(into: &verb)
            if let byte = next, (49...57).contains(byte) { verb.width = readNumber() }
            if next == UInt8(ascii: ".") {
                position += 1
                verb.precision = readNumber()
            }
            if next == UInt8(ascii: "[") { try readIndex(into: &verb) }
        }
        guard let byte = next else { throw unfinished }
        guard (65...90).contains(byte) || (97...122).contains(byte) else { throw unrecognised }
        verb.mode = Unicode.Scalar(byte)
        verb.text = String(decoding: bytes[verb.offset...position], as: UTF8.self)
        if max(verb.width ?? 0, verb.precision ?? 0) > TextLimit.verb {
            throw FunctionError("width and precision of \(quoted(verb.text)) at offset \(verb.offset) may be \(TextLimit.verb) at most")
        }
        position += 1
        return verb
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func readFlags(into verb: inout FormatVerb) {
        while let byte = next {
            switch byte {
            case UInt8(ascii: "0"): verb.padsWithZeros = true
            case UInt8(ascii: "#"): verb.isSharp = true
            case UInt8(ascii: "-"): verb.isLeftAligned = true
            case UInt8(ascii: "+"): verb.hasPlus = true
            case UInt8(ascii: " "): verb.hasSpace = true
            default: return
            }
            position += 1
        }
    }

    /// `[3]`, right before the letter.
    private mutating func readIndex(into verb: inout FormatVerb) throws {
        position += 1
        guard let byte = next else { throw unfinished }
        guard (49...57).contains(byte) else { throw unrecognised }
        verb.argument = readNumber()
        guard let end = next else { throw unfinished }
        guard end == UInt8(ascii: "]") else { throw unrecognised }
        position += 1
    }

    /// Stops counting far above everything that is allowed.
    private mutating func readNumber() -> Int {
        var value = 0
        while let byte = next, (48...57).contains(byte) {
            value = min(value * 10 + Int(byte - 48), Int(Int32.max))
            position += 1
        }
        return value
    }

    private var unfinished: FunctionError { FunctionError("invalid format string starting at offset \(position)") }

    private var unrecognised: FunctionError {
        let rest = String(decoding: bytes[position...], as: UTF8.self)
        let scalar = rest.unicodeScalars.first.map { String($0) } ?? ""
        return FunctionError("unrecognized format character '\(scalar)' at offset \(position)")
    }
}
