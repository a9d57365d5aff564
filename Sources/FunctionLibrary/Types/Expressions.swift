public import Values

extension Function {
    /// The built-in provider's functions that write the language. The one that reads it, `decode_tfvars`, needs its parser.
    static let writingExpressions: [Function] = [
        Function(
            "provider::terraform::encode_expr", [.any("value", [.unknown, .dynamic])], returns: .string,
            "An expression that gives the value."
        ) { call in
            guard call[0].isWhollyKnown else { return call.unknown }
            var writer = ExpressionWriter()
            writer.write(call[0], indent: 0)
            return .string(writer.text)
        },
        Function(
            "provider::terraform::encode_tfvars", [.any("value", [.unknown, .dynamic])], returns: .string,
            "The attributes of an object as definitions of variables."
        ) { call in
            guard call[0].isWhollyKnown else { return call.unknown }
            guard let entries = call[0].entries else {
                throw FunctionError(
                    "invalid value to encode: must be an object whose attribute names will become the encoded variable names")
            }
            for (name, _) in entries where !ExpressionWriter.isIdentifier(name) {
                throw FunctionError(
                    "invalid variable name \(quoted(name)): must be a valid identifier, per Terraform's rules for input variable declarations"
                )
            }
            var writer = ExpressionWriter()
            writer.writeAttributes(entries, indent: 0)
            return .string(writer.text)
        },
    ]
}

/// A wholly known value as an expression of the language, as `encode_expr` gives it.
public func expressionText(of value: Value) -> String {
    var writer = ExpressionWriter()
    writer.write(value, indent: 0)
    return writer.text
}

/// Writes values as the reference's formatter would leave them: one attribute a line, the equals signs of neighbouring lines aligned.
private struct ExpressionWriter {
    private(set) var text = ""

    mutating func write(_ value: Value, indent: Int) {
        switch value.node {
        case .null, .unknown: text += "null"
        case .bool(let truth): text += truth ? "true" : "false"
        case .number(let number): text += number.description
        case .string(let string): text += Self.literal(string)
        case .list, .set, .tuple:
            text += "["
            for (index, element) in (value.elements ?? []).enumerated() {
                if index > 0 { text += ", " }
                write(element, indent: indent)
            }
            text += "]"
        case .map, .object:
            let entries = value.entries ?? []
            if entries.isEmpty {
                text += "{}"
                return
            }
            text += "{\n"
            writeAttributes(entries, indent: indent + 2)
            text += String(repeating: " ", count: indent) + "}"
        }
    }

    mutating func writeAttributes(_ entries: [(key: String, value: Value)], indent: Int) {
        let names = entries.map { Self.isIdentifier($0.key) ? $0.key : Self.literal($0.key) }
        var index = 0
        while index < entries.count {
            // Neighbours whose values take one line each.
            var end = index
            while end < entries.count, !Self.takesLines(entries[end].value) { end += 1 }
            let width = names[index..<max(end, index)].map(\.count).max() ?? 0
            for position in index..<max(end, index + 1) {
                let padding = String(repeating: " ", count: max(width - names[position].count, 0))
                text += String(repeating: " ", count: indent) + names[position] + padding + " = "
                write(entries[position].value, indent: indent)
                text += "\n"
            }
            index = max(end, index + 1)
        }
    }

    private static func takesLines(_ value: Value) -> Bool {
        if let entries = value.entries { return !entries.isEmpty }
        return value.elements?.contains { takesLines($0) } ?? false
    }

    static func isIdentifier(_ name: String) -> Bool {
        guard let first = name.unicodeScalars.first, first.properties.isIDStart else { return false }
        return name.unicodeScalars.allSatisfy { $0.properties.isIDContinue || $0 == "-" }
    }

    /// In quotes, with what begins an interpolation doubled.
    private static func literal(_ string: String) -> String {
        return quotedLiteral(string)
    }
}
