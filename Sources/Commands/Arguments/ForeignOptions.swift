import Diagnostics

/// Options of Terraform's commands that mean nothing here: those without a loss are passed over, the others refused with what does the same.
enum ForeignOptions {
    enum Treatment {
        /// It asks for what is so anyway, or is about what is not there.
        case passed(takesValue: Bool)
        case refused(takesValue: Bool, String)
    }

    private static let state = Treatment.refused(
        takesValue: true,
        "Where the state is kept is said by a backend block, for every command: terraform { backend \"sqlite\" { path = \"…\" } }, or backend \"local\" for a terraform.tfstate."
    )
    private static let backup = Treatment.refused(
        takesValue: true, "Every change of the state is kept in it (ashlar history); copy the file to have it twice.")

    /// By command; `*` is any.
    private static let table: [String: [String: Treatment]] = [
        "*": [
            "ignore-remote-version": .passed(takesValue: false), "no-color": .passed(takesValue: false),
            "state": state, "backup": backup,
            "state-out": .refused(takesValue: true, "A run writes the state that it reads. Copy the file before it to keep what was."),
        ],
        "init": [
            "lock": .passed(takesValue: false), "lock-timeout": .passed(takesValue: true), "lockfile": .passed(takesValue: true),
            "from-module": .refused(
                takesValue: true, "Fetch it yourself, with git clone or curl, and run ashlar init in its directory."),
            "plugin-dir": .refused(
                takesValue: true, "Providers are manifests: name the folder that they are in by the environment variable ASHLAR_PROVIDERS."),
        ],
        "get": ["test-directory": .passed(takesValue: true)],
        "graph": ["module-depth": .passed(takesValue: true)],
        "import": [
            "config": .refused(takesValue: true, "Name the directory of the configuration with -chdir=DIR, before the command.")
        ],
        "test": ["cloud-run": .refused(takesValue: true, "Tests run on this machine, and nowhere else.")],
        "workspace delete": ["lock": .passed(takesValue: false), "lock-timeout": .passed(takesValue: true)],
    ]

    /// The arguments without what is passed over, and what to say of what cannot be.
    ///
    /// - Parameter known: whether the command has such an option itself.
    static func settled(_ arguments: [String], known: (_ command: [String], _ option: String) -> Bool) -> ([String], Diagnostic?) {
        let words = Array(arguments.prefix { !$0.hasPrefix("-") }.prefix(2))
        let scopes = [words.joined(separator: " "), words.first ?? "", "*"]
        var left: [String] = []
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            index += 1
            if argument == "--" { return (left + arguments[(index - 1)...], nil) }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard argument.hasPrefix("--"), let name = parts.first.map(String.init), !known(words, name),
                let treatment = scopes.lazy.compactMap({ table[$0]?[name] }).first
            else {
                left.append(argument)
                continue
            }
            switch treatment {
            case .passed(let takesValue):
                if takesValue, parts.count == 1 { index += 1 }
            case .refused(_, let instead):
                return (
                    left,
                    .error(
                        "Option -\(name) not supported", "It is an option of Terraform's, and nothing has been done.", hints: [instead])
                )
            }
        }
        return (left, nil)
    }
}
