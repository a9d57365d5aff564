import StateModel
import Values

/// Root outputs, one after the other, secrets left out.
func outputText(_ outputs: [String: OutputRecord]) -> String {
    outputs.sorted { $0.key.precedesByBytes($1.key) }.map { name, record in
        "\(name) = \(record.isSensitive ? "<sensitive>" : valueText(record.value))\n"
    }.joined()
}

/// A value as an expression of the language, with its type where that cannot be seen: what `output` prints, by the layout of the
/// reference, since scripts read it.
func valueText(_ value: Value, indent: Int = 0) -> String {
    if value.isUnknown { return "(known after apply)" }
    if value.marks.contains(.sensitive) { return "(sensitive value)" }
    if value.marks.contains(.ephemeral) { return "(ephemeral value)" }
    switch value.node {
    case .unknown: return "(known after apply)"
    case .null: return nullText(value.type)
    case .bool(let flag): return flag ? "true" : "false"
    case .number(let number): return number.description
    case .string(let text): return text.contains("\n") ? heredoc(text, indent: indent) : quotedForMessages(text)
    case .tuple: return sequenceText(value, indent)
    case .list: return "tolist(\(sequenceText(value, indent)))"
    case .set: return "toset(\(sequenceText(value, indent)))"
    case .object: return mappingText(value, indent)
    case .map: return "tomap(\(mappingText(value, indent)))"
    }
}

private func nullText(_ type: ValueType) -> String {
    switch type {
    case .dynamic: return "null"
    case .string: return "tostring(null)"
    case .number: return "tonumber(null)"
    case .bool: return "tobool(null)"
    case .list(let element): return "tolist(null) /* of \(element.friendlyName) */"
    case .set(let element): return "toset(null) /* of \(element.friendlyName) */"
    case .map(let element): return "tomap(null) /* of \(element.friendlyName) */"
    case .tuple, .object: return "null /* \(type.friendlyName) */"
    }
}

private func sequenceText(_ value: Value, _ indent: Int) -> String {
    let elements = value.elements ?? []
    if elements.isEmpty { return "[]" }
    let space = String(repeating: " ", count: indent + 2)
    return "[\n" + elements.map { "\(space)\(valueText($0, indent: indent + 2)),\n" }.joined() + String(repeating: " ", count: indent) + "]"
}

private func mappingText(_ value: Value, _ indent: Int) -> String {
    let entries = value.entries ?? []
    if entries.isEmpty { return "{}" }
    let space = String(repeating: " ", count: indent + 2)
    return "{\n" + entries.map { "\(space)\(quotedForMessages($0.key)) = \(valueText($0.value, indent: indent + 2))\n" }.joined()
        + String(repeating: " ", count: indent) + "}"
}

/// With a marker that no line of the text is.
private func heredoc(_ text: String, indent: Int) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    var marker = "EOT"
    while lines.contains(where: { $0.trimmingBlanks == marker }) { marker += "_" }
    let space = String(repeating: " ", count: indent)
    return (indent > 0 ? "<<-" : "<<") + marker + "\n" + lines.map { "\(space)\($0)\n" }.joined() + space + marker
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var rest = drop { $0.isWhitespace }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return rest
    }
}
