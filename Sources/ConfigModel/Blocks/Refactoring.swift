public import Diagnostics
public import Evaluation

/// A `moved` block: an object that goes by another address now.
public struct MovedBlock: Sendable {
    public var from: Traversal
    public var to: Traversal
    /// What the two name.
    public var source: ConfigurationAddress
    public var target: ConfigurationAddress
    public var span: SourceSpan

    public init(from: Traversal, to: Traversal, source: ConfigurationAddress, target: ConfigurationAddress, span: SourceSpan) {
        self.from = from
        self.to = to
        self.source = source
        self.target = target
        self.span = span
    }
}

/// A `removed` block: what is no longer managed, and whether it is destroyed.
public struct RemovedBlock: Sendable {
    public var from: Traversal
    /// What it names.
    public var address: ConfigurationAddress
    public var destroys: Bool
    public var span: SourceSpan

    public init(from: Traversal, address: ConfigurationAddress, destroys: Bool, span: SourceSpan) {
        self.from = from
        self.address = address
        self.destroys = destroys
        self.span = span
    }
}

/// An `import` block.
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
