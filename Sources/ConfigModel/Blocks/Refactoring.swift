public import Diagnostics
public import Evaluation

public struct MovedBlock: Sendable {
    public var from: Traversal
    public var to: Traversal
    public var span: SourceSpan

    public init(from: Traversal, to: Traversal, span: SourceSpan) {
        self.from = from
        self.to = to
        self.span = span
    }
}

public struct RemovedBlock: Sendable {
    public var from: Traversal
    public var destroys: Bool
    public var span: SourceSpan

    public init(from: Traversal, destroys: Bool, span: SourceSpan) {
        self.from = from
        self.destroys = destroys
        self.span = span
    }
}

public struct ImportBlock: Sendable {
    public var to: LocatedExpression
    public var id: LocatedExpression
    public var forEach: LocatedExpression?
    public var provider: ProviderReference?
    public var span: SourceSpan

    public init(
        to: LocatedExpression, id: LocatedExpression, forEach: LocatedExpression?, provider: ProviderReference?, span: SourceSpan
    ) {
        self.to = to
        self.id = id
        self.forEach = forEach
        self.provider = provider
        self.span = span
    }
}
