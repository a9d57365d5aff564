import Diagnostics

extension Parser {
    /// The text that a literal token stands for: backslash escapes (in quoted strings only), `$${` and `%%{` resolved.
    mutating func literalText(_ token: Token) -> String {
        let quoted = token.kind == .quotedLiteral
        let start = Int(token.range.start)
        let end = Int(token.range.end)
        let special = bytes[start..<end].contains { byte in
            byte == UInt8(ascii: "$") || byte == UInt8(ascii: "%") || quoted && (byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "\n"))
        }
        if !special { return text(token.range) }
        var result: [UInt8] = []
        result.reserveCapacity(end - start)
        var index = start
        var reportedLineEnd = false
        while index < end {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: "$"), UInt8(ascii: "%"):
                result.append(byte)
                // Of several signs before a brace the last one escapes.
                if index + 2 < end, bytes[index + 1] == byte, bytes[index + 2] == UInt8(ascii: "{") { index += 1 }
                index += 1
            case UInt8(ascii: "\\") where quoted:
                index = appendEscape(at: index, end: end, to: &result)
            case UInt8(ascii: "\n") where quoted && !reportedLineEnd:
                reportedLineEnd = true
                reportMultilineString(at: SourceRange(index, index + 1))
                fallthrough
            default:
                result.append(byte)
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    mutating func reportMultilineString(at range: SourceRange) {
        report(
            "Invalid multi-line string",
            "Quoted strings may not be split over multiple lines. To produce a multi-line string, either use the \\n escape to represent a "
                + "newline character or use the \"heredoc\" multi-line template syntax.", at: range)
    }

    /// Resolves the escape at `index` and gives the place behind it.
    private mutating func appendEscape(at index: Int, end: Int, to result: inout [UInt8]) -> Int {
        guard index + 1 < end else {
            report(
                "Invalid escape sequence", "Backslash must be followed by an escape sequence selector character.",
                at: SourceRange(index, index + 1), hints: ["Write a backslash as \"\\\\\"."])
            return end
        }
        switch bytes[index + 1] {
        case UInt8(ascii: "n"): result.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "r"): result.append(UInt8(ascii: "\r"))
        case UInt8(ascii: "t"): result.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "\""): result.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): result.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "\n"), UInt8(ascii: "\r"): return index + 1  // The line end behind it is reported.
        case UInt8(ascii: "u"): return appendUnicodeEscape(at: index, end: end, digits: 4, to: &result)
        case UInt8(ascii: "U"): return appendUnicodeEscape(at: index, end: end, digits: 8, to: &result)
        default: return reportUnknownEscape(at: index, end: end)
        }
        return index + 2
    }

    private mutating func appendUnicodeEscape(at index: Int, end: Int, digits: Int, to result: inout [UInt8]) -> Int {
        var value: UInt32 = 0
        var next = index + 2
        while next < end, next < index + 2 + digits, let digit = hexDigit(bytes[next]) {
            value = value << 4 | digit
            next += 1
        }
        let range = SourceRange(index, next)
        if next < index + 2 + digits {
            let (letter, count) = digits == 4 ? ("u", "four") : ("U", "eight")
            report(
                "Invalid escape sequence", "The \\\(letter) escape sequence must be followed by \(count) hexadecimal digits.", at: range)
        } else if let scalar = Unicode.Scalar(value) {
            result.append(contentsOf: String(Character(scalar)).utf8)
        } else {
            report(
                "Invalid escape sequence", "Cannot encode character U+\(String(value, radix: 16)) in UTF-8.", at: range,
                hints: ["Write a character beyond U+FFFF as one \"\\U\" with eight digits, not as two halves."])
        }
        return next
    }

    private func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    private mutating func reportUnknownEscape(at index: Int, end: Int) -> Int {
        // The whole character, not its first byte.
        var next = index + 2
        while next < end, bytes[next] & 0xC0 == 0x80 { next += 1 }
        let selector = text(SourceRange(index + 1, next))
        var hints = ["Write a backslash as \"\\\\\"."]
        switch selector {
        case "$": hints = ["To write \"${\" literally, double the sign: \"$${\"."]
        case "%": hints = ["To write \"%{\" literally, double the sign: \"%%{\"."]
        case "'", "`": hints = ["This character needs no escape."]
        default: break
        }
        report(
            "Invalid escape sequence", "The symbol \"\(selector)\" is not a valid escape sequence selector.", at: SourceRange(index, next),
            hints: hints)
        return next
    }
}
