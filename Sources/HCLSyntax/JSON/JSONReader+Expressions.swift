import Diagnostics

/// Expressions: a string is what the layout says it is, everything else is what it looks like.
extension JSONReader {
    mutating func expression(_ node: JSONNode, _ reading: JSONLayout.Reading) -> Expression {
        switch node.kind {
        case .null: return Expression(.null, range: node.range)
        case .bool(let value): return Expression(.bool(value), range: node.range)
        case .number(let text): return Expression(.number(text), range: node.range)
        case .invalid: return Expression(.invalid, range: node.range)
        case .string(let string): return self.string(string, reading)
        case .array(let items):
            return Expression(.tuple(items.map { expression($0, reading.ofElements) }), range: node.range)
        case .object(let properties):
            var seen: [String: SourceRange] = [:]
            var items: [ObjectItem] = []
            items.reserveCapacity(properties.count)
            for property in properties {
                let name = property.name.text
                // A comment, should this turn out to be a block.
                if let earlier = seen[name], name != "//" {
                    report(
                        "Duplicate object attribute", "An attribute named \"\(name)\" was already defined at \(place(earlier)).",
                        at: property.name.range)
                } else {
                    seen[name] = property.name.range
                }
                items.append(
                    ObjectItem(
                        key: .expression(string(property.name, reading.ofKeys)),
                        value: expression(property.value, reading.of(property: name))))
            }
            return Expression(.object(items), range: node.range)
        }
    }

    private mutating func string(_ string: JSONString, _ reading: JSONLayout.Reading) -> Expression {
        switch reading {
        case .literal, .properties: return literal(string)
        case .expression: return template(string)
        case .native(let fallback):
            let parsed = parseExpression(string.bytes, path: path)
            if !parsed.diagnostics.hasErrors {
                var expression = parsed.tree.relocated { string.place(of: $0) }
                // The whole of it is what the string is, quotes included.
                expression.range = string.range
                if case .traversal(var root, let steps) = expression.kind, steps.isEmpty {
                    root.range = string.range
                    expression.kind = .traversal(root, steps)
                }
                return expression
            }
            switch fallback {
            case .text: return literal(string)
            case .invalid: break
            case .reported: diagnostics += relocated(parsed.diagnostics, string)
            }
            return Expression(.invalid, range: string.range)
        }
    }

    private func literal(_ string: JSONString) -> Expression {
        Expression(.template([.literal(string.text, string.range)]), range: string.range)
    }

    private mutating func template(_ string: JSONString) -> Expression {
        guard string.mayHoldSequences else { return literal(string) }
        let parsed = parseTemplate(string.bytes, path: path)
        diagnostics += relocated(parsed.diagnostics, string)
        if parsed.diagnostics.hasErrors { return Expression(.invalid, range: string.range) }
        return Expression(.template(parsed.tree.map { $0.relocated { string.place(of: $0) } }), range: string.range)
    }

    private func relocated(_ diagnostics: [Diagnostic], _ string: JSONString) -> [Diagnostic] {
        diagnostics.map { diagnostic in
            var moved = diagnostic
            moved.subject = diagnostic.subject.map { SourceSpan(file: path, range: string.place(of: $0.range)) }
            moved.context = diagnostic.context.map { SourceSpan(file: path, range: string.place(of: $0.range)) }
            return moved
        }
    }
}

extension JSONString {
    /// Whether there is a `${` or `%{` in it, escaped or not.
    fileprivate var mayHoldSequences: Bool {
        var previous: UInt8 = 0
        for byte in bytes {
            if byte == UInt8(ascii: "{"), previous == UInt8(ascii: "$") || previous == UInt8(ascii: "%") { return true }
            previous = byte
        }
        return false
    }
}

extension JSONLayout.Reading {
    fileprivate var ofElements: Self {
        if case .properties(_, let otherwise) = self { return otherwise }
        return self
    }

    fileprivate var ofKeys: Self {
        if case .properties = self { return .literal }
        return self
    }

    fileprivate func of(property name: String) -> Self {
        if case .properties(let readings, let otherwise) = self { return readings[name] ?? otherwise }
        return self
    }
}
