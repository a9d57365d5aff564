import Addresses
public import ConfigModel
import DependencyGraph
public import Diagnostics
public import Evaluation
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
    public var rootDirectory: String
    public var workingDirectory: String

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

/// Makes plans, and afterwards finishes their steps: the values that planning worked out are what finishing starts from.
///
/// All its state is its own; calls come one at a time.
public actor Planner {
    let inputs: PlanningInputs
    /// Where moved objects were.
    let previousAddresses: [ResourceInstanceAddress: ResourceInstanceAddress]
    let catalog: any ProviderCatalog
    let declarations: DeclarationGraph
    let cells: Cells
    let providers: ProviderBoard
    let refresh: RefreshBoard
    var diagnostics: [Diagnostic] = []
    var drafts: [ChangeDraft] = []
    /// Drafts of a resource declaration in one module instance, in order.
    var draftsByCell: [Cells.CellID: [Int]] = [:]
    var draftByAddress: [ObjectAddress: Int] = [:]
    var holders = Holders()
    var observed: [Plan.Observation] = []
    var checks: [CheckResult] = []
    var openConditions = OpenConditions()
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
    /// What did not answer while applying, with the object that found it out.
    var lostHolders: [ResourceInstanceAddress: String] = [:]
    /// Vertices with an error, and what stands behind them.
    private var faulty: Set<Int> = []
    /// Whether a condition on a value that does not hold is reported: not on one that came of another error.
    var isTellingOfValues = true
    var layout: PlanLayout?
    var plan: Plan?

    /// - Throws: a cycle, or a target that cannot be read.
    public init(inputs: PlanningInputs, catalog: any ProviderCatalog, functions: any FunctionCalling) throws(DiagnosticError) {
        let moves = Moves(inputs.configuration, base: inputs.base)
        var inputs = inputs
        inputs.base = moves.base
        previousAddresses = moves.previous
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
        var isCutShort = false
        var counted = 0
        var errors = 0
        for vertex in declarations.order where selection.includes(vertex: vertex) || isRootVariable(vertex) {
            // Warnings stop nothing: what is not visited would be planned as gone.
            errors += diagnostics[counted...].count { $0.severity == .error }
            counted = diagnostics.count
            if errors > Self.mostErrors {
                isCutShort = true
                break
            }
            await visitWithoutEchoes(vertex)
        }
        if !diagnostics.hasErrors { checkMovedSources() }
        if !diagnostics.hasErrors { await planRemovals() }
        diagnostics.append(contentsOf: refresh.diagnostics)
        if !diagnostics.hasErrors { diagnostics.append(contentsOf: unmatchedAddresses()) }
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
        for item in variables.indices { cells.root.variables[item] = .unknown(variables[item].type) }
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
            for block in module.imports {
                diagnostics.append(
                    .error(
                        "Import blocks are not supported yet",
                        "Passing over it would create a second object beside the one to be imported.",
                        at: block.span, hints: ["Remove the block; the object stays as it is and is not managed."]))
            }
            for call in module.calls {
                guard case .kind(let type, let name) = call.callee, !call.lifecycle.isWhollyForKinds else { continue }
                diagnostics.append(
                    .error(
                        "Part of lifecycle is not supported on a kind yet",
                        "Of \(type.rawValue).\(name), prevent_destroy and create_before_destroy are carried out, for all of its parts; ignore_changes, replace_triggered_by and conditions are not.",
                        at: call.span, hints: ["Remove the others from its lifecycle block."]))
            }
            for resource in module.resources where !resource.provisioners.isEmpty {
                diagnostics.append(
                    .error(
                        "Provisioners are not supported yet", "The provisioner of \(resource.name) would not be run.", at: resource.span,
                        hints: ["On a host, use host_file, host_package and host_service; they are planned and can be undone."]))
            }
        }
    }

    /// Configures every provider from the configuration and the recorded objects, and plans nothing: what recovery works with.
    public func configureProviders() async -> [Diagnostic] {
        isConfiguringOnly = true
        for vertex in declarations.order { await visit(vertex) }
        return diagnostics
    }

    /// Equal plans give equal diagnostics: by file and place, then as they came.
    private func sortDiagnostics() {
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

    // MARK: Visiting

    /// Visits, and tells only what is a fault of its own: behind a declaration with an error stands an unknown in place of its value,
    /// and that this is not known yet, or not valid, is no news.
    private func visitWithoutEchoes(_ vertex: Int) async {
        let isBehindFault = !faulty.isEmpty && declarations.graph.dependencies(of: vertex).contains { faulty.contains(Int($0)) }
        let before = diagnostics.count
        isTellingOfValues = !isBehindFault
        await visit(vertex)
        isTellingOfValues = true
        if isBehindFault {
            diagnostics = diagnostics[..<before] + diagnostics[before...].filter { $0.cause != .notKnownYet }
        }
        if isBehindFault || diagnostics[before...].hasErrors { faulty.insert(vertex) }
    }

    /// Evaluates one declaration in every instance of its module.
    private func visit(_ vertex: Int) async {
        let place = declarations.vertices[vertex]
        switch place.declaration {
        case .expansion: expand(module: place.module)
        case .gate, .end: break
        case .variable(let item):
            for instance in cells.instances[place.module] {
                attempt { () throws(DiagnosticError) in try cells.evaluate(.variable(item), in: instance) }
                validate(variable: item, in: instance)
            }
        case .local(let item):
            for instance in cells.instances[place.module] {
                attempt { () throws(DiagnosticError) in try cells.evaluate(.local(item), in: instance) }
            }
        case .output(let item):
            for instance in cells.instances[place.module] { visitOutput(item, in: instance) }
        case .provider(let item):
            for instance in cells.instances[place.module].prefix(1) { await visitProvider(item, in: instance) }
        case .resource(let item):
            for instance in cells.instances[place.module] { await visitResource(item, vertex: vertex, in: instance) }
        case .check(let item):
            for instance in cells.instances[place.module] { visitCheck(item, in: instance) }
        }
    }

    func attempt(_ body: () throws(DiagnosticError) -> Void) {
        do throws(DiagnosticError) {
            try body()
        } catch {
            report(error)
        }
    }

    /// Validated whatever is targeted.
    private func isRootVariable(_ vertex: Int) -> Bool {
        if case .variable = declarations.vertices[vertex].declaration { return declarations.vertices[vertex].module == 0 }
        return false
    }

    /// Makes the instances of a called module.
    private func expand(module: Int) {
        guard let parent = declarations.indices[module].parent, let item = declarations.indices[module].callInParent else { return }
        let call = inputs.configuration.modules[parent].calls[item]
        for around in cells.instances[parent] {
            attempt { () throws(DiagnosticError) in
                let (mode, repetitions) =
                    try isValidating
                    ? cells.expandForValidation(call.repetition, in: around) : cells.expand(call.repetition, in: around)
                let made = repetitions.map { repetition in
                    let step: ModuleStep =
                        switch call.callee {
                        case .module(let name): .module(name: name, key: repetition.key)
                        case .kind(let type, let name): .kind(type: type, name: name, key: repetition.key)
                        }
                    return cells.addInstance(of: module, path: around.path.appending(step), parent: around, repetition: repetition)
                }
                around.children[module] = CallCell(mode: mode, instances: made)
            }
        }
    }

    private func visitOutput(_ item: Int, in instance: ModuleInstance) {
        let output = inputs.configuration.modules[instance.module].outputs[item]
        attempt { () throws(DiagnosticError) in try cells.evaluate(.output(item), in: instance) }
        visitPreconditions(ofOutput: item, in: instance)
        guard instance.path.isRoot else { return }
        guard let value = instance.outputs[item] else { return }
        if let fault = Self.infinityFault(in: value, of: output) { diagnostics.append(fault) }
        if value.holdsSensitive, !output.isSensitive {
            diagnostics.append(
                Diagnostic(
                    .error, "Output refers to sensitive values",
                    "To reduce the risk of accidentally exporting sensitive data that was intended to be only internal, any root module output containing sensitive data must be explicitly marked as sensitive, to confirm your intent.",
                    subject: output.span,
                    hints: [
                        "If you do intend to export this data, annotate the output value as sensitive by adding the argument: sensitive = true"
                    ]))
        }
        if value.holdsEphemeral, !output.isEphemeral {
            diagnostics.append(
                .error(
                    "Ephemeral value not allowed",
                    "This output value is not declared as returning an ephemeral value, so it cannot be set to a result derived from an ephemeral value.",
                    at: output.span))
        }
    }

    static func infinityFault(in value: Value, of output: Output) -> Diagnostic? {
        value.firstInfinity.map { path in
            .error(
                "Infinite number",
                "The output value \"\(Path([.attribute(output.name)] + path.steps))\" cannot be recorded: cannot serialize infinity as JSON.",
                at: output.span, hints: [BodyDecoder.infinityHint])
        }
    }

    /// Compares root outputs with the recorded ones.
    func planOutputs() {
        let declared = inputs.configuration.modules[0].outputs
        var names: Set<String> = []
        var changes: [OutputChange] = []
        if inputs.mode != .destroy {
            for (item, output) in declared.enumerated() where !output.isEphemeral {
                names.insert(output.name)
                guard selection.includes(vertex: declarations.vertex(0, .output(item))) else { continue }
                let after = cells.root.outputs[item] ?? .unknown
                // A null output is nothing, as in the reference.
                let present = after.isNull ? nil : Optional(after)
                // A resource that is configured and not made yet says nothing of an output.
                if inputs.mode == .refreshOnly, !after.isWhollyKnown { continue }
                let before = inputs.base.outputs[output.name]
                if before?.value.withoutMarks([.sensitive]) != present?.withoutMarks([.sensitive])
                    || (before != nil && before?.isSensitive != output.isSensitive)
                {
                    changes.append(OutputChange(name: output.name, before: before?.value, after: present, isSensitive: output.isSensitive))
                }
            }
        }
        // Nothing was found to be different: what the configuration would make of it now is no finding.
        if inputs.mode == .refreshOnly, observed.allSatisfy({ $0.kind == .data }) {
            outputs = []
            return
        }
        for (name, before) in inputs.base.outputs where !names.contains(name) {
            changes.append(OutputChange(name: name, before: before.value, after: nil, isSensitive: before.isSensitive))
        }
        outputs = changes.sorted { $0.name.precedesByBytes($1.name) }
    }
}
