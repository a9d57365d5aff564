public import Addresses

/// One entry of the journal. A state is the fold of its events; nothing else is the truth.
public enum StateEvent: Sendable, Hashable, Codable {
    case runBegan(RunRecord)
    /// Durable before the effect is tried.
    case intent(Intent)
    /// An intent's effect happened: the object as it is now (nil: deleted). Closes the intent.
    case fact(intent: String, address: ObjectAddress, object: StateObject?)
    /// An intent is closed without a fact: certainly nothing was done. A create that made nothing puts its deposed object back.
    case withdrawn(intent: String)
    /// What a read showed: the object differs from the record, or is gone (nil). Not an effect.
    case observed(address: ObjectAddress, object: StateObject?)
    /// An object that was there before is managed from now on; `id` is the name by which it was found. Not an effect.
    case imported(StateObject, id: String)
    /// The record alone changes: dependencies, provider address, status, container's details.
    case recorded(StateObject)
    /// The current object becomes a deposed one, so that its successor can be created first.
    case deposed(ResourceInstanceAddress, key: String)
    /// A deposed object is current again.
    case restored(ResourceInstanceAddress, key: String)
    /// The record goes, the object stays.
    case forgotten(ObjectAddress)
    /// The record's address changes.
    case moved(from: ResourceInstanceAddress, to: ResourceInstanceAddress)
    /// Nil: the output is gone.
    case output(name: String, OutputRecord?)
    case runEnded(RunID, result: RunRecord.Result, at: Double, counts: RunRecord.Counts)
}

/// Version of a state: the number of its last event. Two states of one lineage with equal versions are equal.
public struct StateVersion: Hashable, Sendable, Codable, Comparable {
    /// Random, drawn when the state is created.
    public var lineage: String
    /// 0 before the first event.
    public var serial: Int64

    public init(lineage: String, serial: Int64) {
        self.lineage = lineage
        self.serial = serial
    }

    public static func < (left: Self, right: Self) -> Bool { left.serial < right.serial }
}
