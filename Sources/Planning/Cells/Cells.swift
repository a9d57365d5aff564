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

/// All values of a configuration, a cell each, evaluated once in the order of the declarations, and again while applying for those that
/// held unknowns.
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
    /// Cells that are not known yet, once applying has begun.
    var open = OpenCells()

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
            file: file, scope: ModuleScope(cells: self, instance: instance, repetition: repetition, own: own),
            functions: ModuleFunctions(base: functions, providers: configuration.modules[instance.module].settings.requiredProviders),
            shared: shared)
    }

    /// The value of a variable, local or output of one module instance.
    func value(_ declaration: Declaration, in instance: ModuleInstance) throws(DiagnosticError) -> Value {
        if !open.isEmpty {
            try refresh(CellID(vertex: declarations.vertex(instance.module, declaration), instance: instance.number))
        }
        return stored(declaration, in: instance) ?? .unknown
    }

    func stored(_ declaration: Declaration, in instance: ModuleInstance) -> Value? {
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
            if value.holdsEphemeral, !variable.isEphemeral, case .module = call.callee {
                throw DiagnosticError(
                    .error(
                        "Ephemeral value not allowed",
                        "The input variable \"\(variable.name)\" of \(instance.path.call) is not declared with ephemeral = true, so it cannot be given a value that is there for one run only.",
                        at: place))
            }
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
        if value.holdsEphemeral, !variable.isEphemeral {
            throw DiagnosticError(
                .error(
                    "Ephemeral value not allowed",
                    "The value is derived from an ephemeral one, and \(instance.path).var.\(variable.name) is not declared to take such.",
                    at: place, hints: ["Add to the variable: ephemeral = true"]))
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
