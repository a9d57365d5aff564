public import Addresses
public import Values

public enum ApplyAction: String, Sendable, Codable, Hashable { case create, update, delete }

/// Names one intent: the same on retry and after a crash, derived from plan digest and vertex, so that a create can be
/// deduplicated or found again. 32 hexadecimal digits.
public struct IntentID: Hashable, Sendable, Codable, RawRepresentable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// One change of one object, wholly known, as it was approved.
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

/// What became of a request, or what it waits for.
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
