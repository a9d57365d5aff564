import Addresses
import ConfigModel
import DependencyGraph
public import Diagnostics
public import Evaluation
public import PlanModel
import ProviderKit
import StateModel
import Values

/// Makes plans, and afterwards finishes their steps: the values that planning worked out are what finishing starts from.
///
/// All its state is its own; calls come one at a time.
public actor Planner {
    /// With every object of the base where `moved` blocks put it, and of the type that it has there.
    var inputs: PlanningInputs
    /// Where moved objects were.
    let previousAddresses: [ResourceInstanceAddress: ResourceInstanceAddress]
    let blockedMoves: [Moves.Blocked]
    let catalog: any ProviderCatalog
    let declarations: DeclarationGraph
    let cells: Cells
    let providers: ProviderBoard
    var refresh: RefreshBoard
    var diagnostics: [Diagnostic] = []
    var drafts: [ChangeDraft] = []
    /// Drafts of a resource declaration in one module instance, in order.
    var draftsByCell: [Cells.CellID: [Int]] = [:]
    var draftByAddress: [ObjectAddress: Int] = [:]
    var holders = Holders()
    var observed: [Plan.Observation] = []
    var checks: [CheckResult] = []
    var openConditions = OpenConditions()
    var ephemerals = Ephemerals()
    var failedRenewals: [Diagnostic] = []
    var pendingEffects = PendingEffects()
    var outputs: [OutputChange] = []
    /// Base objects that a configured instance stands for.
    var claimed: Set<ObjectAddress> = []
    /// Resources a declaration's value comes from, through whatever is between; by cell.
    var reached: [Cells.CellID: [ResourceAddress]] = [:]
    let selection: Selection
    let createBeforeDestroy: [Bool]
    /// Configurations that are made while applying, and those that failed.
    var finishing: [ProviderConfigAddress: Task<Result<any Provider, DiagnosticError>, Never>] = [:]
    /// Nothing from outside is known.
    var isValidating = false
    /// Only providers are wanted: resources stand as they are recorded.
    var isConfiguringOnly = false
    /// Vertices that settings of providers come from, where only providers are wanted.
    var behindProviders: Set<Int> = []
    /// Values of what is recorded are wanted, for expressions asked from outside.
    var isRecalling = false
    let gatheredReads = GatheredReads()
    /// What did not answer while applying, with the object that found it out.
    var lostHolders: [ResourceInstanceAddress: String] = [:]
    /// Vertices with an error, and what stands behind them.
    var faulty: Set<Int> = []
    /// Checks of which it has been said that what they ask for cannot be had.
    var unansweredChecks: Set<Cells.CellID> = []
    /// Vertices that are excluded, and what depends on them: see `HoldingBack`.
    var heldBack: Set<Int> = []
    var excluded: Set<ResourceInstanceAddress> = []
    /// Whether a condition on a value that does not hold is reported: not on one that came of another error.
    var isTellingOfValues = true
    let imports: ImportTable
    /// Filled where the inputs ask for it.
    public internal(set) var unconfigured: [UnconfiguredObject] = []
    var layout: PlanLayout?
    var plan: Plan?

    /// - Throws: a cycle, or a target that cannot be read.
    public init(inputs: PlanningInputs, catalog: any ProviderCatalog, functions: any FunctionCalling) throws(DiagnosticError) {
        let moves = Moves(inputs.configuration, base: inputs.base)
        var inputs = inputs
        inputs.base = moves.base
        previousAddresses = moves.previous
        blockedMoves = moves.blocked
        self.inputs = inputs
        self.catalog = catalog
        let declarations = try DeclarationGraph(inputs.configuration)
        self.declarations = declarations
        cells = Cells(
            configuration: inputs.configuration, declarations: declarations,
            context: EvaluationContext(
                rootDirectory: inputs.rootDirectory, workingDirectory: inputs.workingDirectory, workspace: inputs.workspace),
            functions: functions)
        providers = ProviderBoard(configuration: inputs.configuration)
        imports = ImportTable(inputs.configuration)
        refresh = RefreshBoard(base: inputs.base)
        selection = try Selection(inputs.options, declarations: declarations, recorded: inputs.base.objects.keys)
        createBeforeDestroy = declarations.effectiveCreateBeforeDestroy()
        let variables = inputs.configuration.modules[0].variables
        for item in variables.indices {
            cells.root.variables[item] = inputs.variables[variables[item].name] ?? .unknown(variables[item].type)
        }
    }

    /// Nobody reads more: the rest of the configuration is not looked at any more, and a sentence says so.
    static let mostErrors = 200

    /// The plan, or nil where there are errors; warnings beside it.
    public func makePlan() async -> (plan: Plan?, diagnostics: [Diagnostic]) {
        refuseWhatIsNotCarriedOut()
        await takeOverMovedTypes()
        var isCutShort = false
        var counted = 0
        var errors = 0
        let unused = unusedProviders()
        for vertex in declarations.order where selection.includes(vertex: vertex) || isRootVariable(vertex) {
            if unused.contains(vertex) {
                await lookForUnusedProvider(vertex)
                continue
            }
            // Warnings stop nothing: what is not visited would be planned as gone.
            errors += diagnostics[counted...].count { $0.severity == .error }
            counted = diagnostics.count
            if errors > Self.mostErrors {
                isCutShort = true
                break
            }
            if holdBack(vertex) { continue }
            await visitWithoutEchoes(vertex)
        }
        if !isCutShort { await visitUnconfiguredImports() }
        if !diagnostics.hasErrors { checkMovedSources() }
        if !diagnostics.hasErrors { await planRemovals() }
        diagnostics.append(contentsOf: refresh.diagnostics)
        if !diagnostics.hasErrors { diagnostics += unmatchedAddresses() + unresolvedMoves() + forgottenObjects() }
        sortDiagnostics()
        if isCutShort {
            diagnostics.append(
                .error(
                    "Too many errors",
                    "Planning stopped after more than \(Self.mostErrors) errors: what stands behind them was not looked at, and may have errors, too.",
                    hints: ["Mend the first of these errors: others often follow from them."]))
        }
        guard !diagnostics.hasErrors else { return (nil, diagnostics) }
        do throws(DiagnosticError) {
            let made = try assemble()
            plan = made
            return (made, diagnostics)
        } catch {
            diagnostics.append(contentsOf: error.diagnostics)
            return (nil, diagnostics)
        }
    }

    /// Checks everything that can be checked without a value from outside: root variables are unknown, no provider is configured,
    /// nothing is read.
    public func validate() async -> [Diagnostic] {
        isValidating = true
        refuseWhatIsNotCarriedOut()
        let variables = inputs.configuration.modules[0].variables
        for (item, variable) in variables.enumerated() {
            var marks: Value.Marks = []
            if variable.isSensitive { marks.insert(.sensitive) }
            if variable.isEphemeral { marks.insert(.ephemeral) }
            cells.root.variables[item] = .unknown(variable.type).marked(marks)
        }
        for vertex in declarations.order {
            if case .provider(let item) = declarations.vertices[vertex].declaration {
                for instance in cells.instances[declarations.vertices[vertex].module] { await validateProvider(item, in: instance) }
            } else {
                await visitWithoutEchoes(vertex)
            }
        }
        sortDiagnostics()
        return diagnostics
    }

    /// What is read and not yet carried out is refused: to pass over it in silence would make duplicates, or leave things undone.
    private func refuseWhatIsNotCarriedOut() {
        for module in inputs.configuration.modules {
            for call in module.calls {
                guard case .kind(let type, let name) = call.callee, !call.lifecycle.isWhollyForKinds else { continue }
                diagnostics.append(
                    .error(
                        "Part of lifecycle is not supported on a kind yet",
                        "Of \(type.rawValue).\(name), prevent_destroy and create_before_destroy are carried out, for all of its parts; ignore_changes, replace_triggered_by and conditions are not.",
                        at: call.span, hints: ["Remove the others from its lifecycle block."]))
            }
        }
    }

    /// Configures every provider from the configuration and the recorded objects, and plans nothing: what recovery works with.
    ///
    /// Ephemeral resources are recorded nowhere: those that a provider's settings come from are opened, and the caller closes them with
    /// `closeEphemerals`. One that cannot be opened is a warning, as only some of what is to be recovered may need it.
    public func configureProviders() async -> [Diagnostic] {
        isConfiguringOnly = true
        let providers = declarations.order.filter { if case .provider = declarations.vertices[$0].declaration { true } else { false } }
        behindProviders = everything(behind: providers)
        await takeOverMovedTypes()
        for vertex in declarations.order { await visit(vertex) }
        return diagnostics
    }

    /// Equal plans give equal diagnostics: by file and place, then as they came.
    func sortDiagnostics() {
        var seen: Set<Diagnostic> = []
        diagnostics = diagnostics.filter { seen.insert($0).inserted }.enumerated().sorted { left, right in
            let a = left.element.subject
            let b = right.element.subject
            if let a, let b, a != b { return a.file == b.file ? a.range.start < b.range.start : a.file.precedesByBytes(b.file) }
            return left.offset < right.offset
        }.map(\.element)
    }

    func report(_ error: DiagnosticError, address: String? = nil) {
        diagnostics.append(
            contentsOf: error.diagnostics.map { diagnostic in
                guard diagnostic.address == nil, let address else { return diagnostic }
                var located = diagnostic
                located.address = address
                return located
            })
    }
}
