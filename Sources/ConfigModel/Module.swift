public import Addresses
public import Diagnostics
public import Evaluation
public import HCLSyntax
public import Values

/// A whole configuration, loaded: the root module, every module it calls and the compositions of the kinds it uses.
public struct Configuration: Sendable {
    /// In the order of their paths, the root first.
    public let modules: [Module]
    private let indexByPath: [ModuleCallPath: Int]
    /// Every file read, for excerpts in diagnostics; by the path that spans name.
    public var sources: SourceMap
    /// Hexadecimal SHA-256 over every file's path and bytes, in order.
    public var digest: String

    public init(modules: [Module], sources: SourceMap, digest: String) {
        self.modules = modules
        self.sources = sources
        self.digest = digest
        indexByPath = Dictionary(modules.enumerated().map { ($0.element.path, $0.offset) }) { first, _ in first }
    }

    /// Index into `modules`.
    public func index(of path: ModuleCallPath) -> Int? { indexByPath[path] }

    /// The module called at `path`.
    public func module(at path: ModuleCallPath) -> Module? { index(of: path).map { modules[$0] } }
}

/// One module as called from one place. A module called twice is loaded once and stands here twice.
public final class Module: Sendable {
    public let path: ModuleCallPath
    /// As `path.module` gives it.
    public let directory: String
    public let settings: ModuleSettings
    public let variables: [Variable]
    public let locals: [Local]
    public let outputs: [Output]
    public let resources: [ResourceBlock]
    public let calls: [ModuleCall]
    public let providers: [ProviderBlock]
    public let checks: [CheckBlock]
    public let moved: [MovedBlock]
    public let removed: [RemovedBlock]
    public let imports: [ImportBlock]
    private let callIndices: [ModuleCallPath.Step: Int]

    /// The call of this module that makes this step.
    public func call(_ step: ModuleCallPath.Step) -> ModuleCall? { callIndices[step].map { calls[$0] } }

    public init(
        path: ModuleCallPath, directory: String, settings: ModuleSettings, variables: [Variable], locals: [Local], outputs: [Output],
        resources: [ResourceBlock], calls: [ModuleCall], providers: [ProviderBlock], checks: [CheckBlock], moved: [MovedBlock],
        removed: [RemovedBlock], imports: [ImportBlock]
    ) {
        self.path = path
        self.directory = directory
        self.settings = settings
        self.variables = variables
        self.locals = locals
        self.outputs = outputs
        self.resources = resources
        self.calls = calls
        self.providers = providers
        self.checks = checks
        self.moved = moved
        self.removed = removed
        self.imports = imports
        callIndices = Dictionary(calls.enumerated().map { ($0.element.callee.step, $0.offset) }) { first, _ in first }
    }
}

/// The `terraform` blocks of a module, put together.
public struct ModuleSettings: Sendable {
    public var requiredVersion: [Attribute]
    /// Local name to what it stands for.
    public var requiredProviders: [RequiredProvider]
    public var backend: Block?

    public init(requiredVersion: [Attribute] = [], requiredProviders: [RequiredProvider] = [], backend: Block? = nil) {
        self.requiredVersion = requiredVersion
        self.requiredProviders = requiredProviders
        self.backend = backend
    }
}

public struct RequiredProvider: Sendable {
    public var localName: String
    /// `hashicorp/aws`; the last part is the provider's name.
    public var source: String?
    public var version: String?
    /// `configuration_aliases`.
    public var aliases: [String]
    public var span: SourceSpan

    public init(localName: String, source: String?, version: String?, aliases: [String], span: SourceSpan) {
        self.localName = localName
        self.source = source
        self.version = version
        self.aliases = aliases
        self.span = span
    }
}

/// Where an expression stands, with the expression: a body's file is not in its expressions.
public struct LocatedExpression: Sendable {
    public var expression: Expression
    public var file: String

    public init(_ expression: Expression, file: String) {
        self.expression = expression
        self.file = file
    }

    public var span: SourceSpan { SourceSpan(file: file, range: expression.range) }
}

