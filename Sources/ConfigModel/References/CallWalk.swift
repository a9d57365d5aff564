public import HCLSyntax

/// Visits every function call of an expression, outer calls first.
public func forEachCall(in expression: Expression, _ visit: (Expression, Identifier) -> Void) {
    switch expression.kind {
    case .number, .bool, .null, .invalid, .traversal: break
    case .template(let parts): forEachCall(in: parts, visit)
    case .relative(let source, _): forEachCall(in: source, visit)
    case .index(let source, let key):
        forEachCall(in: source, visit)
        forEachCall(in: key, visit)
    case .splat(let source, _, let each):
        forEachCall(in: source, visit)
        forEachCall(in: each, visit)
    case .call(let name, let arguments, _):
        visit(expression, name)
        for argument in arguments { forEachCall(in: argument, visit) }
    case .unary(_, let operand): forEachCall(in: operand, visit)
    case .binary:
        // Long chains lean to the left: followed by a loop.
        var left = expression
        while case .binary(_, let inner, let right) = left.kind {
            forEachCall(in: right, visit)
            left = inner
        }
        forEachCall(in: left, visit)
    case .conditional(let condition, let then, let otherwise):
        forEachCall(in: condition, visit)
        forEachCall(in: then, visit)
        forEachCall(in: otherwise, visit)
    case .tuple(let items): for item in items { forEachCall(in: item, visit) }
    case .object(let items):
        for item in items {
            if case .expression(let key) = item.key { forEachCall(in: key, visit) }
            forEachCall(in: item.value, visit)
        }
    case .forTuple(let clause, let value):
        forEachCall(in: clause, visit)
        forEachCall(in: value, visit)
    case .forObject(let clause, let key, let value, _):
        forEachCall(in: clause, visit)
        forEachCall(in: key, visit)
        forEachCall(in: value, visit)
    case .parenthesized(let inner): forEachCall(in: inner, visit)
    }
}

func forEachCall(in body: Body, _ visit: (Expression, Identifier) -> Void) {
    for attribute in body.attributes { forEachCall(in: attribute.expression, visit) }
    for block in body.blocks { forEachCall(in: block.body, visit) }
}

private func forEachCall(in clause: ForClause, _ visit: (Expression, Identifier) -> Void) {
    forEachCall(in: clause.collection, visit)
    if let condition = clause.condition { forEachCall(in: condition, visit) }
}

private func forEachCall(in steps: [SplatStep], _ visit: (Expression, Identifier) -> Void) {
    for step in steps {
        switch step {
        case .attribute: break
        case .index(let key): forEachCall(in: key, visit)
        case .splat(_, let each): forEachCall(in: each, visit)
        }
    }
}

private func forEachCall(in parts: [TemplatePart], _ visit: (Expression, Identifier) -> Void) {
    for part in parts {
        switch part {
        case .literal: break
        case .interpolation(let expression): forEachCall(in: expression, visit)
        case .conditional(let condition, let then, let otherwise, _):
            forEachCall(in: condition, visit)
            forEachCall(in: then, visit)
            forEachCall(in: otherwise, visit)
        case .loop(let clause, let body, _):
            forEachCall(in: clause, visit)
            forEachCall(in: body, visit)
        }
    }
}
