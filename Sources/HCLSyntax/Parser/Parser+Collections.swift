import Diagnostics

extension Parser {
    /// `name(argument, …)`; `name` has been consumed. A name may have a namespace: `provider::time::rfc3339_parse`.
    mutating func parseCall(_ first: SourceRange) throws(SyntaxFailure) -> Expression {
        var name = first
        while take(.doubleColon) {
            guard kind == .identifier else {
                throw unexpected(
                    "Missing function name", "Function scope resolution symbol :: must be followed by a function name in this scope.",
                    context: name.union(range))
            }
            name = name.union(range)
            advance()
        }
        guard kind == .openParenthesis else {
            throw unexpected(
                "Missing open parenthesis", "Function selector must be followed by an open parenthesis to begin the function call.",
                context: name.union(range))
        }
        let opening = name.union(range)
        let old = setIgnoresNewlines(true)
        advance()
        var arguments: [Expression] = []
        var expandsLast = false
        var tallest = 0
        while kind != .closeParenthesis {
            arguments.append(try parseExpression())
            tallest = max(tallest, height)
            if take(.comma) { continue }
            if take(.ellipsis) {
                expandsLast = true
                guard kind == .closeParenthesis else {
                    throw unexpected(
                        "Missing closing parenthesis",
                        "An expanded function argument (with ...) must be immediately followed by closing parentheses.",
                        context: opening.union(range))
                }
            } else if kind != .closeParenthesis {
                if atEnd { throw unterminatedCall(opening) }
                throw unexpected(
                    "Missing argument separator", "A comma is required to separate each function argument from the next.",
                    context: opening.union(range))
            }
        }
        _ = setIgnoresNewlines(old)
        advance()
        let range = SourceRange(start: name.start, end: lastEnd)
        try raise(tallest, over: range)
        // Blanks around `::` are not part of the name.
        let written = text(name)
        let plain = name == first ? written : written.filter { !$0.isWhitespace }
        return Expression(
            .call(Identifier(name: plain, range: name), arguments: arguments, expandsLast: expandsLast), range: range)
    }

    private mutating func unterminatedCall(_ opening: SourceRange) -> SyntaxFailure {
        failure(
            "Unterminated function call",
            "There is no closing parenthesis for this function call before the end of the file. This may be caused by incorrect "
                + "parenthesis nesting elsewhere in this file.", at: opening)
    }

    /// `[a, b]` or `[for …]`.
    mutating func parseTuple() throws(SyntaxFailure) -> Expression {
        let opening = range
        let old = setIgnoresNewlines(true)
        advance()
        if isWord("for") { return try parseFor(opening: opening, closedBy: .closeBracket, restoring: old) }
        var elements: [Expression] = []
        var tallest = 0
        while kind != .closeBracket {
            elements.append(try parseExpression())
            tallest = max(tallest, height)
            if take(.comma) { continue }
            guard kind == .closeBracket else {
                if atEnd {
                    throw failure(
                        "Unterminated tuple constructor expression",
                        "There is no corresponding closing bracket before the end of the file. This may be caused by incorrect bracket "
                            + "nesting elsewhere in this file.", at: opening)
                }
                throw unexpected(
                    "Missing item separator", "Expected a comma to mark the beginning of the next item.", context: opening.union(range),
                    hints: kind == .equals ? ["A closing bracket \"]\" may be missing before this argument."] : [])
            }
        }
        _ = setIgnoresNewlines(old)
        advance()
        let range = SourceRange(start: opening.start, end: lastEnd)
        try raise(tallest, over: range)
        return Expression(.tuple(elements), range: range)
    }

    /// `{ name = value }` or `{ for … }`. Items end with a comma or with their line.
    mutating func parseObject() throws(SyntaxFailure) -> Expression {
        let opening = range
        // Looking for the word behind the brace ignores line ends, reading the items does not.
        let old = setIgnoresNewlines(true)
        let next = tokenAfterCurrent()
        if next.kind == .identifier, next.range.end - next.range.start == 3, text(next.range) == "for" {
            advance()
            return try parseFor(opening: opening, closedBy: .closeBrace, restoring: old)
        }
        _ = setIgnoresNewlines(false)
        advance()
        var items: [ObjectItem] = []
        var tallest = 0
        while true {
            if take(.newline) { continue }
            if kind == .closeBrace { break }
            if atEnd {
                throw failure(
                    "Missing expression",
                    "Expected the start of an expression, but found the end of the file: there is no closing brace for the object that begins here.",
                    at: opening)
            }
            items.append(try parseItem(opening: opening, tallest: &tallest))
            switch kind {
            case .comma, .newline: advance()
            case .closeBrace: break
            default:
                if atEnd { throw unterminatedObject(opening) }
                throw unexpected(
                    "Missing attribute separator", "Expected a newline or comma to mark the beginning of the next attribute.",
                    context: opening.union(range))
            }
        }
        _ = setIgnoresNewlines(old)
        advance()
        let range = SourceRange(start: opening.start, end: lastEnd)
        try raise(tallest, over: range)
        return Expression(.object(items), range: range)
    }

