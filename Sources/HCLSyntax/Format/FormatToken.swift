import Diagnostics

/// A token that is about to be laid out anew: white space is a number before it. It holds no bytes, so that it is cheap to move.
struct FormatToken {
    var kind: TokenKind
    /// It is the last of its line: a line end, or a line comment, which has its line end with it.
    var endsLine: Bool
    /// The word `in`.
    var isWordIn: Bool
    var spacesBefore: Int32 = 0
    /// What the eye counts as one character is one.
    var width: Int32
    /// Its bytes in the source that it belongs to.
    var range: SourceRange

    /// By how much the token changes the number of open brackets.
    var bracketChange: Int {
        switch kind {
        case .openBrace, .openBracket, .openParenthesis, .templateInterpolation, .templateControl: 1
        case .closeBrace, .closeBracket, .closeParenthesis, .templateEnd: -1
        default: 0
        }
    }

    /// Columns with the spaces before.
    var columns: Int { Int(spacesBefore) + Int(width) }
}

/// The bytes that tokens stand for: the file's, and behind them what is written that is not in the file.
struct FormatSource {
    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    func text(_ token: FormatToken) -> String { String(decoding: slice(token.range), as: UTF8.self) }
    func slice(_ range: SourceRange) -> ArraySlice<UInt8> { bytes[Int(range.start)..<Int(range.end)] }

    func token(_ kind: TokenKind, _ range: SourceRange) -> FormatToken {
        bytes.withUnsafeBufferPointer { all in
            let slice = all[Int(range.start)..<Int(range.end)]
            let isPlain = slice.allSatisfy { $0 < 0x80 && $0 != 13 }
            return FormatToken(
                kind: kind, endsLine: kind == .newline || kind == .comment && slice.last == UInt8(ascii: "\n"),
                isWordIn: kind == .identifier && slice.count == 2 && slice.elementsEqual("in".utf8),
                width: Int32(clamping: isPlain ? slice.count : String(decoding: slice, as: UTF8.self).count), range: range)
        }
    }

    /// A token that the file does not have.
    mutating func token(_ kind: TokenKind, _ text: String) -> FormatToken {
        let start = bytes.count
        bytes.append(contentsOf: text.utf8)
        return token(kind, SourceRange(start, bytes.count))
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
        for index in lines.indices { lines[index].split(tokens) }
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
