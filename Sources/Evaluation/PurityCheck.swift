import HCLSyntax

/// Whether an expression calls a function that may give something else each time: one that says so of itself, or one that evaluates a
/// template, which may call it.
struct PurityCheck {
    private(set) var isImpure = false
    private let isImpureFunction: (String) -> Bool

    /// - Parameter isImpureFunction: whether a function of this name, without `core::`, is one.
    init(_ expression: Expression, _ isImpureFunction: @escaping (String) -> Bool) {
        self.isImpureFunction = isImpureFunction
        visit(expression)
    }

    private mutating func call(_ name: String) {
        let name = name.hasPrefix("core::") ? String(name.dropFirst("core::".count)) : name
        if ["templatefile", "templatestring"].contains(name) || isImpureFunction(name) { isImpure = true }
    }

    private mutating func visit(_ expression: Expression) {
        if isImpure { return }
        switch expression.kind {
        case .number, .bool, .null, .invalid, .traversal: break
        case .template(let parts): visit(parts)
        case .relative(let source, _): visit(source)
        case .index(let source, let key):
            visit(source)
            visit(key)
        case .splat(let source, _, let each):
            visit(source)
            visit(each)
        case .call(let name, let arguments, _):
            call(name.name)
            for argument in arguments { visit(argument) }
        case .unary(_, let operand): visit(operand)
        case .binary:
            // Long chains lean to the left: followed by a loop.
            var left = expression
            while case .binary(_, let inner, let right) = left.kind {
                visit(right)
                left = inner
            }
            visit(left)
        case .conditional(let condition, let then, let otherwise):
            visit(condition)
            visit(then)
            visit(otherwise)
        case .tuple(let items): for item in items { visit(item) }
        case .object(let items):
            for item in items {
                if case .expression(let key) = item.key { visit(key) }
                visit(item.value)
            }
        case .forTuple(let clause, let value):
            visit(clause)
            visit(value)
        case .forObject(let clause, let key, let value, _):
            visit(clause)
            visit(key)
            visit(value)
        case .parenthesized(let inner): visit(inner)
        }
    }

    private mutating func visit(_ clause: ForClause) {
        visit(clause.collection)
        if let condition = clause.condition { visit(condition) }
    }

    private mutating func visit(_ steps: [SplatStep]) {
        for step in steps {
            switch step {
            case .attribute: break
            case .index(let key): visit(key)
            case .splat(_, let each): visit(each)
            }
        }
    }

    private mutating func visit(_ parts: [TemplatePart]) {
        for part in parts {
            switch part {
            case .literal: break
            case .interpolation(let expression): visit(expression)
            case .conditional(let condition, let then, let otherwise, _):
                visit(condition)
                visit(then)
                visit(otherwise)
            case .loop(let clause, let body, _):
                visit(clause)
                visit(body)
            }
        }
    }
}
