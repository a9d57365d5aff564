import Addresses
import Diagnostics
import FoundationEssentials
import StateModel
import Values

extension StateDocument {
    /// - Throws: `DocumentFault` where the bytes are no state of version 4.
    public init(_ bytes: [UInt8], shapes: any ObjectShapes) async throws {
        let root: Value
        do throws(JSONError) { root = try Value.parsingJSON(bytes) } catch { throw DocumentFault("it is no JSON: \(error)") }
        guard let version = root["version"]?.intValue else { throw DocumentFault("it does not say which version of the format it has") }
        guard version == Self.formatVersion else {
            throw DocumentFault("it has version \(version) of the format, and version 4 is read (any Terraform since 0.12 writes it)")
        }
        guard let lineage = root["lineage"]?.stringValue, let serial = root["serial"]?.intValue else {
            throw DocumentFault("it has no lineage and serial")
        }
        self.init(lineage: lineage, serial: Int64(serial))
        for (name, output) in root["outputs"]?.entries ?? [] {
            guard DocumentName.isPlain(name) else { throw DocumentFault("it names the output \(quoted(name)), which cannot be") }
            outputs[name] = try Self.output(name, output)
        }
        var reader = DocumentReader(shapes: shapes)
        for resource in root["resources"]?.elements ?? [] { try await reader.read(resource) }
        (objects, sources) = (reader.linked(), reader.sources)
    }

    private static func output(_ name: String, _ output: Value) throws -> OutputRecord {
        guard let form = output["type"], let type = ValueType(documentForm: form) else {
            throw DocumentFault("its output \(quoted(name)) has no type")
        }
        do throws(ConversionError) {
            let value = try (output["value"] ?? .null).converted(to: type)
            let isSensitive = output["sensitive"]?.boolValue ?? false
            return OutputRecord(value: isSensitive ? value.marked(.sensitive) : value, isSensitive: isSensitive)
        } catch {
            throw DocumentFault("its output \(quoted(name)) is not of its type: \(error.message)")
        }
    }
}

private struct DocumentReader {
    let shapes: any ObjectShapes
    var sources: [String: String] = [:]
    private var known: Set<ObjectAddress> = []
    /// With the names in `dependencies`, nil where the record beside the document has said it.
    private var found: [(object: StateObject, dependencies: [String])] = []

    init(shapes: any ObjectShapes) { self.shapes = shapes }

    mutating func read(_ resource: Value) async throws {
        guard let type = resource["type"]?.stringValue, let name = resource["name"]?.stringValue,
            let providerText = resource["provider"]?.stringValue
        else { throw DocumentFault("one of its resources has no type, name or provider") }
        guard let modeText = resource["mode"]?.stringValue, let mode = ResourceMode(rawValue: modeText), mode != .ephemeral else {
            throw DocumentFault("\(quoted(type)) \(quoted(name)) has a mode that is not known")
        }
        guard DocumentName.isPlain(type), DocumentName.isPlain(name) else {
            throw DocumentFault("it names the resource \(quoted(type)) \(quoted(name)), which cannot be")
        }
        // Results of data sources are read anew by every plan.
        guard mode == .managed else { return }
        let moduleText = resource["module"]?.stringValue ?? ""
        guard let module = ModulePath(document: moduleText) else { throw DocumentFault("it names the module \(quoted(moduleText))") }
        guard let provider = DocumentProvider(providerText) else { throw DocumentFault("it names the provider \(quoted(providerText))") }
        let address = ResourceAddress(module: module, resource: ResourceName(type: ResourceType(type), name: name))
        let local = await shapes.localName(of: provider.source, in: provider.module) ?? ProviderSource.assumedName(of: provider.source)
        sources[local] = provider.source
        let configuration = ProviderConfigAddress(module: provider.module, name: local, alias: provider.alias)
        let shape = await shapes.shape(of: ResourceType(type), provider: local)
        for instance in resource["instances"]?.elements ?? [] { try read(instance, of: address, configuration, shape) }
    }

    private mutating func read(
        _ instance: Value, of resource: ResourceAddress, _ provider: ProviderConfigAddress, _ shape: ObjectShape?
    ) throws {
        var key = InstanceKey.none
        if let index = instance["index_key"], !index.isNull {
            if let text = index.stringValue {
                key = .key(text)
            } else if let number = index.intValue {
                key = .index(number)
            } else {
                throw DocumentFault("an instance of \(resource) has an index_key that is neither a text nor a whole number")
            }
        }
        let deposed = instance["deposed"]?.stringValue ?? ""
        let address = ObjectAddress(resource.instance(key), deposed.isEmpty ? .current : .deposed(deposed))
        guard known.insert(address).inserted else { throw DocumentFault("it has \(address) twice") }
        guard let json = instance["attributes"], json.entries != nil else {
            throw DocumentFault(
                "\(address) has its attributes in the form of Terraform 0.11 and before; any later version of it rewrites them")
        }
        var attributes = json
        if let shape {
            do throws(ConversionError) {
                attributes = shape.marking(try AttributeForm.decode(json, as: shape.type))
            } catch {
                // Recorded by another version of the type's schema: what still fits is found when it is planned.
                attributes = json
            }
        }
        let places = (instance["sensitive_attributes"]?.elements ?? []).map { (DocumentPaths.decode($0), Value.Marks.sensitive) }
        var object = StateObject(
            address: address, attributes: attributes.withMarks(at: places), schemaVersion: instance["schema_version"]?.intValue ?? 0,
            status: instance["status"]?.stringValue == StateObject.Status.tainted.rawValue ? .tainted : .ready, provider: provider,
            createBeforeDestroy: instance["create_before_destroy"]?.boolValue ?? false)
        if let text = instance["private"]?.stringValue {
            let notes = PrivateNotes.read(text)
            object.privateBytes = notes.bytes
            if let record = notes.record { object.complete(from: record) }
        }
        let names = (instance["dependencies"]?.elements ?? []).compactMap(\.stringValue)
        found.append((object.withFollowingMarks(), names))
    }

    /// Names of what an object depends on become addresses: a name stands for the resource in every instance of its module.
    func linked() -> [StateObject] {
        var resources: [String: Set<ResourceAddress>] = [:]
        for (object, _) in found {
            resources[object.address.instance.resource.publishedCall, default: []].insert(object.address.instance.resource)
        }
        return found.map { object, names in
            // The record's own, direct ones, as long as the document agrees.
            let own = Set(object.dependencies.map(\.publishedCall))
            if !own.isEmpty, own.isSubset(of: names) { return object }
            var object = object
            object.dependencies = names.flatMap { resources[$0] ?? [] }.sorted()
            return object
        }.sorted { $0.address < $1.address }
    }
}

extension StateObject {
    /// What a document has no words for. Its own words win.
    fileprivate mutating func complete(from record: StateObject) {
        if record.address.instance.resource.publishedDescription == address.instance.resource.publishedDescription {
            address.instance.resource = record.address.instance.resource
        }
        container = record.container
        isGuarded = record.isGuarded
        preventsDestroy = record.preventsDestroy
        identity = record.identity
        before = record.before
        hostKeys = record.hostKeys
        dependencies = record.dependencies
        if record.provider.name == provider.name, record.provider.alias == provider.alias,
            record.provider.module.publishedDescription == provider.module.publishedDescription
        {
            provider = record.provider
        }
    }
}
