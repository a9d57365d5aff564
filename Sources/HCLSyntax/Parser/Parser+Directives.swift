import Diagnostics

extension Parser {
    /// What stands between `%{` and `}`, which is left for the caller.
    mutating func parseDirective(_ start: SourceRange) throws(SyntaxFailure) -> FlatPart {
        guard kind == .identifier else {
            throw unexpected(
                "Invalid template directive",
                "A template directive keyword (\"if\", \"for\", etc) is expected at the beginning of a %{ sequence.",
                context: start.union(range), hints: ["To write \"%{\" literally, double the sign: \"%%{\"."])
        }
        let word = text(range)
        let wordRange = range
        advance()
        switch word {
        case "if":
            let condition = try parseExpression()
            let height = self.height
            return .startIf(condition, try endDirective("if", start), height: height)
        case "for":
            let (clause, height) = try parseDirectiveNames(start)
            return .startFor(clause, try endDirective("for", start), height: height)
        case "else": return .otherwise(try endDirective("else", start))
        case "endif": return .endIf(try endDirective("endif", start))
        case "endfor": return .endFor(try endDirective("endfor", start))
        default:
            let suggestion = nearestName(word, among: ["if", "for", "else", "endif", "endfor"]).map { " Did you mean \"\($0)\"?" } ?? ""
            throw failure(
                "Invalid template control keyword", "\"\(word)\" is not a valid template control keyword.\(suggestion)", at: wordRange,
                context: start.union(wordRange),
                hints: word == "elseif" || word == "elif" ? ["Nest a second \"if\" within the \"else\" part."] : [])
        }
    }

    private mutating func parseDirectiveNames(_ start: SourceRange) throws(SyntaxFailure) -> (ForClause, height: Int) {
        func problem(_ detail: String, _ parser: inout Parser) -> SyntaxFailure {
            parser.unexpected("Invalid 'for' directive", detail, context: start.union(parser.range))
        }
        guard kind == .identifier else { throw problem("For directive requires variable name after 'for'.", &self) }
        var value = Identifier(name: text(range), range: range)
        var key: Identifier?
        advance()
        if take(.comma) {
            guard kind == .identifier else { throw problem("For directive requires value variable name after comma.", &self) }
            key = value
            value = Identifier(name: text(range), range: range)
            advance()
        }
        guard isWord("in") else { throw problem("For directive requires 'in' keyword after names.", &self) }
        advance()
        let collection = try parseExpression()
        return (ForClause(key: key, value: value, collection: collection, condition: nil), height)
    }

    /// Checks that the directive ends here and gives the range of the whole of it.
    private mutating func endDirective(_ word: String, _ start: SourceRange) throws(SyntaxFailure) -> SourceRange {
        guard kind == .templateEnd, !range.isEmpty else {
            if (kind == .templateEnd || atEnd) && Int(range.start) < bytes.count {
                throw failure(
                    "Unclosed template control sequence",
                    "There is no closing brace for this \(word) sequence before the end of the template.", at: start,
                    hints: ["Add \"}\" behind the directive."])
            }
            throw unexpected(
                "Extra characters in \(word) marker", "Expected a closing brace to end the sequence, but found extra characters.",
                context: start.union(range),
                hints: word == "else" ? ["There is no \"else if\"; nest a second \"if\" within the \"else\" part."] : [])
        }
        return start.union(range)
    }
}
