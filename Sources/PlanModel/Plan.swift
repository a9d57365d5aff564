public import Addresses
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

        /// Not the whole configuration is planned.
        public var isPartial: Bool { !targets.isEmpty || !excludes.isEmpty }
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
        public enum Kind: String, Sendable, Codable {
            case object, data
            /// Not read: what a `moved` block from another type makes of the object.
            case moved
        }
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
