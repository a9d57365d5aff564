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

/// A data source to be read.
public struct DataRequest: Sendable {
    public var address: ResourceInstanceAddress
    /// Wholly known, of the data source's implied type; computed attributes are null.
    public var configuration: Value
    /// The object that it asks about what it holds.
    public var container: Value?
    public var type: ResourceType { address.resource.resource.type }

    public init(address: ResourceInstanceAddress, configuration: Value, container: Value? = nil) {
        self.address = address
        self.configuration = configuration
        self.container = container
    }
}

/// What a resource's body says. Never Codable: write-only values live here alone.
public struct Desired: Sendable {
    /// Of the type's implied type: computed attributes that are not set are null, write-only ones null.
    public var configuration: Value
    /// An object of the write-only attributes that are set.
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

public struct ReadRequest: Sendable {
    public var object: RemoteObject
    public var address: ObjectAddress
    /// The object that holds this one, as it is to be reached *now*.
    public var container: Value?

    public init(object: RemoteObject, address: ObjectAddress, container: Value? = nil) {
        self.object = object
        self.address = address
        self.container = container
    }
}

/// An answer to a read: gone and unreachable are answers, not errors.
public enum ReadOutcome: Sendable {
    case found(RemoteObject)
    case gone
    /// Could not be asked: what holds it or its endpoint does not answer. `group` names that, so that it is said once.
    case unreachable(ProviderFailure, group: String)
    /// It answered, with an error.
    case failed(ProviderFailure)
}

public enum ApplyAction: String, Sendable, Codable, Hashable { case create, update, delete }

/// Names one intent: the same on retry and after a crash, derived from plan digest and vertex, so that a create can be
/// deduplicated or found again. 32 hexadecimal digits.
public struct IntentID: Hashable, Sendable, Codable, RawRepresentable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

public struct ApplyRequest: Sendable {
    public var action: ApplyAction
    public var address: ResourceInstanceAddress
    public var type: ResourceType
    /// Nil for a delete.
    public var desired: Desired?
    /// Nil for a create.
    public var prior: RemoteObject?
    public var proposal: Proposal
    public var intent: IntentID
    public var container: Value?
    /// For shared identities: another record still claims it, so nothing of it may be removed.
    public var isStillClaimed: Bool
    /// What was there before the first claim, kept by the identity; opaque to everybody but the provider.
    public var before: [UInt8]?

    public init(
        action: ApplyAction, address: ResourceInstanceAddress, type: ResourceType, desired: Desired?, prior: RemoteObject?,
        proposal: Proposal, intent: IntentID, container: Value? = nil, isStillClaimed: Bool = false, before: [UInt8]? = nil
    ) {
        self.action = action
        self.address = address
        self.type = type
        self.desired = desired
        self.prior = prior
        self.proposal = proposal
        self.intent = intent
        self.container = container
        self.isStillClaimed = isStillClaimed
        self.before = before
    }
}

public enum ApplyOutcome: Sendable {
    /// Done; nil after a delete.
    case done(RemoteObject?)
    /// Failed, with the object as far as it got: nil where certainly nothing exists (create) or nothing changed (update, delete).
    case failed(ProviderFailure, object: RemoteObject?)
    /// Not known what it did: the connection broke. Its intent stays open.
    case interrupted(ProviderFailure)
    /// An earlier member of the group failed; nothing of this one was tried.
    case notBegun
    /// No end: nothing is begun yet, because of this failure, and it is waited for, at most so many seconds more. May come any number of
    /// times before the outcome.
    case waiting(ProviderFailure, seconds: Double)
}

public struct FindRequest: Sendable {
    public var intent: IntentID
    public var action: ApplyAction
    public var address: ResourceInstanceAddress
    public var type: ResourceType
    /// The planned object as recorded with the intent; unknowns in it.
    public var planned: Value?
    public var prior: RemoteObject?
    public var container: Value?

    public init(
        intent: IntentID, action: ApplyAction, address: ResourceInstanceAddress, type: ResourceType, planned: Value?,
        prior: RemoteObject?, container: Value? = nil
    ) {
        self.intent = intent
        self.action = action
        self.address = address
        self.type = type
        self.planned = planned
        self.prior = prior
        self.container = container
    }
}

public enum FindOutcome: Sendable {
    case found(RemoteObject)
    /// It exists, and what was to be done with it was not done to the end: recorded as far as it is known, as tainted, so that the next plan
    /// replaces it.
    /// - Parameter what: a full sentence: what is missing.
    case unfinished(RemoteObject, what: String)
    /// Certainly not there.
    case absent
    /// The service cannot tell; candidates for a person to choose from.
    case uncertain(candidates: [String])
}

/// Why a provider could not do what it was asked. Public struct over a code, so that codes can be added.
public struct ProviderFailure: Error, Sendable, Hashable, Codable {
    public enum Code: String, Sendable, Codable {
        case invalidConfiguration, notFound, conflict, denied, unauthenticated, rateLimited, unavailable, timeout, unreachable
        case trust, privilege, cancelled, rejected, unexpectedAnswer, other
    }

    public var code: Code
    /// Short: the diagnostic's summary.
    public var summary: String
    /// Full sentences: what was being attempted, what happened. No secret.
    public var detail: String
    /// The service's own words, where it gave any.
    public var serviceCode: String?
    public var serviceMessage: String?
    public var requestID: String?
    public var hints: [String]
    /// The attribute at fault, where known.
    public var path: Path?
    /// Worth trying again without a change.
    public var isTransient: Bool

    public init(
        _ code: Code, summary: String, detail: String, serviceCode: String? = nil, serviceMessage: String? = nil,
        requestID: String? = nil, hints: [String] = [], path: Path? = nil, isTransient: Bool = false
    ) {
        self.code = code
        self.summary = summary
        self.detail = detail
        self.serviceCode = serviceCode
        self.serviceMessage = serviceMessage
        self.requestID = requestID
        self.hints = hints
        self.path = path
        self.isTransient = isTransient
    }
}
