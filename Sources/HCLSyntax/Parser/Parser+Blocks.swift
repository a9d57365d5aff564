import Diagnostics

extension Parser {
    /// A block behind its type, up to and including its closing brace.
    mutating func parseBlock(type: Identifier) throws(SyntaxFailure) -> Block {
        var labels: [Identifier] = []
        while true {
            switch kind {
            case .openQuote:
                if let opening = braceInBrokenLabel() {
                    reportUnterminated(range.start)
                    let header = type.range.union(SourceRange(start: range.start, end: opening.start))
                    while kind != .newline, !atEnd { advance() }
                    return try parseLines(type: type, labels: labels, header: header, opening: opening)
                }
                labels.append(try parseLabel())
            case .identifier:
                labels.append(Identifier(name: text(range), range: range))
                advance()
            case .openBrace:
                return try parseBlockContent(type: type, labels: labels)
            case .equals:
                throw unexpected(
                    "Invalid block definition",
                    "The equals sign \"=\" indicates an argument definition, and must not be used when defining a block.",
                    context: type.range.union(range), hints: ["Remove the \"=\", or write \"\(type.name) = …\" to set an argument."])
            case .newline:
                let detail =
                    "A block definition must have block content delimited by \"{\" and \"}\", starting on the same line as the "
                    + "block header."
                let isOnNextLine = isOpenBraceOnNextLine()
                if !isOnNextLine { throw unexpected("Invalid block definition", detail, context: type.range.union(range)) }
                if !labels.isEmpty {
                    report(
                        "Invalid block definition", detail, at: range, context: type.range.union(range),
                        hints: ["Move the \"{\" to the end of this line."])
                }
                while take(.newline) {}
            default:
                throw unexpected(
                    "Invalid block definition",
                    "Either a quoted string block label or an opening brace (\"{\") is expected here.", context: type.range.union(range))
            }
        }
    }

    /// A quoted label: text and escapes, no sequences.
    private mutating func parseLabel() throws(SyntaxFailure) -> Identifier {
        let first = index
        isInLabel = true
        defer { isInLabel = false }
        let value = try nested { parser throws(SyntaxFailure) in try parser.parseQuoted() }
        if case .template(let parts) = value.kind {
            if parts.isEmpty { return Identifier(name: "", range: value.range) }
            if parts.count == 1, case .literal(let text, _) = parts[0] { return Identifier(name: text, range: value.range) }
        }
        let sequence = tokens[first...].first { $0.kind == .templateInterpolation || $0.kind == .templateControl }
        throw failure(
            "Invalid string literal",
            "Template sequences are not allowed in this string. To include a literal \"$\", double it (as \"$$\") to escape it.",
            at: sequence?.range ?? value.range, context: value.range)
    }

    private mutating func parseBlockContent(type: Identifier, labels: [Identifier]) throws(SyntaxFailure) -> Block {
        let header = type.range.union(labels.last?.range ?? type.range)
        let opening = range
        advance()
        if kind == .newline { return try parseLines(type: type, labels: labels, header: header, opening: opening) }
        var body = try parseSingleLineBody(header: header, opening: opening)
        body.range = SourceRange(start: opening.start, end: lastEnd)
        return Block(type: type, labels: labels, body: body, range: header.union(body.range), headerRange: header)
    }

    /// The lines of a block, from the end of its header to its closing brace.
    private mutating func parseLines(
        type: Identifier, labels: [Identifier], header: SourceRange, opening: SourceRange
    ) throws(SyntaxFailure) -> Block {
        var body = parseBody(closedBy: opening)
        if kind == .closeBrace, !atEnd {
            advance()
        } else {
            // Not thrown: what was read of the block is good.
            reportUnclosed(header: header, opening: opening)
        }
        body.range = SourceRange(start: opening.start, end: max(opening.end, lastEnd))
        return Block(type: type, labels: labels, body: body, range: header.union(body.range), headerRange: header)
    }

