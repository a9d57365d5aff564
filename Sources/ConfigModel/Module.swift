public import Addresses
import Crypto
public import Diagnostics
public import HCLSyntax

/// A whole configuration, loaded: the root module, every module it calls and the compositions of the kinds it uses.
public struct Configuration: Sendable {
    /// In the order of their paths, the root first.
    public let modules: [Module]
    private let indexByPath: [ModuleCallPath: Int]
    /// Every file read, for excerpts in diagnostics; by the path that spans name.
    public var sources: SourceMap
    /// Every file read, in order.
    public let files: [File]
    /// Hexadecimal SHA-256 over every file's path and digest, in order.
    public let digest: String

    /// A file as it was read.
    public struct File: Sendable {
        /// As spans name it.
        public let path: String
        /// Hexadecimal SHA-256 of its bytes.
        public let digest: String
    }

    init(modules: [Module], sources: SourceMap, files: [File]) {
        self.modules = modules
        self.sources = sources
        self.files = files
        digest = hexadecimal(SHA256.hash(data: files.flatMap { "\($0.path.utf8.count) \($0.path) \($0.digest) ".utf8 }))
        indexByPath = Dictionary(modules.enumerated().map { ($0.element.path, $0.offset) }) { first, _ in first }
    }

    /// Whether the root module has any file, of overrides too.
    public var hasFiles: Bool { !files.isEmpty }

    /// Index into `modules`.
    public func index(of path: ModuleCallPath) -> Int? { indexByPath[path] }

    /// Where each kind's block stands.
    public var kindPlaces: [ModuleCallPath: SourceSpan] {
        var places: [ModuleCallPath: SourceSpan] = [:]
        for module in modules {
            for call in module.calls { if case .kind = call.callee { places[call.path] = call.span } }
        }
        return places
    }

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

/// One entry of `required_providers`.
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
