extension Diagnostic {
    /// The diagnostic as people read it, with the source it is about; ends with a line end.
    ///
    /// In colour it stands in a frame and the fault is underlined, as Terraform shows it on a terminal. Without colour there is no frame,
    /// as with `-no-color` there: such text goes to files and other programs; the fault is marked by carets below it.
    /// `width` is that of the terminal in columns; the detail is broken to fit, sources are not.
    public func rendered(sources: SourceMap, color: Bool = false, width: Int = 78) -> String {
        var lines = [title(color)]
        let place = placeLines(sources, color)
        if !place.isEmpty { lines += [""] + place }
        let inner = max(20, width - (color ? 2 : 0))
        if !detail.isEmpty { lines += [""] + wrapped(DisplayText.harmless(detail), width: inner) }
        if !hints.isEmpty {
            lines.append("")
            for hint in hints { lines += hintLines(hint, color, inner) }
        }
        if !color { return lines.joined(separator: "\n") + "\n" }
        let tint = severity == .error ? Style.red : Style.yellow
        var result = tint("╷") + "\n"
        for line in lines { result += tint("│") + (line.isEmpty ? "" : " " + line) + "\n" }
        return result + tint("╵") + "\n"
    }

    private func title(_ color: Bool) -> String {
        let word = severity == .error ? "Error: " : "Warning: "
        let text = DisplayText.harmless(summary)
        guard color else { return word + text }
        return Style.bold((severity == .error ? Style.red : Style.yellow)(word)) + Style.bold(text)
    }

    private func hintLines(_ hint: String, _ color: Bool, _ width: Int) -> [String] {
        let label = "Hint: "
        let parts = wrapped(DisplayText.harmless(hint), width: max(20, width - label.count))
        return parts.enumerated().map { index, part in
            (index > 0 ? String(repeating: " ", count: label.count) : color ? Style.bold(label) : label) + part
        }
    }

    // MARK: Where

    private func placeLines(_ sources: SourceMap, _ color: Bool) -> [String] {
        var lines: [String] = []
        if let address { lines.append("  with \(DisplayText.harmless(address))" + (subject == nil ? "" : ",")) }
        guard let subject else { return lines + referenceLines(color) }
        let file = DisplayText.harmless(subject.file)
        guard let excerpt = Excerpt(of: self, in: sources) else {
            return lines + ["  on \(file):", "    (source code not available)"] + referenceLines(color)
        }
        let section = excerpt.title.map { ", in \(DisplayText.harmless($0))" } ?? ""
        lines.append("  on \(file) line \(excerpt.start.line)\(section):")
        lines += codeLines(excerpt, color)
        return lines + referenceLines(color)
    }

    private func codeLines(_ excerpt: Excerpt, _ color: Bool) -> [String] {
        var lines: [String] = []
        var offset = 0
        for (index, line) in excerpt.code.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let length = line.utf8.count
            let lower = min(max(0, excerpt.highlight.lowerBound - offset), length)
            let upper = min(max(0, excerpt.highlight.upperBound - offset), length)
            let isHighlighted =
                excerpt.highlight.lowerBound <= offset + length && excerpt.highlight.upperBound > offset
                || excerpt.highlight.lowerBound == offset + length
            let (before, marked, after) = SourceLine(line, highlight: lower..<upper).parts
            let number = String(excerpt.firstLine + index)
            let margin = String(repeating: " ", count: max(1, 4 - number.count)) + number + ": "
            if color {
                lines.append(margin + before + (marked.isEmpty ? "" : Style.underline(marked)) + after)
            } else {
                lines.append(margin + before + marked + after)
                if isHighlighted, !marked.isEmpty || excerpt.highlight.lowerBound >= offset {
                    lines.append(String(repeating: " ", count: margin.count) + carets(before, marked))
                }
            }
            offset += length + 1
        }
        return lines
    }

    /// Blanks below what is before the fault (tabs stay tabs, so that they are as wide), carets below the fault.
    private func carets(_ before: String, _ marked: String) -> String {
        var result = ""
        for character in before {
            result += character == "\t" ? "\t" : String(repeating: " ", count: DisplayText.width(of: character))
        }
        return result + String(repeating: "^", count: max(1, DisplayText.width(of: marked)))
    }

    private func referenceLines(_ color: Bool) -> [String] {
        if references.isEmpty, call == nil { return [] }
        let rule = "├────────────────"
        var lines = ["    " + (color ? Style.gray(rule) : rule)]
        if let call {
            let words = call.parameters + (call.rest.map { ["\($0)..."] } ?? [])
            let name = DisplayText.harmless(call.name)
            let label = color ? Style.gray("│") + " while calling " + Style.bold(name) : "│ while calling " + name
            lines.append("    \(label)(\(words.joined(separator: ", ")))")
        }
        for reference in references {
            let name = DisplayText.harmless(reference.expression)
            let label = color ? Style.gray("│") + " " + Style.bold(name) : "│ " + name
            lines.append("    \(label) \(DisplayText.harmless(reference.statement))")
        }
        return lines
    }
}

extension Diagnostic.ReferencedValue {
    /// What is said of the expression: `is "a"`. A value that is already a statement stays as it is.
    var statement: String {
        ["is ", "has ", "will be "].contains { value.hasPrefix($0) } ? value : "is " + value
    }
}

/// A line of source in the three parts that the highlight makes of it, ready to be shown.
private struct SourceLine {
    /// Beyond this many columns only the neighbourhood of the highlight is shown: lines of generated files can have megabytes.
    static let widest = 400

    let parts: (before: String, marked: String, after: String)

    init(_ line: Substring, highlight: Range<Int>) {
        let bytes = Array(line.utf8)
        func text(_ range: Range<Int>) -> String { DisplayText.harmless(String(decoding: bytes[range], as: UTF8.self)) }
        let end = bytes.last == UInt8(ascii: "\r") ? bytes.count - 1 : bytes.count
        let lower = min(highlight.lowerBound, end)
        let upper = min(max(lower, highlight.upperBound), end)
        if end <= Self.widest {
            parts = (text(0..<lower), text(lower..<upper), text(upper..<end))
            return
        }
        let from = Self.boundary(in: bytes, near: max(0, lower - 80))
        let marked = Self.boundary(in: bytes, near: min(upper, lower + 160))
        let to = Self.boundary(in: bytes, near: min(end, marked + 80))
        parts = (
            (from > 0 ? "…" : "") + text(from..<lower), text(lower..<marked) + (marked < upper ? "…" : ""),
            marked < upper ? "" : text(marked..<to) + (to < end ? "…" : "")
        )
    }

    /// The start of the character at `index`.
    private static func boundary(in bytes: [UInt8], near index: Int) -> Int {
        var index = index
        while index > 0, index < bytes.count, bytes[index] & 0xC0 == 0x80 { index -= 1 }
        return index
    }
}

/// Terminal sequences for the few looks that diagnostics have.
private enum Style {
    static func bold(_ text: String) -> String { "\u{1B}[1m\(text)\u{1B}[0m" }
    static func underline(_ text: String) -> String { "\u{1B}[4m\(text)\u{1B}[0m" }
    static func red(_ text: String) -> String { "\u{1B}[31m\(text)\u{1B}[0m" }
    static func yellow(_ text: String) -> String { "\u{1B}[33m\(text)\u{1B}[0m" }
    static func gray(_ text: String) -> String { "\u{1B}[90m\(text)\u{1B}[0m" }
}
