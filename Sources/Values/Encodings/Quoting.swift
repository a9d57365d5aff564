/// In double quotes, with backslashes before quotes, backslashes and control characters, as Go's `%q`: messages and the order of sets use it.
public func quotedForMessages(_ text: String) -> String {
    var bytes: [UInt8] = []
    appendGoQuoted(text, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}

func appendGoQuoted(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": bytes.append(contentsOf: #"\""#.utf8)
        case "\\": bytes.append(contentsOf: #"\\"#.utf8)
        case "\u{7}": bytes.append(contentsOf: #"\a"#.utf8)
        case "\u{8}": bytes.append(contentsOf: #"\b"#.utf8)
        case "\u{C}": bytes.append(contentsOf: #"\f"#.utf8)
        case "\n": bytes.append(contentsOf: #"\n"#.utf8)
        case "\r": bytes.append(contentsOf: #"\r"#.utf8)
        case "\t": bytes.append(contentsOf: #"\t"#.utf8)
        case "\u{B}": bytes.append(contentsOf: #"\v"#.utf8)
        case _ where isPrintable(scalar): bytes.append(contentsOf: UTF8.encode(scalar).map { Array($0) } ?? [])
        case _ where scalar.value < 0x80: appendHex(scalar.value, digits: 2, marker: "x", to: &bytes)
        case _ where scalar.value < 0x10000: appendHex(scalar.value, digits: 4, marker: "u", to: &bytes)
        default: appendHex(scalar.value, digits: 8, marker: "U", to: &bytes)
        }
    }
    bytes.append(UInt8(ascii: "\""))
}

private func appendHex(_ value: UInt32, digits: Int, marker: Character, to bytes: inout [UInt8]) {
    let text = String(value, radix: 16)
    bytes.append(contentsOf: "\\\(marker)\(String(repeating: "0", count: digits - text.count))\(text)".utf8)
}

/// Letters, marks, numbers, punctuation, symbols and the ASCII space.
func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.value < 0x7F { return scalar.value >= 0x20 }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator: return false
    default: return true
    }
}

/// A text as a literal of the language: with the few short escapes that it has, and nothing in it that would begin a template or that
/// cannot be seen.
public func quotedLiteral(_ text: String) -> String {
    var result = "\""
    var scalars = text.unicodeScalars.makeIterator()
    var next = scalars.next()
    while let scalar = next {
        next = scalars.next()
        switch scalar {
        case "\"", "\\": result += "\\" + String(scalar)
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        // Doubled, it begins no template.
        case "$" where next == "{", "%" where next == "{": result += String(scalar) + String(scalar)
        case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
        default:
            let digits = String(scalar.value, radix: 16)
            let (letter, count) = scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
            result += "\\" + letter + String(repeating: "0", count: count - digits.utf8.count) + digits
        }
    }
    return result + "\""
}
