import Diagnostics
import HCLSyntax

/// A tree as text, so that expected shapes can stand in tables: operators and keywords first, everything in parentheses.
enum Outline {
    static func of(_ body: Body) -> String {
        var items = body.attributes.map { ($0.range.start, "\($0.name.name) = \(of($0.expression))") }
        for block in body.blocks {
            let labels = block.labels.map { " \(quoted($0.name))" }.joined()
            items.append((block.range.start, "\(block.type.name)\(labels) { \(of(block.body)) }"))
        }
        return items.sorted { $0.0 < $1.0 }.map(\.1).joined(separator: "; ")
    }

    static func of(_ expression: Expression) -> String {
        switch expression.kind {
        case .number(let text): text
        case .bool(let value): "\(value)"
        case .null: "null"
        case .template(let parts): of(parts)
        case .traversal(let root, let steps): root.name + steps.map { of($0) }.joined()
        case .relative(let base, let steps): "(get \(of(base)) \(steps.map { of($0) }.joined()))"
        case .index(let base, let key): "(index \(of(base)) \(of(key)))"
        case .splat(let base, let kind, let each): "(splat \(of(base)) \(of(kind))\(of(each)))"
        case .call(let name, let arguments, let expandsLast):
            "(call \(name.name)\(arguments.map { " " + of($0) }.joined())\(expandsLast ? "..." : ""))"
        case .unary(let operation, let operand): "(\(operation.rawValue) \(of(operand)))"
        case .binary(let operation, let left, let right): "(\(operation.rawValue) \(of(left)) \(of(right)))"
        case .conditional(let condition, let then, let otherwise): "(? \(of(condition)) \(of(then)) \(of(otherwise)))"
        case .tuple(let elements): "[" + elements.map { of($0) }.joined(separator: " ") + "]"
        case .object(let items): "{" + items.map { of($0) }.joined(separator: " ") + "}"
        case .forTuple(let clause, let value): "[for \(of(clause)): \(of(value))\(condition(clause))]"
        case .forObject(let clause, let key, let value, let groups):
            "{for \(of(clause)): \(of(key)) => \(of(value))\(groups ? "..." : "")\(condition(clause))}"
        case .parenthesized(let inner): "(paren \(of(inner)))"
        case .invalid: "(invalid)"
        }
    }

    static func of(_ parts: [TemplatePart]) -> String {
        "<" + parts.map { of($0) }.joined(separator: " ") + ">"
    }

    private static func of(_ part: TemplatePart) -> String {
        switch part {
        case .literal(let text, _): quoted(text)
        case .interpolation(let expression): "$" + of(expression)
        case .conditional(let condition, let then, let otherwise, _): "(if \(of(condition)) \(of(then)) \(of(otherwise)))"
        case .loop(let clause, let body, _): "(for \(of(clause)) \(of(body)))"
        }
    }

    private static func of(_ kind: SplatKind) -> String { kind == .full ? "[*]" : ".*" }

    private static func of(_ steps: [SplatStep]) -> String {
        steps.map { step in
            switch step {
            case .attribute(let name): ".\(name.name)"
            case .index(let key): "[\(of(key))]"
            case .splat(let kind, let each): "(\(of(kind))\(of(each)))"
            }
        }.joined()
    }

    private static func of(_ step: TraversalStep) -> String {
        switch step {
        case .attribute(let name): ".\(name.name)"
        case .stringIndex(let key, _): "[\(quoted(key))]"
        case .numberIndex(let text, _): "[\(text)]"
        }
    }

    private static func of(_ item: ObjectItem) -> String {
        switch item.key {
        case .name(let name): "\(name.name)=\(of(item.value))"
        case .expression(let key): "\(of(key))=\(of(item.value))"
        }
    }

    private static func of(_ clause: ForClause) -> String {
        (clause.key.map { "\($0.name) " } ?? "") + "\(clause.value.name) in \(of(clause.collection))"
    }

    private static func condition(_ clause: ForClause) -> String { clause.condition.map { " if \(of($0))" } ?? "" }

    static func quoted(_ text: String) -> String {
        var result = "'"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "'": result += "\\'"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "'"
    }
}
