import Diagnostics

/// The tokens of a file, with what the canonical form writes differently: labels are quoted, an argument that is nothing but an
/// interpolation is written without quotes, and the types of variables are written as they are since version 0.12.
func canonicalTokens(of file: SourceFile, _ source: inout FormatSource) -> [FormatToken] {
    var edits: [Edit] = []
    collectEdits(file.body, in: [], &edits)
    edits.sort { $0.range.start < $1.range.start }
    let all = plainTokens(of: file, source)
    var result: [FormatToken] = []
    result.reserveCapacity(all.count)
    var next = 0
    for edit in edits {
        while next < all.count, all[next].range.start < edit.range.start {
            result.append(all[next])
            next += 1
        }
        let first = next
        while next < all.count, all[next].range.start < edit.range.end { next += 1 }
        let replaced = all[first..<next]
        switch edit.kind {
        case .labels(let labels): for label in labels { result += quoted(label, &source) }
        case .value:
            if isWrapped(replaced) { result += unwrapped(replaced, &source) } else { result += replaced }
        case .variableType: result += modernType(Array(replaced), &source)
        }
    }
    result += all[next...]
    return result
}

/// A part of the file that may be written differently.
private struct Edit {
    enum Kind {
        /// Everything from a block's type to its last label: comments between labels are dropped.
        case labels([String])
        case value
        case variableType
    }

    var range: SourceRange
    var kind: Kind
}

private func collectEdits(_ body: Body, in blocks: [String], _ edits: inout [Edit]) {
    for attribute in body.attributes {
        let isType = blocks == ["variable"] && attribute.name.name == "type"
        edits.append(Edit(range: attribute.expression.range, kind: isType ? .variableType : .value))
    }
    for block in body.blocks {
        if let last = block.labels.last {
            let range = SourceRange(start: block.type.range.end, end: last.range.end)
            edits.append(Edit(range: range, kind: .labels(block.labels.map(\.name))))
        }
        collectEdits(block.body, in: blocks + [block.type.name], &edits)
    }
}

/// Everything but white space and the byte order mark; a line comment takes its line end.
private func plainTokens(of file: SourceFile, _ source: FormatSource) -> [FormatToken] {
    var result: [FormatToken] = []
    result.reserveCapacity(file.tokens.count / 2)
    var index = 0
    while index < file.tokens.count {
        let token = file.tokens[index]
        index += 1
        var end = Int(token.range.end)
        let start = Int(token.range.start)
        switch token.kind {
        case .whitespace, .byteOrderMark: continue
        case .comment where index < file.tokens.count && file.tokens[index].kind == .newline && file.bytes[start + 1] != UInt8(ascii: "*"):
            end = Int(file.tokens[index].range.end)
            index += 1
        default: break
        }
        result.append(source.token(token.kind, SourceRange(start, end)))
    }
    return result
}

private func quoted(_ label: String, _ source: inout FormatSource) -> [FormatToken] {
    var result = [source.token(.openQuote, "\"")]
    if !label.isEmpty { result.append(source.token(.quotedLiteral, escaped(label))) }
    result.append(source.token(.closeQuote, "\""))
    return result
}

/// The text as it is written between quotes.
private func escaped(_ text: String) -> String {
    var result = ""
    var scalars = text.unicodeScalars.makeIterator()
    var next = scalars.next()
    while let scalar = next {
        next = scalars.next()
        switch scalar {
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "$" where next == "{", "%" where next == "{":
            result.unicodeScalars.append(scalar)
            result.unicodeScalars.append(scalar)
        default:
            result.unicodeScalars.append(scalar)
        }
    }
    return result
}

/// `"${x}"` as `x`, in parentheses if it has several lines.
private func unwrapped(_ tokens: ArraySlice<FormatToken>, _ source: inout FormatSource) -> ArraySlice<FormatToken> {
    var inner = tokens.dropFirst(2).dropLast(2)
    var quotes = 0
    for token in inner {
        switch token.kind {
        case .openQuote: quotes += 1
        case .closeQuote: quotes -= 1
        case .templateInterpolation where quotes == 0, .templateEnd where quotes == 0, .quotedLiteral where quotes == 0: return tokens
        default: break
        }
    }
    while inner.first?.kind == .newline { inner.removeFirst() }
    while inner.last?.kind == .newline { inner.removeLast() }
    // A line comment takes its line end with it.
    let hasLines = inner.contains(where: \.endsLine)
    if hasLines, inner.first?.kind != .openParenthesis || inner.last?.kind != .closeParenthesis {
        return [source.token(.openParenthesis, "(")] + inner + [source.token(.closeParenthesis, ")")]
    }
    return inner
}

/// Whether they begin and end like `"${x}"`.
private func isWrapped(_ tokens: ArraySlice<FormatToken>) -> Bool {
    let start = tokens.startIndex
    let end = tokens.endIndex
    return tokens.count >= 5 && tokens[start].kind == .openQuote && tokens[start + 1].kind == .templateInterpolation
        && tokens[end - 2].kind == .templateEnd && tokens[end - 1].kind == .closeQuote
}

/// `list` as `list(any)`, `"list"` as `list(string)`.
private func modernType(_ tokens: [FormatToken], _ source: inout FormatSource) -> [FormatToken] {
    func text(_ index: Int) -> String { source.text(tokens[index]) }
    func collection(_ name: String, of element: String) -> [FormatToken] {
        [
            source.token(.identifier, name), source.token(.openParenthesis, "("), source.token(.identifier, element),
            source.token(.closeParenthesis, ")"),
        ]
    }
    if tokens.count == 1, tokens[0].kind == .identifier, ["list", "map", "set"].contains(text(0)) { return collection(text(0), of: "any") }
    if tokens.count == 3, tokens[0].kind == .openQuote, tokens[1].kind == .quotedLiteral {
        switch text(1) {
        case "string": return [source.token(.identifier, "string")]
        case "list", "map": return collection(text(1), of: "string")
        default: break
        }
    }
    return tokens
}
