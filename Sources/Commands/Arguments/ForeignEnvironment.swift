import Diagnostics

/// Variables by which Terraform's users choose a state: with a workspace that cannot be, going on would work on another state than was meant.
func faultInEnvironment(_ environment: [String: String]) -> Diagnostic? {
    if let workspace = environment["TF_WORKSPACE"], !workspace.isEmpty, !Workspaces.isName(workspace) {
        return .error(
            "Invalid workspace name set using TF_WORKSPACE",
            "The environment variable TF_WORKSPACE selects the workspace \"\(workspace)\", and a name may have only characters that a URL may have, and no path separators.",
            hints: ["Set TF_WORKSPACE to another name, or unset it."])
    }
    return nil
}
