import Diagnostics

extension Parser {
    /// Says what is wrong with bytes that are not part of the language, as helpfully as their look allows.
    mutating func reportInvalidToken(_ token: Token) {
        let slice = bytes[Int(token.range.start)..<Int(token.range.end)]
        let text = String(decoding: slice, as: UTF8.self)
        switch text {
        case "'":
            report("Invalid character", "Single quotes are not valid. Use double quotes (\") to enclose strings.", at: token.range)
        case "`":
            report(
                "Invalid character",
                "The \"`\" character is not valid. To create a multi-line string, use the \"heredoc\" syntax, like \"<<EOT\".",
                at: token.range)
        case ";":
            report(
                "Invalid character",
                "The \";\" character is not valid. Use newlines to separate arguments and blocks, and commas to separate items in "
                    + "collection values.", at: token.range)
        case "&": reportBitwise(suggestion: "boolean AND (\"&&\")", at: token.range)
        case "|": reportBitwise(suggestion: "boolean OR (\"||\")", at: token.range)
        case "~": reportBitwise(suggestion: "boolean NOT (\"!\")", at: token.range)
        case "^": reportBitwise(suggestion: nil, at: token.range)
        case "\u{201C}", "\u{201D}", "\u{2018}", "\u{2019}", "\u{201E}", "\u{00AB}", "\u{00BB}":
            report(
                "Invalid character",
                "\"Curly quotes\" are not valid here. These can sometimes be inadvertently introduced when sharing code via documents or "
                    + "discussion forums. It might help to replace the character with a \"straight quote\".", at: token.range)
        case "\r":
            report(
                "Invalid character", "A carriage return must be followed by a line feed.", at: token.range,
                hints: ["Save the file with the line ends of Unix (LF) or Windows (CRLF)."])
        case "\u{00A0}", "\u{FEFF}", "\u{200B}", "\u{3000}", "\u{202F}":
            report(
                "Invalid character",
                "This is an invisible character (\(codePoint(text))) that is not used within the language. It often comes with text copied "
                    + "from a document.", at: token.range, hints: ["Replace it with an ordinary space, or delete it."])
        case "$":
            report(
                "Invalid character", "The \"$\" character is not used here: references are written without it.", at: token.range,
                hints: ["Write \"${ … }\" only within quoted strings; elsewhere write the expression as it is."])
        case let text where text.hasPrefix("/*"):
            report(
                "Unclosed comment", "There is no closing \"*/\" for this comment before the end of the file.",
                at: SourceRange(start: token.range.start, end: token.range.start + 2), hints: ["Add \"*/\" where the comment ends."])
        case let text where text.hasPrefix("<<"):
            reportHeredocStart(token.range)
        case let text where text.unicodeScalars.contains("\u{FFFD}") && !slice.elementsEqual("\u{FFFD}".utf8):
            reportEncoding(at: token.range)
        default:
            let name = text.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control } ? " (\(codePoint(text)))" : ""
            report("Invalid character", "This character\(name) is not used within the language.", at: token.range)
        }
    }

    mutating func reportHeredocStart(_ range: SourceRange) {
        report(
            "Invalid expression",
            "A multi-line string begins with \"<<\" or \"<<-\" and a marker word, without anything between, around or behind. Its text "
                + "begins on the next line and ends at a line with nothing but the marker word.", at: range,
            hints: ["Write \"<<EOT\" at the end of the line."])
    }

    /// Once a file: a file in another encoding would have hundreds.
    mutating func reportEncoding(at range: SourceRange) {
        if reportedEncoding { return }
        reportedEncoding = true
        report(
            "Invalid character encoding", "All input files must be UTF-8 encoded. Ensure that UTF-8 encoding is selected in your editor.",
            at: range)
    }

    private mutating func reportBitwise(suggestion: String?, at range: SourceRange) {
        report(
            "Unsupported operator",
            "Bitwise operators are not supported." + (suggestion.map { " Did you mean \($0)?" } ?? ""), at: range)
    }

    private func codePoint(_ text: String) -> String {
        text.unicodeScalars.map { scalar in
            let digits = String(scalar.value, radix: 16, uppercase: true)
            return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        }.joined(separator: " ")
    }
}
