import Diagnostics

extension Parser {
    /// Where to go on after an item of a body could not be read: behind the end of its line, brackets in it respected; at the brace that
    /// closes the body around it; or earlier, at a line that can only be the next item, because a bracket was forgotten.
    ///
    /// It walks the item's tokens again, which keeps the parser's way in free of bookkeeping. Each item is walked once.
    func resumptionPoint(itemStart: Int, failure: Int, inBlock: Bool) -> Int {
        // Nothing more is read: walking to the next item would be in vain, and as long as the file.
        if hasGivenUp { return tokens.count - 1 }
        var open = OpenBrackets()
        var index = itemStart
        // The line with the failure may itself be the next item: `b` of `b = 2` was read as an element before `=` did not fit.
        var failureLine = failure
        while failureLine > itemStart + 1, tokens[failureLine - 1].kind != .newline { failureLine -= 1 }
        while index < tokens.count - 1 {
            let kind = tokens[index].kind
            let atLineStart = index > itemStart && isFirstOfLine(index)
            if atLineStart, index >= failureLine, !open.isEmpty, beginsItem(at: index, within: open) { return index }
            switch kind {
            case .openBrace, .openBracket, .openParenthesis, .openQuote, .openHeredoc, .templateInterpolation, .templateControl:
                open.push(kind)
            case .closeQuote, .closeHeredoc, .templateEnd:
                open.closeText(kind)
            case .closeBrace, .closeBracket, .closeParenthesis:
                if !open.closeBracket(kind), kind == .closeBrace, inBlock, !open.isInTemplate, index >= failure, index > itemStart {
                    return index
                }
            case .newline where open.isEmpty && index >= failure:
                return index + 1
            default:
                break
            }
            index += 1
        }
        return index
    }

    private func isFirstOfLine(_ index: Int) -> Bool {
        guard tokens[index].kind == .identifier else { return false }
        let previous = tokens[index - 1].kind
        return previous == .newline || previous == .whitespace && index > 1 && tokens[index - 2].kind == .newline
    }

    /// Whether the line at `index` would be nonsense within the open brackets, and reads as an argument or a block.
    private func beginsItem(at index: Int, within open: OpenBrackets) -> Bool {
        if open.isInText { return false }
        var next = index + 1
        func skipBlanks() { while tokens[next].kind == .whitespace { next += 1 } }
        skipBlanks()
        if tokens[next].kind == .equals { return open.last != .openBrace }
        // `word "label" {` and the end of the line.
        var words = 0
        while tokens[next].kind == .identifier || tokens[next].kind == .openQuote {
            words += 1
            if tokens[next].kind == .openQuote {
                while next < tokens.count - 1, tokens[next].kind != .closeQuote, tokens[next].kind != .newline { next += 1 }
            }
            next += 1
            if next >= tokens.count - 1 { return false }
            skipBlanks()
        }
        guard tokens[next].kind == .openBrace else { return false }
        next += 1
        skipBlanks()
        return tokens[next].kind == .newline || tokens[next].kind == .closeBrace || words > 0
    }
}
