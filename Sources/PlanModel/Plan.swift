public import Addresses
public import Diagnostics
public import StateModel
public import Values

/// What is to be done, as a value: everything that is shown, approved, saved, compared and applied.
///
/// Vertices are integers; `edges` say what a vertex waits for. Several vertices may serve one `Change` (delete + create of a
/// replacement): people and published formats speak of changes, applying speaks of vertices.
public struct Plan: Sendable, Codable {
    public static let currentFormatVersion = 1

    public enum Mode: String, Sendable, Codable { case normal, destroy, refreshOnly }

    public var formatVersion = Plan.currentFormatVersion
    public var mode: Mode
    /// As given with `-target`, `-exclude`, `-replace`, `-unprotect`.
    public var options: Options
    /// Root variables that are not ephemeral.
    public var variables: [NamedValue]
    /// Seconds since 1970; an argument of planning, never read from a clock here.
    public var createdAt: Double
    /// The state that was planned against.
    public var base: StateVersion
    /// Of every configuration file, compositions included; hexadecimal SHA-256.
    public var configurationDigest: String
    /// Files and providers that were read besides the configuration.
    public var inputs: [InputDigest]
    /// Objects that differ from the base as read, and results of data sources.
    public var observed: [Observation]
    /// In the order of their addresses.
    public var changes: [Change]
    public var vertices: [Vertex]
    /// `edges[v]`: what vertex `v` waits for, ascending.
    public var edges: [[Int32]]
    public var outputs: [OutputChange]
    public var checks: [CheckResult]
    /// False where something was withheld (guarded data, targets): another plan is needed afterwards.
    public var isComplete: Bool
    /// Changes that were left out, and why.
    public var withheld: [Withheld]

    public init(
        mode: Mode, options: Options, variables: [NamedValue], createdAt: Double, base: StateVersion, configurationDigest: String,
        inputs: [InputDigest] = [], observed: [Observation] = [], changes: [Change] = [], vertices: [Vertex] = [],
        edges: [[Int32]] = [], outputs: [OutputChange] = [], checks: [CheckResult] = [], isComplete: Bool = true,
        withheld: [Withheld] = []
    ) {
        self.mode = mode
        self.options = options
        self.variables = variables
        self.createdAt = createdAt
        self.base = base
        self.configurationDigest = configurationDigest
        self.inputs = inputs
        self.observed = observed
        self.changes = changes
        self.vertices = vertices
        self.edges = edges
        self.outputs = outputs
        self.checks = checks
        self.isComplete = isComplete
        self.withheld = withheld
    }

    public struct Options: Sendable, Codable, Hashable {
        public var targets: [String] = []
        public var excludes: [String] = []
        public var replace: [String] = []
        public var unprotect: [String] = []
        public var refresh = true

        public init() {}
    }

    public struct NamedValue: Sendable, Codable, Hashable {
        public var name: String
        public var value: Value

        public init(name: String, value: Value) {
            self.name = name
            self.value = value
        }
    }

    public struct InputDigest: Sendable, Codable, Hashable {
        public enum Kind: String, Sendable, Codable {
            /// A file of the configuration itself.
            case configuration
            /// A file that the configuration reads.
            case file
            case provider
        }
        public var kind: Kind
        /// Path relative to the root module, or provider name.
        public var name: String
        public var digest: String

        public init(kind: Kind, name: String, digest: String) {
            self.kind = kind
            self.name = name
            self.digest = digest
        }
    }

    /// What a read showed: nil where the object is gone.
    public struct Observation: Sendable, Codable, Hashable {
        public enum Kind: String, Sendable, Codable { case object, data }
        public var kind: Kind
        public var address: ObjectAddress
        public var object: StateObject?

        public init(kind: Kind, address: ObjectAddress, object: StateObject?) {
            self.kind = kind
            self.address = address
            self.object = object
        }
    }

    public struct Withheld: Sendable, Codable, Hashable {
        public var address: ObjectAddress
        public var action: Change.Action
        /// A full sentence.
        public var reason: String
        /// The guarded object it depends on, where that is the reason.
        public var because: ObjectAddress?

        public init(address: ObjectAddress, action: Change.Action, reason: String, because: ObjectAddress? = nil) {
            self.address = address
            self.action = action
            self.reason = reason
            self.because = because
        }
    }
}

