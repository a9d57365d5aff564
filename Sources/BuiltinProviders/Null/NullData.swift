import Addresses
import ProviderKit
import Values

/// `data.null_data_source`, with which values were kept before there were locals.
struct NullData: BuiltinDataSource {
    let schema: ResourceSchema

    init() {
        var block = BlockSchema(
            attributes: [
                AttributeSchema(name: "inputs", type: .map(.string), isOptional: true, description: "Any values."),
                .computed("outputs", .map(.string), "The inputs."), .computed("random", .string, "Another number each time it is read."),
                AttributeSchema(
                    name: "has_computed_default", type: .string, isOptional: true, isComputed: true,
                    description: "\"default\" where not set."),
                .computed("id", .string, "Always \"static\"."),
            ], description: "Values passed on: use locals.")
        block.isDeprecated = true
        schema = ResourceSchema(type: ResourceType("null_data_source"), block: block)
    }

    func read(_ configuration: Value) async throws(ProviderFailure) -> Value {
        var generator = SystemRandomNumberGenerator()
        let given = configuration["has_computed_default"] ?? .null(.string)
        return configuration.setting([
            "outputs": configuration["inputs"] ?? .null(.map(.string)), "random": .string(String(generator.next() >> 1)),
            "has_computed_default": given.isNull ? .string("default") : given, "id": .string("static"),
        ])
    }
}
