import Addresses
import Diagnostics
import FoundationEssentials
import ProviderKit
import Transport
import Values

/// `data.terraform_remote_state`: the outputs of a state that another configuration has left in a file or behind a URL.
struct RemoteState: BuiltinDataSource {
    let http: BuiltinProvider.HTTPSource

    init(http: @escaping BuiltinProvider.HTTPSource) { self.http = http }

    let schema = ResourceSchema(
        type: ResourceType("terraform_remote_state"),
        block: BlockSchema(
            attributes: [
                AttributeSchema(name: "backend", type: .string, isRequired: true, description: "Where the state is kept: local or http."),
                AttributeSchema(name: "config", type: .dynamic, isOptional: true, description: "The backend's arguments: { path = … }."),
                AttributeSchema(
                    name: "defaults", type: .dynamic, isOptional: true, description: "Outputs that are used where the state has none."),
                AttributeSchema(name: "workspace", type: .string, isOptional: true, description: "The workspace; default where not set."),
                .computed("outputs", .dynamic, "An object of all the state's outputs."),
            ], description: "The outputs of another configuration's state."))

    /// What the reference has besides, and this does not read.
    private static let otherBackends = [
        "azurerm", "consul", "cos", "gcs", "kubernetes", "oci", "oss", "pg", "remote", "s3",
    ]
    private static let arguments = [
        "local": ["path", "workspace_dir"],
        "http": [
            "address", "update_method", "lock_address", "unlock_address", "lock_method", "unlock_method", "username", "password",
            "skip_cert_verification", "retry_max", "retry_wait_min", "retry_wait_max", "client_ca_certificate_pem",
            "client_certificate_pem", "client_private_key_pem",
        ],
    ]

    func validate(_ configuration: Value) -> [Diagnostic] {
        var faults: [Diagnostic] = []
        let backend = configuration.string("backend")
        if let backend, Self.arguments[backend] == nil {
            faults.append(Self.refusal(of: backend))
        } else if let config = configuration["config"]?.unmarked, !config.isNull, !config.isUnknown {
            faults += Self.faults(in: config, of: backend ?? "local")
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
            "backend", summary, "States in the backend \"\(backend)\" are not read: only those in files and behind HTTP are.",
            hints: ["Bring the state here as a file, and read it with backend = \"local\" and config = { path = … }."])
    }

    private static func faults(in config: Value, of backend: String) -> [Diagnostic] {
        func fault(_ reason: String) -> [Diagnostic] {
            [
                argumentFault(
                    "config", "Invalid backend configuration", "The given configuration is not valid for backend \"\(backend)\": \(reason)."
                )
            ]
        }
        guard let entries = config.entries else { return fault("an object is required") }
        if let unknown = entries.first(where: { !(arguments[backend] ?? []).contains($0.key) }) {
            return fault("unexpected attribute \"\(unknown.key)\"")
        }
        for (name, value) in entries where value.elements != nil || value.entries != nil {
            return fault("attribute \"\(name)\": string required")
        }
        return []
    }

    func read(_ configuration: Value) async throws(ProviderFailure) -> Value {
        let arguments = configuration.unmarked
        let (found, path) = try await document(arguments)
        guard let bytes = found else {
            throw ProviderFailure(
                .notFound, summary: "Unable to find remote state",
                detail: "No stored state was found for the given workspace in the given backend: there is nothing at \(path).",
                path: .attribute("config"))
        }
        var outputs: [String: Value] = [:]
        for (name, value) in arguments["defaults"]?.entries ?? [] { outputs[name] = value }
        for (name, value) in try Self.outputs(in: bytes, path) { outputs[name] = value }
        return configuration.setting(["outputs": .object(outputs.map { ($0.key, $0.value) })])
    }

    /// The document, nil where there is none, and how it is called.
    private func document(_ arguments: Value) async throws(ProviderFailure) -> ([UInt8]?, String) {
        if arguments.string("backend") == "http" { return try await served(arguments) }
        let path = Self.path(arguments)
        return (try await Blocking.run({ () throws(ProviderFailure) in try FileWork.read(path) }), path)
    }

    private func served(_ arguments: Value) async throws(ProviderFailure) -> ([UInt8]?, String) {
        func text(_ name: String) -> String? {
            (arguments["config"]?[name]).flatMap { try? $0.converted(to: .string).stringValue }.flatMap { $0.isEmpty ? nil : $0 }
        }
        if let workspace = arguments.string("workspace"), !workspace.isEmpty, workspace != "default" {
            throw failure("workspaces not supported: behind one address there is one state.")
        }
        guard let address = text("address") else { throw failure("address argument is required.") }
        var request = HTTPRequest(url: address)
        request.options.maximumResponseBytes = 1 << 30
        request.options.tls = HTTPRequest.TLS(
            certificateAuthorities: text("client_ca_certificate_pem"), clientCertificate: text("client_certificate_pem"),
            clientKey: text("client_private_key_pem"))
        request.options.tls.isVerified = text("skip_cert_verification") != "true"
        if let user = text("username") {
            let pair = Data("\(user):\(text("password") ?? "")".utf8).base64EncodedString()
            request.headers.append(HTTPHeader("Authorization", "Basic \(pair)", isSensitive: true))
        }
        let response: HTTPResponse
        do throws(TransportFailure) { response = try await http().send(request) } catch { throw failure(error.message) }
        switch response.status {
        case 200: return (response.body.isEmpty ? nil : response.body, address)
        case 204, 404: return (nil, address)
        default: throw failure("\(address) answered with status \(response.status).")
        }
    }

    private func failure(_ detail: String) -> ProviderFailure {
        ProviderFailure(.unexpectedAnswer, summary: "Error loading state error", detail: detail, path: .attribute("config"))
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
            guard let type = output["type"].flatMap({ ValueType(documentForm: $0) }) else {
                throw unsupported("The output \"\(name)\" in \(path) has no type.")
            }
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
}
