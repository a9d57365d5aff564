public import Addresses
public import Diagnostics
public import HCLSyntax
public import Values

/// `count` or `for_each`.
public enum Repetition: Sendable {
    case single
    case count(LocatedExpression)
    case forEach(LocatedExpression)
    /// `enabled` in `lifecycle`: one instance without a key, or none.
    case enabled(LocatedExpression)
}

/// A provider configuration named from a block: `provider = aws.west`, or `aws.by_region[each.key]`.
public struct ProviderReference: Sendable {
    public var name: String
    public var alias: String?
    /// Which instance of a repeated configuration.
    public var key: LocatedExpression?
    public var span: SourceSpan?

    public init(name: String, alias: String? = nil, key: LocatedExpression? = nil, span: SourceSpan? = nil) {
        self.name = name
        self.alias = alias
        self.key = key
        self.span = span
    }

    /// The configuration that a block means which names none: the default one of the type's first word.
    public static func implied(by type: ResourceType) -> ProviderReference {
        ProviderReference(name: String(type.rawValue.prefix { $0 != "_" }))
    }
}

/// A `resource` or `data` block, decoded as far as that goes without values.
public struct ResourceBlock: Sendable {
    public var name: ResourceName
    public var repetition: Repetition
    /// Explicit, else by the type's first word.
    public var provider: ProviderReference
    public var dependsOn: [Reference]
    public var lifecycle: Lifecycle
    /// The body without meta-arguments.
    public var body: Body
    public var provisioners: [ProvisionerBlock]
    /// The `connection` that holds for all its provisioners.
    public var connection: ConnectionBlock?
    /// What in the body, repetition, conditions and provisioners refers to elsewhere.
    public var references: [Reference]
    /// Files of those arguments of `body` that an override file replaced; a missing name is in the body's own file.
    public var attributeFiles: [String: String]
    public var span: SourceSpan

    public init(
        name: ResourceName, repetition: Repetition, provider: ProviderReference, dependsOn: [Reference], lifecycle: Lifecycle,
        body: Body, provisioners: [ProvisionerBlock], connection: ConnectionBlock? = nil, references: [Reference],
        attributeFiles: [String: String] = [:],
        span: SourceSpan
    ) {
        self.name = name
        self.repetition = repetition
        self.provider = provider
        self.dependsOn = dependsOn
        self.lifecycle = lifecycle
        self.body = body
        self.provisioners = provisioners
        self.connection = connection
        self.references = references
        self.attributeFiles = attributeFiles
        self.span = span
    }
}

/// A `lifecycle` block.
public struct Lifecycle: Sendable {
    public enum IgnoreChanges: Sendable {
        case none, all
        case paths([IgnoredPath])
    }

    /// An entry of `ignore_changes`.
    public struct IgnoredPath: Sendable {
        public var path: Path
        public var span: SourceSpan

        public init(_ path: Path, span: SourceSpan) {
            self.path = path
            self.span = span
        }
    }

    public var createBeforeDestroy: Bool
    public var preventDestroy: Bool
    public var ignoreChanges: IgnoreChanges
    public var replaceTriggeredBy: [LocatedExpression]
    public var preconditions: [ConditionBlock]
    public var postconditions: [ConditionBlock]
    /// Only in a kind's composition: the part that `-replace` and `taint` of the kind mean.
    public var isPrincipal: Bool

    public init(
        createBeforeDestroy: Bool = false, preventDestroy: Bool = false, ignoreChanges: IgnoreChanges = .none,
        replaceTriggeredBy: [LocatedExpression] = [], preconditions: [ConditionBlock] = [], postconditions: [ConditionBlock] = [],
        isPrincipal: Bool = false
    ) {
        self.createBeforeDestroy = createBeforeDestroy
        self.preventDestroy = preventDestroy
        self.ignoreChanges = ignoreChanges
        self.replaceTriggeredBy = replaceTriggeredBy
        self.preconditions = preconditions
        self.postconditions = postconditions
        self.isPrincipal = isPrincipal
    }

    /// Says nothing but what a kind hands on to all of its parts.
    public var isWhollyForKinds: Bool {
        guard case .none = ignoreChanges else { return false }
        return replaceTriggeredBy.isEmpty && preconditions.isEmpty && postconditions.isEmpty
    }
}
