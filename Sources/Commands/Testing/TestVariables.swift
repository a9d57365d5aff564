import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// Values for a run's variables: its own, those of its file, those from outside, in falling precedence.
struct TestVariables {
    let file: TestFile
    let run: TestRun
    let globals: [String: Value]
    let outputs: [String: Value]
    let functions: any FunctionCalling
    private(set) var warnings: [Diagnostic] = []
    private var ofFile: [String: Value] = [:]
    /// The values of the run, by name.
    private var ofRun: [String: Value] = [:]

    init(file: TestFile, run: TestRun, globals: [String: Value], outputs: [String: Value], functions: any FunctionCalling) {
        self.file = file
        self.run = run
        self.globals = globals
        self.outputs = outputs
        self.functions = functions
    }

    /// Evaluates an expression that stands in the run, or in a provider block of the file.
    mutating func value(of located: LocatedExpression) throws(DiagnosticError) -> Value {
        for traversal in traversals(in: located.expression) where traversal.root.name == "var" {
            if case .attribute(let name)? = traversal.steps.first { try bring(name.name) }
        }
        var scope = TestScope(variables: globals.merging(ofFile) { _, file in file })
        scope.runs = outputs
        scope.allRuns = Set(file.runs.map(\.name))
        let value = try Evaluator(file: located.file, scope: scope, functions: functions).value(of: located.expression)
        try checkKnown(value, located, scope)
        return value
    }

    /// What an earlier run has only planned may not be known.
    private func checkKnown(_ value: Value, _ located: LocatedExpression, _ scope: TestScope) throws(DiagnosticError) {
        if value.isWhollyKnown { return }
        for traversal in traversals(in: located.expression) where traversal.root.name == "run" {
            let expression = HCLSyntax.Expression(.traversal(traversal.root, traversal.steps), range: traversal.range)
            // What is known of it, or at fault, is none of ours.
            guard let seen = try? Evaluator(file: located.file, scope: scope, functions: functions).value(of: expression),
                !seen.isWhollyKnown, case .attribute(let run)? = traversal.steps.first
            else { continue }
            throw DiagnosticError(
                .error(
                    "Reference to unknown value",
                    "The value for \(traversal.text) is unknown. Run block \"\(run.name)\" is executing a \"plan\" operation, and the specified output value is only known after apply.",
                    at: SourceSpan(file: located.file, range: traversal.range)))
        }
    }

    /// Evaluates a variable of the file, when it is needed: others may be about what is not there.
    private mutating func bring(_ name: String) throws(DiagnosticError) {
        guard ofFile[name] == nil, let argument = file.variables.first(where: { $0.name == name }) else { return }
        var scope = TestScope(variables: globals)
        scope.isFileLevel = true
        ofFile[name] = try Evaluator(file: argument.value.file, scope: scope, functions: functions).value(of: argument.value.expression)
    }

    private func argument(_ name: String) -> TestArgument? {
        run.variables.first { $0.name == name } ?? file.variables.first { $0.name == name }
    }

    /// Of every variable that the module declares and that has a value, converted and marked.
    mutating func values(for configuration: Configuration) throws(DiagnosticError) -> [String: Value] {
        let module = configuration.modules[0]
        var faults: [Diagnostic] = []
        for argument in run.variables where !module.variables.contains(where: { $0.name == argument.name }) {
            warnings.append(
                .warning(
                    "Value for undeclared variable",
                    "The module under test does not declare a variable named \"\(argument.name)\", but it is declared in run block \"\(run.name)\".",
                    at: argument.span,
                    hints: nearestName(argument.name, among: module.variables.map(\.name)).map { ["Did you mean \"\($0)\"?"] } ?? []))
        }
        var values: [String: Value] = [:]
        for variable in module.variables {
            do throws(DiagnosticError) {
                guard let value = try value(for: variable, configuration) else {
                    faults.append(
                        .error(
                            "No value for required variable",
                            "The module under test for run block \"\(run.name)\" has a required variable \"\(variable.name)\" with no set value.",
                            at: variable.span,
                            hints: [
                                "Give it in a \"variables\" block of the test file or of the run block, or with -var or -var-file on the command line."
                            ]))
                    continue
                }
                var marks: Value.Marks = []
                if variable.isSensitive { marks.insert(.sensitive) }
                if variable.isEphemeral { marks.insert(.ephemeral) }
                values[variable.name] = value.marked(marks)
            } catch {
                faults += error.diagnostics
            }
        }
        // Those that no variable is declared for may stand in conditions.
        for name in Set((file.variables + run.variables).map(\.name)).sorted() where values[name] == nil && faults.isEmpty {
            if let argument = run.variables.first(where: { $0.name == name }) {
                if let value = try? value(of: argument.value) { ofRun[name] = value }
            } else {
                // One that cannot be evaluated is told of where it is needed.
                try? bring(name)
            }
        }
        if !faults.isEmpty { throw DiagnosticError(faults) }
        return values
    }

    private mutating func value(for variable: Variable, _ configuration: Configuration) throws(DiagnosticError) -> Value? {
        let given: Value
        if let own = run.variables.first(where: { $0.name == variable.name }) {
            given = try value(of: own.value)
        } else if file.variables.contains(where: { $0.name == variable.name }) {
            try bring(variable.name)
            given = ofFile[variable.name] ?? .null
        } else if let global = globals[variable.name] {
            given = global
        } else {
            return variable.defaultValue
        }
        if given.isNull, !variable.isNullable, let fallback = variable.defaultValue { return fallback }
        do throws(ConversionError) {
            // Whether it is a secret is for the variable's declaration to say, as in the reference.
            return try given.unmarkedDeep().0.converted(to: variable.type)
        } catch {
            throw DiagnosticError(
                .error(
                    "Invalid value for input variable",
                    "The given value is not suitable for var.\(variable.name) declared at \(configuration.sources.placeText(of: variable.span)): \(error.description).",
                    at: argument(variable.name)?.value.span ?? variable.span))
        }
    }

    /// What `var` stands for in conditions: the module's variables, and those of the test that it does not declare.
    func object(with module: [String: Value]) -> Value {
        var all = globals.merging(ofFile) { _, file in file }.merging(ofRun) { _, own in own }
        all.merge(module) { _, declared in declared }
        return .object(all.sorted { $0.key.precedesByBytes($1.key) }.map { ($0.key, $0.value) })
    }

    /// A variable that does not hold is at fault where the test gives it.
    func located(_ diagnostic: Diagnostic, in configuration: Configuration) -> Diagnostic {
        guard diagnostic.summary == "Invalid value for variable", let address = diagnostic.address, address.hasPrefix("var."),
            let argument = argument(String(address.dropFirst(4))), let condition = diagnostic.subject
        else { return diagnostic }
        var moved = diagnostic
        moved.subject = argument.span
        moved.context = nil
        moved.detail += "\n\nThis was checked by the validation rule at \(configuration.sources.placeText(of: condition))."
        return moved
    }
}
