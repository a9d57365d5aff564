import ConfigModel
import Diagnostics
import Foundation
import HCLSyntax
import Planning
import Values

/// Answers what is typed: expressions, `help`, `exit`. Knows nothing of where it comes from and goes to.
struct ConsoleSession {
    enum Answer {
        /// Without the line's end.
        case text(String)
        case exit
        case faults([Diagnostic], SourceMap)
    }

    let planner: Planner
    private static let place = "<console-input>"

    static let help = """
        Type an expression of the language to see what it stands for, such as

            var.region    [for s in local.names : upper(s)]    aws_instance.web.id

        Resources are as they are recorded, or as they are planned with -plan; what is
        not known before an apply is shown as (known after apply). type(EXPRESSION)
        shows the type of a value. An expression goes on until its brackets are closed.

        End with "exit" or Ctrl-D.
        """

    /// - Parameter text: whole, as `isComplete` has it.
    func answer(_ text: String) async -> Answer {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        switch text {
        case "": return .text("")
        case "exit": return .exit
        case "help": return .text(Self.help)
        default: break
        }
        var sources = SourceMap()
        // The line of a heredoc's marker has an end.
        let bytes = Array((text.contains("<<") ? text + "\n" : text).utf8)
        sources.add(path: Self.place, bytes: bytes)
        let parsed = parseExpression(bytes, path: Self.place)
        if parsed.diagnostics.hasErrors { return .faults(parsed.diagnostics, sources) }
        do throws(DiagnosticError) {
            return .text(try await shown(parsed.tree))
        } catch {
            return .faults(error.diagnostics, sources)
        }
    }

    private func shown(_ expression: HCLSyntax.Expression) async throws(DiagnosticError) -> String {
        var expression = expression
        while case .parenthesized(let inner) = expression.kind { expression = inner }
        guard case .call(let name, let arguments, let expandsLast) = expression.kind, name.name == "type" else {
            try refuseType(in: expression)
            return valueText(try await planner.value(of: expression, in: Self.place))
        }
        let span = SourceSpan(file: Self.place, range: expression.range)
        guard let argument = arguments.first else {
            throw DiagnosticError(
                .error(
                    "Not enough function arguments", "Function \"type\" expects 1 argument(s). Missing value for \"value\".", at: span))
        }
        guard arguments.count == 1, !expandsLast else {
            throw DiagnosticError(
                .error("Too many function arguments", "Function \"type\" expects only 1 argument(s).", at: span))
        }
        if case .call(let inner, let arguments, _) = argument.kind, inner.name == "type", arguments.count == 1 { return "type" }
        try refuseType(in: argument)
        return typeText(try await planner.value(of: argument, in: Self.place).type)
    }

    /// Its result is no value, with which one could go on.
    private func refuseType(in expression: HCLSyntax.Expression) throws(DiagnosticError) {
        var place: SourceRange?
        forEachCall(in: expression) { call, name in if name.name == "type", place == nil { place = call.range } }
        guard let place else { return }
        throw DiagnosticError(
            .error(
                "Invalid use of type function", "The console-only \"type\" function cannot be used as part of an expression.",
                at: SourceSpan(file: Self.place, range: place)))
    }

    /// Whether an input can be answered: nothing in it is left open that a further line could close.
    static func isComplete(_ text: String) -> Bool {
        let bytes = Array(("_ = " + text + "\n").utf8)
        var depth = 0
        var heredocs = 0
        for token in parseFile(bytes, path: place).tree.tokens {
            switch token.kind {
            case .openBrace, .openBracket, .openParenthesis: depth += 1
            case .closeBrace, .closeBracket, .closeParenthesis: depth -= 1
            case .openHeredoc: heredocs += 1
            // One that is empty stands for the end of the input.
            case .closeHeredoc: if token.range.end > token.range.start { heredocs -= 1 }
            default: break
            }
        }
        return depth <= 0 && heredocs <= 0
    }
}
