import Addresses
import Diagnostics
import StateModel
import Values

/// States and planned values in the formats that the Terraform CLI publishes, so that tools built on them work unchanged.
struct PublishedState {
    /// What is asked of one resource instance.
    struct Item {
        var address: ObjectAddress
        var provider: String
        var schemaVersion: Int
        var values: Value
        /// Everything it depends on, as published.
        var dependencies: [String] = []
        var isTainted = false
    }

    static let terraformVersion = "1.11.4"

    /// `show -json` of a state.
    static func state(_ snapshot: StateSnapshot) throws -> String {
        var json = JSONText()
        try json.object { json in
            json.pair("format_version", "1.0")
            guard !snapshot.objects.isEmpty || !snapshot.outputs.isEmpty else { return }
            json.pair("terraform_version", terraformVersion)
            json.key("values")
            try values(
                &json, items: items(of: snapshot),
                outputs: snapshot.outputs.sorted { $0.key.precedesByBytes($1.key) }.map { ($0.key, $0.value.value, $0.value.isSensitive) })
        }
        return json.text
    }

    static func items(of snapshot: StateSnapshot) -> [Item] {
        var dependencies = TransitiveDependencies(snapshot)
        return snapshot.objects.keys.sorted().compactMap { address in
            snapshot.objects[address].map { object in
                Item(
                    address: address, provider: object.provider.name, schemaVersion: object.schemaVersion, values: object.attributes,
                    dependencies: dependencies.of(object.dependencies), isTainted: object.status == .tainted)
            }
        }
    }

    /// `{ outputs, root_module }`.
    static func values(
        _ json: inout JSONText, items: [Item], outputs: [(name: String, value: Value?, isSensitive: Bool)], planned: Bool = false
    ) throws {
        try json.object { json in
            if !outputs.isEmpty {
                json.key("outputs")
                try json.object { json in
                    for output in outputs {
                        json.key(output.name)
                        try json.object { json in
                            json.key("sensitive")
                            json.bool(output.isSensitive)
                            guard let value = output.value, value.isWhollyKnown else { return }
                            json.key("value")
                            json.raw(try value.jsonText())
                            json.key("type")
                            json.raw(value.isNull ? ValueType.dynamic.publishedJSON : value.type.publishedJSON)
                        }
                    }
                }
            }
            json.key("root_module")
            try module(&json, path: .root, items: items[...], planned: planned)
        }
    }

    /// Items are sorted by address, so that each module's are together.
    private static func module(_ json: inout JSONText, path: ModulePath, items: ArraySlice<Item>, planned: Bool) throws {
        try json.object { json in
            let own = items.filter { $0.address.instance.module == path }
            if !own.isEmpty {
                json.key("resources")
                try json.array { json in for item in own { try resource(&json, item, planned: planned) } }
            }
            if !path.isRoot { json.pair("address", path.publishedDescription) }
            var children: [ModulePath: [Item]] = [:]
            for item in items where item.address.instance.module != path {
                let steps = item.address.instance.module.steps
                children[ModulePath(Array(steps.prefix(path.steps.count + 1))), default: []].append(item)
            }
            if !children.isEmpty {
                json.key("child_modules")
                try json.array { json in
                    for child in children.keys.sorted() {
                        try module(&json, path: child, items: (children[child] ?? [])[...], planned: planned)
                    }
                }
            }
        }
    }

    private static func resource(_ json: inout JSONText, _ item: Item, planned: Bool) throws {
        let instance = item.address.instance
        try json.object { json in
            identity(&json, instance)
            json.pair("provider_name", providerName(item.provider))
            json.key("schema_version")
            json.int(item.schemaVersion)
            json.key("values")
            try json.value(item.values)
            json.key("sensitive_values")
            json.raw(try item.values.sensitiveMask().jsonText())
            if !planned, !item.dependencies.isEmpty {
                json.key("depends_on")
                json.array { json in for dependency in item.dependencies { json.string(dependency) } }
            }
            if item.isTainted {
                json.key("tainted")
                json.bool(true)
            }
            if case .deposed(let key) = item.address.generation { json.pair("deposed_key", key) }
        }
    }

    /// Address, mode, type, name and index: how every published list names an instance.
    static func identity(_ json: inout JSONText, _ instance: ResourceInstanceAddress) {
        json.pair("address", instance.publishedDescription)
        json.pair("mode", instance.mode.rawValue)
        json.pair("type", instance.type.rawValue)
        json.pair("name", instance.resource.resource.name)
        json.instanceKey("index", instance.key)
    }

    static func providerName(_ name: String) -> String {
        name == "terraform" ? "terraform.io/builtin/terraform" : "registry.terraform.io/hashicorp/\(name)"
    }
}

extension ValueType {
    /// `"string"`, `["list","string"]`, `["object",{"a":"string"}]`.
    var publishedJSON: String {
        // A type's form is texts alone, which can always be written.
        (try? documentForm.jsonText()) ?? "\"dynamic\""
    }
}
