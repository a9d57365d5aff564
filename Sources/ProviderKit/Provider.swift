public import Addresses
public import Diagnostics
public import Values

/// What can be asked of a provider before it is configured.
public protocol ProviderSource: Sendable {
    var schema: ProviderSchema { get }
    /// Checks a resource's desired value (unknowns in it) beyond what the schema says. Subjects and addresses are filled in by the caller.
    func validate(_ configuration: Value, of type: ResourceType, mode: ResourceMode) -> [Diagnostic]
    /// - Parameter configuration: of the provider block's implied type; may hold unknowns while planning.
    func configure(_ configuration: Value) async throws(ProviderFailure) -> any Provider
}

/// What planning may ask. Nothing here changes the outside world.
public protocol ProviderReading: Sendable {
    /// Objects with equal keys are best read or applied in one group: one host, one endpoint and type.
    func batchKey(type: ResourceType, container: Value?) -> String
    /// How many groups or single steps of one key may run at once; 0: as many as the run allows.
    func parallelism(of batchKey: String) -> Int
    /// The objects as they are now, streamed as they come and placed by index. Every index is answered exactly once unless the
    /// calling task is cancelled.
    func read(_ requests: [ReadRequest]) -> AsyncStream<(Int, ReadOutcome)>
    /// What `prior` would become. Attributes decided remotely come back unknown. Needs no connection for a manifest.
    /// - Parameters:
    ///   - desired: nil proposes a delete (a provider may object).
    ///   - prior: nil proposes a create.
    func propose(_ desired: Desired?, from prior: RemoteObject?, of type: ResourceType) async throws(ProviderFailure) -> Proposal
}

/// What applying may ask. `apply` alone in this project changes the outside world.
public protocol Provider: ProviderReading {
    /// Never throws: half-done work is a result, and carries the object as far as it got *and* the failure. Outcomes come one by
    /// one; after the first failure of a group the rest come back as `.notBegun`.
    func apply(_ group: [ApplyRequest]) -> AsyncStream<(Int, ApplyOutcome)>
    /// Resolves an intent left by a crash: what, if anything, did it make?
    func find(_ request: FindRequest) async throws(ProviderFailure) -> FindOutcome
}

/// A provider that has data sources.
public protocol DataReading: ProviderReading {
    /// - Returns: the request's configuration, computed attributes filled in.
    func readData(_ request: DataRequest) async throws(ProviderFailure) -> Value
}

/// What a resource's body says. Never Codable: write-only values live here alone.
public struct Desired: Sendable {
    /// Of the type's implied type: computed attributes that are not set are null, write-only ones null.
    public var configuration: Value
    /// An object of the write-only attributes that are set; those of nested blocks under the block's name, as an object, as objects by label, or as
    /// a tuple in the order in which the blocks are written, an empty object for a block that sets none.
    public var writeOnly: Value

    public init(configuration: Value, writeOnly: Value = .emptyObject) {
        self.configuration = configuration
        self.writeOnly = writeOnly
    }
}

/// An object as recorded or read.
public struct RemoteObject: Sendable, Hashable {
    public var type: ResourceType
    /// Of the type's implied type, wholly known.
    public var attributes: Value
    /// Private to the provider, opaque to everybody else; secret.
    public var privateBytes: [UInt8]
    public var schemaVersion: Int

    public init(type: ResourceType, attributes: Value, privateBytes: [UInt8] = [], schemaVersion: Int = 0) {
        self.type = type
        self.attributes = attributes
        self.privateBytes = privateBytes
        self.schemaVersion = schemaVersion
    }
}

/// What a provider would make of an object: the answer that a plan is built of.
public struct Proposal: Sendable, Hashable {
    /// The object after the step, unknown where decided remotely; nil for a delete.
    public var planned: Value?
    public var privateBytes: [UInt8]
    /// Attributes whose change cannot be made in place.
    public var replaces: [Path]

    public init(planned: Value?, privateBytes: [UInt8] = [], replaces: [Path] = []) {
        self.planned = planned
        self.privateBytes = privateBytes
        self.replaces = replaces
    }
}
