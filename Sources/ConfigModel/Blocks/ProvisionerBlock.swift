public import Diagnostics
public import HCLSyntax

/// A `provisioner` block: what is run when an object has been made, or before it goes.
public struct ProvisionerBlock: Sendable {
    public enum When: Sendable, Hashable { case create, destroy }

    /// `local-exec`.
    public var type: String
    public var when: When
    /// `on_failure = continue`: that it fails changes nothing.
    public var continuesOnFailure: Bool
    /// Its arguments, without meta-arguments.
    public var body: Body
    /// Its own `connection`, which goes before the resource's argument by argument.
    public var connection: ConnectionBlock?
    /// What it and its own connection refer to, `self` apart.
    public var references: [Reference]
    public var span: SourceSpan

    public init(
        type: String, when: When, continuesOnFailure: Bool, body: Body, connection: ConnectionBlock?, references: [Reference],
        span: SourceSpan
    ) {
        self.type = type
        self.when = when
        self.continuesOnFailure = continuesOnFailure
        self.body = body
        self.connection = connection
        self.references = references
        self.span = span
    }
}

/// A `connection` block: how a machine is reached. Never evaluated before a provisioner needs it.
public struct ConnectionBlock: Sendable {
    public var body: Body
    /// What it refers to, `self` apart.
    public var references: [Reference]
    public var span: SourceSpan

    public init(body: Body, references: [Reference], span: SourceSpan) {
        self.body = body
        self.references = references
        self.span = span
    }
}
