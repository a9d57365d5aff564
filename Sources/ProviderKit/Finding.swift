public import Addresses
public import Values

/// An intent of which nobody knows what came of it.
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

/// What there is of an intent that was cut off.
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
