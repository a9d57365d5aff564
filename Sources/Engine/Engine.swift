public import Addresses
public import ConfigModel
public import Diagnostics
public import Evaluation
import FunctionLibrary
public import PlanModel
public import Planning
public import ProviderKit
public import StateModel
public import Values

/// Everything that commands need of one root module and one state, with what the composition root put in.
public struct Engine: Sendable {
    public struct Environment: Sendable {
        /// Absolute.
        public var workingDirectory: String
        public var homeDirectory: String?
        public var workspace: String
        public var sources: ModuleSources
        public var kinds: KindCatalog
        public var catalog: any ProviderCatalog
        /// Nil where nothing is applied.
        public var provisioners: (any Provisioning)?
        /// Seconds since 1970, UTC.
        public var now: @Sendable () -> Double

        public init(
            workingDirectory: String, homeDirectory: String?, workspace: String = "default", sources: ModuleSources, kinds: KindCatalog,
            catalog: any ProviderCatalog, provisioners: (any Provisioning)? = nil, now: @escaping @Sendable () -> Double
        ) {
            self.workingDirectory = workingDirectory
            self.homeDirectory = homeDirectory
            self.workspace = workspace
            self.sources = sources
            self.kinds = kinds
            self.catalog = catalog
            self.provisioners = provisioners
            self.now = now
        }
    }

    public let environment: Environment

    public init(_ environment: Environment) { self.environment = environment }

    func bridge(planTime: Double, applyTime: Double? = nil, seed: [UInt8]? = nil) -> FunctionBridge {
        FunctionBridge(
            table: .standard,
            environment: RunEnvironment(
                homeDirectory: environment.homeDirectory, workingDirectory: environment.workingDirectory, planTime: planTime,
                applyTime: applyTime, seed: seed))
    }

    /// Functions that read files and draw numbers at once: for expressions that belong to no plan.
    public func freeFunctions() -> any FunctionCalling {
        let now = environment.now()
        return bridge(planTime: now, applyTime: now, seed: (0..<32).map { _ in UInt8.random(in: .min ... .max) })
    }

    /// The configuration of the working directory, or of another; nil where there are errors, for its sources then stand in the second part
    /// alone.
    ///
    /// - Parameters:
    ///   - sources: where it is read from, if not from where everything is.
    ///   - variables: what root variables are given, for what depends on them before anything is planned.
    ///   - fixed: values of root variables that hold in place of given ones.
    public func load(
        root: String = ".", from sources: ModuleSources? = nil, variables: VariableInputs, fixed: [String: Value] = [:]
    ) -> (configuration: Configuration?, sources: SourceMap, diagnostics: [Diagnostic]) {
        let (configuration, sources, diagnostics) = loadWithFaults(root: root, from: sources, variables: variables, fixed: fixed)
        return (diagnostics.hasErrors ? nil : configuration, sources, diagnostics)
    }

    /// As above, the configuration even where there are errors.
    func loadWithFaults(
        root: String = ".", from sources: ModuleSources? = nil, variables: VariableInputs, fixed: [String: Value] = [:]
    ) -> (configuration: Configuration?, sources: SourceMap, diagnostics: [Diagnostic]) {
        let (configuration, diagnostics) = loadConfiguration(
            root: root, sources: sources ?? environment.sources, kinds: environment.kinds, functions: bridge(planTime: 0),
            early: EarlyInputs(
                variables: variables, fixed: fixed, workspace: environment.workspace, workingDirectory: environment.workingDirectory))
        let sources = configuration?.sources ?? SourceMap()
        return (configuration, sources, diagnostics)
    }

    /// Everything that can be checked of a loaded configuration without a value from outside.
    public func validate(_ configuration: Configuration) async -> [Diagnostic] {
        do throws(DiagnosticError) {
            let planner = try Planner(
                inputs: PlanningInputs(
                    configuration: configuration, variables: [:], base: StateSnapshot(version: StateVersion(lineage: "", serial: 0)),
                    createdAt: 0,
                    workspace: environment.workspace, workingDirectory: environment.workingDirectory),
                catalog: environment.catalog, functions: bridge(planTime: 0))
            return await planner.validate()
        } catch {
            return error.diagnostics
        }
    }

    /// What `plan` was asked.
    public struct PlanRequest: Sendable {
        public var configuration: Configuration
        public var variables: [String: Value]
        public var mode: Plan.Mode
        public var options: Plan.Options
        /// Given where a saved plan is made again; the clock's otherwise.
        public var createdAt: Double?
        /// Objects to be taken over besides those that import blocks name, by the addresses that they get. Where there are any, nothing else
        /// is planned.
        public var imports: [ResourceInstanceAddress: String] = [:]
        /// Objects that import blocks name, and that nobody declares, are read: `Planned.unconfigured`.
        public var generates = false
        /// Blocks that were generated, for the plan to show.
        public var generated: [ResourceName: String] = [:]
        /// Modules that are not looked into.
        public var replacedModules: [ReplacedModule] = []

        public init(
            configuration: Configuration, variables: [String: Value], mode: Plan.Mode = .normal, options: Plan.Options = .init(),
            createdAt: Double? = nil
        ) {
            self.configuration = configuration
            self.variables = variables
            self.mode = mode
            self.options = options
            self.createdAt = createdAt
        }
    }

    /// A plan with what can finish its steps.
    public struct Planned: Sendable {
        public var plan: Plan
        public var digest: String
        public let planner: Planner
        public var base: StateSnapshot
        public var diagnostics: [Diagnostic]
        /// What import blocks name and nobody declares, where that was asked for.
        public var unconfigured: [UnconfiguredObject] = []
    }

    /// Plans against a snapshot.
    ///
    /// - Throws: all diagnostics, where one is an error.
    public func plan(_ request: PlanRequest, against base: StateSnapshot, catalog: (any ProviderCatalog)? = nil)
        async throws(DiagnosticError)
        -> Planned
    {
        let createdAt = request.createdAt ?? environment.now().rounded(.down)
        let base = await base.inCurrentShapes(request.configuration, catalog ?? environment.catalog)
        let functions = bridge(planTime: createdAt)
        var inputs = PlanningInputs(
            configuration: request.configuration, variables: request.variables, base: base, mode: request.mode, options: request.options,
            createdAt: createdAt, workspace: environment.workspace, workingDirectory: environment.workingDirectory)
        inputs.imports = request.imports
        inputs.generates = request.generates
        inputs.generated = request.generated
        inputs.replacedModules = request.replacedModules
        let planner = try Planner(inputs: inputs, catalog: catalog ?? environment.catalog, functions: functions)
        let made = await planner.makePlan()
        guard var plan = made.plan else { throw DiagnosticError(made.diagnostics + (await planner.closeEphemerals())) }
        plan.inputs =
            functions.environment.fileDigests.map { Plan.InputDigest(kind: .file, name: $0.path, digest: $0.digest) } + plan.inputs
        do throws(RecordError) {
            return Planned(
                plan: plan, digest: try plan.digest(), planner: planner, base: base, diagnostics: made.diagnostics,
                unconfigured: await planner.unconfigured)
        } catch {
            let fault = Diagnostic.error("Plan cannot be recorded", "A value in the plan cannot be recorded: \(error.message).")
            throw DiagnosticError([fault] + (await planner.closeEphemerals()))
        }
    }
}
