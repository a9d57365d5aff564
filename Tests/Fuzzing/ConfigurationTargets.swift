import ConfigModel
import Diagnostics
import Evaluation
import FunctionLibrary
import HCLSyntax
import Values

/// Configurations in JSON syntax, read and decoded as a module.
struct JSONTarget: FuzzTarget {
    let dictionary = [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u00e9", "\\ud83d", "\\ude00", "\\\"", "${", "%{", "}", "$${", "~}", "null", "true",
        "-1", "1e9",
        "0.5", "\"//\":", "\"a\":", "\"resource\":", "\"dynamic\":", "\"content\":", "\"for_each\":", "\"iterator\":", "\"variable\":",
        "\"locals\":",
        "\"module\":", "\"terraform\":", "\"required_providers\":", "\"lifecycle\":", "\"ignore_changes\":", "\"replace_triggered_by\":",
        "\"depends_on\":", "\"provisioner\":", "\"moved\":", "\"from\":", "\"type\":", "\"list(string)\"", "\"terraform_data.a\"",
        "{\"a\":{}}",
    ]

    func run(_ bytes: [UInt8]) -> String? {
        let (configuration, diagnostics) = loadConfiguration(
            root: ".", sources: ModuleSources(files: ["main.tf.json": bytes]), functions: LibraryFunctions())
        if let fault = misplaced(diagnostics.filter { $0.subject?.file == "main.tf.json" }, bytes.count) { return fault }
        // Sections are worked out for every diagnostic.
        for diagnostic in diagnostics.prefix(3) { _ = diagnostic.published(sources: configuration?.sources ?? SourceMap()).json() }
        _ = try? Value.parsingJSON(bytes)
        return nil
    }
}

/// Files of variable values, in both syntaxes.
struct VariablesTarget: FuzzTarget {
    let dictionary = [
        "s", "n", "l", "o", "any", "secret", " = ", "\"", "[", "]", "{", "}", ",", ":", "\n", "null", "true", "-", "1e99", "<<E\n", "E\n",
        "${", "\"s\":",
        "\"n\":", "\"o\":",
    ]
    private let root: Module?

    init() {
        let declarations = """
            variable "s" { type = string }
            variable "n" { type = number }
            variable "l" { type = list(string) }
            variable "o" { type = object({ x = optional(number, 1), y = optional(map(set(string)), {}) }) }
            variable "any" { default = null }
            variable "secret" {
              type      = string
              sensitive = true
            }
            """
        root =
            loadConfiguration(
                root: ".", sources: ModuleSources(files: ["main.tf": Array(declarations.utf8)]), functions: LibraryFunctions()
            ).0?.modules.first
    }

    func run(_ bytes: [UInt8]) -> String? {
        guard let root else { return "the declarations cannot be read" }
        for path in ["x.tfvars", "x.tfvars.json"] {
            let resolved = resolveVariables(root: root, inputs: VariableInputs(commandLine: [.file(path)])) { _ in bytes }
            if let fault = misplaced(resolved.diagnostics.filter { $0.subject?.file == path }, bytes.count) { return fault }
            for value in resolved.values.values where value.isWhollyKnown { _ = try? value.unmarkedDeep().0.jsonText() }
        }
        return nil
    }
}

/// Templates, parsed and rendered.
struct TemplateTarget: FuzzTarget {
    let dictionary = [
        "${", "%{", "}", "~}", "${~", "%{~", "$${", "%%{", " if ", " else ", " endif ", " for x in l ", " endfor ", "s", "n", "l", "o.a",
        "upper(", ")", "\"",
        "\n", " ", "+", "?", ":", "==", "[", "]", "[*]", ".a", "jsonencode(", "try(", "format(\"%s\", ", "1", "-", "null", "u", "w",
    ]
    private let scope = NamedValues([
        "s": .string("text"), "n": .int(7), "l": .list([.string("a"), .string("b")], of: .string),
        "o": .object(["a": .int(1), "b": .tuple([.bool(true), .null])]), "u": .unknown(.string),
        "w": Value.string("secret").marked(.sensitive),
    ])

    func run(_ bytes: [UInt8]) -> String? {
        let parsed = parseTemplate(bytes, path: "fuzz.tftpl")
        if let fault = misplaced(parsed.diagnostics, bytes.count) { return fault }
        guard !parsed.diagnostics.hasErrors else { return nil }
        let expression = Expression(.template(parsed.tree), range: SourceRange(0, bytes.count))
        do {
            let value = try Evaluator(file: "fuzz.tftpl", scope: scope, functions: LibraryFunctions()).value(of: expression)
            return value.isWhollyKnown && !value.isSensitive && value.stringValue == nil && parsed.tree.count > 1
                ? "no string: \(value.type.friendlyName)" : nil
        } catch {
            return misplaced(error.diagnostics, bytes.count)
        }
    }
}
