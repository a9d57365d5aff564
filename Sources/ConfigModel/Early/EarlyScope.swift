import Addresses
import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// Names as they are known before anything is planned, in one module as it is called from one place: variables, and locals made of them.
final class EarlyScope: EvaluationScope {
    let module: DeclaredModule
    let caller: (scope: EarlyScope, call: ModuleCall)?
    let root: EarlyRoot
    private var known: [EarlyName.Key: Value] = [:]
    private lazy var variables = Dictionary(module.variables.map { ($0.name, $0) }) { first, _ in first }
    private lazy var locals = Dictionary(module.locals.map { ($0.name, $0) }) { first, _ in first }

    init(_ module: DeclaredModule, calledBy caller: (scope: EarlyScope, call: ModuleCall)?, root: EarlyRoot) {
        self.module = module
        self.caller = caller
        self.root = root
    }

    /// The value of an expression in this module.
    ///
    /// - Parameter user: what needs it, for what is said where it is not known.
    func value(of expression: LocatedExpression, for user: String) throws(DiagnosticError) -> Value {
        try settle(try names(in: expression, for: user))
        return try evaluated(expression)
    }

    private func evaluated(_ expression: LocatedExpression) throws(DiagnosticError) -> Value {
        try Evaluator(file: expression.file, scope: self, functions: root.functions).value(of: expression.expression)
    }

    func resolve(_ root: Identifier, _ steps: [TraversalStep], in file: String) throws(DiagnosticError) -> ResolvedName {
        guard case .attribute(let name)? = steps.first else { throw Self.unavailable(root, steps, file, "") }
        switch (root.name, name.name) {
        case ("var", _), ("local", _):
            guard let value = known[EarlyName.Key(isLocal: root.name == "local", name: name.name)] else {
                throw Self.unavailable(root, steps, file, "")
            }
            return ResolvedName(value, consumed: 1)
        case ("path", "module"): return ResolvedName(.string(module.directory.isEmpty ? "." : module.directory), consumed: 1)
        case ("path", "root"): return ResolvedName(.string("."), consumed: 1)
        case ("path", "cwd"): return ResolvedName(.string(self.root.inputs.workingDirectory), consumed: 1)
        case ("terraform", "workspace"): return ResolvedName(.string(self.root.inputs.workspace), consumed: 1)
        default: throw Self.unavailable(root, steps, file, "")
        }
    }

    // MARK: One name after the other

    /// Evaluates names and what they are made of, the innermost first: by a loop, for a chain of locals may be of any length.
    private func settle(_ needed: [EarlyName]) throws(DiagnosticError) {
        var waiting = needed.map { (name: $0, isReady: false) }
        var underWay: Set<EarlyName> = []
        while let (name, isReady) = waiting.popLast() {
            if name.scope.known[name.key] != nil { continue }
            if isReady {
                underWay.remove(name)
                name.scope.known[name.key] = try name.scope.computed(name.key)
                continue
            }
            underWay.insert(name)
            waiting.append((name, true))
            for other in try name.scope.dependencies(of: name.key) where other.scope.known[other.key] == nil {
                guard !underWay.contains(other) else {
                    throw DiagnosticError(
                        .error(
                            "Circular reference", "\(name.description) is made of itself, by way of \(other.description).",
                            at: name.scope.span(of: name.key)))
                }
                waiting.append((other, false))
            }
        }
    }

    private func names(in expression: LocatedExpression, for user: String) throws(DiagnosticError) -> [EarlyName] {
        var found: [EarlyName] = []
        for traversal in traversals(in: expression.expression) {
            guard case .attribute(let name)? = traversal.steps.first else {
                throw Self.unavailable(traversal.root, traversal.steps, expression.file, user)
            }
            let span = SourceSpan(file: expression.file, range: traversal.range)
            switch (traversal.root.name, name.name) {
            case ("var", _):
                guard variables[name.name] != nil else {
                    throw Self.undeclared(
                        "Reference to undeclared input variable", "An input variable", name.name, among: module.variables.map(\.name), span)
                }
                found.append(EarlyName(scope: self, key: EarlyName.Key(isLocal: false, name: name.name)))
            case ("local", _):
                guard locals[name.name] != nil else {
                    throw Self.undeclared(
                        "Reference to undeclared local value", "A local value", name.name, among: module.locals.map(\.name), span)
                }
                found.append(EarlyName(scope: self, key: EarlyName.Key(isLocal: true, name: name.name)))
            case ("path", "module"), ("path", "root"), ("path", "cwd"), ("terraform", "workspace"): break
            default: throw Self.unavailable(traversal.root, traversal.steps, expression.file, user)
            }
        }
        return found
    }

