/// What the program keeps beside a configuration: the workspace and the backend that were chosen, modules from elsewhere, journals. `.ashlar`, or
/// the folder `ashlar` in that which TF_DATA_DIR names, so that it can be shared with Terraform's.
struct DataFolder: Sendable {
    /// Of the configuration.
    let directory: String
    /// As it was chosen: relative to the configuration, or absolute.
    let name: String

    init(directory: String, environment: [String: String]) {
        self.directory = directory
        name = Self.chosen(environment).map { "\($0)/ashlar" } ?? ".ashlar"
    }

    var path: String { name.hasPrefix("/") ? name : "\(directory)/\(name)" }

    /// Where Terraform keeps which workspace was chosen.
    static func foreignSelection(directory: String, environment: [String: String]) -> String {
        let folder = chosen(environment) ?? ".terraform"
        return (folder.hasPrefix("/") ? folder : "\(directory)/\(folder)") + "/environment"
    }

    private static func chosen(_ environment: [String: String]) -> String? {
        guard var folder = environment["TF_DATA_DIR"], !folder.isEmpty else { return nil }
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        return folder
    }
}
