import Addresses
import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// Values of root variables, worked out when the first of them is asked for: most configurations need none so early.
final class EarlyRoot {
    let inputs: EarlyInputs
    let functions: any FunctionCalling
    private let read: @Sendable (String) throws -> [UInt8]
    private var resolved: ResolvedVariables?

    init(_ inputs: EarlyInputs, functions: any FunctionCalling, read: @escaping @Sendable (String) throws -> [UInt8]) {
        self.inputs = inputs
        self.functions = functions
        self.read = read
    }

    /// Files that diagnostics point into.
    var sources: SourceMap? { resolved?.sources }

    func value(of variable: Variable, in module: DeclaredModule) throws(DiagnosticError) -> Value {
        var marks: Value.Marks = []
        if variable.isSensitive { marks.insert(.sensitive) }
        if variable.isEphemeral { marks.insert(.ephemeral) }
        if let fixed = inputs.fixed[variable.name] { return fixed.marked(marks) }
        let all =
            resolved
            ?? resolveVariables(
                root: module.instantiated(at: .root), inputs: inputs.variables, selection: .present, read: read)
        resolved = all
        if let value = all.values[variable.name] { return value }
        // What is wrong with the values of others is told when all are wanted.
        let faults = all.diagnostics.filter { $0.severity == .error }
        if !faults.isEmpty { throw DiagnosticError(faults) }
        throw DiagnosticError(
            .error(
                "No value for required variable",
                "The root module input variable \"\(variable.name)\" is not set, and has no default value. It is needed to find out what the configuration consists of.",
                at: variable.span, hints: ["Use a -var or -var-file command line argument to provide a value for this variable."]))
    }
}
