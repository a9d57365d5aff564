import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// Names as an expression in one module instance sees them.
struct ModuleScope: EvaluationScope {
    let cells: Cells
    let instance: ModuleInstance
    var repetition: RepetitionValues = .none
    var mode: RepetitionMode = .single
    /// Of a condition after the step.
    var own: Value?

    private var module: Module { cells.configuration.modules[instance.module] }
    private var index: ModuleIndex { cells.declarations.indices[instance.module] }

    private func fault(_ summary: String, _ detail: String, _ range: SourceRange, _ file: String, near: [String] = [], given: String = "")
        -> DiagnosticError
    {
        var hints: [String] = []
        if let name = nearestName(given, among: near) { hints.append("Did you mean \"\(name)\"?") }
        return DiagnosticError(.error(summary, detail, at: SourceSpan(file: file, range: range), hints: hints))
    }

    func resolve(_ root: Identifier, _ steps: [TraversalStep], in file: String) throws(DiagnosticError) -> ResolvedName {
        func name(_ what: String) throws(DiagnosticError) -> Identifier {
            guard case .attribute(let name)? = steps.first else {
                throw fault(
                    "Invalid reference", "The \"\(root.name)\" object cannot be accessed directly. Instead, access one of its attributes.",
                    root.range, file)
            }
            return name
        }
        switch root.name {
        case "var":
            let name = try name("variable")
            guard let item = index.variables[name.name] else {
                throw fault(
                    "Reference to undeclared input variable",
                    "An input variable with the name \"\(name.name)\" has not been declared. This variable can be declared with a variable \"\(name.name)\" {} block.",
                    root.range.union(name.range), file, near: module.variables.map(\.name), given: name.name)
            }
            return ResolvedName(try cells.value(.variable(item), in: instance), consumed: 1)
        case "local":
            let name = try name("local")
            guard let item = index.locals[name.name] else {
                throw fault(
                    "Reference to undeclared local value", "A local value with the name \"\(name.name)\" has not been declared.",
                    root.range.union(name.range), file, near: module.locals.map(\.name), given: name.name)
            }
            return ResolvedName(try cells.value(.local(item), in: instance), consumed: 1)
        case "module":
            let name = try name("module")
            guard let child = index.modules[name.name] else {
                throw fault(
                    "Reference to undeclared module", "No module call named \"\(name.name)\" is declared in \(moduleName).",
                    root.range.union(name.range), file, near: Array(index.modules.keys).sorted(), given: name.name)
            }
            return try called(child, steps: steps, consumed: 1, file: file)
        case "data", "ephemeral":
            guard steps.count >= 2, case .attribute(let type) = steps[0], case .attribute(let name) = steps[1] else {
                throw fault(
                    "Invalid reference",
                    "The \"\(root.name)\" object must be followed by two attribute names: the \(root.name == "data" ? "data source" : "ephemeral resource") type and the resource name.",
                    root.range, file)
            }
            let mode: ResourceMode = root.name == "data" ? .data : .ephemeral
            return try resource(
                ResourceName(mode, type: ResourceType(type.name), name: name.name), root: root, steps: steps, consumed: 2, file: file)
        case "resource":
            // A managed resource by its whole name, for types that are called like something else.
            guard steps.count >= 2, case .attribute(let type) = steps[0], case .attribute(let name) = steps[1] else {
                throw fault(
                    "Invalid reference",
                    "The \"resource\" object must be followed by two attribute names: the resource type and the resource name.", root.range,
                    file)
            }
            return try resource(
                ResourceName(.managed, type: ResourceType(type.name), name: name.name), root: root, steps: steps, consumed: 2, file: file)
        case "each":
            let name = try name("each")
            guard case .key(let key) = repetition.key else {
                throw fault(
                    "Reference to \"each\" in context without for_each",
                    "The \"each\" object can be used only in \"module\" or \"resource\" blocks, and only when the \"for_each\" argument is set.",
                    root.range.union(name.range), file)
            }
            switch name.name {
            case "key" where repetition.eachKey != nil: return ResolvedName(repetition.eachKey ?? .string(key), consumed: 1)
            case "key": return ResolvedName(repetition.isOpen ? .unknown(.string, .notNull) : .string(key), consumed: 1)
            case "value": return ResolvedName(repetition.eachValue ?? .string(key), consumed: 1)
            default:
                throw fault(
                    "Invalid \"each\" attribute",
                    "The \"each\" object does not have an attribute named \"\(name.name)\". The supported attributes are each.key and each.value, the current key and value pair of the \"for_each\" attribute set.",
                    name.range, file)
            }
        case "count":
            let name = try name("count")
            guard name.name == "index" else {
                throw fault(
                    "Invalid \"count\" attribute",
                    "The \"count\" object does not have an attribute named \"\(name.name)\". The only supported attribute is count.index, which is the index of each instance of a resource block that has the \"count\" argument set.",
                    name.range, file)
            }
            guard case .index(let number) = repetition.key else {
                throw fault(
                    "Reference to \"count\" in non-counted context",
                    "The \"count\" object can only be used in \"module\", \"resource\", and \"data\" blocks, and only when the \"count\" argument is set.",
                    root.range.union(name.range), file)
            }
            return ResolvedName(repetition.isOpen ? .unknown(.number, .notNull) : .int(number), consumed: 1)
        case "self":
            guard let own else {
                throw fault(
                    "Invalid \"self\" reference",
                    "The \"self\" object is not available in this context. This object can be used only in resource provisioner, connection, and postcondition blocks.",
                    root.range, file)
            }
            return ResolvedName(own, consumed: 0)
        case "path":
            let name = try name("path")
            switch name.name {
            case "module": return ResolvedName(.string(module.directory.isEmpty ? "." : module.directory), consumed: 1)
            case "root": return ResolvedName(.string(cells.context.rootDirectory), consumed: 1)
            case "cwd": return ResolvedName(.string(cells.context.workingDirectory), consumed: 1)
            // Of a kind's instance, for its composition alone: `firewall.web["web1"]`.
            case "address": return ResolvedName(.string(instance.path.description), consumed: 1)
            default:
                throw fault(
                    "Invalid \"path\" attribute",
                    "The \"path\" object does not have an attribute named \"\(name.name)\". Known are path.module, path.root and path.cwd.",
                    name.range, file, near: ["module", "root", "cwd"], given: name.name)
            }
        case "terraform":
            let name = try name("terraform")
            guard name.name == "workspace" else {
                throw fault(
                    "Invalid \"terraform\" attribute",
                    "The \"terraform\" object does not have an attribute named \"\(name.name)\". The only supported attribute is terraform.workspace, the name of the currently-selected workspace.",
                    name.range, file)
            }
            return ResolvedName(.string(cells.context.workspace), consumed: 1)
        default:
            guard case .attribute(let name)? = steps.first else {
                throw fault(
                    "Invalid reference",
                    "A reference to a resource type must be followed by at least one attribute access, specifying the resource name.",
                    root.range, file)
            }
            return try resource(
                ResourceName(type: ResourceType(root.name), name: name.name), root: root, steps: steps, consumed: 1, file: file)
        }
    }

