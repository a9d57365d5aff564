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

    /// Lines of a difference, none longer than anybody reads: of two long ones in each other's place, what differs.
    func shortenedLines(_ items: [SequenceDifference<String>.Item]) -> [SequenceDifference<String>.Item] {
        var result = items
        var removed: [Int] = []
        var added = 0
        for (index, item) in items.enumerated() {
            switch item {
            case .removed(let text):
                if added > 0 { (removed, added) = ([], 0) }
                removed.append(index)
                result[index] = .removed(line(text))
            case .added(let text):
                result[index] = .added(line(text))
                if added < removed.count, case .removed(let before) = items[removed[added]],
                    min(before.utf8.count, text.utf8.count) > Self.scalarsOfLine
                {
                    let (a, b) = shortened(before, text, line)
                    (result[removed[added]], result[index]) = (.removed(a), .added(b))
                }
                added += 1
            case .same(let text):
                result[index] = .same(line(text))
                (removed, added) = ([], 0)
            case .hidden, .cut: (removed, added) = ([], 0)
            }
        }
        return result
    }

    /// Two long lines cut down to what differs in them, with some of what is around.
    ///
    /// - Parameter written: a line, or a piece of one, as it is shown.
    func shortened(_ before: String, _ after: String, _ written: (String) -> String) -> (String, String) {
        let (a, b) = (Array(before.unicodeScalars), Array(after.unicodeScalars))
        guard min(a.count, b.count) > 100 else { return (written(before), written(after)) }
        let around = 20
        let start = zip(a, b).prefix { $0 == $1 }.count
        let end = zip(a.reversed(), b.reversed()).prefix(min(a.count, b.count) - start).prefix { $0 == $1 }.count
        guard start + end > 4 * around else { return (written(before), written(after)) }
        func piece(_ text: [Unicode.Scalar]) -> String {
            let from = start > around + 1 ? start - around : 0
            let to = end > around + 1 ? text.count - end + around : text.count
            var view = String.UnicodeScalarView()
            view.append(contentsOf: text[from..<to])
            return (from > 0 ? "…" : "") + written(String(view)) + (to < text.count ? "…" : "")
        }
        return (piece(a), piece(b))
    }

    private func line(_ text: String) -> String { text.utf8.count > Self.scalarsOfLine ? cut(head(text), whole: text[...]) : text }

    /// In quotes, on one line, and cut where it is long.
    func quotedBeginning(_ text: String) -> String {
        shortens && text.utf8.count > Self.longText ? "\(quoted(head(text)))… (\(text.utf8.count) bytes in all)" : quoted(text)
    }

    private func head(_ text: String) -> String { String(text.unicodeScalars.prefix(Self.scalarsOfLine)) }

    private func cut(_ shown: String, whole: Substring) -> String {
        whole.unicodeScalars.dropFirst(Self.scalarsOfLine).isEmpty ? shown : shown + "… (\(whole.utf8.count) bytes)"
    }
}
