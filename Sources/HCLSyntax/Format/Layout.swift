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
            tokens[first].spacesBefore = Int32(2 * levels.count)
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
        tokens[first].spacesBefore = Int32(2 * levels.count)
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
    alignCells(lines, &tokens, { $0.assign }, behind: { ($0.lead, nil) })
    alignCells(lines, &tokens, { $0.comment }, behind: { ($0.lead, $0.assign) })
}

private func alignCells(
    _ lines: [FormatLine], _ tokens: inout [FormatToken], _ cell: (FormatLine) -> Range<Int>?,
    behind: (FormatLine) -> (Range<Int>, Range<Int>?)
) {
    func width(_ line: FormatLine) -> Int {
        let (first, second) = behind(line)
        let width = tokens[first].reduce(0) { $0 + $1.columns }
        return second.map { tokens[$0].reduce(width) { $0 + $1.columns } } ?? width
    }
    var start = 0
    while start < lines.count {
        guard cell(lines[start]) != nil else {
            start += 1
            continue
        }
        var end = start
        var widths: [Int] = []
        while end < lines.count, cell(lines[end]) != nil {
            widths.append(width(lines[end]))
            end += 1
        }
        let widest = widths.max() ?? 0
        for index in start..<end {
            if let first = cell(lines[index])?.first { tokens[first].spacesBefore = Int32(widest - widths[index - start] + 1) }
        }
        start = end
    }
}
