public import Values

/// What is known before anything is planned, for what decides which modules there are and where the state is: `source`, `version`, a
/// backend's settings, `for_each` of providers.
public struct EarlyInputs: Sendable {
    public var variables: VariableInputs
    /// Values that hold in place of those given from outside: those of a saved plan.
    public var fixed: [String: Value]
    public var workspace: String
    public var workingDirectory: String

    public init(
        variables: VariableInputs = VariableInputs(), fixed: [String: Value] = [:], workspace: String = "default",
        workingDirectory: String = "."
    ) {
        self.variables = variables
        self.fixed = fixed
        self.workspace = workspace
        self.workingDirectory = workingDirectory
    }
}
