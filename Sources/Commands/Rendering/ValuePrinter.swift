import Values

/// Objects and their differences, attribute by attribute.
struct ValuePrinter {
    enum Mark { case none, add, change, remove, replace, replaceFirst, read, forget }

    let paint: Paint
    let write: (String) -> Void
    /// Columns to the right of where a resource that is no kind's part stands.
    var shift = 0

    func symbol(_ mark: Mark) -> String {
        switch mark {
        case .none: " "
        case .add: paint.green("+")
        case .change: paint.yellow("~")
        case .remove: paint.red("-")
        case .replace: paint.red("-") + "/" + paint.green("+")
        case .replaceFirst: paint.green("+") + "/" + paint.red("-")
        case .read: paint.cyan("<=")
        case .forget: "."
        }
    }

    mutating func block(mark: Mark, title: String, before: Value?, after: Value?, replaced: [Path]) {
        let lead =
            switch mark {
            case .replace, .replaceFirst: ""
            case .read: " "
            default: "  "
            }
        let space = String(repeating: " ", count: shift)
        write("\(space)\(lead)\(symbol(mark)) \(title) {\n")
        members(before: before, after: after, indent: 6 + shift, replaced: replaced)
        write("\(space)    }\n")
    }

    private mutating func members(before: Value?, after: Value?, indent: Int, replaced: [Path]) {
        let old = before?.entries ?? []
        let new = after?.entries ?? []
        var names = old.map(\.key)
        var seen = Set(names)
        for (key, _) in new where seen.insert(key).inserted { names.append(key) }
        names.sort { $0.precedesByBytes($1) }
        let left = Dictionary(old.map { ($0.key, $0.value) }) { first, _ in first }
        let right = Dictionary(new.map { ($0.key, $0.value) }) { first, _ in first }
        var hidden = 0
        var shown: [(String, Value?, Value?)] = []
        for name in names {
            let a = left[name].flatMap { $0.isNull ? nil : $0 }
            let b = right[name].flatMap { $0.isNull ? nil : $0 }
            if a == nil, b == nil { continue }
            // What names the object is shown though it stays.
            if a == b, before != nil, after != nil, name != "id", name != "name" {
                hidden += 1
                continue
            }
            shown.append((name, a, b))
        }
        let width = shown.map { $0.0.count }.max() ?? 0
        for (name, a, b) in shown {
            let forces = replaced.contains { $0.steps.first == .attribute(name) }
            attribute(name, width: width, indent: indent, before: a, after: b, suffix: forces ? paint.red(" # forces replacement") : "")
        }
        if hidden > 0 {
            write(
                String(repeating: " ", count: indent + 2) + paint.dim("# (\(hidden) unchanged attribute\(hidden == 1 ? "" : "s") hidden)")
                    + "\n")
        }
    }

    mutating func attribute(_ name: String, width: Int, indent: Int, before: Value?, after: Value?, suffix: String = "") {
        let pad = name + String(repeating: " ", count: max(0, width - name.count))
        let space = String(repeating: " ", count: indent)
        switch (before, after) {
        case (nil, let after?):
            write("\(space)\(symbol(.add)) \(pad) = \(text(after, indent: indent + 2))\(suffix)\n")
        case (let before?, nil):
            write("\(space)\(symbol(.remove)) \(pad) = \(text(before, indent: indent + 2)) \(paint.dim("-> null"))\(suffix)\n")
        case (let before?, let after?) where before == after:
            write("\(space)  \(pad) = \(text(after, indent: indent + 2))\(suffix)\n")
        case (let before?, let after?):
            write("\(space)\(symbol(.change)) \(pad) = ")
            difference(before, after, indent: indent + 2)
            write("\(suffix)\n")
        case (nil, nil): break
        }
    }

