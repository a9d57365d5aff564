import Diagnostics
import HCLSyntax
import Values

/// How a value becomes words of a shell script.
enum ShellWord {
    enum Landing { case word, secret, raw }

    /// `raw(x)` is put in as it is; `secret(x)` is a word that the manifest's author vouches only builtins will see.
    static func landing(of expression: Expression) -> Landing {
        switch expression.kind {
        case .parenthesized(let inner): return landing(of: inner)
        case .call(let name, _, _) where name.name == "raw": return .raw
        case .call(let name, _, _) where name.name == "secret": return .secret
        default: return .word
        }
    }

    /// One word in single quotes, whatever is in it. Always quoted: a bare `2` before `>` or a bare `done` would mean something else.
    static func quoted(_ text: String) -> String {
        "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }

    /// - Throws: where the value cannot be a word: null, unknown, a map, NUL in it, or sensitive without `secret`.
    static func rendered(_ value: Value, _ expression: Expression, file: String) throws(DiagnosticError) -> String {
        func fault(_ detail: String, hints: [String] = []) -> DiagnosticError {
            DiagnosticError(
                .error("Invalid value in a script", detail, at: SourceSpan(file: file, range: expression.range), hints: hints))
        }
        let landing = landing(of: expression)
        if value.holdsSensitive, landing != .secret {
            throw fault(
                "The value is sensitive: as a word of a script it could end in the process list of the host.",
                hints: ["The manifest has to give it to the script's standard input (stdin)."])
        }
        if !value.isWhollyKnown { throw fault("The value is not known yet.") }
        if let elements = value.elements {
            var words: [String] = []
            words.reserveCapacity(elements.count)
            for element in elements {
                guard let text = text(element) else {
                    throw fault("A list whose elements are no strings, numbers or bools cannot be words of a script.")
                }
                words.append(try word(text, landing, fault))
            }
            return words.joined(separator: " ")
        }
        if value.isNull {
            throw fault("The value is null, and a script has no word for that.", hints: ["Enclose it: %{ if x != null }${x}%{ endif }"])
        }
        guard let text = text(value) else {
            throw fault(
                "A value of type \(value.type.friendlyName) cannot be a word of a script.", hints: ["jsonencode(x) makes a text of it."])
        }
        return try word(text, landing, fault)
    }

    private static func word(_ text: String, _ landing: Landing, _ fault: (String, [String]) -> DiagnosticError) throws(DiagnosticError)
        -> String
    {
        if text.utf8.contains(0) { throw fault("The value holds a NUL character, which no shell can carry.", []) }
        return landing == .raw ? text : quoted(text)
    }

    private static func text(_ value: Value) -> String? {
        switch value.node {
        case .string(let text): text
        case .number(let number): number.description
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }
}
