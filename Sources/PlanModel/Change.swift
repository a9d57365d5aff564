public import Addresses
public import Diagnostics
public import StateModel
public import Values

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
        /// It, or a module around it, has `enabled = false`.
        case disabled, moduleDisabled
        case configUnknown, dependencyPending, checkNested
        case containerReplaced, containerDeleted, destroyMode
        /// A deposed object: a replacement that creates first has not removed it yet.
        case leftOver
    }

    /// The taking over of an object that was there before.
    public struct Import: Sendable, Codable, Hashable {
        /// Its name outside.
        public var id: String
        /// As it was read, with the record that it gets before anything else is done with it.
        public var object: StateObject
        /// The configuration that was generated for it; nil where it has one of its own. No part of what is applied.
        public var generated: String?

        public init(id: String, object: StateObject, generated: String? = nil) {
            self.id = id
            self.object = object
            self.generated = generated
        }
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
    /// Nil: it is nothing that has to be taken over.
    public var importing: Import?

    public init(
        address: ObjectAddress, previousAddress: ResourceInstanceAddress? = nil, provider: ProviderConfigAddress, action: Action,
        reason: Reason = .none, replacePaths: [Path] = [], origin: SourceSpan? = nil, before: Value? = nil, after: Value? = nil,
        record: StateObject? = nil, plannedPrivate: [UInt8] = [], isUnread: Bool = false, importing: Import? = nil
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
        self.importing = importing
    }
}
