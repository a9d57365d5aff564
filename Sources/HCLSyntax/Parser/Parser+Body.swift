import Diagnostics

extension Parser {
    /// Arguments and blocks up to the end of the file, or to the closing brace of the block whose opening brace is at `opening`.
    /// The closing brace is left for the caller. Gives up nothing but the item it cannot read.
    mutating func parseBody(closedBy opening: SourceRange?) -> Body {
        var body = Body(attributes: [], blocks: [], range: SourceRange(start: range.start, end: range.start), file: path)
        var names = ArgumentNames()
        var failedBefore = false
        while !atEnd, !hasGivenUp {
            if take(.newline) { continue }
            if kind == .closeBrace, opening != nil { break }
            let start = index
            // What cannot begin an item, directly behind one that could not be read, is a part of that.
            let isRemnant = failedBefore && kind != .identifier
            do throws(SyntaxFailure) {
                if isRemnant { throw SyntaxFailure() }
                try parseItem(into: &body, names: &names)
                failedBefore = false
            } catch {
                failedBefore = true
                resume(at: resumptionPoint(itemStart: start, failure: index, inBlock: opening != nil))
            }
            precondition(index > start || (kind == .closeBrace && opening != nil), "the parser stands still")
        }
        body.range.end = range.start
        return body
    }

    private mutating func parseItem(into body: inout Body, names: inout ArgumentNames) throws(SyntaxFailure) {
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
            if names.insert(name.name, into: body) {
                body.attributes.append(attribute)
            } else {
                reportRedefinition(name, in: body)
            }
            try endAttribute(name)
        case .openQuote, .openBrace, .identifier:
            body.blocks.append(try nested { parser throws(SyntaxFailure) in try parser.parseBlock(type: name) })
            try endBlock()
        case .newline where isOpenBraceOnNextLine():
            // A single slip, plain to see: the block is read as it was meant.
            report(
                "Argument or block definition required", "The opening brace of a block must stand on the line of its header.",
                at: name.range, hints: ["Move the \"{\" to the end of this line."])
            body.blocks.append(try nested { parser throws(SyntaxFailure) in try parser.parseBlock(type: name) })
            try endBlock()
        default:
            throw neitherArgumentNorBlock(name)
        }
    }

    /// The names set in a body so far. Most bodies are short, and a search beats a hash table.
    private struct ArgumentNames {
        private var many: Set<String>?

        /// Whether the name is new.
        mutating func insert(_ name: String, into body: Body) -> Bool {
            if many == nil, body.attributes.count < 16 { return !body.attributes.contains { $0.name.name == name } }
            if many == nil { many = Set(body.attributes.lazy.map(\.name.name)) }
            return many?.insert(name).inserted ?? true
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

    mutating func neitherArgumentNorBlock(_ name: Identifier) -> SyntaxFailure {
        if kind == .invalid, !atEnd { return unexpected("", "") }
        let detail =
            "An argument or block definition is required here. To set an argument, use the equals sign \"=\" to introduce the "
            + "argument value."
        var hints: [String] = []
        switch kind {
        case .colon: hints = ["Write \"\(name.name) =\" instead of \"\(name.name):\"."]
        case .equalEqual: hints = ["\"==\" compares; write a single \"=\" to set the argument."]
        case .dot: hints = ["To set something within \"\(name.name)\", write the whole value: \(name.name) = { … }."]
        default: break
        }
        return failure("Argument or block definition required", detail, at: name.range, hints: hints)
    }

    func isOpenBraceOnNextLine() -> Bool {
        guard kind == .newline else { return false }
        var next = index + 1
        while next < tokens.count - 1, [.whitespace, .newline, .comment].contains(tokens[next].kind) { next += 1 }
        return tokens[next].kind == .openBrace
    }

    // MARK: Arguments

    mutating func parseAttribute(_ name: Identifier) throws(SyntaxFailure) -> Attribute {
        advance()
        let expression = try parseExpression()
        return Attribute(name: name, expression: expression, range: name.range.union(expression.range))
    }

    private mutating func endAttribute(_ name: Identifier) throws(SyntaxFailure) {
        if atEnd || take(.newline) { return }
        if kind == .comma {
            throw failure(
                "Unexpected comma after argument",
                "Argument definitions must be separated by newlines, not commas. An argument definition must end with a newline.",
                at: range, context: name.range.union(range), hints: ["Remove the comma."])
        }
        var hints: [String] = []
        switch kind {
        case .equals: hints = ["Does the line before lack its end, or do you mean \"==\"?"]
        case .closeBrace: hints = ["Put the closing brace on a line of its own."]
        case .openQuote, .identifier, .number: hints = ["Put the next argument on a line of its own, or join the parts in one string."]
        default: break
        }
        throw unexpected(
            "Missing newline after argument", "An argument definition must end with a newline.",
            context: name.range.union(range), hints: hints)
    }
}
