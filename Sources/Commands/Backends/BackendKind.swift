/// The stores that a `backend` block can name, and what each can be told.
enum BackendKind: String, CaseIterable {
    case sqlite, local

    struct Setting {
        var name: String
        var type: SettingType = .string
        /// Of the environment, where the configuration does not say it.
        var variable: String?
    }

    enum SettingType { case string, number, bool }

    var settings: [Setting] {
        switch self {
        case .sqlite, .local: [Setting(name: "path"), Setting(name: "workspace_dir")]
        }
    }

    /// What Terraform has besides.
    static let foreign = ["azurerm", "consul", "cos", "gcs", "http", "kubernetes", "oci", "oss", "pg", "remote", "s3"]
}