    private mutating func difference(_ before: Value, _ after: Value, indent: Int) {
        let space = String(repeating: " ", count: indent)
        if before.isSensitive || after.isSensitive {
            write("(sensitive value)")
            return
        }
        if let a = before.entries, let b = after.entries, !a.isEmpty, !b.isEmpty {
            write("{\n")
            members(before: before, after: after, indent: indent + 2, replaced: [])
            write("\(space)}")
            return
        }
        if let a = before.stringValue, let b = after.stringValue, a.contains("\n") || b.contains("\n") {
            write("<<-EOT\n")
            for line in LineDifference(Self.lines(a), Self.lines(b)).lines {
                switch line {
                case .same(let text): write("\(space)    \(text)\n")
                case .removed(let text): write("\(space)  \(paint.red("- " + text))\n")
                case .added(let text): write("\(space)  \(paint.green("+ " + text))\n")
                case .hidden(let count): write("\(space)    \(paint.dim("# (\(count) unchanged lines hidden)"))\n")
                }
            }
            write("\(space)EOT")
            return
        }
        if let a = before.elements, let b = after.elements {
            write("[\n")
            for line in LineDifference(a.map { text($0, indent: indent + 4) }, b.map { text($0, indent: indent + 4) }).lines {
                switch line {
                case .same(let text): write("\(space)    \(text),\n")
                case .removed(let text): write("\(space)  \(symbol(.remove)) \(text),\n")
                case .added(let text): write("\(space)  \(symbol(.add)) \(text),\n")
                case .hidden(let count): write("\(space)    \(paint.dim("# (\(count) unchanged elements hidden)"))\n")
                }
            }
            write("\(space)]")
            return
        }
        write("\(text(before, indent: indent)) \(paint.yellow("->")) \(text(after, indent: indent))")
    }

    /// Lines of a text; the end of the last one begins no other.
    private static func lines(_ text: String) -> [Substring] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// A value in the language's own notation. Never a secret.
    func text(_ value: Value, indent: Int) -> String {
        if value.marks.contains(.sensitive) { return "(sensitive value)" }
        if value.marks.contains(.ephemeral) { return "(ephemeral value)" }
        let space = String(repeating: " ", count: indent)
        switch value.node {
        case .unknown: return "(known after apply)"
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .number(let number): return number.description
        case .string(let string):
            if string.contains("\n") {
                let lines = Self.lines(string)
                return "<<-EOT\n" + lines.map { $0.isEmpty ? "" : "\(space)    \($0)" }.joined(separator: "\n") + "\n\(space)EOT"
            }
            return quoted(string)
        case .list, .set, .tuple:
            let elements = value.elements ?? []
            if elements.isEmpty { return "[]" }
            return "[\n" + elements.map { "\(space)    \(text($0, indent: indent + 4)),\n" }.joined() + "\(space)]"
        case .map, .object:
            let entries = (value.entries ?? []).filter { !$0.value.isNull }
            if entries.isEmpty { return "{}" }
            let width = entries.map { key($0.key).count }.max() ?? 0
            return "{\n"
                + entries.map { entry in
                    let name = key(entry.key)
                    return
                        "\(space)    \(name)\(String(repeating: " ", count: width - name.count)) = \(text(entry.value, indent: indent + 4))\n"
                }.joined() + "\(space)}"
        }
    }

    private func key(_ name: String) -> String {
        let plain = !name.isEmpty && name.unicodeScalars.allSatisfy { $0.properties.isIDContinue || $0 == "-" }
        return plain ? name : quoted(name)
    }

    private func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    result +=
                        "\\u" + String(repeating: "0", count: 4 - String(scalar.value, radix: 16).count) + String(scalar.value, radix: 16)
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result.replacing("${", with: "$${").replacing("%{", with: "%%{") + "\""
    }
}

/// What changes between two sequences of lines, with the unchanged middle left out.
struct LineDifference {
    enum Line {
        case same(String)
        case removed(String)
        case added(String)
        case hidden(Int)
    }

    private(set) var lines: [Line] = []

    /// Unchanged lines kept around a change.
    private static let context = 3

    init(_ before: [some StringProtocol], _ after: [some StringProtocol]) {
        let old = before.map { String($0) }
        let new = after.map { String($0) }
        let changes = new.difference(from: old)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in changes {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var all: [Line] = []
        var a = 0
        var b = 0
        while a < old.count || b < new.count {
            if a < old.count, removed.contains(a) {
                all.append(.removed(old[a]))
                a += 1
            } else if b < new.count, inserted.contains(b) {
                all.append(.added(new[b]))
                b += 1
            } else if a < old.count {
                all.append(.same(old[a]))
                a += 1
                b += 1
            } else {
                b += 1
            }
        }
        lines = Self.folded(all)
    }

    private static func folded(_ all: [Line]) -> [Line] {
        var near = [Bool](repeating: false, count: all.count)
        for (index, line) in all.enumerated() {
            if case .same = line { continue }
            for other in max(0, index - context)...min(all.count - 1, index + context) { near[other] = true }
        }
        var result: [Line] = []
        var hidden = 0
        for (index, line) in all.enumerated() {
            if near[index] {
                if hidden > 0 { result.append(.hidden(hidden)) }
                hidden = 0
                result.append(line)
            } else {
                hidden += 1
            }
        }
        if hidden > 0 { result.append(.hidden(hidden)) }
        return result
    }
}
