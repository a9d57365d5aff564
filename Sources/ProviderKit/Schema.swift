public import Addresses
public import Values

/// What a provider offers: its settings and its types.
public struct ProviderSchema: Sendable {
    public var name: String
    public var version: String
    /// Digest of whatever defines the provider (its manifests' bytes), hexadecimal: a plan names it.
    public var digest: String
    /// Arguments of a `provider` block.
    public var configuration: BlockSchema
    public var resources: [ResourceType: ResourceSchema]
    public var dataSources: [ResourceType: ResourceSchema]
    /// Of a provider that is `EphemeralOpening`.
    public var ephemerals: [ResourceType: ResourceSchema]

    public init(
        name: String, version: String, digest: String, configuration: BlockSchema,
        resources: [ResourceType: ResourceSchema] = [:], dataSources: [ResourceType: ResourceSchema] = [:],
        ephemerals: [ResourceType: ResourceSchema] = [:]
    ) {
        self.name = name
        self.version = version
        self.digest = digest
        self.configuration = configuration
        self.resources = resources
        self.dataSources = dataSources
        self.ephemerals = ephemerals
    }
}

/// Attributes and nested blocks, as the reference's provider protocol has them.
public struct BlockSchema: Sendable {
    public var attributes: [AttributeSchema]
    public var blocks: [NestedBlockSchema]
    public var description: String
    public var isDeprecated = false

    public init(attributes: [AttributeSchema] = [], blocks: [NestedBlockSchema] = [], description: String = "") {
        self.attributes = attributes.sorted { $0.name.precedesByBytes($1.name) }
        self.blocks = blocks.sorted { $0.name.precedesByBytes($1.name) }
        self.description = description
    }

    public func attribute(_ name: String) -> AttributeSchema? { attributes.first { $0.name == name } }
    public func block(_ name: String) -> NestedBlockSchema? { blocks.first { $0.name == name } }

    /// Type of the object that a body of this schema gives; optional arguments are null where absent.
    public var impliedType: ValueType {
        .object(
            ObjectType(
                attributes.map { ObjectType.Attribute(name: $0.name, type: $0.type) }
                    + blocks.map { ObjectType.Attribute(name: $0.name, type: $0.impliedType) }))
    }
}

/// One attribute of a type: who says what it is, and what may be done with it.
public struct AttributeSchema: Sendable {
    public var name: String
    public var type: ValueType
    public var isRequired: Bool
    public var isOptional: Bool
    public var isComputed: Bool
    public var isSensitive: Bool
    /// Only in the configuration: never in a plan or record.
    public var isWriteOnly: Bool
    /// Names what holds the object: its value is a container object with an `id` attribute.
    public var isContainer: Bool
    public var isDeprecated: Bool
    public var description: String
    /// A list that is compared as a set.
    public var isUnordered: Bool
    /// Forces replacement where it changes; providers may force more in `propose`.
    public var forcesReplacement: Bool

    public init(
        name: String, type: ValueType, isRequired: Bool = false, isOptional: Bool = false, isComputed: Bool = false,
        isSensitive: Bool = false, isWriteOnly: Bool = false, isContainer: Bool = false, isDeprecated: Bool = false,
        isUnordered: Bool = false, forcesReplacement: Bool = false, description: String = ""
    ) {
        self.name = name
        self.type = type
        self.isRequired = isRequired
        self.isOptional = isOptional
        self.isComputed = isComputed
        self.isSensitive = isSensitive
        self.isWriteOnly = isWriteOnly
        self.isContainer = isContainer
        self.isDeprecated = isDeprecated
        self.isUnordered = isUnordered
        self.forcesReplacement = forcesReplacement
        self.description = description
    }

    /// May stand in a configuration.
    public var isSettable: Bool { isRequired || isOptional }
}

/// Blocks of one name within a type, and how often they may stand.
public struct NestedBlockSchema: Sendable {
    public enum Nesting: String, Sendable { case single, group, list, set, map }

    public var name: String
    public var nesting: Nesting
    public var block: BlockSchema
    public var minimumItems: Int
    /// 0: no limit.
    public var maximumItems: Int
    /// Where the block is also computed (absent means "whatever it is"), as attributes-as-blocks of old providers are.
    public var isComputed: Bool

    public init(name: String, nesting: Nesting, block: BlockSchema, minimumItems: Int = 0, maximumItems: Int = 0, isComputed: Bool = false)
    {
        self.name = name
        self.nesting = nesting
        self.block = block
        self.minimumItems = minimumItems
        self.maximumItems = maximumItems
        self.isComputed = isComputed
    }

    public var impliedType: ValueType {
        switch nesting {
        case .single, .group: block.impliedType
        case .list: .list(block.impliedType)
        case .set: .set(block.impliedType)
        case .map: .map(block.impliedType)
        }
    }
}

/// All that is known of a resource type or data source before it is configured.
public struct ResourceSchema: Sendable {
    public var type: ResourceType
    public var block: BlockSchema
    /// Raised when recorded objects need an upgrade.
    public var version: Int
    /// Attributes that name the object in nature, in order, such as `["host", "path"]`; empty: only its id does.
    public var identity: [String]
    /// Attributes whose values together only one object may have that a plan leaves behind, such as `["host", "claim"]`; unlike
    /// `identity` they name nothing, so that a change of them orders nothing and replaces nothing.
    public var unique: [String]
    /// Several addresses may claim one identity (package, service, user, group, directory): each record is a claim.
    public var isShared: Bool
    /// The attribute that names what holds the object, if any.
    public var containerAttribute: String? { block.attributes.first { $0.isContainer }?.name }
    /// Objects of this type hold others: contents name it through a container attribute, by its `id`.
    public var isContainer: Bool
    /// A container whose delete ends the record and not the thing: a machine that somebody already had. Its contents are deleted
    /// one by one before, not forgotten with it.
    public var keepsContents = false
    /// Contents outlive their container's deletion (and are deleted one by one).
    public var outlivesContainer: Bool
    /// The attribute that says where in its container the object stands: a path with slashes. What stands in something is made after it
    /// and removed before it, whatever the two are.
    public var nestedBy: String?
    /// Holds data: an object with its attribute `protect` not false is not deleted without consent.
    public var isGuarded: Bool

    public init(
        type: ResourceType, block: BlockSchema, version: Int = 0, identity: [String] = [], unique: [String] = [],
        isShared: Bool = false, isContainer: Bool = false, keepsContents: Bool = false, outlivesContainer: Bool = false,
        nestedBy: String? = nil,
        isGuarded: Bool = false
    ) {
        self.nestedBy = nestedBy
        self.keepsContents = keepsContents
        self.type = type
        self.block = block
        self.version = version
        self.identity = identity
        self.unique = unique
        self.isShared = isShared
        self.isContainer = isContainer
        self.outlivesContainer = outlivesContainer
        self.isGuarded = isGuarded
    }
}
