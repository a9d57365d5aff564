import Diagnostics

/// A tree with other places: what was parsed from a text within a text stands elsewhere in the file.
extension Expression {
    func relocated(_ place: (SourceRange) -> SourceRange) -> Expression {
        Expression(kind.relocated(place), range: place(range))
    }
}

extension Expression.Kind {
    fileprivate func relocated(_ place: (SourceRange) -> SourceRange) -> Expression.Kind {
        switch self {
        case .number, .bool, .null, .invalid: self
        case .template(let parts): .template(parts.map { $0.relocated(place) })
        case .traversal(let root, let steps): .traversal(root.relocated(place), steps.map { $0.relocated(place) })
        case .relative(let source, let steps): .relative(source.relocated(place), steps.map { $0.relocated(place) })
        case .index(let source, let key): .index(source.relocated(place), key: key.relocated(place))
        case .splat(let source, let kind, let each):
            .splat(source.relocated(place), kind, each: each.map { $0.relocated(place) })
        case .call(let name, let arguments, let expandsLast):
            .call(name.relocated(place), arguments: arguments.map { $0.relocated(place) }, expandsLast: expandsLast)
        case .unary(let sign, let operand): .unary(sign, operand.relocated(place))
        case .binary(let sign, let left, let right): .binary(sign, left.relocated(place), right.relocated(place))
        case .conditional(let condition, let then, let otherwise):
            .conditional(
                condition: condition.relocated(place), then: then.relocated(place), otherwise: otherwise.relocated(place))
        case .tuple(let items): .tuple(items.map { $0.relocated(place) })
        case .object(let items): .object(items.map { $0.relocated(place) })
        case .forTuple(let clause, let value): .forTuple(clause.relocated(place), value: value.relocated(place))
        case .forObject(let clause, let key, let value, let groups):
            .forObject(clause.relocated(place), key: key.relocated(place), value: value.relocated(place), groups: groups)
        case .parenthesized(let inner): .parenthesized(inner.relocated(place))
        }
    }
}

extension Identifier {
    fileprivate func relocated(_ place: (SourceRange) -> SourceRange) -> Identifier {
        Identifier(name: name, range: place(range))
    }
}

extension TraversalStep {
    fileprivate func relocated(_ place: (SourceRange) -> SourceRange) -> TraversalStep {
        switch self {
        case .attribute(let name): .attribute(name.relocated(place))
        case .stringIndex(let key, let range): .stringIndex(key, place(range))
        case .numberIndex(let digits, let range): .numberIndex(digits, place(range))
        }
    }
}

extension SplatStep {
    fileprivate func relocated(_ place: (SourceRange) -> SourceRange) -> SplatStep {
        switch self {
        case .attribute(let name): .attribute(name.relocated(place))
        case .index(let key): .index(key.relocated(place))
        case .splat(let kind, let each): .splat(kind, each: each.map { $0.relocated(place) })
        }
    }
}

extension ObjectItem {
    fileprivate func relocated(_ place: (SourceRange) -> SourceRange) -> ObjectItem {
        let moved: Key =
            switch key {
            case .name(let name): .name(name.relocated(place))
            case .expression(let expression): .expression(expression.relocated(place))
            }
        return ObjectItem(key: moved, value: value.relocated(place))
    }
}

extension ForClause {
    fileprivate func relocated(_ place: (SourceRange) -> SourceRange) -> ForClause {
        ForClause(
            key: key?.relocated(place), value: value.relocated(place), collection: collection.relocated(place),
            condition: condition?.relocated(place))
    }
}

extension TemplatePart {
    func relocated(_ place: (SourceRange) -> SourceRange) -> TemplatePart {
        switch self {
        case .literal(let text, let range): .literal(text, place(range))
        case .interpolation(let expression): .interpolation(expression.relocated(place))
        case .conditional(let condition, let then, let otherwise, let range):
            .conditional(
                condition: condition.relocated(place), then: then.map { $0.relocated(place) },
                otherwise: otherwise.map { $0.relocated(place) }, place(range))
        case .loop(let clause, let body, let range):
            .loop(clause.relocated(place), body: body.map { $0.relocated(place) }, place(range))
        }
    }
}
