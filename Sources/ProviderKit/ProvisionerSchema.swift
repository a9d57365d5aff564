public import Diagnostics
public import Values

/// What may stand in a `provisioner` block of a type, and in a `connection` block.
public struct ProvisionerSchema: Sendable {
    public var block: BlockSchema
    /// Arguments that have to be written; what their value is shows when it is run.
    public var required: [String]

    /// The type's schema; nil where there is no such provisioner.
    public static func named(_ type: String) -> ProvisionerSchema? { all[type] }

    public static var names: [String] { all.keys.sorted() }

    public static let connection = ProvisionerSchema(
        [
            ("agent", .bool), ("agent_identity", .string), ("bastion_certificate", .string), ("bastion_host", .string),
            ("bastion_host_key", .string), ("bastion_password", .string), ("bastion_port", .number), ("bastion_private_key", .string),
            ("bastion_user", .string), ("cacert", .string), ("certificate", .string), ("host", .string), ("host_key", .string),
            ("https", .bool), ("insecure", .bool), ("password", .string), ("port", .number), ("private_key", .string),
            ("proxy_host", .string), ("proxy_port", .number), ("proxy_scheme", .string), ("proxy_user_name", .string),
            ("proxy_user_password", .string), ("script_path", .string), ("target_platform", .string), ("timeout", .string),
            ("type", .string), ("use_ntlm", .bool), ("user", .string),
        ], required: ["host"])

    private static let all: [String: ProvisionerSchema] = [
        "local-exec": ProvisionerSchema(
            [
                ("command", .string), ("environment", .map(.string)), ("interpreter", .list(.string)), ("quiet", .bool),
                ("working_dir", .string),
            ], required: ["command"]),
        "remote-exec": ProvisionerSchema(
            [("inline", .list(.string)), ("script", .string), ("scripts", .list(.string))], required: []),
        "file": ProvisionerSchema([("content", .string), ("destination", .string), ("source", .string)], required: ["destination"]),
    ]

    private init(_ attributes: [(String, ValueType)], required: [String]) {
        block = BlockSchema(attributes: attributes.map { AttributeSchema(name: $0.0, type: $0.1, isOptional: true) })
        self.required = required
    }

    /// What the schema alone does not say; unknown values are taken to be right.
    public static func validate(_ configuration: Value, of type: String) -> [Diagnostic] {
        func isSet(_ name: String) -> Bool { configuration[name].map { !$0.isNull } ?? false }
        switch type {
        case "remote-exec":
            let given = ["inline", "script", "scripts"].filter(isSet)
            if given.count == 1 { return [] }
            return [
                .error(
                    "Invalid remote-exec provisioner configuration", "Only one of \"inline\", \"script\", or \"scripts\" must be set",
                    hints: given.isEmpty ? ["None of them is."] : ["Put the others into provisioners of their own."])
            ]
        case "file":
            switch (isSet("source"), isSet("content")) {
            case (false, false):
                return [.error("Must provide one of 'source' or 'content'", "Nothing says what the file on the machine is to hold.")]
            case (true, true):
                return [
                    .error(
                        "Cannot set both 'source' and 'content'",
                        "A file is either a copy of another one or what is written as its content.")
                ]
            default: return []
            }
        default: return []
        }
    }
}
