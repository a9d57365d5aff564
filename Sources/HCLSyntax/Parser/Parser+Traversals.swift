import Diagnostics

extension Parser {
    /// What follows a term: attributes, indices, splats.
    mutating func parseTraversals(of term: Expression) throws(SyntaxFailure) -> Expression {
        var base = term
        // Steps not yet part of `base`: adding each to the tree at once would copy the ones before it.
        var steps: [TraversalStep] = []
        while true {
            switch kind {
            case .dot:
                advance()
                switch kind {
                case .star:
                    try flush(&steps, into: &base)
                    advance()
                    let each = try parseAttributeOnlySteps()
                    try wrap(&base, over: SourceRange(start: base.range.start, end: lastEnd)) { .splat($0, .attributeOnly, each: each) }
                case .number:
                    let index = try parseLegacyIndex()
                    steps.append(.numberIndex(index.text, index.range))
                default:
                    steps.append(.attribute(try parseAttributeName()))
                }
            case .openBracket:
                let start = range.start
                let old = setIgnoresNewlines(true)
                advance()
                if kind == .star {
                    try flush(&steps, into: &base)
                    try closeFullSplat(start: start, restoring: old)
                    let heightBelow = height
                    let each = try nested { parser throws(SyntaxFailure) in try parser.parseEachSteps() }
                    height = max(height, heightBelow)
                    try wrap(&base, over: SourceRange(start: base.range.start, end: lastEnd)) { .splat($0, .full, each: each) }
                    continue
                }
                let heightBelow = height
                let key = try parseIndexKey(start: start, restoring: old)
                let brackets = SourceRange(start: start, end: lastEnd)
                if let step = constantStep(key, range: brackets) {
                    steps.append(step)
                    height = heightBelow
                } else {
                    try flush(&steps, into: &base)
                    height = max(height, heightBelow)
                    try wrap(&base, over: SourceRange(start: base.range.start, end: lastEnd)) { .index($0, key: key) }
                }
            default:
                try flush(&steps, into: &base)
                return base
            }
        }
    }

    private mutating func wrap(
        _ base: inout Expression, over range: SourceRange, _ kind: (Expression) -> Expression.Kind
    ) throws(SyntaxFailure) {
        try raise(height, over: range)
        base = Expression(kind(base), range: range)
    }

    /// Puts the pending steps on the expression. A reference takes them itself.
    private mutating func flush(_ steps: inout [TraversalStep], into base: inout Expression) throws(SyntaxFailure) {
        guard let last = steps.last else { return }
        let range = SourceRange(start: base.range.start, end: last.range.end)
        if case .traversal(let root, let known) = base.kind, known.isEmpty {
            base = Expression(.traversal(root, steps), range: range)
        } else {
            let pending = steps
            try wrap(&base, over: range) { .relative($0, pending) }
        }
        steps.removeAll()
    }

    private func constantStep(_ key: Expression, range: SourceRange) -> TraversalStep? {
        switch key.kind {
        case .number(let text): return .numberIndex(text, range)
        case .template(let parts):
            if parts.isEmpty { return .stringIndex("", range) }
            if parts.count == 1, case .literal(let text, _) = parts[0] { return .stringIndex(text, range) }
            return nil
        default: return nil
        }
    }

    private mutating func parseAttributeName() throws(SyntaxFailure) -> Identifier {
        guard kind == .identifier else {
            var hints: [String] = []
            switch kind {
            case .openBracket: hints = ["Write the index directly behind the name, without a dot."]
            case .openQuote: hints = ["Write [\"…\"] for a name that is not an identifier."]
            default: break
            }
            throw unexpected("Invalid attribute name", "An attribute name is required after a dot.", hints: hints)
        }
        let name = Identifier(name: text(range), range: range)
        advance()
        return name
    }

    /// The number of `.0`, as the versions before 0.12 wrote an index.
    private mutating func parseLegacyIndex() throws(SyntaxFailure) -> LegacyIndex {
        let number = text(range)
        if let dot = number.firstIndex(of: ".") {
            throw failure(
                "Invalid legacy index syntax",
                "When using the legacy index syntax, chaining two indexes together is not permitted. Use the proper index syntax instead, "
                    + "like [\(number[..<dot])][\(number[number.index(after: dot)...])].", at: range)
        }
        let index = LegacyIndex(text: number, range: range)
        advance()
        return index
    }

    private struct LegacyIndex {
        let text: String
        let range: SourceRange
    }

    private mutating func parseIndexKey(start: UInt32, restoring old: Bool) throws(SyntaxFailure) -> Expression {
        let key = try parseExpression()
        guard kind == .closeBracket else {
            throw unexpected(
                "Missing close bracket on index", "The index operator must end with a closing bracket (\"]\").",
                context: SourceRange(start: start, end: range.end))
        }
        _ = setIgnoresNewlines(old)
        advance()
        return key
    }

    private mutating func closeFullSplat(start: UInt32, restoring old: Bool) throws(SyntaxFailure) {
        advance()
        guard kind == .closeBracket else {
            throw unexpected(
                "Missing close bracket on splat index",
                "The star for a full splat operator must be immediately followed by a closing bracket (\"]\").",
                context: SourceRange(start: start, end: range.end))
        }
        _ = setIgnoresNewlines(old)
        advance()
    }

    /// Steps behind `.*`: attributes and legacy indices. An index in brackets already applies to the whole.
    private mutating func parseAttributeOnlySteps() throws(SyntaxFailure) -> [SplatStep] {
        var steps: [SplatStep] = []
        while kind == .dot {
            advance()
            switch kind {
            case .star:
                throw failure(
                    "Nested splat expression not allowed",
                    "A splat expression (*) cannot be used inside another attribute-only splat expression.", at: range,
                    hints: ["Use the full splat operator \"[*]\" for the outer one."])
            case .number:
                let index = try parseLegacyIndex()
                steps.append(.index(Expression(.number(index.text), range: index.range)))
            default:
                steps.append(.attribute(try parseAttributeName()))
            }
        }
        return steps
    }

    /// Everything behind `[*]`, which applies to each element.
    private mutating func parseEachSteps() throws(SyntaxFailure) -> [SplatStep] {
        var steps: [SplatStep] = []
        var tallest = 1
        while true {
            switch kind {
            case .dot:
                advance()
                switch kind {
                case .star:
                    advance()
                    steps.append(.splat(.attributeOnly, each: try parseAttributeOnlySteps()))
                case .number:
                    let index = try parseLegacyIndex()
                    steps.append(.index(Expression(.number(index.text), range: index.range)))
                default:
                    steps.append(.attribute(try parseAttributeName()))
                }
            case .openBracket:
                let start = range.start
                let old = setIgnoresNewlines(true)
                advance()
                if kind == .star {
                    try closeFullSplat(start: start, restoring: old)
                    steps.append(.splat(.full, each: try nested { parser throws(SyntaxFailure) in try parser.parseEachSteps() }))
                    tallest = max(tallest, height)
                    height = tallest + 1
                    return steps
                }
                steps.append(.index(try parseIndexKey(start: start, restoring: old)))
                tallest = max(tallest, height)
            default:
                height = tallest + 1
                return steps
            }
        }
    }
}
