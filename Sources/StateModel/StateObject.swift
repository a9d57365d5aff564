public import Addresses
public import Values

/// One recorded object and all that is needed to change or delete it when nothing else is left of its configuration.
public struct StateObject: Sendable, Hashable, Codable {
    public enum Status: String, Sendable, Codable {
        case ready
        /// To be replaced by the next plan: a create or a provisioner failed half-way.
        case tainted
    }

    public var address: ObjectAddress
    /// Wholly known; sensitive marks by path travel in it. Nothing ephemeral or write-only.
    public var attributes: Value
    public var schemaVersion: Int
    /// The provider's own bytes: secret, opaque.
    public var privateBytes: [UInt8]
    public var status: Status
    public var provider: ProviderConfigAddress
    /// Instance whose object holds this one (`semantics.md` 4).
    public var container: ResourceInstanceAddress?
    /// Direct dependencies, resolved through locals, outputs, data sources and the provider's configuration to resources.
    public var dependencies: [ResourceAddress]
    /// Effective: as propagated to every dependency.
    public var createBeforeDestroy: Bool
    /// Holds data: not deleted without consent.
    public var isGuarded: Bool
    /// `prevent_destroy` held for it, its own or that of a kind around it: what a plan goes by once the block is gone.
    public var preventsDestroy: Bool {
        get { protection ?? false }
        set { protection = newValue ? true : nil }
    }
    /// True or nil: nothing is written where it does not hold, as in records from before there was this.
    private var protection: Bool?
    /// Natural identity, rendered: `host.rack["a"]/host_file//etc/motd`; empty where the type has none.
    public var identity: String
    /// What was there before the first claim on the identity, private and secret; kept by whichever claim is last.
    public var before: [UInt8]?
    /// Keys of machines that its provisioners were the first to meet, by place (`host`, or `[host]:port`): those have to show them again.
    public var hostKeys: [String: String] {
        get { metKeys ?? [:] }
        set { metKeys = newValue.isEmpty ? nil : newValue }
    }
    /// Nil where there are none, as in records from before there was this.
    private var metKeys: [String: String]?

    private enum CodingKeys: String, CodingKey {
        case address, attributes, schemaVersion, privateBytes, status, provider, container, dependencies, createBeforeDestroy, isGuarded
        case protection = "preventsDestroy"
        case identity, before
        case metKeys = "hostKeys"
    }

    public init(
        address: ObjectAddress, attributes: Value, schemaVersion: Int = 0, privateBytes: [UInt8] = [], status: Status = .ready,
        provider: ProviderConfigAddress, container: ResourceInstanceAddress? = nil, dependencies: [ResourceAddress] = [],
        createBeforeDestroy: Bool = false, isGuarded: Bool = false, preventsDestroy: Bool = false, identity: String = "",
        before: [UInt8]? = nil
    ) {
        self.address = address
        self.attributes = attributes
        self.schemaVersion = schemaVersion
        self.privateBytes = privateBytes
        self.status = status
        self.provider = provider
        self.container = container
        self.dependencies = dependencies
        self.createBeforeDestroy = createBeforeDestroy
        self.isGuarded = isGuarded
        protection = preventsDestroy ? true : nil
        self.identity = identity
        self.before = before
    }
}

/// What a step was about to try.
public struct Intent: Sendable, Hashable, Codable {
    public enum Action: String, Sendable, Codable {
        case create, update, delete
        /// A provisioner of an object that has just been made.
        case provision
        /// A provisioner of an object that is about to go: the object is what it was until it has gone.
        case deprovision
    }

    /// 32 hexadecimal digits, derived from plan digest and vertex.
    public var id: String
    public var action: Action
    public var address: ObjectAddress
    /// The record as it will be if the step succeeds: `attributes` are the planned object, unknowns in it (a create or update).
    public var planned: StateObject?
    /// Attributes of the object before, for an update or delete: the base snapshot has the rest.
    public var run: RunID
    /// Vertex of the plan named by the run.
    public var vertex: Int

    public init(id: String, action: Action, address: ObjectAddress, planned: StateObject?, run: RunID, vertex: Int) {
        self.id = id
        self.action = action
        self.address = address
        self.planned = planned
        self.run = run
        self.vertex = vertex
    }
}

/// Names a run: time it began and random digits, sortable.
public struct RunID: Hashable, Sendable, Codable, RawRepresentable {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
}

/// A root output as recorded.
public struct OutputRecord: Sendable, Hashable, Codable {
    public var value: Value
    public var isSensitive: Bool

    public init(value: Value, isSensitive: Bool) {
        self.value = value
        self.isSensitive = isSensitive
    }
}

/// Who ran what, and how it ended.
public struct RunRecord: Sendable, Hashable, Codable {
    public enum Command: String, Sendable, Codable { case apply, destroy, refresh, recover, importing, stateEdit }
    public enum Result: String, Sendable, Codable { case done, failed, interrupted }

    public var id: RunID
    public var command: Command
    public var holder: LockHolder
    /// Seconds since 1970, UTC.
    public var beganAt: Double
    public var endedAt: Double?
    public var planDigest: String
    /// Nil while under way, or where the process was killed.
    public var result: Result?
    public var counts: Counts

    public struct Counts: Sendable, Hashable, Codable {
        public var created = 0
        public var updated = 0
        public var replaced = 0
        public var deleted = 0
        public var failed = 0
        public var notBegun = 0

        public init() {}
    }

    public init(
        id: RunID, command: Command, holder: LockHolder, beganAt: Double, endedAt: Double? = nil, planDigest: String,
        result: Result? = nil, counts: Counts = .init()
    ) {
        self.id = id
        self.command = command
        self.holder = holder
        self.beganAt = beganAt
        self.endedAt = endedAt
        self.planDigest = planDigest
        self.result = result
        self.counts = counts
    }
}
