import Addresses
import ConfigModel
import Diagnostics
import HCLSyntax
import ProviderKit
import Values

/// The configuration as a published plan holds it: arguments as constants or as what they refer to, never evaluated.
///
/// A kind's instance appears as the call of a module, as it does everywhere in the published formats.
struct PublishedConfiguration {
    let configuration: Configuration
    /// By the name of the provider; types that are not in it are written without knowledge of their blocks.
    let schemas: [String: ProviderSchema]

    func write(_ json: inout JSONText) {
        json.object { json in
            providers(&json)
            json.key("root_module")
            module(configuration.modules[0], &json)
        }
    }

    // MARK: Providers

    private func providers(_ json: inout JSONText) {
        var addresses: Set<ProviderConfigAddress> = []
        for module in configuration.modules {
            for resource in module.resources { addresses.insert(configuration.providerConfiguration(for: resource.provider, in: module)) }
            for block in module.providers where module.path.isRoot || !block.body.attributes.isEmpty || !block.body.blocks.isEmpty {
                addresses.insert(ProviderConfigAddress(module: module.path, name: block.name, alias: block.alias))
            }
        }
        for required in configuration.modules[0].settings.requiredProviders {
            addresses.insert(ProviderConfigAddress(name: required.localName))
        }
        guard !addresses.isEmpty else { return }
        json.key("provider_config")
        json.object { json in
            for address in addresses.sorted() {
                json.key(key(address))
                provider(address, &json)
            }
        }
    }

    private func key(_ address: ProviderConfigAddress) -> String {
        (address.module.isRoot ? "" : address.module.publishedDescription + ":") + address.name + (address.alias.map { ".\($0)" } ?? "")
    }

    private func provider(_ address: ProviderConfigAddress, _ json: inout JSONText) {
        let name = configuration.providerName(of: address)
        json.object { json in
            json.pair("name", address.name)
            json.pair("full_name", PublishedState.providerName(name))
            if let alias = address.alias { json.pair("alias", alias) }
            if !address.module.isRoot { json.pair("module_address", address.module.publishedDescription) }
            let required = configuration.module(at: address.module)?.settings.requiredProviders.first { $0.localName == address.name }
            if let version = required?.version { json.pair("version_constraint", version) }
            if let block = configuration.providerBlock(at: address) {
                let own = block.body.withoutArguments(["alias", "version", "for_each"])
                expressions(own, files: [:], schemas[name]?.configuration, key: "expressions", &json)
            }
        }
    }

    // MARK: Modules

    private func module(_ module: Module, _ json: inout JSONText) {
        json.object { json in
            list("outputs", module.outputs.map { ($0.name, $0) }, &json) { output, json in
                if output.isSensitive { json.flag("sensitive") }
                if output.isEphemeral { json.flag("ephemeral") }
                dependsOn(output.dependsOn, &json)
                json.key("expression")
                expression(output.value, &json)
                if !output.description.isEmpty { json.pair("description", output.description) }
            }
            let resources = module.resources.filter { $0.name.mode == .managed } + module.resources.filter { $0.name.mode != .managed }
            if !resources.isEmpty {
                json.key("resources")
                json.array { json in
                    for mode in [ResourceMode.managed, .data, .ephemeral] {
                        for resource in resources.filter({ $0.name.mode == mode }).sorted(by: { $0.name < $1.name }) {
                            self.resource(resource, module, &json)
                        }
                    }
                }
            }
            list("module_calls", module.calls.map { ($0.callee.step.publishedName, $0) }, &json) { call, json in
                json.pair("source", call.source)
                expressions(call.body, files: call.attributeFiles, nil, key: "expressions", &json)
                repetition(call.repetition, &json)
                if let callee = configuration.module(at: call.path) {
                    json.key("module")
                    self.module(callee, &json)
                }
                if let version = call.version { json.pair("version_constraint", version) }
                dependsOn(call.dependsOn, &json)
            }
            list("variables", module.variables.map { ($0.name, $0) }, &json) { variable, json in
                if let value = variable.defaultValue, let text = try? value.jsonText() {
                    // A default is known; an infinite number alone has no JSON text.
                    json.key("default")
                    json.raw(text)
                }
                if !variable.description.isEmpty { json.pair("description", variable.description) }
                if variable.isSensitive { json.flag("sensitive") }
            }
        }
    }

    /// An object with an object for each item, by name; nothing where there are none.
    private func list<Item>(
        _ key: String, _ items: [(name: String, item: Item)], _ json: inout JSONText, _ body: (Item, inout JSONText) -> Void
    ) {
        guard !items.isEmpty else { return }
        json.key(key)
        json.object { json in
            for (name, item) in items.sorted(by: { $0.name.precedesByBytes($1.name) }) {
                json.key(name)
                json.object { json in body(item, &json) }
            }
        }
    }

