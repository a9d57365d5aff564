import Diagnostics

/// Removes from the lines of a `<<-` heredoc as many leading blanks as the least indented of them has.
/// A line with nothing but blanks does not count and keeps them; a line that begins with a sequence has none.
func removeIndentation(_ parts: inout [FlatPart]) {
    var least = Int.max
    var beginsLine = true
    var lines: [Int] = []
    for (index, part) in parts.enumerated() {
        guard case .literal(let text, _) = part else {
            if beginsLine { least = 0 }
            beginsLine = false
            continue
        }
        let endsLine = text.utf8.last == UInt8(ascii: "\n")
        if beginsLine {
            let rest = text.unicodeScalars.drop { $0.isBlank }
            if !rest.isEmpty || !endsLine {
                least = min(least, text.plainIndentation ?? text[..<rest.startIndex].count)
                lines.append(index)
            }
        }
        beginsLine = endsLine
    }
    guard least > 0, least < Int.max else { return }
    for index in lines {
        guard case .literal(let text, let range) = parts[index] else { continue }
        let isPlain = text.utf8.prefix(least).allSatisfy { $0 == 0x20 || $0 == 0x09 }
        parts[index] = .literal(isPlain ? String(Substring(text.utf8.dropFirst(least))) : String(text.dropFirst(least)), range)
    }
}

extension String {
    /// The number of spaces and tabs the text begins with, if what follows them is ASCII and so no other kind of blank.
    fileprivate var plainIndentation: Int? {
        var count = 0
        for byte in utf8 {
            if byte == 0x20 || byte == 0x09 {
                count += 1
            } else {
                return (0x21..<0x7F).contains(byte) ? count : nil
            }
        }
        return nil
    }
}
