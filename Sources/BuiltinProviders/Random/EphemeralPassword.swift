import Addresses
import Diagnostics
import ProviderKit
import Values

/// `ephemeral "random_password"`: drawn for one run, and recorded nowhere.
struct EphemeralPassword: BuiltinEphemeral {
    private let password = RandomText.password
    let schema: ResourceSchema

    init() {
        // Nothing of it is kept, so that it has no keepers, no id and no old names.
        let arguments = password.schema.block.attributes.filter { !["keepers", "id", "number"].contains($0.name) }
        schema = ResourceSchema(
            type: ResourceType("random_password"), block: BlockSchema(attributes: arguments, description: "A random text for one run."))
    }

    func validate(_ configuration: Value) -> [Diagnostic] { password.validate(configuration) }

    func open(_ configuration: Value) async throws(ProviderFailure) -> Value {
        var filled = password.defaults
        filled["numeric"] = .true
        let missing = filled.filter { configuration[$0.key]?.isNull ?? true }.filter { configuration[$0.key] != nil }
        let arguments = configuration.setting(missing)
        return arguments.setting(["result": try password.draw(arguments)["result"] ?? .null(.string)])
    }
}
