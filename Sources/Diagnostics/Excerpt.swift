/// The lines of a source that a diagnostic shows, and what in them is at fault.
struct Excerpt {
    /// The longest excerpt: beyond it nobody looks for the place.
    static let mostLines = 12

    let start: SourcePosition
    let end: SourcePosition
    let title: String?
    /// Whole lines, the last without its line end.
    let code: String
    let firstLine: Int
    /// Offsets of the subject in the bytes of `code`.
    let highlight: Range<Int>

    /// Shows the lines of the context if they are few, else those of the subject, else the first of those.
    init?(of diagnostic: Diagnostic, in sources: SourceMap) {
        guard let subject = diagnostic.subject, let source = sources[subject.file] else { return nil }
        let count = source.bytes.count
        let lower = min(Int(subject.range.start), count)
        // An empty range cannot be shown: it becomes the character it stands before.
        let upper = max(lower + 1, min(Int(subject.range.end), count))
        var codeStart = source.lineStart(before: lower)
        var codeEnd = source.lineEnd(from: min(max(lower, upper - 1), count))
        if let context = diagnostic.context, context.file == subject.file {
            let wideStart = source.lineStart(before: min(codeStart, Int(context.range.start)))
            let wideEnd = source.lineEnd(from: max(codeEnd, Int(context.range.end) - 1))
            if source.lines(from: wideStart, to: wideEnd) <= Self.mostLines { (codeStart, codeEnd) = (wideStart, wideEnd) }
        }
        codeEnd = source.end(ofLines: Self.mostLines, from: codeStart, atMost: codeEnd)
        let shown = source.bytes[codeStart..<max(codeStart, codeEnd)]
        start = source.position(of: lower)
        end = upper > count ? SourcePosition(line: start.line, column: start.column + 1, byte: upper) : source.position(of: upper)
        // A fault of a block's whole header is not in that block, unless it is of what the block stands for.
        title = source.title(at: diagnostic.address == nil ? lower - 1 : lower)
        code = String(decoding: shown, as: UTF8.self)
        firstLine = 1 + source.bytes[..<codeStart].count { $0 == UInt8(ascii: "\n") }
        highlight = (lower - codeStart)..<max(lower - codeStart, min(upper - codeStart, shown.count))
    }
}

extension SourceMap.Source {
    fileprivate func lines(from start: Int, to end: Int) -> Int {
        1 + bytes[start..<max(start, end)].count { $0 == UInt8(ascii: "\n") }
    }

    fileprivate func end(ofLines most: Int, from start: Int, atMost end: Int) -> Int {
        var lines = 0
        for index in start..<max(start, end) where bytes[index] == UInt8(ascii: "\n") {
            lines += 1
            if lines == most { return index }
        }
        return end
    }
}
