import Diagnostics
import Values

extension ValuePrinter {
    /// A value in the language's own notation, nothing in it that would steer a terminal. Never a secret.
    ///
    /// - Parameter mark: for each element and member in it, where it comes or goes as a whole.
    func text(_ value: Value, indent: Int, mark: Mark = .none) -> String {
        if value.marks.contains(.sensitive) { return "(sensitive value)" }
        if value.marks.contains(.ephemeral) { return "(ephemeral value)" }
        let space = String(repeating: " ", count: indent)
        switch value.node {
        case .unknown: return "(known after apply)"
        case .null: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .number(let number): return number.description
        case .string(let string):
            if isLong(string), string.utf8.count > Self.longText || jsonDocument(string) == nil { return beginning(string, indent: indent) }
            if let document = jsonDocument(string) {
                return "jsonencode(\n\(space)    \(text(document, indent: indent + 4, mark: mark))\n\(space))"
            }
            if string.contains("\n") {
                let lines = textLines(string)
                return "<<-EOT\n" + lines.map { $0.isEmpty ? "" : "\(space)    \($0)" }.joined(separator: "\n") + "\n\(space)EOT"
            }
            return quoted(string)
        case .list, .set, .tuple:
            let elements = value.elements ?? []
            if elements.isEmpty { return "[]" }
            let lead = "\(space)  \(symbol(mark)) "
            return "[\n" + elements.map { "\(lead)\(text($0, indent: indent + 4, mark: mark)),\n" }.joined() + "\(space)]"
        case .map, .object:
            let entries = (value.entries ?? []).filter { !$0.value.isNull }
            if entries.isEmpty { return "{}" }
            let width = entries.map { displayWidth(key($0.key)) }.max() ?? 0
            let lead = "\(space)  \(symbol(mark)) "
            return "{\n"
                + entries.map { entry in
                    let name = key(entry.key)
                    let pad = String(repeating: " ", count: width - displayWidth(name))
                    return "\(lead)\(name)\(pad) = \(text(entry.value, indent: indent + 4, mark: mark))\n"
                }.joined() + "\(space)}"
        }
    }

    /// A name as it stands before `=`.
    func key(_ name: String) -> String {
        let plain = !name.isEmpty && name.unicodeScalars.allSatisfy { $0.properties.isIDContinue || $0 == "-" }
        return plain ? name : quoted(name)
    }

    /// In quotes, on one line.
    func quoted(_ text: String) -> String { quotedLiteral(text) }

    /// Lines of a text; where its last line does not end, that is said, since it is a difference like any other.
    func textLines(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { harmless($0) }
        if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
        return lines
    }

    /// What a text that is JSON holds: an object or an array with something in it.
    func jsonDocument(_ text: String) -> Value? {
        let first = text.utf8.first { $0 != 0x20 && $0 != 0x0A && $0 != 0x09 && $0 != 0x0D }
        guard first == UInt8(ascii: "{") || first == UInt8(ascii: "["), text.utf8.count <= 1 << 20 else { return nil }
        // Any other text that begins so is shown as text.
        guard let value = try? Value.parsingJSON(Array(text.utf8)) else { return nil }
        return value.elements?.isEmpty ?? true && value.entries?.isEmpty ?? true ? nil : value
    }
}
