public import ConfigModel
public import Diagnostics
import Evaluation
public import Planning
public import StateModel
public import Values

extension Engine {
    /// What can answer expressions from a configuration, variables and what is recorded. `uuid`, `timestamp` and their kind have values.
    ///
    /// - Parameter variables: root variables that have none are unknown.
    /// - Throws: what makes the configuration impossible to evaluate at all: a cycle.
    /// - Returns: beside it what is wrong with single values, which are unknown then.
    public func recall(_ configuration: Configuration, variables: [String: Value], from snapshot: StateSnapshot)
        async throws(DiagnosticError) -> (planner: Planner, diagnostics: [Diagnostic])
    {
        let now = environment.now()
        let snapshot = await snapshot.inCurrentShapes(configuration, environment.catalog)
        let planner = try Planner(
            inputs: PlanningInputs(
                configuration: configuration, variables: variables, base: snapshot, createdAt: now.rounded(.down),
                workspace: environment.workspace, workingDirectory: environment.workingDirectory),
            catalog: environment.catalog,
            functions: bridge(planTime: now, applyTime: now, seed: (0..<32).map { _ in UInt8.random(in: .min ... .max) }))
        return (planner, await planner.recall())
    }
}
