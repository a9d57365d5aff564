import Diagnostics

extension Parser {
    /// Arguments and blocks up to the end of the file, or to the closing brace of the block whose opening brace is at `opening`.
    /// The closing brace is left for the caller. Gives up nothing but the item it cannot read.
    mutating func parseBody(closedBy opening: SourceRange?) -> Body {
        var body = Body(attributes: [], blocks: [], range: SourceRange(start: range.start, end: range.start), file: path)
        var names = Set<String>()
        while !atEnd, diagnostics.count < Self.mostDiagnostics {
            if take(.newline) { continue }
            if kind == .closeBrace, opening != nil { break }
            let start = index
            do throws(SyntaxFailure) {
                try parseItem(into: &body, names: &names)
            } catch {
                resume(at: resumptionPoint(itemStart: start, failure: index))
            }
            precondition(index > start || (kind == .closeBrace && opening != nil), "the parser stands still")
        }
        body.range.end = range.start
        return body
    }

    /// After so many errors the file is hardly a configuration, and nobody reads on.
    static var mostDiagnostics: Int { 100 }

    private mutating func parseItem(into body: inout Body, names: inout Set<String>) throws(SyntaxFailure) {
        switch kind {
        case .identifier:
            break
        case .openQuote:
            throw unexpected(
                "Invalid argument name", "Argument names must not be quoted.", hints: ["Remove the quotes around the name."])
        case .closeBrace:
            throw unexpected(
                "Argument or block definition required", "This closing brace has no block to close.",
                hints: ["Remove it, or look for a block above that is closed twice."])
        default:
            throw unexpected("Argument or block definition required", "An argument or block definition is required here.")
        }
        let name = Identifier(name: text(range), range: range)
        advance()
        switch kind {
        case .equals:
            let attribute = try parseAttribute(name)
            if names.insert(name.name).inserted {
                body.attributes.append(attribute)
            } else {
                reportRedefinition(name, in: body)
            }
            try endAttribute(name)
        case .openQuote, .openBrace, .identifier:
            body.blocks.append(try nested { parser throws(SyntaxFailure) in try parser.parseBlock(type: name) })
            try endBlock()
        default:
            throw neitherArgumentNorBlock(name)
        }
    }

    private mutating func reportRedefinition(_ name: Identifier, in body: Body) {
        let first = body.attribute(name.name)
        let place = first.map { "\(path) line \(line(of: $0.name.range.start))" } ?? path
        report(
            "Attribute redefined",
            "The argument \"\(name.name)\" was already set at \(place). Each argument may be set only once.", at: name.range,
            hints: ["Remove one of the two."])
    }

    private mutating func neitherArgumentNorBlock(_ name: Identifier) -> SyntaxFailure {
        if kind == .invalid, !atEnd { return unexpected("", "") }
        var detail = "An argument or block definition is required here. To set an argument, use the equals sign \"=\" to introduce the "
            + "argument value."
        var hints: [String] = []
        switch kind {
        case .colon: hints = ["Write \"\(name.name) =\" instead of \"\(name.name):\"."]
        case .equalEqual: hints = ["\"==\" compares; write a single \"=\" to set the argument."]
        case .dot: hints = ["To set something within \"\(name.name)\", write the whole value: \(name.name) = { … }."]
        case .newline where isOpenBraceOnNextLine():
            detail = "The opening brace of a block must stand on the line of its header."
            hints = ["Move the \"{\" behind \"\(name.name)\"."]
        default: break
        }
        return failure("Argument or block definition required", detail, at: name.range, hints: hints)
    }

    private func isOpenBraceOnNextLine() -> Bool {
        guard kind == .newline else { return false }
        var next = index + 1
        while next < tokens.count - 1, [.whitespace, .newline, .comment].contains(tokens[next].kind) { next += 1 }
        return tokens[next].kind == .openBrace
    }

    // MARK: Arguments

    private mutating func parseAttribute(_ name: Identifier) throws(SyntaxFailure) -> Attribute {
        advance()
        let expression = try parseExpression()
        return Attribute(name: name, expression: expression, range: name.range.union(expression.range))
    }

    private mutating func endAttribute(_ name: Identifier) throws(SyntaxFailure) {
        if atEnd || take(.newline) { return }
        var hints: [String] = []
        switch kind {
        case .equals: hints = ["Does the line before lack its end, or do you mean \"==\"?"]
        case .comma: hints = ["Remove the comma: arguments are separated by line ends."]
        case .closeBrace: hints = ["Put the closing brace on a line of its own."]
        case .openQuote, .identifier, .number: hints = ["Put the next argument on a line of its own, or join the parts in one string."]
        default: break
        }
        throw unexpected(
            "Missing newline after argument", "An argument definition must end with a newline.",
            context: name.range.union(range), hints: hints)
    }

    // MARK: Blocks

    private mutating func parseBlock(type: Identifier) throws(SyntaxFailure) -> Block {
        var labels: [Identifier] = []
        while true {
            switch kind {
            case .openQuote:
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
                throw unexpected(
                    "Invalid block definition",
                    "A block definition must have block content delimited by \"{\" and \"}\", starting on the same line as the block "
                        + "header.", context: type.range.union(range))
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
        if kind == .newline {
            advance()
            var body = parseBody(closedBy: opening)
            body.range.start = opening.start
            guard kind == .closeBrace, !atEnd else {
                // Not thrown: what was read of the block is good.
                if diagnostics.count < Self.mostDiagnostics { reportUnclosed(type, header: header, opening: opening) }
                body.range.end = range.start
                return Block(type: type, labels: labels, body: body, range: header.union(body.range), headerRange: header)
            }
            advance()
            body.range.end = lastEnd
            return Block(type: type, labels: labels, body: body, range: header.union(body.range), headerRange: header)
        }
        var body = try parseSingleLineBody(header: header, opening: opening)
        body.range = SourceRange(start: opening.start, end: lastEnd)
        return Block(type: type, labels: labels, body: body, range: header.union(body.range), headerRange: header)
    }

    /// `{ }` or `{ name = value }` on one line, closing brace included.
    private mutating func parseSingleLineBody(header: SourceRange, opening: SourceRange) throws(SyntaxFailure) -> Body {
        var body = Body(attributes: [], blocks: [], range: opening, file: path)
        if take(.closeBrace) { return body }
        guard !atEnd else {
            reportUnclosed(Identifier(name: text(header), range: header), header: header, opening: opening)
            return body
        }
        guard kind == .identifier else {
            throw unexpected(
                "Invalid single-argument block definition",
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

    private mutating func endBlock() throws(SyntaxFailure) {
        if atEnd || take(.newline) { return }
        throw unexpected("Missing newline after block definition", "A block definition must end with a newline.")
    }

    /// At the end of the file. The indentation of what was taken for the block's content often tells where the brace is missing.
    private mutating func reportUnclosed(_ type: Identifier, header: SourceRange, opening: SourceRange) {
        if unclosedReported { return }
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
