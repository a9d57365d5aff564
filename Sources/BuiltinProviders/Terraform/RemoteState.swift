import Addresses
import Diagnostics
import ProviderKit
import Values

/// `data.terraform_remote_state`: the outputs of a state that another configuration has left in a file.
struct RemoteState: BuiltinDataSource {
    let schema = ResourceSchema(
        type: ResourceType("terraform_remote_state"),
        block: BlockSchema(
            attributes: [
                AttributeSchema(name: "backend", type: .string, isRequired: true, description: "Where the state is kept: local."),
                AttributeSchema(name: "config", type: .dynamic, isOptional: true, description: "The backend's arguments: { path = … }."),
                AttributeSchema(
                    name: "defaults", type: .dynamic, isOptional: true, description: "Outputs that are used where the state has none."),
                AttributeSchema(name: "workspace", type: .string, isOptional: true, description: "The workspace; default where not set."),
                .computed("outputs", .dynamic, "An object of all the state's outputs."),
            ], description: "The outputs of another configuration's state."))

    /// What the reference has besides, and this does not read.
    private static let otherBackends = [
        "azurerm", "consul", "cos", "gcs", "http", "kubernetes", "oci", "oss", "pg", "remote", "s3",
    ]
    private static let arguments = ["path", "workspace_dir"]

    func validate(_ configuration: Value) -> [Diagnostic] {
        var faults: [Diagnostic] = []
        if let backend = configuration.string("backend"), backend != "local" {
            faults.append(Self.refusal(of: backend))
        } else if let config = configuration["config"]?.unmarked, !config.isNull, !config.isUnknown {
            faults += Self.faults(in: config)
        }
        if let defaults = configuration["defaults"]?.unmarked, !defaults.isNull, !defaults.isUnknown, defaults.entries == nil {
            faults.append(argumentFault("defaults", "Invalid default values", "Defaults must be given in an object value."))
        }
        return faults
    }

    private static func refusal(of backend: String) -> Diagnostic {
        let summary = "Invalid backend configuration"
        guard otherBackends.contains(backend) else {
            return argumentFault("backend", summary, "There is no backend type named \"\(backend)\".")
        }
        return argumentFault(
            "backend", summary, "States in the backend \"\(backend)\" are not read: only those in files are.",
            hints: ["Bring the state here as a file, and read it with backend = \"local\" and config = { path = … }."])
    }

    private static func faults(in config: Value) -> [Diagnostic] {
        func fault(_ reason: String) -> [Diagnostic] {
            [
                argumentFault(
                    "config", "Invalid backend configuration", "The given configuration is not valid for backend \"local\": \(reason).")
            ]
        }
        guard let entries = config.entries else { return fault("an object is required") }
        if let unknown = entries.first(where: { !arguments.contains($0.key) }) { return fault("unexpected attribute \"\(unknown.key)\"") }
        for (name, value) in entries where value.elements != nil || value.entries != nil {
            return fault("attribute \"\(name)\": string required")
        }
        return []
    }

    func read(_ configuration: Value) async throws(ProviderFailure) -> Value {
        let arguments = configuration.unmarked
        let path = Self.path(arguments)
        guard let bytes = try await Blocking.run({ () throws(ProviderFailure) in try FileWork.read(path) }) else {
            throw ProviderFailure(
                .notFound, summary: "Unable to find remote state",
                detail: "No stored state was found for the given workspace in the given backend: there is no file \(path).",
                path: .attribute("config"))
        }
        var outputs: [String: Value] = [:]
        for (name, value) in arguments["defaults"]?.entries ?? [] { outputs[name] = value }
        for (name, value) in try Self.outputs(in: bytes, path) { outputs[name] = value }
        return configuration.setting(["outputs": .object(outputs.map { ($0.key, $0.value) })])
    }

    /// As the reference's local backend lays workspaces out.
    private static func path(_ arguments: Value) -> String {
        let config = arguments["config"]
        func text(_ name: String) -> String? { config?.string(name).flatMap { $0.isEmpty ? nil : $0 } }
        let workspace = arguments.string("workspace") ?? ""
        if workspace.isEmpty || workspace == "default" { return text("path") ?? "terraform.tfstate" }
        return "\(text("workspace_dir") ?? "terraform.tfstate.d")/\(workspace)/terraform.tfstate"
    }

    // MARK: The document

    private static func outputs(in bytes: [UInt8], _ path: String) throws(ProviderFailure) -> [(String, Value)] {
        if bytes.starts(with: Array("SQLite format 3".utf8)) {
            throw unsupported(
                "\(path) is a state of this program, which is no document.",
                hints: ["Let the other configuration write it out: ashlar state pull > terraform.tfstate"])
        }
        let document: Value
        do {
            document = try Value.parsingJSON(bytes)
        } catch {
            throw unsupported("The state file could not be parsed as JSON: \(error).")
        }
        guard let version = document["version"]?.intValue else {
            throw unsupported("The state file does not have a \"version\" attribute, which is required to identify the format version.")
        }
        guard version == 4 else { throw unsupported("The state file \(path) has version \(version) of the format; version 4 is read.") }
        var outputs: [(String, Value)] = []
        for (name, output) in document["outputs"]?.entries ?? [] {
            guard let type = output["type"].flatMap(Self.type) else { throw unsupported("The output \"\(name)\" in \(path) has no type.") }
            do {
                // Objects and tuples of the document become what the type says.
                outputs.append((name, try (output["value"] ?? .null).converted(to: type)))
            } catch {
                throw unsupported("The output \"\(name)\" in \(path) is not of its type: \(error).")
            }
        }
        return outputs
    }

    private static func unsupported(_ detail: String, hints: [String] = []) -> ProviderFailure {
        ProviderFailure(
            .unexpectedAnswer, summary: "Unsupported state file format", detail: detail, hints: hints, path: .attribute("config"))
    }

    /// `"string"`, `["list", "string"]`, `["object", { … }]`
    private static func type(_ value: Value) -> ValueType? {
        switch value.stringValue {
        case "string": return .string
        case "number": return .number
        case "bool": return .bool
        case "dynamic": return .dynamic
        default: break
        }
        guard let parts = value.elements, parts.count >= 2 else { return nil }
        switch parts[0].stringValue {
        case "list": return type(parts[1]).map { .list($0) }
        case "set": return type(parts[1]).map { .set($0) }
        case "map": return type(parts[1]).map { .map($0) }
        case "tuple":
            let types = (parts[1].elements ?? []).map(type)
            return types.allSatisfy { $0 != nil } ? .tuple(types.compactMap { $0 }) : nil
        case "object":
            var attributes: [ObjectType.Attribute] = []
            for (name, part) in parts[1].entries ?? [] {
                guard let inner = type(part) else { return nil }
                attributes.append(ObjectType.Attribute(name: name, type: inner))
            }
            return .object(ObjectType(attributes))
        default: return nil
        }
    }
}
