/// Where values of root variables come from, in rising precedence.
public struct VariableInputs: Sendable {
    /// One `-var` or `-var-file`: of these the last wins, in the order in which they were given.
    public enum CommandLineItem: Sendable, Hashable {
        /// `name=value`, as given.
        case assignment(String)
        case file(String)
    }

    /// Only entries whose name begins with `TF_VAR_` are looked at.
    public var environment: [String: String]
    /// Files that are read without being asked for, later ones winning.
    public var files: [String]
    public var commandLine: [CommandLineItem]

    public init(environment: [String: String] = [:], files: [String] = [], commandLine: [CommandLineItem] = []) {
        self.environment = environment
        self.files = files
        self.commandLine = commandLine
    }

    /// The files of a directory that are read without being asked for: `terraform.tfvars`, `terraform.tfvars.json`, then
    /// `*.auto.tfvars` and `*.auto.tfvars.json` in the order of their names.
    public static func automaticFiles(in directory: String, sources: ModuleSources) -> [String] {
        let names = (sources.list(directory) ?? []).filter { !FileSelection.isIgnored($0) }
        var selected = ["terraform.tfvars", "terraform.tfvars.json"].filter(names.contains)
        selected += names.filter { $0.hasSuffix(".auto.tfvars") || $0.hasSuffix(".auto.tfvars.json") }
            .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        return selected.map { joinPath(directory, $0) }
    }
}
