import Diagnostics

/// A token that is about to be laid out anew: white space is a number before it.
struct FormatToken {
    var kind: TokenKind
    /// A line comment has its line end with it.
    var bytes: ArraySlice<UInt8>
    var spacesBefore: Int

    init(_ kind: TokenKind, _ bytes: ArraySlice<UInt8>, spacesBefore: Int = 0) {
        self.kind = kind
        self.bytes = bytes
        self.spacesBefore = spacesBefore
    }

    init(_ kind: TokenKind, _ text: String) {
        self.init(kind, ArraySlice(text.utf8))
    }

    var endsLine: Bool {
        kind == .newline || kind == .comment && bytes.last == UInt8(ascii: "\n")
    }

    /// By how much the token changes the number of open brackets.
    var bracketChange: Int {
        switch kind {
        case .openBrace, .openBracket, .openParenthesis, .templateInterpolation, .templateControl: 1
        case .closeBrace, .closeBracket, .closeParenthesis, .templateEnd: -1
        default: 0
        }
    }

    /// Columns with the spaces before: what the eye counts as one character is one.
    var columns: Int {
        spacesBefore + (bytes.allSatisfy { $0 < 0x80 && $0 != 13 } ? bytes.count : String(decoding: bytes, as: UTF8.self).count)
    }
}

/// Tokens of one line of the result, in up to three cells: `lead`, `= value`, `# comment`. All are ranges of the list of tokens.
struct FormatLine {
    var lead: Range<Int>
    var assign: Range<Int>?
    var comment: Range<Int>?

    static func lines(of tokens: [FormatToken]) -> [FormatLine] {
        var lines: [FormatLine] = []
        var start = 0
        for index in tokens.indices where tokens[index].endsLine {
            lines.append(FormatLine(lead: start..<(index + 1)))
            start = index + 1
        }
        if start < tokens.count { lines.append(FormatLine(lead: start..<tokens.count)) }
        var inHeredoc = false
        for index in lines.indices {
            let whole = lines[index].lead
            if inHeredoc {
                // A line end within a sequence of the heredoc: its text is no cell.
                inHeredoc = !tokens[whole].contains { $0.kind == .closeHeredoc }
                continue
            }
            lines[index].split(tokens)
            if let opening = tokens[whole].lastIndex(where: { $0.kind == .openHeredoc }) {
                inHeredoc = !tokens[opening..<whole.upperBound].contains { $0.kind == .closeHeredoc }
            }
        }
        return lines
    }

    /// Moves a comment at the end, and an assignment that is complete on this line, into cells of their own.
    private mutating func split(_ tokens: [FormatToken]) {
        if lead.count > 1, tokens[lead.upperBound - 1].kind == .comment {
            comment = (lead.upperBound - 1)..<lead.upperBound
            lead = lead.lowerBound..<(lead.upperBound - 1)
        }
        guard let equals = tokens[lead].dropFirst().firstIndex(where: { $0.kind == .equals }) else { return }
        let net = tokens[equals..<lead.upperBound].reduce(0) { $0 + $1.bracketChange }
        if net == 0 {
            assign = equals..<lead.upperBound
            lead = lead.lowerBound..<equals
        }
    }
}
