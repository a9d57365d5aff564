import Diagnostics
import Engine
import Evaluation
import HCLSyntax
import ProviderKit
import Values

/// Templates that a provider is given as text: they see their variables and all functions, but no files.
enum TemplateRendering {
    @Sendable
    static func text(of template: String, _ variables: [String: Value]) throws(ProviderFailure) -> String {
        let bytes = Array(template.utf8)
        let parsed = parseTemplate(bytes, path: "<template_file>")
        if let fault = parsed.diagnostics.first(where: { $0.severity == .error }) { throw failure(fault) }
        let evaluator = Evaluator(
            file: "<template_file>", scope: NamedValues(variables, noun: "variable"), functions: Engine.plainFunctions)
        let expression = Expression(.template(parsed.tree), range: SourceRange(0, bytes.count))
        do throws(DiagnosticError) {
            let value = try evaluator.value(of: expression)
            if let text = try? value.converted(to: .string).stringValue { return text }
            throw DiagnosticError(.error("Invalid template result", "It gives \(value.type.friendlyName), not a text."))
        } catch {
            throw error.diagnostics.first.map(failure) ?? failure(.error("Invalid template"))
        }
    }

    private static func failure(_ fault: Diagnostic) -> ProviderFailure {
        var detail = fault.detail.isEmpty ? fault.summary : "\(fault.summary): \(fault.detail)"
        if !detail.hasSuffix(".") { detail += "." }
        return ProviderFailure(.invalidConfiguration, summary: "Failed to render template", detail: detail, hints: fault.hints)
    }
}
