import Addresses
import ProviderKit
import Values

extension BuiltinProvider {
    /// `null_resource`.
    public static let null = BuiltinProvider(name: "null", version: "3.2.4", types: [NullResource()])
}

/// Does nothing, and replaces itself where its triggers change.
struct NullResource: StateOnlyType {
    let schema = ResourceSchema(
        type: ResourceType("null_resource"),
        block: BlockSchema(
            attributes: [
                AttributeSchema(name: "id", type: .string, isComputed: true, description: "A number drawn when it is created."),
                AttributeSchema(
                    name: "triggers", type: .map(.string), isOptional: true, forcesReplacement: true,
                    description: "Values whose change replaces the object."),
            ], description: "An object that does nothing."))

    func propose(_ configuration: Value, from prior: Value?) throws(ProviderFailure) -> Proposal {
        let triggers = configuration["triggers"] ?? .null(.map(.string))
        guard let prior, let id = prior["id"] else {
            return Proposal(planned: .object(["id": .unknown(.string, .notNull), "triggers": triggers]))
        }
        let isSame = (prior["triggers"] ?? .null).withoutMarks([.sensitive, .ephemeral]) == triggers.withoutMarks([.sensitive, .ephemeral])
        return Proposal(planned: .object(["id": id, "triggers": triggers]), replaces: isSame ? [] : [.attribute("triggers")])
    }

    func createNow(_ planned: Value) throws(ProviderFailure) -> Value {
        var generator = SystemRandomNumberGenerator()
        let id = String(generator.next() >> 1)
        return .object(["id": .string(id), "triggers": planned["triggers"] ?? .null(.map(.string))])
    }
}
