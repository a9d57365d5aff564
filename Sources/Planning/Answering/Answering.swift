import Addresses
public import ConfigModel
public import Diagnostics
import Evaluation
public import HCLSyntax
public import Values

/// Expressions that somebody asks about, beside the configuration.
extension Planner {
    /// Gives everything the value that follows from what is recorded: no provider is asked, nothing is planned, and what was never made
    /// is unknown.
    ///
    /// Conditions are not looked at, since nothing is made of what they guard.
    public func recall() async -> [Diagnostic] {
        isConfiguringOnly = true
        isRecalling = true
        await takeOverMovedTypes()
        for vertex in declarations.order {
            let place = declarations.vertices[vertex]
            switch place.declaration {
            case .provider, .check, .gate, .end: break
            case .variable, .local, .output:
                for instance in cells.instances[place.module] {
                    attempt { () throws(DiagnosticError) in try cells.evaluate(place.declaration, in: instance) }
                }
            case .expansion, .resource: await visitWithoutEchoes(vertex)
            }
        }
        sortDiagnostics()
        return diagnostics
    }

    /// What an expression stands for in the root module, after `recall` or `makePlan`.
    ///
    /// - Parameter file: what faults name as the place of the expression.
    /// - Throws: the first fault in it.
    public func value(of expression: Expression, in file: String) throws(DiagnosticError) -> Value {
        try refuseKeys(ofSingleInstancesIn: expression, file)
        return try cells.evaluator(file, in: cells.root).value(of: expression)
    }

    /// What loading checks in a configuration: an expression from elsewhere has not been loaded.
    private func refuseKeys(ofSingleInstancesIn expression: Expression, _ file: String) throws(DiagnosticError) {
        for traversal in traversals(in: expression) {
            guard let reference = checkedReference(traversal, file: file), case .resource(let name) = reference.subject,
                reference.key != nil,
                let item = declarations.indices[0].resources[name]
            else { continue }
            switch inputs.configuration.modules[0].resources[item].repetition {
            case .count, .forEach: continue
            case .single, .enabled:
                throw DiagnosticError(
                    .error(
                        "Unexpected resource instance key", "\(name) is not repeated: references to it have no index.", at: reference.span))
            }
        }
    }

    /// The same, with further names: `run` and `output` of a test.
    public func value(of expression: Expression, in file: String, adding names: [String: Value]) throws(DiagnosticError) -> Value {
        try cells.evaluator(file, in: cells.root).binding(names).value(of: expression)
    }

    /// Root variables, with their marks, as the module sees them.
    public var rootVariables: [String: Value] {
        let variables = inputs.configuration.modules[0].variables
        return Dictionary(variables.indices.map { (variables[$0].name, cells.root.variables[$0] ?? .unknown) }) { first, _ in first }
    }

    public var rootModule: Module { inputs.configuration.modules[0] }

    /// Root outputs as they are now: planned, or, when all is applied, real.
    public func rootOutputs() throws(DiagnosticError) -> Value { try cells.outputsObject(of: cells.root) }

    /// The instances of a block in a module instance; while recalling, one that stands for all where it is not known how many there are.
    func expansion(of repetition: ConfigModel.Repetition, in instance: ModuleInstance)
        throws(DiagnosticError) -> (RepetitionMode, [RepetitionValues])
    {
        if isValidating { return try cells.expandForValidation(repetition, in: instance) }
        do throws(DiagnosticError) {
            return try cells.expand(repetition, in: instance)
        } catch {
            guard isRecalling, error.diagnostics.allSatisfy({ $0.cause == .notKnownYet }) else { throw error }
            return try cells.expandForValidation(repetition, in: instance)
        }
    }
}
