import Diagnostics

/// Whether a space stands between two neighbouring tokens; `before` is the kind of the token before them in the same cell.
/// The first rule that applies decides.
func isSpaced(_ before: TokenKind?, _ token: FormatToken, _ next: FormatToken) -> Bool {
    let kind = token.kind
    switch (kind, next.kind) {
    case (_, .newline): return false
    // Names: calls, namespaces, attributes.
    case (.identifier, .openParenthesis), (.identifier, .doubleColon), (.doubleColon, .identifier): return false
    case (.dot, _), (_, .dot): return false
    case (_, .comma), (_, .ellipsis): return false
    case (.comma, _): return true
    // The text of templates is not to be changed.
    case (.quotedLiteral, _), (.stringLiteral, _), (.openQuote, _), (.openHeredoc, _): return false
    case (_, .quotedLiteral), (_, .stringLiteral), (_, .closeQuote), (_, .closeHeredoc): return false
    // The word of `for x in [a] : …` is not a name that is indexed.
    case (.identifier, _) where before == .identifier && token.isWordIn: return true
    case (.identifier, .openBracket), (.number, .openBracket): return false
    case (_, .openBracket) where token.bracketChange < 0: return false
    case (.bang, _): return false
    case (.minus, _): return !isNegation(after: before)
    // Braces have spaces within, unless there is nothing.
    case (.openBrace, .closeBrace): return false
    case (.openBrace, _), (_, .closeBrace): return true
    case (.templateInterpolation, .openBrace), (.templateControl, .openBrace), (.closeBrace, .templateEnd): return true
    case (.templateEnd, .templateInterpolation), (.templateEnd, .templateControl): return false
    default: return token.bracketChange <= 0 && next.bracketChange >= 0
    }
}

/// Whether a minus behind a token of this kind negates what follows, since nothing that it could be subtracted from has ended.
private func isNegation(after before: TokenKind?) -> Bool {
    switch before {
    case nil, .openParenthesis, .openBrace, .openBracket, .equals, .colon, .comma, .question: true
    case .plus, .star, .slash, .percent, .minus: true
    case .equalEqual, .bangEqual, .greater, .greaterEqual, .less, .lessEqual, .andAnd, .orOr, .bang: true
    default: false
    }
}