/// `validation`, `precondition`, `postcondition`, `assert`.
public struct ConditionBlock: Sendable {
    public var condition: LocatedExpression
    public var errorMessage: LocatedExpression
    public var span: SourceSpan

    public init(condition: LocatedExpression, errorMessage: LocatedExpression, span: SourceSpan) {
        self.condition = condition
        self.errorMessage = errorMessage
        self.span = span
    }
}

public struct Variable: Sendable {
    public var name: String
    /// With `optional(…)` in it; `dynamic` where not given.
    public var type: ValueType
    /// Whether a `type` was written: without one, text from outside stays a string.
    public var hasType: Bool
    /// Already converted to `type`; nil: required.
    public var defaultValue: Value?
    public var description: String
    public var isSensitive: Bool
    public var isEphemeral: Bool
    public var isNullable: Bool
    public var validations: [ConditionBlock]
    /// What its validations refer to besides itself.
    public var references: [Reference]
    /// Of a kind's interface: names, ports and counts that decide which parts there are.
    public var isKey: Bool
    public var span: SourceSpan

    public init(
        name: String, type: ValueType, hasType: Bool, defaultValue: Value?, description: String, isSensitive: Bool, isEphemeral: Bool,
        isNullable: Bool, validations: [ConditionBlock], references: [Reference] = [], isKey: Bool = false, span: SourceSpan
    ) {
        self.name = name
        self.type = type
        self.hasType = hasType
        self.defaultValue = defaultValue
        self.description = description
        self.isSensitive = isSensitive
        self.isEphemeral = isEphemeral
        self.isNullable = isNullable
        self.validations = validations
        self.references = references
        self.isKey = isKey
        self.span = span
    }
}

public struct Local: Sendable {
    public var name: String
    public var value: LocatedExpression
    public var references: [Reference]
    public var span: SourceSpan

    public init(name: String, value: LocatedExpression, references: [Reference] = [], span: SourceSpan) {
        self.name = name
        self.value = value
        self.references = references
        self.span = span
    }
}

public struct Output: Sendable {
    public var name: String
    public var value: LocatedExpression
    public var description: String
    public var isSensitive: Bool
    public var isEphemeral: Bool
    public var dependsOn: [Reference]
    public var preconditions: [ConditionBlock]
    /// What its value and preconditions refer to; `dependsOn` not among them.
    public var references: [Reference]
    public var span: SourceSpan

    public init(
        name: String, value: LocatedExpression, description: String, isSensitive: Bool, isEphemeral: Bool, dependsOn: [Reference],
        preconditions: [ConditionBlock], references: [Reference] = [], span: SourceSpan
    ) {
        self.name = name
        self.value = value
        self.description = description
        self.isSensitive = isSensitive
        self.isEphemeral = isEphemeral
        self.dependsOn = dependsOn
        self.preconditions = preconditions
        self.references = references
        self.span = span
    }
}

/// `count` or `for_each`.
public enum Repetition: Sendable {
    case single
    case count(LocatedExpression)
    case forEach(LocatedExpression)
}

/// A provider configuration named from a block: `provider = aws.west`.
public struct ProviderReference: Sendable, Hashable {
    public var name: String
    public var alias: String?
    public var span: SourceSpan?

    public init(name: String, alias: String? = nil, span: SourceSpan? = nil) {
        self.name = name
        self.alias = alias
        self.span = span
    }
}

public struct ResourceBlock: Sendable {
    public var name: ResourceName
    public var repetition: Repetition
    /// Explicit, else by the type's first word.
    public var provider: ProviderReference
    public var dependsOn: [Reference]
    public var lifecycle: Lifecycle
    /// The body without meta-arguments.
    public var body: Body
    public var provisioners: [Block]
    /// The `connection` that holds for all its provisioners.
    public var connection: Block?
    /// What in the body, repetition, conditions and provisioners refers to elsewhere.
    public var references: [Reference]
    /// Files of those arguments of `body` that an override file replaced; a missing name is in the body's own file.
    public var attributeFiles: [String: String]
    public var span: SourceSpan

