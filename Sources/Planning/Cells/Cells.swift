import Addresses
import ConfigModel
import DependencyGraph
import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// What expressions may know of where they run.
struct EvaluationContext {
    var rootDirectory: String
    var workingDirectory: String
    var workspace: String
}

/// All values of a configuration, a cell each, evaluated once in the order of the declarations, and once more while applying for
/// those that held unknowns.
///
/// Belongs to one planner, which is an actor: never shared.
final class Cells {
    let configuration: Configuration
    let declarations: DeclarationGraph
    let context: EvaluationContext
    /// Replaced when applying begins: `timestamp` and its kind have values then.
    var functions: any FunctionCalling
    let root: ModuleInstance
    /// By module call.
    private(set) var instances: [[ModuleInstance]]
    private var instanceByPath: [ModulePath: ModuleInstance] = [:]
    /// Cells whose planned value holds an unknown and that have not been evaluated since applying began.
    private var stale: Set<CellID> = []
    private var isApplying = false

    struct CellID: Hashable {
        let vertex: Int
        let instance: Int
    }

    init(
        configuration: Configuration, declarations: DeclarationGraph, context: EvaluationContext, functions: any FunctionCalling
    ) {
        self.configuration = configuration
        self.declarations = declarations
        self.context = context
        self.functions = functions
        root = ModuleInstance(module: 0, source: configuration.modules[0], path: .root, parent: nil, number: 0, repetition: .none)
        instances = Array(repeating: [], count: configuration.modules.count)
        instances[0] = [root]
        instanceByPath[.root] = root
    }

    /// The module instance at a path; nil where the configuration makes none there.
    func instance(at path: ModulePath) -> ModuleInstance? { instanceByPath[path] }

    func addInstance(of module: Int, path: ModulePath, parent: ModuleInstance, repetition: RepetitionValues) -> ModuleInstance {
        let instance = ModuleInstance(
            module: module, source: configuration.modules[module], path: path, parent: parent, number: instances[module].count,
            repetition: repetition)
        instances[module].append(instance)
        instanceByPath[path] = instance
        return instance
    }

    func evaluator(
        _ file: String, in instance: ModuleInstance, repetition: RepetitionValues = .none, own: Value? = nil, shared: SharedValues? = nil
    ) -> Evaluator {
        Evaluator(
            file: file, scope: ModuleScope(cells: self, instance: instance, repetition: repetition, own: own), functions: functions,
            shared: shared)
    }

    /// The value of a variable, local or output of one module instance.
    func value(_ declaration: Declaration, in instance: ModuleInstance) throws(DiagnosticError) -> Value {
        if isApplying, !stale.isEmpty {
            let id = CellID(vertex: declarations.vertex(instance.module, declaration), instance: instance.number)
            if stale.contains(id) { try refresh(id) }
        }
        return stored(declaration, in: instance) ?? .unknown
    }

    private func stored(_ declaration: Declaration, in instance: ModuleInstance) -> Value? {
        switch declaration {
        case .variable(let item): instance.variables[item]
        case .local(let item): instance.locals[item]
        case .output(let item): instance.outputs[item]
        default: nil
        }
    }

    func outputsObject(of instance: ModuleInstance) throws(DiagnosticError) -> Value {
        let outputs = configuration.modules[instance.module].outputs
        var entries: [(String, Value)] = []
        entries.reserveCapacity(outputs.count)
        for item in outputs.indices { entries.append((outputs[item].name, try value(.output(item), in: instance))) }
        return .object(entries)
    }

    // MARK: Evaluating

    /// Evaluates a variable of a called module, a local or an output and stores it.
    func evaluate(_ declaration: Declaration, in instance: ModuleInstance) throws(DiagnosticError) {
        let module = configuration.modules[instance.module]
        switch declaration {
        case .variable(let item):
            guard let parent = instance.parent else { return }
            instance.variables[item] = try argument(module.variables[item], of: instance, in: parent)
        case .local(let item):
            let located = module.locals[item].value
            instance.locals[item] = try evaluator(located.file, in: instance).value(of: located.expression)
        case .output(let item):
            let output = module.outputs[item]
            var value = try evaluator(output.value.file, in: instance).value(of: output.value.expression)
            if output.isSensitive { value = value.marked(.sensitive) }
            if output.isEphemeral { value = value.marked(.ephemeral) }
            instance.outputs[item] = value
        default: break
        }
    }

