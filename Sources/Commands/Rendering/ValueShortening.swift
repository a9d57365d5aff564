import Diagnostics

/// Long texts in a plan: their beginning and how much more there is. Nobody reads megabytes on a terminal; documents in JSON hold the whole.
extension ValuePrinter {
    /// Beyond so many bytes, or lines, a text is long.
    static let longText = 16 << 10
    static let manyLines = 200
    /// What is shown of a long text, of a difference with many lines, and of a long line.
    static let linesOfText = 20
    static let linesOfDifference = 100
    static let scalarsOfLine = 500

    func isLong(_ text: String) -> Bool {
        guard shortens else { return false }
        return text.utf8.count > Self.longText || text.utf8.count { $0 == UInt8(ascii: "\n") } > Self.manyLines
    }

    /// A long text's beginning.
    func beginning(_ text: String, indent: Int) -> String {
        let size = "\(text.utf8.count) bytes in all"
        guard text.utf8.contains(UInt8(ascii: "\n")) else { return "\(quoted(head(text)))… (\(size))" }
        let space = String(repeating: " ", count: indent)
        var shown = text.split(separator: "\n", maxSplits: Self.linesOfText, omittingEmptySubsequences: false).prefix(Self.linesOfText)
        let ends = text.utf8.count { $0 == UInt8(ascii: "\n") }
        if shown.count == ends + 1, shown.last?.isEmpty == true { shown.removeLast() }
        let more = (text.utf8.last == UInt8(ascii: "\n") ? ends : ends + 1) - shown.count
        var result = "<<-EOT\n"
        for line in shown { result += line.isEmpty ? "\n" : "\(space)    \(cut(harmless(head(String(line))), whole: line))\n" }
        return result + "\(space)    " + paint.dim("# (\(more > 0 ? "\(counted(more, "more line")), " : "")\(size))") + "\n\(space)EOT"
    }

    /// The beginning of each run of lines that go or come, until there are many, and how many more there are.
    func shortenedRuns(_ items: [SequenceDifference<String>.Item]) -> [SequenceDifference<String>.Item] {
        var result: [SequenceDifference<String>.Item] = []
        var (going, coming) = (0, 0)
        var (removed, added) = (0, 0)
        func cut() {
            if removed + added > 0 { result.append(.cut(removed: removed, added: added)) }
            (removed, added) = (0, 0)
        }
        for item in items {
            let isFull = result.count >= Self.linesOfDifference
            switch item {
            case .removed:
                going += 1
                if isFull || going > Self.linesOfText { removed += 1 } else { result.append(item) }
            case .added:
                coming += 1
                if isFull || coming > Self.linesOfText { added += 1 } else { result.append(item) }
            case .same, .hidden, .cut:
                (going, coming) = (0, 0)
                if !isFull {
                    cut()
                    result.append(item)
                }
            }
        }
        cut()
        return result
    }

    /// A line of a difference, not longer than anybody reads.
    func line(_ text: String) -> String {
        shortens && text.utf8.count > Self.scalarsOfLine ? cut(head(text), whole: text[...]) : text
    }

    /// In quotes, on one line, and cut where it is long.
    func quotedBeginning(_ text: String) -> String {
        shortens && text.utf8.count > Self.longText ? "\(quoted(head(text)))… (\(text.utf8.count) bytes in all)" : quoted(text)
    }

    private func head(_ text: String) -> String { String(text.unicodeScalars.prefix(Self.scalarsOfLine)) }

    private func cut(_ shown: String, whole: Substring) -> String {
        whole.unicodeScalars.dropFirst(Self.scalarsOfLine).isEmpty ? shown : shown + "… (\(whole.utf8.count) bytes)"
    }
}
