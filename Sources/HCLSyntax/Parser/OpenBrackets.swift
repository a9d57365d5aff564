/// What is open at a place, innermost last. Every question is answered by looking at one place, however deep it nests.
struct OpenBrackets {
    private var kinds: [TokenKind] = []
    /// Where in `kinds` the brackets of each kind are, and the template sequences: nothing within one closes what is around it.
    private var braces: [Int] = []
    private var brackets: [Int] = []
    private var parentheses: [Int] = []
    private var sequences: [Int] = []
    private var texts = 0

    var isEmpty: Bool { kinds.isEmpty }
    var last: TokenKind? { kinds.last }
    /// Within a quoted string or a heredoc, or a sequence of one.
    var isInText: Bool { texts > 0 }
    /// Within a template sequence.
    var isInTemplate: Bool { !sequences.isEmpty }

    mutating func push(_ kind: TokenKind) {
        switch kind {
        case .openBrace: braces.append(kinds.count)
        case .openBracket: brackets.append(kinds.count)
        case .openParenthesis: parentheses.append(kinds.count)
        case .templateInterpolation, .templateControl: sequences.append(kinds.count)
        default: texts += 1
        }
        kinds.append(kind)
    }

    /// The lexer balances strings and sequences. What they enclose may be unbalanced.
    mutating func closeText(_ closer: TokenKind) {
        while let kind = pop() {
            switch closer {
            case .closeQuote: if kind == .openQuote { return }
            case .closeHeredoc: if kind == .openHeredoc { return }
            default: if kind == .templateInterpolation || kind == .templateControl { return }
            }
        }
    }

    /// Closes the innermost bracket of a kind within the sequence around, and what was left open in it; false where there is none.
    mutating func closeBracket(_ closer: TokenKind) -> Bool {
        let match = closer == .closeBrace ? braces.last : closer == .closeBracket ? brackets.last : parentheses.last
        guard let match, match > sequences.last ?? -1 else { return false }
        while kinds.count > match { _ = pop() }
        return true
    }

    private mutating func pop() -> TokenKind? {
        guard let kind = kinds.popLast() else { return nil }
        switch kind {
        case .openBrace: braces.removeLast()
        case .openBracket: brackets.removeLast()
        case .openParenthesis: parentheses.removeLast()
        case .templateInterpolation, .templateControl: sequences.removeLast()
        default: texts -= 1
        }
        return kind
    }
}