    private func argument(_ variable: Variable, of instance: ModuleInstance, in parent: ModuleInstance) throws(DiagnosticError) -> Value {
        let call = declarations.indices[instance.module].callInParent.map { configuration.modules[parent.module].calls[$0] }
        var value: Value
        var place = variable.span
        if let call, let attribute = call.body.attribute(variable.name) {
            // An override file may have it.
            let file = call.attributeFiles[variable.name] ?? call.body.file
            place = SourceSpan(file: file, range: attribute.expression.range)
            value = try evaluator(file, in: parent, repetition: repetition(of: instance)).value(of: attribute.expression)
            if value.isNull, !variable.isNullable, let fallback = variable.defaultValue { value = fallback }
        } else if let fallback = variable.defaultValue {
            value = fallback
        } else {
            throw DiagnosticError(
                .error(
                    "Missing required argument", "The argument \"\(variable.name)\" is required, but no definition was found.",
                    at: call?.span))
        }
        do throws(ConversionError) {
            value = try value.converted(to: variable.type)
        } catch {
            throw DiagnosticError(
                .error(
                    "Invalid value for input variable",
                    "The given value is not suitable for \(instance.path).var.\(variable.name) declared at \(variable.span.file): \(error.description).",
                    at: place))
        }
        if value.isNull, !variable.isNullable {
            throw DiagnosticError(
                .error(
                    "Required variable not set",
                    "The given value is not suitable for var.\(variable.name): it does not accept null values.", at: place))
        }
        if variable.isSensitive { value = value.marked(.sensitive) }
        if variable.isEphemeral { value = value.marked(.ephemeral) }
        return value
    }

    /// Where the caller of a module or a kind writes the value of a variable; nil where nobody does.
    func argumentPlace(of variable: Variable, in instance: ModuleInstance) -> SourceSpan? {
        guard let parent = instance.parent, let item = declarations.indices[instance.module].callInParent else { return nil }
        let call = configuration.modules[parent.module].calls[item]
        guard let attribute = call.body.attribute(variable.name) else { return nil }
        return SourceSpan(file: call.attributeFiles[variable.name] ?? call.body.file, range: attribute.expression.range)
    }

    /// `each` of a module instance; its value is evaluated again while applying where it held unknowns.
    private func repetition(of instance: ModuleInstance) -> RepetitionValues {
        guard isApplying, let planned = instance.repetition.eachValue, !planned.isWhollyKnown, let parent = instance.parent,
            let cell = parent.children[instance.module], let item = declarations.indices[instance.module].callInParent
        else { return instance.repetition }
        if cell.appliedEachValues == nil {
            cell.appliedEachValues = eachValues(configuration.modules[parent.module].calls[item].repetition, in: parent)
        }
        var repetition = instance.repetition
        repetition.eachValue = cell.appliedEachValues?[repetition.key] ?? planned
        return repetition
    }

    /// `each.value` of every key now; nil where the expression cannot be evaluated (the step that needs it will say so).
    func eachValues(_ repetition: Repetition, in instance: ModuleInstance) -> [InstanceKey: Value]? {
        guard case .forEach(let located) = repetition,
            let value = try? evaluator(located.file, in: instance).value(of: located.expression),
            let entries = value.entries
        else { return nil }
        return Dictionary(entries.map { (InstanceKey.key($0.key), $0.value) }) { _, last in last }
    }

    // MARK: Applying

    /// From now on cells that held unknowns are evaluated again when they are first needed: what they wait for is a fact then.
    func beginApplying(functions: any FunctionCalling) {
        isApplying = true
        self.functions = functions
        for (module, list) in instances.enumerated() {
            for instance in list {
                let source = configuration.modules[module]
                func note(_ declaration: Declaration) {
                    if let value = stored(declaration, in: instance), value.isWhollyKnown { return }
                    stale.insert(CellID(vertex: declarations.vertex(module, declaration), instance: instance.number))
                }
                for item in source.variables.indices { note(.variable(item)) }
                for item in source.locals.indices { note(.local(item)) }
                for item in source.outputs.indices { note(.output(item)) }
                for case let cell? in instance.resources { cell.shared?.removeAll() }
                for cell in instance.children.values { cell.whole = nil }
            }
        }
    }

    func isStale(_ module: Int) -> Bool { isApplying && !stale.isEmpty }

    /// Evaluates a stale cell and the stale cells it needs, dependencies first, by a loop: chains may be long.
    private func refresh(_ id: CellID) throws(DiagnosticError) {
        var needed: Set<CellID> = [id]
        var stack = [id]
        while let next = stack.popLast() {
            let space = declarations.instanceModule(of: next.vertex)
            let instance = instances[space][next.instance]
            for target in declarations.graph.dependencies(of: next.vertex) {
                for other in cellInstances(of: Int(target), seenFrom: instance) {
                    let candidate = CellID(vertex: Int(target), instance: other.number)
                    if stale.contains(candidate), needed.insert(candidate).inserted { stack.append(candidate) }
                }
            }
        }
        let ordered = needed.sorted { (declarations.rank[$0.vertex], $0.instance) < (declarations.rank[$1.vertex], $1.instance) }
        for cell in ordered {
            stale.remove(cell)
            let place = declarations.vertices[cell.vertex]
            try evaluate(place.declaration, in: instances[place.module][cell.instance])
        }
    }

    /// The instances in which a vertex has the cells that an instance of another module sees: its own, one around it, or all
    /// those of a module that it calls, or that one around it calls (whose arguments refer to what its neighbours give).
    func cellInstances(of vertex: Int, seenFrom instance: ModuleInstance) -> [ModuleInstance] {
        let space = declarations.instanceModule(of: vertex)
        if space == instance.module { return [instance] }
        if let around = instance.ancestor(of: space) { return [around] }
        var caller: ModuleInstance? = instance
        while let at = caller {
            if let called = at.children[space] { return called.instances }
            caller = at.parent
        }
        return []
    }
}
