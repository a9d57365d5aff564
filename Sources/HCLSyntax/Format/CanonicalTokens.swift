import Diagnostics

/// The tokens of a file, with what the canonical form writes differently: labels are quoted, an argument that is nothing but an
/// interpolation is written without quotes, and the types of variables are written as they are since version 0.12.
func canonicalTokens(of file: SourceFile) -> [FormatToken] {
    var edits: [Edit] = []
    collectEdits(file.body, in: [], &edits)
    edits.sort { $0.range.start < $1.range.start }
    let all = plainTokens(of: file)
    var result: [FormatToken] = []
    result.reserveCapacity(all.count)
    var next = 0
    for edit in edits {
        while next < all.count, all[next].start < edit.range.start {
            result.append(all[next].token)
            next += 1
        }
        var replaced: [FormatToken] = []
        while next < all.count, all[next].start < edit.range.end {
            replaced.append(all[next].token)
            next += 1
        }
        switch edit.kind {
        case .labels(let labels): result += labels.flatMap(quoted)
        case .value: result += unwrapped(replaced)
        case .variableType: result += modernType(replaced)
        }
    }
    for item in all[next...] { result.append(item.token) }
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
private func plainTokens(of file: SourceFile) -> [(token: FormatToken, start: UInt32)] {
    var result: [(token: FormatToken, start: UInt32)] = []
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
        result.append((FormatToken(token.kind, file.bytes[start..<end]), token.range.start))
    }
    return result
}

private func quoted(_ label: String) -> [FormatToken] {
    var result = [FormatToken(.openQuote, "\"")]
    if !label.isEmpty { result.append(FormatToken(.quotedLiteral, escaped(label))) }
    result.append(FormatToken(.closeQuote, "\""))
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
private func unwrapped(_ tokens: [FormatToken]) -> [FormatToken] {
    guard tokens.count >= 5, tokens[0].kind == .openQuote, tokens[1].kind == .templateInterpolation,
        tokens[tokens.count - 2].kind == .templateEnd, tokens[tokens.count - 1].kind == .closeQuote
    else { return tokens }
    var inner = tokens[2..<(tokens.count - 2)]
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
    let hasLines = inner.contains { $0.kind == .newline }
    if hasLines, inner.first?.kind != .openParenthesis || inner.last?.kind != .closeParenthesis {
        return [FormatToken(.openParenthesis, "(")] + inner + [FormatToken(.closeParenthesis, ")")]
    }
    return Array(inner)
}

/// `list` as `list(any)`, `"list"` as `list(string)`.
private func modernType(_ tokens: [FormatToken]) -> [FormatToken] {
    func text(_ index: Int) -> String { String(decoding: tokens[index].bytes, as: UTF8.self) }
    func collection(_ name: String, of element: String) -> [FormatToken] {
        [.init(.identifier, name), .init(.openParenthesis, "("), .init(.identifier, element), .init(.closeParenthesis, ")")]
    }
    if tokens.count == 1, tokens[0].kind == .identifier, ["list", "map", "set"].contains(text(0)) { return collection(text(0), of: "any") }
    if tokens.count == 3, tokens[0].kind == .openQuote, tokens[1].kind == .quotedLiteral {
        switch text(1) {
        case "string": return [FormatToken(.identifier, "string")]
        case "list", "map": return collection(text(1), of: "string")
        default: break
        }
    }
    return tokens
}
