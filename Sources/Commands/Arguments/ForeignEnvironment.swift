import Diagnostics

/// Variables by which Terraform's users choose a state or add arguments. A workspace that cannot be, and arguments, which are not read:
/// going on without them would work on another state, or with other values, than was meant.
func faultInEnvironment(_ environment: [String: String]) -> Diagnostic? {
    if let workspace = environment["TF_WORKSPACE"], !workspace.isEmpty, !Workspaces.isName(workspace) {
        return .error(
            "Invalid workspace name set using TF_WORKSPACE",
            "The environment variable TF_WORKSPACE selects the workspace \"\(workspace)\", and a name may have only characters that a URL may have, and no path separators.",
            hints: ["Set TF_WORKSPACE to another name, or unset it."])
    }
    let names = environment.keys.filter { ($0 == "TF_CLI_ARGS" || $0.hasPrefix("TF_CLI_ARGS_")) && environment[$0]?.isEmpty == false }
    guard let name = names.min() else { return nil }
    return .error(
        "Arguments from the environment not supported", "The environment variable \(name) holds arguments, which are not read here.",
        hints: ["Unset it, and write the arguments on the command line."])
}