    private func resource(_ resource: ResourceBlock, _ module: Module, _ json: inout JSONText) {
        let provider = configuration.providerConfiguration(for: resource.provider, in: module)
        let types = schemas[configuration.providerName(of: provider)]
        let schema = resource.name.mode == .data ? types?.dataSources[resource.name.type] : types?.resources[resource.name.type]
        json.object { json in
            json.pair("address", resource.name.description)
            json.pair("mode", resource.name.mode.rawValue)
            json.pair("type", resource.name.type.rawValue)
            json.pair("name", resource.name.name)
            json.pair("provider_config_key", key(provider))
            if !resource.provisioners.isEmpty {
                json.key("provisioners")
                json.array { json in
                    for block in resource.provisioners {
                        json.object { json in
                            json.pair("type", block.type)
                            let schema = ProvisionerSchema.named(block.type)?.block
                            expressions(block.body, files: [:], schema, key: "expressions", &json)
                        }
                    }
                }
            }
            expressions(resource.body, files: resource.attributeFiles, schema?.block, key: "expressions", &json)
            json.key("schema_version")
            json.int(schema?.version ?? 0)
            repetition(resource.repetition, &json)
            dependsOn(resource.dependsOn, &json)
        }
    }

    private func repetition(_ repetition: ConfigModel.Repetition, _ json: inout JSONText) {
        let (key, located): (String, LocatedExpression)
        switch repetition {
        case .single, .enabled: return
        case .count(let count): (key, located) = ("count_expression", count)
        case .forEach(let each): (key, located) = ("for_each_expression", each)
        }
        // Nothing is said of one that is neither constant nor refers to anything.
        guard isConstant(located) || !located.references.isEmpty else { return }
        json.key(key)
        expression(located, &json)
    }

    private func dependsOn(_ references: [Reference], _ json: inout JSONText) {
        guard !references.isEmpty else { return }
        json.key("depends_on")
        json.array { json in for reference in references { json.string(reference.publishedSubject) } }
    }

    // MARK: Expressions

    /// Arguments and nested blocks; `dynamic` blocks are left out, as the reference leaves them out.
    private func expressions(_ body: Body, files: [String: String], _ schema: BlockSchema?, key: String, _ json: inout JSONText) {
        let body = body.resolvingJSON(schema)
        var blocks: [String: [Block]] = [:]
        for block in body.blocks where block.type.name != "dynamic" { blocks[block.type.name, default: []].append(block) }
        guard !body.attributes.isEmpty || !blocks.isEmpty else { return }
        json.key(key)
        json.object { json in members(body, files, blocks, schema, &json) }
    }

    private func members(
        _ body: Body, _ files: [String: String], _ blocks: [String: [Block]], _ schema: BlockSchema?, _ json: inout JSONText
    ) {
        for attribute in body.attributes.sorted(by: { $0.name.name.precedesByBytes($1.name.name) }) {
            json.key(attribute.name.name)
            expression(LocatedExpression(attribute.expression, file: files[attribute.name.name] ?? body.file), &json)
        }
        for (name, items) in blocks.sorted(by: { $0.key.precedesByBytes($1.key) }) {
            let nested = schema?.block(name)
            json.key(name)
            switch nested?.nesting {
            case .single?, .group?: if let only = items.first { block(only, nested?.block, &json) }
            case .map?:
                json.object { json in
                    for item in items {
                        json.key(item.labels.first?.name ?? "")
                        block(item, nested?.block, &json)
                    }
                }
            case .list?, .set?, nil: json.array { json in for item in items { block(item, nested?.block, &json) } }
            }
        }
    }

    private func block(_ written: Block, _ schema: BlockSchema?, _ json: inout JSONText) {
        var block = written
        block.body = written.body.resolvingJSON(schema)
        var blocks: [String: [Block]] = [:]
        for inner in block.body.blocks where inner.type.name != "dynamic" { blocks[inner.type.name, default: []].append(inner) }
        json.object { json in members(block.body, [:], blocks, schema, &json) }
    }

    private func isConstant(_ located: LocatedExpression) -> Bool {
        // Whatever is no constant throws.
        (try? constantValue(of: located)) != nil
    }

    /// A constant, or what it refers to; an expression of functions and constants alone is neither.
    private func expression(_ located: LocatedExpression, _ json: inout JSONText) {
        json.object { json in
            if let text = textInJSON(located) {
                json.key("constant_value")
                json.raw(text)
            } else if let constant = try? constantValue(of: located), let text = try? constant.jsonText() {
                // Whatever is no constant throws, and is described by its references.
                json.key("constant_value")
                json.raw(text)
                return
            }
            let names = located.references.flatMap(\.publishedNames)
            guard !names.isEmpty else { return }
            json.key("references")
            json.array { json in for name in names { json.string(name) } }
        }
    }
}

extension Body {
    fileprivate func withoutArguments(_ names: Set<String>) -> Body {
        var body = self
        body.attributes.removeAll { names.contains($0.name.name) }
        return body
    }
}
