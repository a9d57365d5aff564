import Diagnostics

/// Commands that users of Terraform know and Ashlar does not have, with what to do instead where there is something.
enum MissingCommands {
    private static let advice: [[String]: String?] = [
        ["providers", "lock"]: "Providers come with the program or lie in .ashlar/providers: there is nothing to be locked.",
        ["providers", "mirror"]: "Providers are folders of manifests: copy .ashlar/providers.",
        ["login"]: "State is kept beside the configuration, and nothing has to be logged in to.",
        ["logout"]: "State is kept beside the configuration, and nothing has to be logged out of.",
        ["state", "mv"]: "Write a \"moved\" block into the configuration.",
        ["state", "push"]: nil,
        ["state", "replace-provider"]: nil,
    ]

    /// What to say of a command line that names one of them.
    static func fault(in arguments: [String]) -> Diagnostic? {
        let words = arguments.prefix { !$0.hasPrefix("-") }
        for count in [1, 2] where words.count >= count {
            guard let hint = advice[Array(words.prefix(count))] else { continue }
            let name = words.prefix(count).joined(separator: " ")
            return .error(
                "Ashlar has no command \"\(name)\" yet",
                "It is a command of Terraform, and nothing has been done.\(hint == nil ? " There is nothing yet that could stand in for it." : "")",
                hints: hint.map { [$0] } ?? [])
        }
        return nil
    }
}
