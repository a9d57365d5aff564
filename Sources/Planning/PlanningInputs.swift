public import Addresses
public import ConfigModel
public import Diagnostics
public import PlanModel
public import ProviderKit
public import StateModel
public import Values

/// Everything that a plan is made from. Equal inputs give equal plans, byte for byte.
public struct PlanningInputs: Sendable {
    public var configuration: Configuration
    /// Root variables, converted and marked.
    public var variables: [String: Value]
    public var base: StateSnapshot
    public var mode: Plan.Mode
    public var options: Plan.Options
    /// Seconds since 1970.
    public var createdAt: Double
    public var workspace: String
    /// Modules that are not looked into.
    public var replacedModules: [ReplacedModule] = []
    public var rootDirectory: String
    public var workingDirectory: String
    /// Objects that a command asks to be taken over, besides those of import blocks.
    public var imports: [ResourceInstanceAddress: String] = [:]
    /// Whether objects that import blocks name and that are not declared are read, so that blocks can be written for them.
    public var generates = false
    /// Blocks that were written so, for the plan to show.
    public var generated: [ResourceName: String] = [:]

    public init(
        configuration: Configuration, variables: [String: Value], base: StateSnapshot, mode: Plan.Mode = .normal,
        options: Plan.Options = .init(), createdAt: Double, workspace: String = "default", rootDirectory: String = ".",
        workingDirectory: String
    ) {
        self.configuration = configuration
        self.variables = variables
        self.base = base
        self.mode = mode
        self.options = options
        self.createdAt = createdAt
        self.workspace = workspace
        self.rootDirectory = rootDirectory
        self.workingDirectory = workingDirectory
    }
}

/// Where providers come from.
public protocol ProviderCatalog: Sendable {
    /// - Throws: a diagnostic that says where it was looked for; a fault in its manifests.
    func source(named name: String) async throws(DiagnosticError) -> any ProviderSource
}
