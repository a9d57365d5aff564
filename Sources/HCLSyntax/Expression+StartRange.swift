public import Diagnostics

extension Expression {
    /// What a fault of the expression as a whole is shown at, as the reference has it: its first part, so that a long list or call is not
    /// underlined from end to end. The text within the quotes, the bracket of a list, the name of a function.
    public var startRange: SourceRange {
        switch kind {
        case .template(let parts):
            switch parts.first {
            case .literal(_, let range)?: range
            case .interpolation(let expression)?: parts.count == 1 ? range : expression.startRange
            case .conditional(_, _, _, let range)?, .loop(_, _, let range)?: range
            case nil: range
            }
        case .traversal: range
        case .relative(let source, _), .index(let source, _), .splat(let source, _, _): source.startRange
        // With its opening parenthesis.
        case .call(let name, _, _): SourceRange(start: name.range.start, end: min(name.range.end + 1, range.end))
        case .unary, .tuple, .object, .forTuple, .forObject: SourceRange(start: range.start, end: min(range.start + 1, range.end))
        case .binary(_, let left, _): left.startRange
        case .conditional(let condition, _, _): condition.startRange
        case .number, .bool, .null, .parenthesized, .invalid: range
        }
    }
}

extension TraversalStep {
    /// The step with the dot before its name.
    public var rangeWithDot: SourceRange {
        guard case .attribute(let name) = self, name.range.start > 0 else { return range }
        return SourceRange(start: name.range.start - 1, end: name.range.end)
    }
}

extension Block {
    /// Where what the block lacks is missing: at its opening brace.
    public var opening: SourceRange { body.opening ?? headerRange }
}

extension Body {
    /// The opening brace; nil where the syntax is another's, or it is a whole file.
    public var opening: SourceRange? {
        isJSON || range.start == 0 ? nil : SourceRange(start: range.start, end: range.start + 1)
    }
}
