import Diagnostics
import HCLSyntax
import Values

extension Expression {
    /// An expression that says a known value, standing where it was computed.
    init(literal value: Value, range: SourceRange) {
        self.init(Self.kind(of: value, range), range: range)
    }

    private static func text(_ text: String, _ range: SourceRange) -> Kind { .template(text.isEmpty ? [] : [.literal(text, range)]) }

    private static func kind(of value: Value, _ range: SourceRange) -> Kind {
        if value.isNull { return .null }
        if let string = value.stringValue { return text(string, range) }
        if let bool = value.boolValue { return .bool(bool) }
        if let number = value.numberValue {
            let digits = number.description
            guard digits.hasPrefix("-") else { return .number(digits) }
            return .unary(.negate, Expression(.number(String(digits.dropFirst())), range: range))
        }
        if let entries = value.entries {
            return .object(
                entries.map { key, value in
                    ObjectItem(
                        key: .expression(Expression(text(key, range), range: range)), value: Expression(literal: value, range: range))
                })
        }
        return .tuple((value.elements ?? []).map { Expression(literal: $0, range: range) })
    }
}
