import Diagnostics

/// Sets the spaces before the first token of each line: two for each level.
///
/// A level is opened by a line that opens more brackets than it closes, however many, and is closed when as many have been closed again.
func indent(_ lines: inout [FormatLine], _ tokens: inout [FormatToken]) {
    var levels: [Int] = []
    for line in lines {
        guard let first = line.lead.first else { continue }
        if tokens[first].kind == .newline {
            tokens[first].spacesBefore = 0
            continue
        }
        let net = netBrackets(line.lead, tokens) + (line.assign.map { netBrackets($0, tokens) } ?? 0)
        if net > 0 {
            tokens[first].spacesBefore = 2 * levels.count
            levels.append(net)
            continue
        }
        var closed = -net
        while closed > 0, let level = levels.last {
            if closed < level {
                levels[levels.count - 1] -= closed
                break
            }
            closed -= level
            levels.removeLast()
        }
        tokens[first].spacesBefore = 2 * levels.count
    }
}

/// Brackets opened and not closed in a cell, up to a heredoc: what is in its text does not count.
private func netBrackets(_ cell: Range<Int>, _ tokens: [FormatToken]) -> Int {
    var net = 0
    for token in tokens[cell] {
        if token.kind == .openHeredoc { break }
        net += token.bracketChange
    }
    return net
}

/// Sets the spaces between the tokens of each cell.
func space(_ lines: [FormatLine], _ tokens: inout [FormatToken]) {
    for line in lines {
        spaceCell(line.lead, &tokens)
        if let assign = line.assign {
            tokens[assign.lowerBound].spacesBefore = 1
            spaceCell(assign, &tokens)
        }
    }
}

private func spaceCell(_ cell: Range<Int>, _ tokens: inout [FormatToken]) {
    for index in cell.dropLast() {
        let before = index > cell.lowerBound ? tokens[index - 1].kind : nil
        tokens[index + 1].spacesBefore = isSpaced(before, tokens[index], tokens[index + 1]) ? 1 : 0
    }
}

/// Aligns the assignments, and then the comments, of lines that follow each other and have one.
func align(_ lines: [FormatLine], _ tokens: inout [FormatToken]) {
    alignCells(lines, &tokens, cell: \.assign, behind: [\.lead])
    alignCells(lines, &tokens, cell: \.comment, behind: [\.lead, \.assign])
}

private func alignCells(
    _ lines: [FormatLine], _ tokens: inout [FormatToken], cell: KeyPath<FormatLine, Range<Int>?>,
    behind: [PartialKeyPath<FormatLine>]
) {
    func width(_ line: FormatLine) -> Int {
        behind.reduce(0) { sum, path in
            guard let range = line[keyPath: path] as? Range<Int> else { return sum }
            return tokens[range].reduce(sum) { $0 + $1.columns }
        }
    }
    var start = 0
    while start < lines.count {
        guard lines[start][keyPath: cell] != nil else {
            start += 1
            continue
        }
        var end = start
        var widths: [Int] = []
        while end < lines.count, lines[end][keyPath: cell] != nil {
            widths.append(width(lines[end]))
            end += 1
        }
        let widest = widths.max() ?? 0
        for index in start..<end {
            if let first = lines[index][keyPath: cell]?.first { tokens[first].spacesBefore = widest - widths[index - start] + 1 }
        }
        start = end
    }
}