    /// If the current token is a quote whose partner is missing on its line, and the line ends with `{`: where that brace is.
    private func braceInBrokenLabel() -> SourceRange? {
        let literal = tokens[index + 1]
        guard literal.kind == .quotedLiteral, tokens[index + 2].kind == .closeQuote, tokens[index + 2].range.isEmpty else { return nil }
        var end = Int(literal.range.end)
        while end > Int(literal.range.start), bytes[end - 1] == UInt8(ascii: " ") { end -= 1 }
        return bytes[end - 1] == UInt8(ascii: "{") ? SourceRange(end - 1, end) : nil
    }

    private mutating func reportUnterminated(_ start: UInt32) {
        let isAtEnd = Int(tokens[index + 1].range.end) >= bytes.count
        report(
            isAtEnd ? "Unterminated string literal" : "Invalid multi-line string",
            "No closing quote was found for the label on its line.",
            at: SourceRange(start: start, end: tokens[index + 1].range.end), hints: ["Add the closing quote of the label."])
    }

    /// `{ }` or `{ name = value }` on one line, closing brace included.
    private mutating func parseSingleLineBody(header: SourceRange, opening: SourceRange) throws(SyntaxFailure) -> Body {
        var body = Body(attributes: [], blocks: [], range: opening, file: path)
        if take(.closeBrace) { return body }
        guard !atEnd else {
            reportUnclosed(header: header, opening: opening)
            return body
        }
        guard kind == .identifier else {
            throw unexpected(
                "Argument or block definition required",
                "A single-line block definition can contain only a single argument definition, or nothing.", context: header.union(range))
        }
        let name = Identifier(name: text(range), range: range)
        advance()
        switch kind {
        case .equals:
            break
        case .openQuote, .openBrace, .identifier:
            throw failure(
                "Argument definition required",
                "A single-line block definition can contain only a single argument. If you meant to define argument \"\(name.name)\", use "
                    + "an equals sign to assign it a value. To define a nested block, place it on a line of its own within its parent "
                    + "block.", at: name.range.union(range), context: header.union(range))
        default:
            throw neitherArgumentNorBlock(name)
        }
        body.attributes.append(try parseAttribute(name))
        if take(.closeBrace) { return body }
        if atEnd {
            reportUnclosed(header: header, opening: opening)
            return body
        }
        switch kind {
        case .comma:
            throw unexpected(
                "Invalid single-argument block definition",
                "Single-line block syntax can include only one argument definition. To define multiple arguments, use the multi-line "
                    + "block syntax with one argument definition per line.", context: header.union(range))
        case .newline:
            throw unexpected(
                "Invalid single-argument block definition",
                "An argument definition on the same line as its containing block creates a single-line block definition, which must also "
                    + "be closed on the same line. Place the block's closing brace immediately after the argument definition.",
                context: header.union(range), hints: ["Or put the argument on a line of its own."])
        default:
            throw unexpected(
                "Invalid single-argument block definition",
                "A single-line block definition must end with a closing brace immediately after its single argument definition.",
                context: header.union(range), hints: ["Put each argument on a line of its own."])
        }
    }

    mutating func endBlock() throws(SyntaxFailure) {
        if atEnd || take(.newline) { return }
        throw unexpected("Missing newline after block definition", "A block definition must end with a newline.")
    }

    /// At the end of the file. The indentation of what was taken for the block's content often tells where the brace is missing.
    private mutating func reportUnclosed(header: SourceRange, opening: SourceRange) {
        // What came before may have swallowed the brace.
        if unclosedReported || !diagnostics.isEmpty { return }
        unclosedReported = true
        var hints = ["Add a closing brace for the block that begins on line \(line(of: header.start))."]
        if let suspect = lineStartingLikeTopLevel(after: opening) {
            hints = ["The closing brace may be missing before line \(line(of: suspect)), which begins as if outside of this block."]
        }
        report(
            "Unclosed configuration block",
            "There is no closing brace for this block before the end of the file. This may be caused by incorrect brace nesting elsewhere "
                + "in this file.", at: opening, context: header.union(opening), hints: hints)
    }

    /// The first word at the very start of a line behind `opening`.
    private func lineStartingLikeTopLevel(after opening: SourceRange) -> UInt32? {
        guard let first = tokens.firstIndex(where: { $0.range.start >= opening.end }) else { return nil }
        for index in first..<(tokens.count - 1) where tokens[index].kind == .identifier && tokens[index - 1].kind == .newline {
            return tokens[index].range.start
        }
        return nil
    }
}