/// What happens to one object, and why.
public struct Change: Sendable, Codable, Hashable {
    public enum Action: String, Sendable, Codable, Hashable {
        case noOp, create, update, delete, read, forget
        case deleteThenCreate, createThenDelete
        /// Only the record changes (dependencies, provider address).
        case record

        public var isReplace: Bool { self == .deleteThenCreate || self == .createThenDelete }
    }

    /// Why, in the words of the published plan format, with our own added.
    public enum Reason: String, Sendable, Codable, Hashable {
        case none
        case cannotUpdate, tainted, requested, triggeredBy
        case noResourceConfig, wrongRepetition, countIndex, eachKey, noModule
        case configUnknown, dependencyPending, checkNested
        case containerReplaced, containerDeleted, destroyMode
        /// A deposed object: a replacement that creates first has not removed it yet.
        case leftOver
    }

    public var address: ObjectAddress
    /// Where it was before a move.
    public var previousAddress: ResourceInstanceAddress?
    public var provider: ProviderConfigAddress
    public var action: Action
    public var reason: Reason
    /// Paths whose change forces replacement.
    public var replacePaths: [Path]
    /// The resource block, or the expression that caused the change; nil where nothing of it is left in the configuration.
    public var origin: SourceSpan?
    /// The object as observed (nil: none).
    public var before: Value?
    /// The object as planned, unknown where decided later (nil: none).
    public var after: Value?
    /// Record of the object after the change, `attributes` aside; what a delete needs comes from the prior record instead.
    public var record: StateObject?
    public var plannedPrivate: [UInt8]
    /// The object could not be read: the step reads it before it finishes.
    public var isUnread: Bool

    public init(
        address: ObjectAddress, previousAddress: ResourceInstanceAddress? = nil, provider: ProviderConfigAddress, action: Action,
        reason: Reason = .none, replacePaths: [Path] = [], origin: SourceSpan? = nil, before: Value? = nil, after: Value? = nil,
        record: StateObject? = nil, plannedPrivate: [UInt8] = [], isUnread: Bool = false
    ) {
        self.address = address
        self.previousAddress = previousAddress
        self.provider = provider
        self.action = action
        self.reason = reason
        self.replacePaths = replacePaths
        self.origin = origin
        self.before = before
        self.after = after
        self.record = record
        self.plannedPrivate = plannedPrivate
        self.isUnread = isUnread
    }
}

/// One thing to wait for.
public struct Vertex: Sendable, Codable, Hashable {
    public enum Kind: Sendable, Codable, Hashable {
        /// An effect, or the finishing, of `changes[change]`.
        case effect(Effect, change: Int)
        /// All instances of a resource, a module call's start or end, a kind's end. `label` is for people.
        case join(label: String)
        /// A root output's value is known.
        case output(Int)
        /// A check or condition to be evaluated again.
        case condition(Int)
    }

    public enum Effect: String, Sendable, Codable, Hashable {
        case create, update, delete, read, forget, record
        /// A deferred no-op: only its conditions are checked again, or something waits through it.
        case noOp
    }

    public var kind: Kind
    /// Effects on one identity never run at once; empty where the type has none.
    public var identity: String
    /// Vertices with equal keys may travel as a group; empty: alone. Known while planning from provider and container.
    public var group: String
    /// Finishing it needs no fact of what it waits for: it may travel in a group with its predecessors.
    public var isSelfContained: Bool

    public init(kind: Kind, identity: String = "", group: String = "", isSelfContained: Bool = false) {
        self.kind = kind
        self.identity = identity
        self.group = group
        self.isSelfContained = isSelfContained
    }
}

public struct OutputChange: Sendable, Codable, Hashable {
    public var name: String
    public var before: Value?
    /// Nil: the output is gone.
    public var after: Value?
    public var isSensitive: Bool

    public init(name: String, before: Value?, after: Value?, isSensitive: Bool) {
        self.name = name
        self.before = before
        self.after = after
        self.isSensitive = isSensitive
    }
}

public struct CheckResult: Sendable, Codable, Hashable {
    public enum Kind: String, Sendable, Codable { case resource, output, check, variable }
    public enum Status: String, Sendable, Codable { case pass, fail, error, unknown }

    public var kind: Kind
    /// Address of what it checks.
    public var subject: String
    public var status: Status
    public var problems: [String]

    public init(kind: Kind, subject: String, status: Status, problems: [String] = []) {
        self.kind = kind
        self.subject = subject
        self.status = status
        self.problems = problems
    }
}
