import ArgumentParser

/// `-refresh=false` and its like.
struct Toggle: ExpressibleByArgument {
    var isOn: Bool

    init(_ isOn: Bool) { self.isOn = isOn }

    /// What the reference takes for a truth value.
    init?(argument: String) {
        switch argument {
        case "true", "True", "TRUE", "t", "T", "1": isOn = true
        case "false", "False", "FALSE", "f", "F", "0": isOn = false
        default: return nil
        }
    }

    var defaultValueDescription: String { isOn ? "true" : "false" }
}

extension CommandLineArguments {
    /// Those that the parser knows as flags, which have no value.
    private static let flags: Set<String> = [
        "allow-missing", "auto-approve", "check", "compact-warnings", "contents", "destroy", "detailed-exitcode", "diff", "draw-cycles",
        "dry-run", "force", "force-copy", "json", "migrate-state", "no-color", "no-tests", "plan", "raw", "reconfigure", "recursive",
        "refresh-only",
        "update", "upgrade", "verbose",
    ]
    /// Those that it knows as options, which need one.
    private static let toggles: Set<String> = ["lock", "refresh", "input", "list", "write", "get", "backend", "or-create"]

    /// As in the reference every switch may have a value, and none needs one: `-json=true` is `-json`, `-json=false` nothing, `-lock`
    /// `-lock=true`.
    static func settlingSwitches(_ arguments: [String]) -> [String] {
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        let settled = arguments[..<end].compactMap { argument -> String? in
            guard argument.hasPrefix("--") else { return argument }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            if parts.count == 1 { return toggles.contains(parts[0]) ? argument + "=true" : argument }
            // What is neither true nor false the parser refuses.
            guard flags.contains(parts[0]), let value = Toggle(argument: parts[1]) else { return argument }
            return value.isOn ? "--" + parts[0] : nil
        }
        return settled + arguments[end...]
    }
}
