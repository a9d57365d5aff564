import Addresses
import Diagnostics
import Engine
import ProviderKit
import Values

/// What providers offer, in the published format of their schemas.
struct PublishedSchemas {
    /// By the address of the provider.
    let schemas: [String: ProviderSchema]

    func write(_ json: inout JSONText) {
        json.object { json in
            json.pair("format_version", "1.0")
            guard !schemas.isEmpty else { return }
            json.key("provider_schemas")
            writeAll(&json)
        }
    }

    /// The providers alone, as other documents hold them.
    func writeAll(_ json: inout JSONText) {
        json.object { json in
            for (address, schema) in schemas.sorted(by: { $0.key.precedesByBytes($1.key) }) {
                json.key(address)
                provider(schema, &json)
            }
        }
    }

    private func provider(_ schema: ProviderSchema, _ json: inout JSONText) {
        json.object { json in
            json.key("provider")
            json.object { json in
                json.key("version")
                json.int(0)
                guard !schema.configuration.attributes.isEmpty || !schema.configuration.blocks.isEmpty else { return }
                json.key("block")
                block(schema.configuration, &json)
            }
            types("resource_schemas", schema.resources.map { ($0.key.rawValue, $0.value) }, &json)
            types("data_source_schemas", schema.dataSources.map { ($0.key.rawValue, $0.value) }, &json)
            let functions = Engine.functionSignatures(ofProvider: schema.name)
            guard !functions.isEmpty else { return }
            json.key("functions")
            PublishedFunctions.write(functions, &json)
        }
    }

    private func types(_ key: String, _ types: [(name: String, schema: ResourceSchema)], _ json: inout JSONText) {
        guard !types.isEmpty else { return }
        json.key(key)
        json.object { json in
            for (name, schema) in types.sorted(by: { $0.name.precedesByBytes($1.name) }) {
                json.key(name)
                json.object { json in
                    json.key("version")
                    json.int(schema.version)
                    json.key("block")
                    block(schema.block, &json)
                }
            }
        }
    }

    private func block(_ block: BlockSchema, _ json: inout JSONText) {
        json.object { json in
            if !block.attributes.isEmpty {
                json.key("attributes")
                json.object { json in
                    for attribute in block.attributes {
                        json.key(attribute.name)
                        self.attribute(attribute, &json)
                    }
                }
            }
            if !block.blocks.isEmpty {
                json.key("block_types")
                json.object { json in
                    for nested in block.blocks {
                        json.key(nested.name)
                        self.nested(nested, &json)
                    }
                }
            }
            description(block.description, &json)
            if block.isDeprecated { json.flag("deprecated") }
        }
    }

    private func nested(_ nested: NestedBlockSchema, _ json: inout JSONText) {
        json.object { json in
            json.pair("nesting_mode", nested.nesting.rawValue)
            json.key("block")
            block(nested.block, &json)
            for (name, number) in [("min_items", nested.minimumItems), ("max_items", nested.maximumItems)] where number > 0 {
                json.key(name)
                json.int(number)
            }
        }
    }

    private func attribute(_ attribute: AttributeSchema, _ json: inout JSONText) {
        json.object { json in
            json.key("type")
            json.raw(attribute.type.publishedJSON)
            description(attribute.description, &json)
            if attribute.isDeprecated { json.flag("deprecated") }
            if attribute.isRequired { json.flag("required") }
            if attribute.isOptional { json.flag("optional") }
            if attribute.isComputed { json.flag("computed") }
            if attribute.isSensitive { json.flag("sensitive") }
            if attribute.isWriteOnly { json.flag("write_only") }
        }
    }

    private func description(_ text: String, _ json: inout JSONText) {
        if !text.isEmpty { json.pair("description", text) }
        json.pair("description_kind", "plain")
    }
}
