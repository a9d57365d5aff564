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
    /// Run before each object that it removes is destroyed.
    public var provisioners: [ProvisionerBlock]
    public var connection: ConnectionBlock?
    public var span: SourceSpan

    public init(
        from: Traversal, address: ConfigurationAddress, destroys: Bool, provisioners: [ProvisionerBlock] = [],
        connection: ConnectionBlock? = nil, span: SourceSpan
    ) {
        self.from = from
        self.address = address
        self.destroys = destroys
        self.provisioners = provisioners
        self.connection = connection
        self.span = span
    }
}
