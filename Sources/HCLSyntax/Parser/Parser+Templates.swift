import Diagnostics

/// What a template stands in, which decides how it ends and what is done with its literal text.
enum TemplateForm {
    case quoted
    case heredoc(removesIndentation: Bool)
    /// A whole file.
    case bare

    var closer: TokenKind? {
        switch self {
        case .quoted: .closeQuote
        case .heredoc: .closeHeredoc
        case .bare: nil
        }
    }
}

/// A template before its directives are paired: what strip markers and indentation work on.
enum FlatPart {
    case literal(String, SourceRange)
    case interpolation(Expression, height: Int)
    case startIf(Expression, SourceRange, height: Int)
    case otherwise(SourceRange)
    case endIf(SourceRange)
    case startFor(ForClause, SourceRange, height: Int)
    case endFor(SourceRange)
}

extension Parser {
    mutating func parseQuoted() throws(SyntaxFailure) -> Expression {
        let opening = range
        // The usual case: one literal, or none. Blanks are literal here, so tokens are taken as they come.
        let next = tokens[index + 1]
        if next.kind == .closeQuote, !next.range.isEmpty {
            advance()
            advance()
            return Expression(.template([]), range: opening.union(next.range))
        }
        if next.kind == .quotedLiteral, tokens[index + 2].kind == .closeQuote, !tokens[index + 2].range.isEmpty {
            let closing = tokens[index + 2].range
            advance()
            let literal = literalText(next)
            advance()
            advance()
            return Expression(.template([.literal(literal, next.range)]), range: opening.union(closing))
        }
        let old = setIgnoresNewlines(false)
        advance()
        let parts = try parseTemplateParts(.quoted, opening: opening)
        _ = setIgnoresNewlines(old)
        advance()
        return Expression(.template(parts), range: SourceRange(start: opening.start, end: lastEnd))
    }

    mutating func parseHeredoc() throws(SyntaxFailure) -> Expression {
        let opening = range
        let removesIndentation = bytes[Int(opening.start) + 2] == UInt8(ascii: "-")
        let marker = text(opening).dropFirst(removesIndentation ? 3 : 2).dropLast()
        if !marker.unicodeScalars.allSatisfy({ $0.continuesIdentifier || $0 == "\r" }) { reportHeredocStart(opening) }
        let old = setIgnoresNewlines(false)
        advance()
        let parts = try parseTemplateParts(.heredoc(removesIndentation: removesIndentation), opening: opening)
        _ = setIgnoresNewlines(old)
        advance()
        return Expression(.template(parts), range: SourceRange(start: opening.start, end: lastEnd))
    }

    /// Everything up to the closing token, which is left for the caller. `height` becomes that of the template.
    mutating func parseTemplateParts(_ form: TemplateForm, opening: SourceRange) throws(SyntaxFailure) -> [TemplatePart] {
        var parts: [FlatPart] = []
        // Whether the sequence before ended with `~}`: then the next literal loses its leading white space.
        var stripsNext = false
        while !atEnd, kind != form.closer {
            switch kind {
            case .quotedLiteral, .stringLiteral:
                var literal = literalText(current)
                if stripsNext { literal = literal.droppingLeadingWhitespace() }
                stripsNext = false
                parts.append(.literal(literal, range))
                advance()
            case .templateInterpolation, .templateControl:
                let start = current
                if start.range.end - start.range.start == 3, case .literal(let text, let range)? = parts.last {
                    parts[parts.count - 1] = .literal(text.droppingTrailingWhitespace(), range)
                }
                let old = setIgnoresNewlines(true)
                advance()
                parts.append(try start.kind == .templateInterpolation ? parseInterpolation(start.range) : parseDirective(start.range))
                stripsNext = range.end - range.start == 2
                _ = setIgnoresNewlines(old)
                advance()
            case .invalid:
                reportInvalidToken(current)
                advance()
            default:
                throw unexpected("Invalid template", "This cannot stand within a template.")
            }
        }
        if let closer = form.closer, kind != closer || range.isEmpty { throw unterminated(form, opening) }
        if case .heredoc(removesIndentation: true) = form { removeIndentation(&parts) }
        var assembly = TemplateAssembly(end: range)
        return try assembly.assemble(parts, reportingTo: &self)
    }

    private mutating func unterminated(_ form: TemplateForm, _ opening: SourceRange) -> SyntaxFailure {
        switch form {
        case .heredoc:
            let marker = text(opening).drop { "<-~ \t\"'".contains($0) }.prefix { !$0.isWhitespace && $0 != "\"" && $0 != "'" }
            return failure(
                "Unterminated template string", "No closing marker was found for the string.", at: opening,
                hints: ["End the text with a line that has nothing but \(marker) on it, and a line end behind it."])
        default:
            // At the end of its line: what is missing is missing there, and the opening quote is on the same line.
            let end = Int(range.start)
            if end >= bytes.count {
                return failure(
                    isInLabel ? "Unterminated string literal" : "Unterminated template string",
                    "No closing marker was found for the string.",
                    at: SourceRange(start: opening.start, end: range.start), hints: ["Add the closing quote."])
            }
            return failure(
                "Invalid multi-line string", "No closing quote was found for the string on its line.", at: SourceRange(end, end + 1),
                hints: ["Add the closing quote on this line; for a text of several lines use a heredoc (<<EOT)."])
        }
    }

    private mutating func parseInterpolation(_ start: SourceRange) throws(SyntaxFailure) -> FlatPart {
        let expression = try parseExpression()
        guard kind == .templateEnd, !range.isEmpty else {
            // A quote here was meant to close the string around.
            if kind == .templateEnd || kind == .openQuote || atEnd {
                throw failure(
                    "Unclosed template interpolation sequence",
                    "There is no closing brace for this interpolation sequence before the end of the quoted template. This might be caused "
                        + "by incorrect nesting inside the given expression.", at: start,
                    hints: ["Add \"}\" behind the expression, or write \"$${\" if the text is meant literally."])
            }
            throw unexpected(
                "Extra characters after interpolation expression",
                kind == .colon || kind == .equals || kind == .openBrace || kind == .percent || kind == .invalid
                    ? "Expected a closing brace to end the interpolation expression, but found extra characters.\n\nThis can happen when "
                        + "you include interpolation syntax for another language, such as shell scripting, but forget to escape the "
                        + "interpolation start token. If this is an embedded sequence for another language, escape it by starting with "
                        + "\"$${\" instead of just \"${\"."
                    : "Expected a closing brace to end the interpolation expression, but found extra characters.",
                context: start.union(range), hints: ["If the text is meant for another language, begin it with \"$${\"."])
        }
        return .interpolation(expression, height: height)
    }
}

extension SourceRange {
    var isEmpty: Bool { start == end }
}

extension String {
    func droppingLeadingWhitespace() -> String {
        String(String.UnicodeScalarView(unicodeScalars.drop { $0.isBlank }))
    }

    func droppingTrailingWhitespace() -> String {
        var scalars = unicodeScalars[...]
        while let last = scalars.last, last.isBlank { scalars.removeLast() }
        return String(String.UnicodeScalarView(scalars))
    }
}
