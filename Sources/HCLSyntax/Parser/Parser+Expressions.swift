import Diagnostics

extension Parser {
    /// A whole expression: conditionals bind weakest and group to the right.
    mutating func parseExpression() throws(SyntaxFailure) -> Expression {
        try nested { parser throws(SyntaxFailure) in try parser.parseConditional() }
    }

    /// `a ? b : c ? d : e`, with a loop for the chain.
    private mutating func parseConditional() throws(SyntaxFailure) -> Expression {
        var choices: [(condition: Expression, then: Expression, height: Int)] = []
        var last = try parseBinary(atLeast: .lowest)
        while kind == .question {
            let conditionHeight = height
            advance()
            let then = try parseExpression()
            choices.append((last, then, max(conditionHeight, height)))
            guard kind == .colon else {
                throw unexpected(
                    "Missing false expression in conditional",
                    "The conditional operator (...?...:...) requires a false expression, delimited by a colon.",
                    context: last.range.union(range), hints: newlineHint)
            }
            advance()
            last = try parseBinary(atLeast: .lowest)
        }
        for choice in choices.reversed() {
            let range = choice.condition.range.union(last.range)
            try raise(max(choice.height, height), over: range)
            last = Expression(.conditional(condition: choice.condition, then: choice.then, otherwise: last), range: range)
        }
        return last
    }

    /// Operators that group to the left, by precedence climbing.
    private mutating func parseBinary(atLeast minimum: Precedence) throws(SyntaxFailure) -> Expression {
        var left = try parseUnary()
        while let (operation, precedence) = binaryOperator(kind), precedence.rawValue >= minimum.rawValue {
            let leftHeight = height
            advance()
            let right =
                if let tighter = Precedence(rawValue: precedence.rawValue + 1) {
                    try parseBinary(atLeast: tighter)
                } else {
                    try parseUnary()
                }
            let range = left.range.union(right.range)
            try raise(max(leftHeight, height), over: range)
            left = Expression(.binary(operation, left, right), range: range)
        }
        return left
    }

    private enum Precedence: UInt8 {
        case or, and, equality, comparison, sum, product
        static let lowest = Precedence.or
    }

    private func binaryOperator(_ kind: TokenKind) -> (BinaryOperator, Precedence)? {
        switch kind {
        case .orOr: (.or, .or)
        case .andAnd: (.and, .and)
        case .equalEqual: (.equal, .equality)
        case .bangEqual: (.notEqual, .equality)
        case .greater: (.greater, .comparison)
        case .greaterEqual: (.greaterOrEqual, .comparison)
        case .less: (.less, .comparison)
        case .lessEqual: (.lessOrEqual, .comparison)
        case .plus: (.add, .sum)
        case .minus: (.subtract, .sum)
        case .star: (.multiply, .product)
        case .slash: (.divide, .product)
        case .percent: (.modulo, .product)
        default: nil
        }
    }

    /// `-x`, `!x`: tighter than any binary operator, weaker than traversal.
    private mutating func parseUnary() throws(SyntaxFailure) -> Expression {
        var operators: [(UnaryOperator, start: UInt32)] = []
        while kind == .minus || kind == .bang {
            operators.append((kind == .minus ? .negate : .not, range.start))
            advance()
        }
        var operand = try parseTraversals(of: parseTerm())
        for (operation, start) in operators.reversed() {
            let range = SourceRange(start: start, end: operand.range.end)
            try raise(height, over: range)
            operand = Expression(.unary(operation, operand), range: range)
        }
        return operand
    }

    private mutating func parseTerm() throws(SyntaxFailure) -> Expression {
        height = 1
        switch kind {
        case .number:
            return try parseNumber()
        case .identifier:
            return try parseNamed()
        case .openQuote:
            return try nested { parser throws(SyntaxFailure) in try parser.parseQuoted() }
        case .openHeredoc:
            return try nested { parser throws(SyntaxFailure) in try parser.parseHeredoc() }
        case .openParenthesis:
            return try parseParenthesized()
        case .openBracket:
            return try parseTuple()
        case .openBrace:
            return try parseObject()
        default:
            throw missingExpression()
        }
    }

    /// Digits, then perhaps a fraction, then perhaps an exponent; the digits of the fraction may be missing.
    private mutating func parseNumber() throws(SyntaxFailure) -> Expression {
        let range = self.range
        let text = self.text(range)
        var points = 0
        var exponents = 0
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "."): points += exponents > 0 ? 2 : 1
            case UInt8(ascii: "e"), UInt8(ascii: "E"): exponents += 1
            default: break
            }
        }
        if points > 1 || exponents > 1 {
            throw failure(
                "Invalid number literal", "Failed to recognize the value of this number literal.", at: range,
                hints: ["A version or an address is a string: put it in quotes."])
        }
        advance()
        return Expression(.number(text), range: range)
    }

    /// A word: a constant, a function's name or the root of a reference.
    private mutating func parseNamed() throws(SyntaxFailure) -> Expression {
        let range = self.range
        let isTrue = isWord("true")
        let isFalse = isWord("false")
        let isNull = isWord("null")
        advance()
        if kind == .openParenthesis || kind == .doubleColon { return try parseCall(range) }
        if isTrue || isFalse { return Expression(.bool(isTrue), range: range) }
        if isNull { return Expression(.null, range: range) }
        return Expression(.traversal(Identifier(name: text(range), range: range), []), range: range)
    }

    private mutating func parseParenthesized() throws(SyntaxFailure) -> Expression {
        let opening = range
        let old = setIgnoresNewlines(true)
        advance()
        let inner = try parseExpression()
        guard kind == .closeParenthesis else {
            throw unexpected(
                "Unbalanced parentheses", "Expected a closing parenthesis to terminate the expression.", context: opening.union(range))
        }
        _ = setIgnoresNewlines(old)
        advance()
        let whole = SourceRange(start: opening.start, end: lastEnd)
        try raise(height, over: whole)
        return Expression(.parenthesized(inner), range: whole)
    }

    // MARK: Complaining

    /// What to say when an operand is asked for and something else is there.
    mutating func missingExpression() -> SyntaxFailure {
        // Or at the end of a sequence that ends because the file does.
        if atEnd || range.isEmpty && Int(range.start) >= bytes.count {
            return failure(
                "Missing expression", "Expected the start of an expression, but found the end of the file.", at: range)
        }
        let found =
            switch kind {
            case .newline: "the end of the line"
            case .templateEnd: "the end of the template sequence"
            default: "\"\(text(range))\""
            }
        var hints: [String] = []
        switch kind {
        case .newline:
            hints = ["Write the value on this line; to go on over several lines, wrap the expression in parentheses."]
        case .star where index > 0 && tokens[index - 1].kind == .star:
            hints = ["There is no \"**\" operator; use the function pow."]
        case .question where index > 0 && tokens[index - 1].kind == .question:
            hints = ["There is no \"??\" operator; use the function coalesce."]
        case .dot:
            hints = ["Numbers begin with a digit, as in 0.5."]
        case .comma: hints = ["Remove the extra comma."]
        case .closeBrace, .closeBracket, .closeParenthesis: hints = ["Write a value before it."]
        case .equals: hints = ["To compare two values, use \"==\"."]
        case .plus: hints = ["There is no \"++\" and no unary \"+\"; leave it out."]
        default: break
        }
        return unexpected("Invalid expression", "Expected the start of an expression, but found \(found).", hints: hints)
    }

    /// For a line end where the expression must go on.
    var newlineHint: [String] {
        kind == .newline ? ["To go on over several lines, wrap the whole expression in parentheses."] : []
    }
}
