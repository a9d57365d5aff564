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
                least = min(least, text[..<rest.startIndex].count)
                lines.append(index)
            }
        }
        beginsLine = endsLine
    }
    guard least > 0, least < Int.max else { return }
    for index in lines {
        guard case .literal(let text, let range) = parts[index] else { continue }
        parts[index] = .literal(String(text.dropFirst(least)), range)
    }
}