    private func dependencies(of key: EarlyName.Key) throws(DiagnosticError) -> [EarlyName] {
        if key.isLocal {
            guard let local = locals[key.name] else { return [] }
            return try names(in: local.value, for: "local.\(key.name)")
        }
        guard let caller, let argument = argument(key.name) else { return [] }
        return try caller.scope.names(in: argument, for: "module.\(caller.call.callee.step.publishedName): var.\(key.name)")
    }

    private func argument(_ name: String) -> LocatedExpression? {
        guard let call = caller?.call, let attribute = call.body.attribute(name) else { return nil }
        return LocatedExpression(attribute.expression, file: call.attributeFiles[name] ?? call.body.file)
    }

    private func span(of key: EarlyName.Key) -> SourceSpan? {
        key.isLocal ? locals[key.name]?.span : variables[key.name]?.span
    }

    /// From what is known already.
    private func computed(_ key: EarlyName.Key) throws(DiagnosticError) -> Value {
        if key.isLocal {
            guard let local = locals[key.name] else { return .unknown }
            return try evaluated(local.value)
        }
        guard let variable = variables[key.name] else { return .unknown }
        guard let caller else { return try root.value(of: variable, in: module) }
        guard let argument = argument(key.name) else {
            // That a required argument is missing is told of the call.
            guard let value = variable.defaultValue else { throw DiagnosticError([]) }
            return variable.marking(value)
        }
        let given = try caller.scope.evaluated(argument)
        do throws(ConversionError) {
            let value = try given.converted(to: variable.type)
            if value.isNull, !variable.isNullable, let fallback = variable.defaultValue { return variable.marking(fallback) }
            return variable.marking(value)
        } catch {
            throw DiagnosticError(
                .error(
                    "Invalid value for module argument",
                    "The given value is not suitable for child module variable \"\(key.name)\": \(error.description).", at: argument.span))
        }
    }

    // MARK: What is not known

    private static func undeclared(_ summary: String, _ what: String, _ name: String, among names: [String], _ span: SourceSpan)
        -> DiagnosticError
    {
        DiagnosticError(
            .error(
                summary, "\(what) with the name \"\(name)\" has not been declared.", at: span,
                hints: nearestName(name, among: names).map { ["Did you mean \"\($0)\"?"] } ?? []))
    }

    private static func unavailable(_ root: Identifier, _ steps: [TraversalStep], _ file: String, _ user: String) -> DiagnosticError {
        var text = root.name
        var range = root.range
        for case .attribute(let name) in steps.prefix(root.name == "data" ? 3 : 2) {
            text += ".\(name.name)"
            range = range.union(name.range)
        }
        let isOutput = root.name == "module"
        return DiagnosticError(
            .error(
                isOutput ? "Module output not supported in static context" : "Dynamic value in static context",
                "Unable to use \(text) in static context\(user.isEmpty ? "" : ", which is required by \(user)"): it is known only while planning.",
                at: SourceSpan(file: file, range: range),
                hints: ["Only variables, locals made of them, path.* and terraform.workspace are known before anything is planned."]))
    }
}

/// A variable or a local of one module as called from one place.
private struct EarlyName: Hashable {
    struct Key: Hashable {
        let isLocal: Bool
        let name: String
    }

    let scope: EarlyScope
    let key: Key

    var description: String { "\(key.isLocal ? "local" : "var").\(key.name)" }

    static func == (a: EarlyName, b: EarlyName) -> Bool { a.scope === b.scope && a.key == b.key }

    func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(scope))
        hasher.combine(key)
    }
}

extension Variable {
    fileprivate func marking(_ value: Value) -> Value {
        var marks: Value.Marks = []
        if isSensitive { marks.insert(.sensitive) }
        if isEphemeral { marks.insert(.ephemeral) }
        return value.marked(marks)
    }
}
