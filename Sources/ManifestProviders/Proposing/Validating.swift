import Addresses
import Diagnostics
import Values

/// Checks what a body says by the manifest's own rules; the schema's have been checked before.
struct ConfigurationCheck {
    let resource: ResourceManifest
    let functions: ManifestFunctions

    func diagnostics(_ configuration: Value) -> [Diagnostic] {
        var found: [Diagnostic] = []
        check(resource.body, configuration, path: "", into: &found)
        let evaluation = RecipeEvaluation(
            scope: RecipeScope(names: ["config": configuration], subject: configuration), functions: functions)
        for rule in resource.validations {
            check(rule, evaluation, name: resource.type.rawValue, into: &found)
        }
        if configuration.holdsSensitive { refuseSensitiveWords(configuration, into: &found) }
        return found
    }

    private func refuseSensitiveWords(_ configuration: Value, into found: inout [Diagnostic]) {
        let words = CommandWords(resource).names
        for attribute in resource.body.attributes where words.contains(attribute.name) {
            guard let given = configuration[attribute.name], given.holdsSensitive else { continue }
            var fault = Diagnostic.error(
                "Sensitive value for \"\(attribute.name)\"",
                "The value of \"\(attribute.name)\" is sensitive, and it becomes part of a command, which the process list of the host shows to everybody there.",
                hints: ["Have the command read the secret from a file on the host that only its user can read."])
            fault.argument = attribute.name
            found.append(fault)
        }
    }

    private func check(_ block: BlockManifest, _ value: Value, path: String, into found: inout [Diagnostic]) {
        for attribute in block.attributes where !attribute.validations.isEmpty {
            guard let given = value[attribute.name], !given.isNull, given.isWhollyKnown else { continue }
            let evaluation = RecipeEvaluation(
                scope: RecipeScope(names: ["value": given, "config": value], subject: value), functions: functions)
            for rule in attribute.validations { check(rule, evaluation, name: path + attribute.name, into: &found) }
        }
        for nested in block.blocks {
            guard let given = value[nested.name], !given.isNull, !given.isUnknown else { continue }
            for element in given.elements ?? [given] where !element.isNull && !element.isUnknown {
                check(nested.body, element, path: path + nested.name + ".", into: &found)
            }
        }
    }

    private func check(_ rule: ValidationManifest, _ evaluation: RecipeEvaluation, name: String, into found: inout [Diagnostic]) {
        do throws(DiagnosticError) {
            guard let holds = try evaluation.condition(rule.condition, what: "condition"), !holds else { return }
            let message = try evaluation.value(rule.message, as: .string, what: "message")
            let text = message.holdsSensitive ? "The value is sensitive and not shown." : message.stringValue ?? ""
            var fault = Diagnostic.error("Invalid value for \"\(name)\"", text)
            fault.argument = String(name.prefix { $0 != "." })
            found.append(fault)
        } catch {
            found.append(contentsOf: error.diagnostics)
        }
    }
}
