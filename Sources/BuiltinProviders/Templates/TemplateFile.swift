import Addresses
import Crypto
import Diagnostics
public import ProviderKit
public import Values

extension BuiltinProvider {
    /// Renders a template with variables that are all text.
    public typealias TemplateRendering = @Sendable (_ template: String, _ variables: [String: Value]) throws(ProviderFailure) -> String

    /// `data.template_file` and `data.template_cloudinit_config`: what configurations had before `templatefile` and `cloudinit`.
    static func template(rendering: @escaping TemplateRendering) -> BuiltinProvider {
        BuiltinProvider(
            name: "template", version: "2.2.0", types: [],
            dataSources: [TemplateFile(rendering: rendering), CloudInitData(isLegacy: true)])
    }
}

/// `data.template_file`.
struct TemplateFile: BuiltinDataSource {
    let rendering: BuiltinProvider.TemplateRendering

    let schema: ResourceSchema = {
        var block = BlockSchema(
            attributes: [
                AttributeSchema(name: "template", type: .string, isOptional: true, description: "The template's text."),
                AttributeSchema(name: "filename", type: .string, isOptional: true, description: "Not taken any more: use template."),
                AttributeSchema(name: "vars", type: .map(.string), isOptional: true, description: "Variables of the template."),
                .computed("rendered", .string, "What comes of it."), .computed("id", .string, "The hexadecimal SHA-256 of that."),
            ], description: "A template with variables: use the function templatefile.")
        block.isDeprecated = true
        return ResourceSchema(type: ResourceType("template_file"), block: block)
    }()

    func validate(_ configuration: Value) -> [Diagnostic] {
        if configuration["filename"]?.isNull ?? true { return [] }
        return [
            argumentFault(
                "filename", "Invalid or unknown key", "Use the 'template' attribute instead: template = file(\"…\").")
        ]
    }

    func read(_ configuration: Value) async throws(ProviderFailure) -> Value {
        let arguments = configuration.unmarked
        var variables: [String: Value] = [:]
        for (name, value) in arguments["vars"]?.entries ?? [] { variables[name] = value }
        let text = try rendering(arguments.string("template") ?? "", variables)
        return configuration.setting(["rendered": .string(text), "id": .string(hexadecimal(SHA256.hash(data: Array(text.utf8))))])
    }
}
