import Addresses
import Diagnostics
public import StateModel
import Values

extension StateDocument {
    /// A state as a document of version 4, in the order and layout in which Terraform writes it.
    ///
    /// - Parameter sources: where providers come from, where `shapes` does not know it.
    public static func bytes(
        of snapshot: StateSnapshot, lineage: String, serial: Int64, shapes: any ObjectShapes, sources: [String: String]
    ) async throws -> [UInt8] {
        var writer = DocumentWriter(shapes: shapes, sources: sources)
        let resources = try await writer.resources(of: snapshot)
        var json = JSONText(indent: 0)
        json.object { json in
            json.key("version")
            json.int(formatVersion)
            json.pair("terraform_version", programVersion)
            json.key("serial")
            json.raw(String(serial))
            json.pair("lineage", lineage)
            json.key("outputs")
            json.object { json in
                for (name, output) in snapshot.outputs.sorted(by: { $0.key.precedesByBytes($1.key) }) where !output.value.isNull {
                    json.key(name)
                    json.object { json in
                        json.key("value")
                        json.laidOut(output.value)
                        json.key("type")
                        json.laidOut(output.value.type.documentForm)
                        if output.isSensitive { json.flag("sensitive") }
                    }
                }
            }
            json.key("resources")
            json.array { json in for resource in resources { resource.write(to: &json) } }
            json.key("check_results")
            json.null()
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }
}

/// One entry of `resources`: all instances of a resource.
private struct ResourceEntry {
    var module: String
    var resource: ResourceName
    var provider: String
    var instances: [InstanceEntry] = []

    func write(to json: inout JSONText) {
        json.object { json in
            if !module.isEmpty { json.pair("module", module) }
            json.pair("mode", resource.mode.rawValue)
            json.pair("type", resource.type.rawValue)
            json.pair("name", resource.name)
            json.pair("provider", provider)
            json.key("instances")
            json.array { json in for instance in instances { instance.write(to: &json) } }
        }
    }

    func precedes(_ other: ResourceEntry) -> Bool {
        if module != other.module { return module.precedesByBytes(other.module) }
        return resource < other.resource
    }
}

private struct InstanceEntry {
    var object: StateObject
    /// Nil where the type is not known.
    var type: ValueType?
    var privateText: String?
    var dependencies: [String]

    func write(to json: inout JSONText) {
        json.object { json in
            switch object.address.instance.key {
            case .none: break
            case .index(let index):
                json.key("index_key")
                json.int(index)
            case .key(let key): json.pair("index_key", key)
            }
            if object.status == .tainted { json.pair("status", "tainted") }
            if case .deposed(let key) = object.address.generation { json.pair("deposed", key) }
            json.key("schema_version")
            json.int(object.schemaVersion)
            json.key("attributes")
            json.attribute(object.attributes, as: type)
            json.key("sensitive_attributes")
            json.array { json in for path in object.publishedSensitivePaths { json.path(path) } }
            if let privateText { json.pair("private", privateText) }
            if !dependencies.isEmpty {
                json.key("dependencies")
                json.array { json in for dependency in dependencies { json.string(dependency) } }
            }
            if object.createBeforeDestroy { json.flag("create_before_destroy") }
        }
    }
}

/// Asks for each type once.
private struct DocumentWriter {
    let shapes: any ObjectShapes
    let sources: [String: String]
    private var known: [String: ObjectShape?] = [:]
    private var providers: [ProviderConfigAddress: String] = [:]

    init(shapes: any ObjectShapes, sources: [String: String]) {
        self.shapes = shapes
        self.sources = sources
    }

    mutating func resources(of snapshot: StateSnapshot) async throws -> [ResourceEntry] {
        var dependencies = TransitiveDependencies(snapshot)
        var entries: [ResourceEntry] = []
        var last: ResourceAddress?
        for address in snapshot.objects.keys.sorted() {
            guard let object = snapshot.objects[address] else { continue }
            if last != address.instance.resource {
                last = address.instance.resource
                entries.append(
                    ResourceEntry(
                        module: address.instance.module.publishedDescription, resource: address.instance.resource.resource,
                        provider: await provider(object.provider)))
            }
            let shape = await shape(of: object)
            if let place = object.attributes.firstInfinity { throw DocumentFault("\(address) has an infinite number at \(place)") }
            guard object.attributes.isWhollyKnown else { throw DocumentFault("\(address) has values that are not known") }
            entries[entries.count - 1].instances.append(
                InstanceEntry(
                    object: object, type: shape?.type, privateText: try PrivateNotes.text(for: object),
                    dependencies: dependencies.of(object.dependencies)))
        }
        return entries.sorted { $0.precedes($1) }
    }

    private mutating func shape(of object: StateObject) async -> ObjectShape? {
        let type = object.address.instance.type
        let key = "\(object.provider.name) \(type.rawValue)"
        if let known = known[key] { return known }
        let shape = await shapes.shape(of: type, provider: object.provider.name)
        known[key] = .some(shape)
        return shape
    }

    private mutating func provider(_ address: ProviderConfigAddress) async -> String {
        if let known = providers[address] { return known }
        let source = await shapes.source(of: address) ?? sources[address.name] ?? ProviderSource.assumed(for: address.name)
        let text = DocumentProvider(module: address.module, source: source, alias: address.alias).description
        providers[address] = text
        return text
    }
}
