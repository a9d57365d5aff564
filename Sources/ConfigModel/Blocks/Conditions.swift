public import Diagnostics
public import HCLSyntax

/// Where an expression stands, with the expression: a body's file is not in its expressions.
public struct LocatedExpression: Sendable {
    public var expression: Expression
    public var file: String

    public init(_ expression: Expression, file: String) {
        self.expression = expression
        self.file = file
    }

    public var span: SourceSpan { SourceSpan(file: file, range: expression.range) }
}

/// `validation`, `precondition`, `postcondition`, `assert`.
public struct ConditionBlock: Sendable {
    public var condition: LocatedExpression
    public var errorMessage: LocatedExpression
    public var span: SourceSpan

    public init(condition: LocatedExpression, errorMessage: LocatedExpression, span: SourceSpan) {
        self.condition = condition
        self.errorMessage = errorMessage
        self.span = span
    }
}
