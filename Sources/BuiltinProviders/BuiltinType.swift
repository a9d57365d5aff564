import Addresses
import Diagnostics
import ProviderKit
import Values

/// A resource type that this process realises itself.
protocol BuiltinType: Sendable {
    var schema: ResourceSchema { get }
    /// Faults that the schema cannot see; `configuration` may hold unknowns.
    func validate(_ configuration: Value) -> [Diagnostic]
    /// What a create or an update would give; unknown where only applying decides.
    func propose(_ configuration: Value, from prior: Value?) throws(ProviderFailure) -> Proposal
    /// The object that `planned` becomes: its unknowns decided, the work done.
    func create(_ planned: Value) async throws(ProviderFailure) -> Value
    func update(_ planned: Value, from prior: Value) async throws(ProviderFailure) -> Value
    func delete(_ prior: Value) async throws(ProviderFailure)
    /// The object as it is now; nil where it is gone.
    func read(_ object: Value) async throws(ProviderFailure) -> Value?
    /// What a create that was cut off has made; nil where nothing is left of it.
    func find(_ planned: Value) async throws(ProviderFailure) -> Value?
    /// What an import id says of an object, to be read next; nil where objects of this type cannot be imported.
    ///
    /// - Throws: where `id` is not one.
    func imported(_ id: String) throws(ProviderFailure) -> Value?
    /// An object of another type as one of this; nil where it cannot be taken over.
    func moved(_ object: RemoteObject, from provider: String) throws(ProviderFailure) -> Value?
    /// Nothing is awaited while creating, updating and deleting: the object exists in the state alone.
    var isImmediate: Bool { get }
    /// The same, without waiting, for types that are immediate.
    func createNow(_ planned: Value) throws(ProviderFailure) -> Value
    func updateNow(_ planned: Value, from prior: Value) throws(ProviderFailure) -> Value
}

/// An object that exists in the state alone: reading gives what was recorded, deleting is nothing.
protocol StateOnlyType: BuiltinType {}

extension StateOnlyType {
    var isImmediate: Bool { true }
    func create(_ planned: Value) async throws(ProviderFailure) -> Value { try createNow(planned) }
    func update(_ planned: Value, from prior: Value) async throws(ProviderFailure) -> Value { try updateNow(planned, from: prior) }
    func updateNow(_ planned: Value, from prior: Value) throws(ProviderFailure) -> Value { planned }
    func delete(_ prior: Value) async throws(ProviderFailure) {}
    func read(_ object: Value) async throws(ProviderFailure) -> Value? { object }
}

/// An object that lies outside: working on it takes time.
protocol OutsideType: BuiltinType {}

extension OutsideType {
    var isImmediate: Bool { false }
    func createNow(_ planned: Value) throws(ProviderFailure) -> Value { throw Self.mustWait }
    func updateNow(_ planned: Value, from prior: Value) throws(ProviderFailure) -> Value { throw Self.mustWait }

    private static var mustWait: ProviderFailure {
        ProviderFailure(.other, summary: "Internal error", detail: "A type whose work takes time was asked to do it at once.")
    }
}

extension BuiltinType {
    func validate(_ configuration: Value) -> [Diagnostic] { [] }
    /// What exists in the state alone was not made unless it was recorded; so it is with a time waited for that was not over.
    func find(_ planned: Value) async throws(ProviderFailure) -> Value? { nil }
    func imported(_ id: String) throws(ProviderFailure) -> Value? { nil }
    func moved(_ object: RemoteObject, from provider: String) throws(ProviderFailure) -> Value? { nil }
}

/// A data source that this process answers itself.
protocol BuiltinDataSource: Sendable {
    var schema: ResourceSchema { get }
    /// Faults that the schema cannot see; `configuration` may hold unknowns.
    func validate(_ configuration: Value) -> [Diagnostic]
    func read(_ configuration: Value) async throws(ProviderFailure) -> Value
}

/// An ephemeral resource that this process realises itself: nothing of it lasts, so that nothing is to be closed.
protocol BuiltinEphemeral: Sendable {
    var schema: ResourceSchema { get }
    /// Faults that the schema cannot see; `configuration` may hold unknowns.
    func validate(_ configuration: Value) -> [Diagnostic]
    /// - Returns: the configuration, computed attributes filled in.
    func open(_ configuration: Value) async throws(ProviderFailure) -> Value
}

extension BuiltinEphemeral {
    func validate(_ configuration: Value) -> [Diagnostic] { [] }
}

extension BuiltinDataSource {
    func validate(_ configuration: Value) -> [Diagnostic] { [] }
}
