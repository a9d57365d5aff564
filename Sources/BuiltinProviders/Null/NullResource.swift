import Addresses
import ProviderKit
import Values

extension BuiltinProvider {
    /// `null_resource` and `data.null_data_source`.
    public static let null = BuiltinProvider(name: "null", version: "3.2.4", types: [NullResource()], dataSources: [NullData()])
}

/// Does nothing, and replaces itself where its triggers change.
struct NullResource: PlainType, StateOnlyType {
    let schema = ResourceSchema(
        type: ResourceType("null_resource"),
        block: BlockSchema(
            attributes: [
                .argument("triggers", .map(.string), "Values whose change replaces the object."),
                .computed("id", .string, "A number drawn when it is created."),
            ], description: "An object that does nothing."))

    func createNow(_ planned: Value) throws(ProviderFailure) -> Value {
        var generator = SystemRandomNumberGenerator()
        return planned.unmarked.setting(["id": .string(String(generator.next() >> 1))])
    }
}
