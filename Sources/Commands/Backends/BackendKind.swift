/// The stores that a `backend` block can name, and what each can be told.
enum BackendKind: String, CaseIterable {
    case sqlite, local, http

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
        case .http:
            [
                Setting(name: "address", variable: "TF_HTTP_ADDRESS"),
                Setting(name: "update_method", variable: "TF_HTTP_UPDATE_METHOD"),
                Setting(name: "lock_address", variable: "TF_HTTP_LOCK_ADDRESS"),
                Setting(name: "unlock_address", variable: "TF_HTTP_UNLOCK_ADDRESS"),
                Setting(name: "lock_method", variable: "TF_HTTP_LOCK_METHOD"),
                Setting(name: "unlock_method", variable: "TF_HTTP_UNLOCK_METHOD"),
                Setting(name: "username", variable: "TF_HTTP_USERNAME"), Setting(name: "password", variable: "TF_HTTP_PASSWORD"),
                Setting(name: "skip_cert_verification", type: .bool),
                Setting(name: "retry_max", type: .number, variable: "TF_HTTP_RETRY_MAX"),
                Setting(name: "retry_wait_min", type: .number, variable: "TF_HTTP_RETRY_WAIT_MIN"),
                Setting(name: "retry_wait_max", type: .number, variable: "TF_HTTP_RETRY_WAIT_MAX"),
                Setting(name: "client_ca_certificate_pem", variable: "TF_HTTP_CLIENT_CA_CERTIFICATE_PEM"),
                Setting(name: "client_certificate_pem", variable: "TF_HTTP_CLIENT_CERTIFICATE_PEM"),
                Setting(name: "client_private_key_pem", variable: "TF_HTTP_CLIENT_PRIVATE_KEY_PEM"),
            ]
        }
    }

    /// What Terraform has besides.
    static let foreign = ["azurerm", "consul", "cos", "gcs", "kubernetes", "oci", "oss", "pg", "remote", "s3"]
}