    private mutating func parseItem(opening: SourceRange, tallest: inout Int) throws(SyntaxFailure) -> ObjectItem {
        let word = range
        let isWord = kind == .identifier
        let key = try parseExpression()
        tallest = max(tallest, height)
        if kind != .equals, kind != .colon {
            if atEnd { throw unterminatedObject(opening) }
            switch kind {
            case .newline, .comma:
                throw unexpected(
                    "Missing attribute value", "Expected an attribute value, introduced by an equals sign (\"=\").",
                    context: key.range.union(range))
            default:
                throw unexpected(
                    "Missing key/value separator", "Expected an equals sign (\"=\") to mark the beginning of the attribute value.",
                    context: key.range.union(range),
                    hints: kind == .openBrace ? ["A nested object needs an equals sign too: name = { … }."] : [])
            }
        }
        advance()
        let value = try parseExpression()
        tallest = max(tallest, height)
        switch key.kind {
        case .bool, .null, .traversal(_, []):
            if isWord, word == key.range { return ObjectItem(key: .name(Identifier(name: text(word), range: word)), value: value) }
        case .traversal where refusesAmbiguousKeys:
            report(
                "Ambiguous attribute key",
                "If this expression is intended to be a reference, wrap it in parentheses. If it's instead intended as a literal name "
                    + "containing periods, wrap it in quotes to create a string literal.", at: key.range)
        default: break
        }
        return ObjectItem(key: .expression(key), value: value)
    }

    private mutating func unterminatedObject(_ opening: SourceRange) -> SyntaxFailure {
        failure(
            "Unterminated object constructor expression",
            "There is no corresponding closing brace before the end of the file. This may be caused by incorrect brace nesting elsewhere "
                + "in this file.", at: opening)
    }

    // MARK: for

    /// `for k, v in collection : …`; the word `for` is the current token, and line ends are ignored.
    private mutating func parseFor(
        opening: SourceRange, closedBy closer: TokenKind, restoring old: Bool
    ) throws(SyntaxFailure) -> Expression {
        let buildsObject = closer == .closeBrace
        advance()
        var (clause, tallest) = try parseForIntroduction(opening: opening)
        guard kind == .colon else {
            throw invalidFor("For expression requires a colon after the collection expression.", opening)
        }
        advance()
        var value = try parseExpression()
        tallest = max(tallest, height)
        var key: Expression?
        if kind == .arrow {
            guard buildsObject else {
                throw invalidFor(
                    "Key expression is not valid when building a tuple.", opening,
                    hints: ["To build an object, use { } around the for expression."])
            }
            advance()
            key = value
            value = try parseExpression()
            tallest = max(tallest, height)
        } else if buildsObject {
            throw invalidFor(
                "Key expression is required when building an object.", opening,
                hints: ["Write key => value, or use [ ] around the for expression to build a tuple."])
        }
        var groups = false
        if kind == .ellipsis {
            guard buildsObject else {
                throw invalidFor("Grouping ellipsis (...) cannot be used when building a tuple.", opening)
            }
            groups = true
            advance()
        }
        if isWord("if") {
            advance()
            clause.condition = try parseExpression()
            tallest = max(tallest, height)
        }
        guard kind == closer else {
            throw invalidFor("Extra characters after the end of the 'for' expression.", opening)
        }
        _ = setIgnoresNewlines(old)
        advance()
        let range = SourceRange(start: opening.start, end: lastEnd)
        try raise(tallest, over: range)
        if let key { return Expression(.forObject(clause, key: key, value: value, groups: groups), range: range) }
        return Expression(.forTuple(clause, value: value), range: range)
    }

    /// Names, `in` and the collection.
    private mutating func parseForIntroduction(opening: SourceRange) throws(SyntaxFailure) -> (ForClause, height: Int) {
        guard kind == .identifier else { throw invalidFor("For expression requires variable name after 'for'.", opening) }
        var value = Identifier(name: text(range), range: range)
        var key: Identifier?
        advance()
        if take(.comma) {
            guard kind == .identifier else {
                throw invalidFor("For expression requires value variable name after comma.", opening)
            }
            key = value
            value = Identifier(name: text(range), range: range)
            advance()
        }
        guard isWord("in") else {
            throw invalidFor(
                "For expression requires the 'in' keyword after its name declarations.", opening,
                hints: kind == .comma ? ["A for expression has at most two names: key and value."] : [])
        }
        advance()
        let collection = try parseExpression()
        return (ForClause(key: key, value: value, collection: collection, condition: nil), height)
    }

    private mutating func invalidFor(_ detail: String, _ opening: SourceRange, hints: [String] = []) -> SyntaxFailure {
        unexpected("Invalid 'for' expression", detail, context: opening.union(range), hints: hints)
    }
}
