import Diagnostics
import HCLSyntax

/// What types of one provider have in common, written once at the top of any of its files.
struct SharedParts: Sendable {
    var mixins: [String: MixinManifest] = [:]
    var rules: [String: ValidationManifest] = [:]
    var fragments: [String: FragmentManifest] = [:]
}

/// Attributes, lets, entries of `object` and updates that a type takes with `use`.
struct MixinManifest: Sendable {
    var name: String
    /// Names that a type has to have, as attributes or lets.
    var needs: [String]
    var attributes: Sourced?
    var lets: Lets
    var object: Sourced?
    /// With the `update` blocks.
    var body: Body
    var span: SourceSpan
}

/// Whole commands that scripts of the same file include with `${fragment.NAME}`.
struct FragmentManifest: Sendable {
    var name: String
    var given: Sourced
    /// Checked, with the marks of its lines.
    var parts: [TemplatePart]
}

/// Reads them.
struct SharedReader {
    let report: ManifestReport
    let sources: ManifestSources

    static let blocks = ["mixin", "rule", "fragment"]

    func parts(of bodies: [Body]) -> SharedParts {
        var parts = SharedParts()
        for body in bodies {
            for block in body.blocks where Self.blocks.contains(block.type.name) {
                guard let name = report.label(of: block, in: body, what: "A \(block.type.name)") else { continue }
                let span = body.span(block.headerRange)
                let isFirst: Bool
                switch block.type.name {
                case "mixin":
                    isFirst = parts.mixins.updateValue(mixin(name, block.body, span), forKey: name) == nil
                case "rule":
                    guard let rule = rule(name, block.body, span) else { continue }
                    isFirst = parts.rules.updateValue(rule, forKey: name) == nil
                default:
                    guard let fragment = fragment(name, block.body, span) else { continue }
                    isFirst = parts.fragments.updateValue(fragment, forKey: name) == nil
                }
                if !isFirst { report.error("Invalid manifest", "There is a second \(block.type.name) \"\(name)\".", at: span) }
            }
        }
        return parts
    }

    private func mixin(_ name: String, _ body: Body, _ span: SourceSpan) -> MixinManifest {
        let reader = ArgumentReader(
            body, what: "mixin \"\(name)\"", span: span, report: report, known: ["needs", "attributes", "let", "object"])
        report.refuseBlocks(body, except: ["update"], what: "a mixin")
        return MixinManifest(
            name: name, needs: reader.strings("needs") ?? [], attributes: reader.sourced("attributes"),
            lets: Lets(reader.expressions("let")), object: reader.sourced("object"), body: body, span: span)
    }

    private func rule(_ name: String, _ body: Body, _ span: SourceSpan) -> ValidationManifest? {
        let reader = ArgumentReader(body, what: "rule \"\(name)\"", span: span, report: report, known: ["condition", "message"])
        report.refuseBlocks(body, except: [], what: "a rule")
        guard let condition = reader.sourced("condition"), let message = reader.sourced("message") else {
            report.error("Invalid manifest", "A rule has a condition and a message.", at: span)
            return nil
        }
        return ValidationManifest(condition: condition, message: message)
    }

    private func fragment(_ name: String, _ body: Body, _ span: SourceSpan) -> FragmentManifest? {
        let reader = ArgumentReader(body, what: "fragment \"\(name)\"", span: span, report: report, known: ["script"])
        report.refuseBlocks(body, except: [], what: "a fragment")
        guard let given = reader.sourced("script"), case .template(let parts) = given.expression.kind else {
            report.error("Invalid manifest", "A fragment has a script, written out as a text.", at: span)
            return nil
        }
        var check = ShellTemplateCheck(
            file: given.file, report: report, sensitive: SensitiveNames(), line: sources.firstLine(of: given), sources: sources)
        var prepared = check.prepared(parts)
        if !check.isBetweenCommands {
            report.error("Invalid manifest", "A fragment is whole commands, and the last of \"\(name)\" does not end.", at: given.span)
        }
        // The line that includes it has its own end.
        if case .literal(let text, let range)? = prepared.last, text.hasSuffix("\n") {
            prepared[prepared.count - 1] = .literal(String(text.dropLast()), range)
        }
        return FragmentManifest(name: name, given: given, parts: prepared)
    }
}
