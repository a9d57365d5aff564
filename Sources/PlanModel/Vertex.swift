/// One thing to wait for.
public struct Vertex: Sendable, Codable, Hashable {
    public enum Kind: Sendable, Codable, Hashable {
        /// An effect, or the finishing, of `changes[change]`.
        case effect(Effect, change: Int)
        /// All instances of a resource, a module call's start or end, a kind's end. `label` is for people.
        case join(label: String)
        /// A root output's value is known.
        case output(Int)
        /// An ephemeral resource, by its address, that could not be opened while planning. Nothing of it is in the plan but that.
        case open(String)
        /// A check or condition to be evaluated again.
        case condition(Int)
    }

    public enum Effect: String, Sendable, Codable, Hashable {
        case create, update, delete, read, forget, record
        /// The object is recorded as it was read while planning.
        case importing = "import"
        /// A provisioner of what has just been made: until the last of them has ended the object is recorded as tainted.
        case provision
        /// A provisioner of what is about to go, before its delete.
        case deprovision
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
    /// Of a provisioner's effect: which of those of its resource it is, in the order of the configuration.
    public var provisioner: Int?

    public init(kind: Kind, identity: String = "", group: String = "", isSelfContained: Bool = false, provisioner: Int? = nil) {
        self.provisioner = provisioner
        self.kind = kind
        self.identity = identity
        self.group = group
        self.isSelfContained = isSelfContained
    }
}
