import Addresses
import Diagnostics
import ProviderKit
import Values

/// `ephemeral "tls_private_key"`: made for one run, and recorded nowhere.
struct EphemeralPrivateKey: BuiltinEphemeral {
    private let key = TLSPrivateKey()
    let schema: ResourceSchema

    init() {
        // Nothing of it is kept, so that it has no id.
        let attributes = key.schema.block.attributes.filter { $0.name != "id" }
        schema = ResourceSchema(
            type: ResourceType("tls_private_key"), block: BlockSchema(attributes: attributes, description: "A private key for one run."))
    }

    func validate(_ configuration: Value) -> [Diagnostic] { key.validate(configuration) }

    func open(_ configuration: Value) async throws(ProviderFailure) -> Value {
        let arguments = configuration.setting(key.defaults.filter { configuration[$0.key]?.isNull ?? true })
        return arguments.setting(try await TLSPrivateKey.generated(arguments))
    }
}
