import Diagnostics

/// Variables by which Terraform's users choose a state or add arguments. Ashlar has neither yet, and going on without them would work on
/// another state, or with other values, than was meant.
func faultInEnvironment(_ environment: [String: String]) -> Diagnostic? {
    if let workspace = environment["TF_WORKSPACE"], !workspace.isEmpty, workspace != "default" {
        return .error(
            "Workspaces not supported",
            "The environment variable TF_WORKSPACE selects the workspace \"\(workspace)\", and there are no workspaces yet: every configuration has one state.",
            hints: ["Unset TF_WORKSPACE, and keep a directory for each environment."])
    }
    let names = environment.keys.filter { ($0 == "TF_CLI_ARGS" || $0.hasPrefix("TF_CLI_ARGS_")) && environment[$0]?.isEmpty == false }
    guard let name = names.min() else { return nil }
    return .error(
        "Arguments from the environment not supported", "The environment variable \(name) holds arguments, which are not read here.",
        hints: ["Unset it, and write the arguments on the command line."])
}
