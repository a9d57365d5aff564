import Diagnostics

/// Arguments that the environment adds to every command (`TF_CLI_ARGS`) or to one (`TF_CLI_ARGS_plan`, `TF_CLI_ARGS_state_list`): they stand
/// behind the command's name, before what is written on the command line, so that what is written there wins.
enum EnvironmentArguments {
    /// - Throws: where a variable's quotes are not closed.
    static func adding(_ environment: [String: String], to raw: [String]) throws(DiagnosticError) -> [String] {
        guard environment.keys.contains(where: { $0.hasPrefix("TF_CLI_ARGS") }) else { return raw }
        guard let first = raw.firstIndex(where: { !$0.hasPrefix("-") }) else { return raw }
        let count = commandWords(raw[first...])
        let name = raw[first..<(first + count)].joined(separator: "_").split(separator: "-").joined(separator: "_")
        var added: [String] = []
        for variable in ["TF_CLI_ARGS_\(name)", "TF_CLI_ARGS"] {
            guard let text = environment[variable], !text.isEmpty else { continue }
            guard let words = words(of: text) else {
                throw DiagnosticError(
                    .error(
                        "Invalid arguments in the environment",
                        "The environment variable \(variable) adds arguments to this command, and a quote in it is not closed.",
                        hints: ["Close the quote, or unset \(variable)."]))
            }
            added += words
        }
        return Array(raw[..<(first + count)]) + added + Array(raw[(first + count)...])
    }

    /// Commands that have commands of their own.
    private static let groups: Set<String> = ["state", "workspace", "providers", "metadata"]

    private static func commandWords(_ arguments: ArraySlice<String>) -> Int {
        guard let first = arguments.first, groups.contains(first), let second = arguments.dropFirst().first, !second.hasPrefix("-") else {
            return 1
        }
        return 2
    }

    /// As a shell takes a line apart: quotes of both kinds, and backslashes but for those in single quotes. Nil: a quote is not closed.
    static func words(of text: String) -> [String]? {
        var words: [String] = []
        var word = ""
        var isWord = false
        var quote: Character?
        var rest = text[...]
        while let character = rest.popFirst() {
            switch (character, quote) {
            case ("\\", nil), ("\\", "\""?):
                guard let next = rest.popFirst() else { return nil }
                word.append(next)
                isWord = true
            case (let character, let open?):
                if character == open { quote = nil } else { word.append(character) }
            case ("\"", nil), ("'", nil):
                quote = character
                isWord = true
            case (" ", nil), ("\t", nil), ("\n", nil):
                if isWord { words.append(word) }
                (word, isWord) = ("", false)
            default:
                word.append(character)
                isWord = true
            }
        }
        if quote != nil { return nil }
        return isWord ? words + [word] : words
    }
}