    private var moduleName: String { module.path.isRoot ? "the root module" : module.path.description }

    private func resource(
        _ name: ResourceName, root: Identifier, steps: [TraversalStep], consumed: Int, file: String
    ) throws(DiagnosticError) -> ResolvedName {
        let range = steps.prefix(consumed).reduce(root.range) { $0.union($1.range) }
        guard let item = index.resources[name] else {
            if let kind = index.kinds[name] { return try called(kind, steps: steps, consumed: consumed, file: file) }
            let what = name.mode == .data ? "A data resource" : name.mode == .ephemeral ? "An ephemeral resource" : "A managed resource"
            let candidates = module.resources.map(\.name.description) + index.kinds.keys.map(\.description).sorted()
            throw fault(
                "Reference to undeclared resource",
                "\(what) \"\(name.type.rawValue)\" \"\(name.name)\" has not been declared in \(moduleName).", range, file,
                near: candidates, given: name.description)
        }
        guard let cell = instance.resources[item] else { return ResolvedName(.unknown, consumed: consumed) }
        return try picked(
            mode: cell.mode, steps: steps, consumed: consumed, file: file, name: name.description,
            instance: { key in cell.index[key].map { cell.values[$0] } }, whole: { cell.wholeValue })
    }

    private func called(_ child: Int, steps: [TraversalStep], consumed: Int, file: String) throws(DiagnosticError) -> ResolvedName {
        guard let cell = instance.children[child] else { return ResolvedName(.unknown, consumed: consumed) }
        // One output of one instance: the others are not looked at, they may wait for what this one does not wait for.
        if let (named, next) = cell.instance(namedBy: steps, from: consumed), steps.count > next, case .attribute(let name) = steps[next],
            let item = cells.declarations.indices[child].outputs[name.name]
        {
            return ResolvedName(try cells.value(.output(item), in: named), consumed: next + 1)
        }
        var failure: DiagnosticError?
        func value(_ instance: ModuleInstance) -> Value {
            do throws(DiagnosticError) {
                return try cells.outputsObject(of: instance)
            } catch {
                failure = error
                return .unknown
            }
        }
        let result = try picked(
            mode: cell.mode, steps: steps, consumed: consumed, file: file,
            name: cells.configuration.modules[child].path.description,
            instance: { key in cell[key].map(value) },
            whole: {
                if cell.instances.first?.repetition.isOpen == true { return .unknown }
                if let whole = cell.whole?.current(cells.open) { return whole }
                let values = cell.instances.map(value)
                let whole: Value
                switch cell.mode {
                // None: it is not enabled.
                case .single: whole = values.first ?? .null(.dynamic)
                case .count: whole = .tuple(values)
                case .forEach:
                    whole = .object(
                        zip(cell.instances, values).map { instance, value in
                            if case .key(let text) = instance.repetition.key { (text, value) } else { ("", value) }
                        })
                }
                if failure == nil { cell.whole = Finding(whole, isFinal: !cells.open.isApplying || whole.isWhollyKnown, cells.open) }
                return whole
            })
        if let failure { throw failure }
        return result
    }

    /// The instance that a constant key names, without building the whole; else the whole.
    private func picked(
        mode: RepetitionMode, steps: [TraversalStep], consumed: Int, file: String, name: String,
        instance: (InstanceKey) -> Value?, whole: () -> Value
    ) throws(DiagnosticError) -> ResolvedName {
        guard steps.count > consumed else { return ResolvedName(whole(), consumed: consumed) }
        switch (mode, steps[consumed]) {
        case (.count, .numberIndex(let digits, _)):
            if let number = Int(digits), let value = instance(.index(number)) { return ResolvedName(value, consumed: consumed + 1) }
        case (.forEach, .stringIndex(let key, _)):
            if let value = instance(.key(key)) { return ResolvedName(value, consumed: consumed + 1) }
        case (.count, .attribute(let attribute)), (.forEach, .attribute(let attribute)):
            let argument = mode == .count ? "count" : "for_each"
            let example = mode == .count ? "[count.index]" : "[each.key]"
            throw fault(
                "Missing resource instance key",
                "Because \(name) has \"\(argument)\" set, its attributes must be accessed on specific instances.\n\nFor example, to correlate with indices of a referring resource, use:\n    \(name)\(example)",
                attribute.range, file)
        default: break
        }
        return ResolvedName(whole(), consumed: consumed)
    }
}