    public init(
        name: ResourceName, repetition: Repetition, provider: ProviderReference, dependsOn: [Reference], lifecycle: Lifecycle,
        body: Body, provisioners: [Block], connection: Block? = nil, references: [Reference], attributeFiles: [String: String] = [:],
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

public struct Lifecycle: Sendable {
    public enum IgnoreChanges: Sendable {
        case none, all
        case paths([Path])
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
}

/// A `module` block, or a `resource` block whose type is a kind.
public struct ModuleCall: Sendable {
    public enum Callee: Sendable, Hashable {
        case module(name: String)
        case kind(type: ResourceType, name: String)

        public var step: ModuleCallPath.Step {
            switch self {
            case .module(let name): .module(name: name)
            case .kind(let type, let name): .kind(type: type, name: name)
            }
        }
    }

    public var callee: Callee
    /// Path of the called module.
    public var path: ModuleCallPath
    public var repetition: Repetition
    public var dependsOn: [Reference]
    /// Arguments without meta-arguments.
    public var body: Body
    /// Files of those arguments that an override file replaced; a missing name is in the body's own file.
    public var attributeFiles: [String: String] = [:]
    /// `providers = {…}`: name in the callee to configuration of the caller.
    public var providers: [(inner: ProviderReference, outer: ProviderReference)]
    public var references: [Reference]
    /// Of a kind's resource block; empty otherwise.
    public var lifecycle: Lifecycle
    public var span: SourceSpan

    public init(
        callee: Callee, path: ModuleCallPath, repetition: Repetition, dependsOn: [Reference], body: Body,
        providers: [(inner: ProviderReference, outer: ProviderReference)], references: [Reference], lifecycle: Lifecycle, span: SourceSpan
    ) {
        self.callee = callee
        self.path = path
        self.repetition = repetition
        self.dependsOn = dependsOn
        self.body = body
        self.providers = providers
        self.references = references
        self.lifecycle = lifecycle
        self.span = span
    }
}

public struct ProviderBlock: Sendable {
    public var name: String
    public var alias: String?
    public var repetition: Repetition
    public var body: Body
    public var references: [Reference]
    public var span: SourceSpan

    public init(name: String, alias: String?, repetition: Repetition, body: Body, references: [Reference], span: SourceSpan) {
        self.name = name
        self.alias = alias
        self.repetition = repetition
        self.body = body
        self.references = references
        self.span = span
    }
}

public struct CheckBlock: Sendable {
    public var name: String
    /// Its scoped data source, as a resource of its own.
    public var dataSource: ResourceName?
    public var assertions: [ConditionBlock]
    public var references: [Reference]
    public var span: SourceSpan

    public init(name: String, dataSource: ResourceName?, assertions: [ConditionBlock], references: [Reference], span: SourceSpan) {
        self.name = name
        self.dataSource = dataSource
        self.assertions = assertions
        self.references = references
        self.span = span
    }
}

public struct MovedBlock: Sendable {
    public var from: Traversal
    public var to: Traversal
    public var span: SourceSpan

    public init(from: Traversal, to: Traversal, span: SourceSpan) {
        self.from = from
        self.to = to
        self.span = span
    }
}

public struct RemovedBlock: Sendable {
    public var from: Traversal
    public var destroys: Bool
    public var span: SourceSpan

    public init(from: Traversal, destroys: Bool, span: SourceSpan) {
        self.from = from
        self.destroys = destroys
        self.span = span
    }
}

public struct ImportBlock: Sendable {
    public var to: LocatedExpression
    public var id: LocatedExpression
    public var forEach: LocatedExpression?
    public var provider: ProviderReference?
    public var span: SourceSpan

    public init(
        to: LocatedExpression, id: LocatedExpression, forEach: LocatedExpression?, provider: ProviderReference?, span: SourceSpan
    ) {
        self.to = to
        self.id = id
        self.forEach = forEach
        self.provider = provider
        self.span = span
    }
}
