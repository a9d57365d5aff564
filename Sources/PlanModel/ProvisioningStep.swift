public import Diagnostics
public import Values

/// A provisioner with everything in it evaluated, as it is to be run now. Never stored: ephemeral values may be in it.
public struct ProvisioningStep: Sendable {
    public enum Phase: Sendable, Hashable {
        /// After the create; with the last of them the object is what was planned.
        case afterCreate(isLast: Bool)
        case beforeDelete
    }

    public var phase: Phase
    /// `local-exec`.
    public var type: String
    public var configuration: Value
    /// Nil where none is written.
    public var connection: Value?
    /// That it fails changes nothing.
    public var continuesOnFailure: Bool
    /// The block.
    public var span: SourceSpan

    public init(
        phase: Phase, type: String, configuration: Value, connection: Value?, continuesOnFailure: Bool, span: SourceSpan
    ) {
        self.phase = phase
        self.type = type
        self.configuration = configuration
        self.connection = connection
        self.continuesOnFailure = continuesOnFailure
        self.span = span
    }
}
