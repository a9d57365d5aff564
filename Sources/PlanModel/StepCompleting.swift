public import Addresses
public import Diagnostics
public import StateModel
public import Values

/// What has become true since planning, as far as it matters to steps that are not finished yet.
public protocol Facts: Sendable {
    /// The record of an object as it is now: from this run's facts, else as observed, else from the base.
    func object(at address: ObjectAddress) -> StateObject?
}

/// Finishes steps: evaluates a step's desired value again, now that what it waited for is a fact.
///
/// Planning implements it, Applying calls it, the Engine joins them. Calls come for a vertex only after all its predecessors are
/// done, in any order among vertices that are ready, never twice at once for one vertex.
public protocol StepCompleting: Sendable {
    /// What vertex `vertex` of the plan is to do now. Conforms to the plan, or throws the difference as diagnostics.
    func complete(_ vertex: Int, facts: any Facts) async throws(DiagnosticError) -> CompletedStep
    /// Opens the ephemeral resource of an `open` vertex; errors where it cannot be.
    func open(_ vertex: Int) async -> [Diagnostic]
    /// The value of `outputs[index]`.
    func output(_ index: Int, facts: any Facts) async throws(DiagnosticError) -> Value
    /// Evaluates the condition `checks[index]` again; diagnostics where it fails.
    func check(_ index: Int, facts: any Facts) async -> [Diagnostic]
    /// The planned value of a step becomes final: later evaluations see it.
    func settle(_ vertex: Int, object: StateObject?) async
}

extension StepCompleting {
    public func open(_ vertex: Int) async -> [Diagnostic] { [] }
}

/// A step with nothing unknown left in what it asks for.
public struct CompletedStep: Sendable {
    public enum Action: Sendable, Hashable { case create, update, delete, read, noOp, provision }

    public var action: Action
    /// Desired value and write-only arguments; never stored.
    public var configuration: Value?
    public var writeOnly: Value
    /// The record that will hold if it succeeds; attributes as planned, unknown where decided by the provider.
    public var planned: StateObject?
    public var plannedPrivate: [UInt8]
    /// The object before, as it is recorded now.
    public var prior: StateObject?
    public var provider: ProviderConfigAddress
    /// The object that holds it, as it is to be reached now.
    public var container: Value?
    /// Several records may claim the object's identity: the last of them to go removes the object.
    public var isShared: Bool
    /// A check asks for it: that it cannot be had is a warning.
    public var isForCheck = false
    /// What is to be run; nil unless the action is `provision`.
    public var provisioning: ProvisioningStep?
    public var origin: SourceSpan?
    /// Warnings that finishing gave.
    public var diagnostics: [Diagnostic]

    public init(
        action: Action, configuration: Value? = nil, writeOnly: Value = .emptyObject, planned: StateObject? = nil,
        plannedPrivate: [UInt8] = [], prior: StateObject? = nil, provider: ProviderConfigAddress, container: Value? = nil,
        isShared: Bool = false, origin: SourceSpan? = nil, diagnostics: [Diagnostic] = []
    ) {
        self.action = action
        self.configuration = configuration
        self.writeOnly = writeOnly
        self.planned = planned
        self.plannedPrivate = plannedPrivate
        self.prior = prior
        self.provider = provider
        self.container = container
        self.isShared = isShared
        self.origin = origin
        self.diagnostics = diagnostics
    }
}
