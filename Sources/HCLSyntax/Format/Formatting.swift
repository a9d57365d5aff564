import Diagnostics

/// The file in the canonical layout, byte for byte as `terraform fmt FILE` leaves it. A file with syntax errors is given back unchanged.
public func formatted(_ bytes: [UInt8]) -> [UInt8] {
    formatted(bytes, path: "").tree
}

/// As above, with the syntax errors because of which the file was given back unchanged.
public func formatted(_ bytes: [UInt8], path: String) -> ParseResult<[UInt8]> {
    let parsed = parseFile(bytes, path: path, refusesAmbiguousKeys: false)
    if parsed.diagnostics.hasErrors { return ParseResult(tree: bytes, diagnostics: parsed.diagnostics) }
    var source = FormatSource(bytes)
    var tokens = canonicalTokens(of: parsed.tree, &source)
    var lines = FormatLine.lines(of: tokens)
    indent(&lines, &tokens)
    space(lines, &tokens)
    align(lines, &tokens)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + bytes.count / 8)
    for token in tokens {
        if token.spacesBefore > 0 { result.append(contentsOf: repeatElement(UInt8(ascii: " "), count: Int(token.spacesBefore))) }
        result.append(contentsOf: source.slice(token.range))
    }
    // Blanks behind the last line, where the file ends without a line end, are left alone as the reference does.
    if let last = parsed.tree.tokens.last, last.kind == .whitespace {
        result.append(contentsOf: repeatElement(UInt8(ascii: " "), count: Int(last.range.end - last.range.start)))
    }
    return ParseResult(tree: result, diagnostics: [])
}
