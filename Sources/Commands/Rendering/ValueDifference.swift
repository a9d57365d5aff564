import Diagnostics
import Values

/// What changes within a value, down to the line of a text, the element of a list, the member of an object, JSON in texts too.
extension ValuePrinter {
    func difference(_ before: Value, _ after: Value, indent: Int) {
        if before.isSensitive || after.isSensitive {
            // Whether it changes at all is no secret; to what, is.
            write("(sensitive value)")
            return
        }
        if after.isUnknown {
            write("\(summary(of: before, indent: indent)) \(paint.yellow("->")) (known after apply)")
            return
        }
        let space = String(repeating: " ", count: indent)
        if let a = before.entries, let b = after.entries, !a.isEmpty, !b.isEmpty {
            write("{\n")
            members(before: before, after: after, indent: indent + 2, replaced: [])
            write("\(space)}")
            return
        }
        if let a = before.stringValue, let b = after.stringValue {
            textDifference(a, b, indent: indent)
            return
        }
        if let a = before.elements, let b = after.elements, !a.isEmpty, !b.isEmpty {
            write("[\n")
            let isSet = if case .set = after.node { true } else { false }
            elements(
                isSet ? SequenceDifference(unordered: Array(a), Array(b)) : SequenceDifference(Array(a), Array(b), context: 1),
                indent: indent)
            write("\(space)]")
            return
        }
        write("\(text(before, indent: indent)) \(paint.yellow("->")) \(text(after, indent: indent))")
    }

    /// What goes, where what comes is not known: all of it would be much to read and say little.
    private func summary(of value: Value, indent: Int) -> String {
        if let document = value.stringValue.flatMap(jsonDocument) { return "jsonencode(\(summary(of: document, indent: indent)))" }
        if let entries = value.entries, !entries.isEmpty { return "{ \(counted(entries.count, "attribute")) }" }
        if let elements = value.elements, !elements.isEmpty { return "[ \(counted(elements.count, "element")) ]" }
        if let string = value.stringValue, string.contains("\n") {
            return "(text of \(counted(textLines(string).count, "line")))"
        }
        if let string = value.stringValue, string.count > 80 { return quoted(String(string.prefix(40))) + "…" }
        return text(value, indent: indent)
    }

    func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    // MARK: Elements

    private func elements(_ difference: SequenceDifference<Value>, indent: Int) {
        let space = String(repeating: " ", count: indent)
        var removed: [Value] = []
        var added: [Value] = []
        func flush() {
            // Neighbours that are objects, or lists, are one that changes.
            let pairs = zip(removed, added).prefix { isComparable($0, $1) }.map { ($0, $1) }
            for (before, after) in pairs {
                write("\(space)  \(symbol(.change)) ")
                self.difference(before, after, indent: indent + 4)
                write(",\n")
            }
            for value in removed.dropFirst(pairs.count) {
                write("\(space)  \(symbol(.remove)) \(text(value, indent: indent + 4, mark: .remove)),\n")
            }
            for value in added.dropFirst(pairs.count) {
                write("\(space)  \(symbol(.add)) \(text(value, indent: indent + 4, mark: .add)),\n")
            }
            removed = []
            added = []
        }
        for item in difference.items {
            switch item {
            case .removed(let value): removed.append(value)
            case .added(let value): added.append(value)
            case .same(let value):
                flush()
                write("\(space)    \(text(value, indent: indent + 4)),\n")
            case .hidden(let count):
                flush()
                write("\(space)    \(paint.dim("# (\(counted(count, "unchanged element")) hidden)"))\n")
            case .cut: flush()
            }
        }
        flush()
    }

    private func isComparable(_ before: Value, _ after: Value) -> Bool {
        if let a = before.entries, let b = after.entries { return !a.isEmpty && !b.isEmpty }
        if let a = before.elements, let b = after.elements { return !a.isEmpty && !b.isEmpty }
        return false
    }

    // MARK: Text

    private func textDifference(_ before: String, _ after: String, indent: Int) {
        let space = String(repeating: " ", count: indent)
        if !(shortens && max(before.utf8.count, after.utf8.count) > Self.longText), let a = jsonDocument(before),
            let b = jsonDocument(after), (a.entries == nil) == (b.entries == nil)
        {
            if a == b {
                write("jsonencode(\n\(space)    \(text(b, indent: indent + 4))\n\(space)) \(paint.dim("# white space changes"))")
            } else {
                write("jsonencode(\n\(space)  \(symbol(.change)) ")
                difference(a, b, indent: indent + 4)
                write("\n\(space))")
            }
            return
        }
        guard before.contains("\n") || after.contains("\n") else {
            let (a, b) = shortened(before, after, quotedBeginning)
            write("\(a) \(paint.yellow("->")) \(b)")
            return
        }
        write("<<-EOT\n")
        let items = SequenceDifference(textLines(before), textLines(after), context: 3).items
        for item in shortens ? shortenedLines(items.count > Self.manyLines ? shortenedRuns(items) : items) : items {
            switch item {
            case .same(let text): write(text.isEmpty ? "\n" : "\(space)    \(text)\n")
            case .removed(let text): write("\(space)  \(paint.red("- " + text))\n")
            case .added(let text): write("\(space)  \(paint.green("+ " + text))\n")
            case .hidden(let count): write("\(space)    \(paint.dim("# (\(counted(count, "unchanged line")) hidden)"))\n")
            case .cut(let removed, let added):
                write("\(space)    \(paint.dim("# (\(counted(removed, "more line")) removed, \(counted(added, "more line")) added)"))\n")
            }
        }
        write("\(space)EOT")
        if before.hasSuffix("\n") != after.hasSuffix("\n") {
            write(paint.dim(after.hasSuffix("\n") ? " # now ends with a line end" : " # no longer ends with a line end"))
        }
    }
}
