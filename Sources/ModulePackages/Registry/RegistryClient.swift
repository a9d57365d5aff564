import ConfigModel
import Transport
import Values

/// Asks registries of modules, by their published protocol.
actor RegistryClient {
    private let settings: FetchSettings
    /// Where a host serves modules; asked once a run.
    private var services: [String: String] = [:]
    private var versions: [RegistryModule: [(version: Version, text: String)]] = [:]

    init(_ settings: FetchSettings) { self.settings = settings }

    /// All versions of a module, as the registry lists them.
    func versions(of module: RegistryModule) async throws(PackageFailure) -> [(version: Version, text: String)] {
        if let known = versions[module] { return known }
        let url = try await address(of: module) + "/versions"
        let response = try await get(url, module, "the versions of \(module)")
        let listed = try document(response, module)["modules"]?.elements?.first?["versions"]?.elements
        guard let listed else { throw invalid(module, "it does not list versions") }
        let found = listed.compactMap { entry -> (Version, String)? in
            guard let text = entry["version"]?.stringValue, let version = Version(text) else { return nil }
            return (version, text)
        }
        versions[module] = found
        return found
    }

    /// Where a version is fetched from, with the URL that it is relative to.
    func location(of module: RegistryModule, _ version: String) async throws(PackageFailure) -> (location: String, base: String) {
        let url = try await address(of: module) + "/\(version)/download"
        let response = try await get(url, module, "the address of \(module) \(version)")
        if let location = response.header("X-Terraform-Get"), !location.isEmpty { return (location, url) }
        // Newer registries say it in a document.
        if response.status == 200, let location = try document(response, module)["location"]?.stringValue, !location.isEmpty {
            return (location, url)
        }
        throw invalid(module, "it does not say where version \(version) is fetched from")
    }

    private func address(of module: RegistryModule) async throws(PackageFailure) -> String {
        try await service(of: module) + "\(module.namespace)/\(module.name)/\(module.provider)"
    }

    /// Where the host serves modules, ending with a slash.
    private func service(of module: RegistryModule) async throws(PackageFailure) -> String {
        let host = module.host
        if let known = services[host] { return known }
        let url = "https://\(host)/.well-known/terraform.json"
        let response = try await get(url, module, "what \(host) serves")
        guard let named = try document(response, module)["modules.v1"]?.stringValue, !named.isEmpty else {
            throw PackageFailure(
                summary: "Error accessing remote module registry", detail: "\(host) serves no modules: it is no registry of modules.")
        }
        var service = Fetcher.resolve(named, url)
        // Without a scheme it is relative to the document, as a link would be.
        if !service.contains("://") { service = Fetcher.resolve("./" + named, url) }
        guard service.hasPrefix("https://") else { throw invalid(module, "it serves modules over something else than https") }
        if !service.hasSuffix("/") { service += "/" }
        services[host] = service
        return service
    }

    private func get(_ url: String, _ module: RegistryModule, _ what: String) async throws(PackageFailure) -> HTTPResponse {
        var headers: [HTTPHeader] = [HTTPHeader("Accept", "application/json")]
        if Fetcher.host(of: url) == module.host, let token = settings.token(module.host) {
            headers.append(HTTPHeader("Authorization", "Bearer \(token)", isSensitive: true))
        }
        let response: HTTPResponse
        do throws(TransportFailure) {
            response = try await settings.transport.send(HTTPRequest(url: url, headers: headers, options: settings.requestOptions))
        } catch {
            throw PackageFailure(
                summary: "Error accessing remote module registry", detail: "The registry could not be asked for \(what): \(error.message)",
                hints: error.hints)
        }
        switch response.status {
        case 200..<300: return response
        case 404 where url.hasSuffix("/versions"):
            throw PackageFailure(
                summary: "Module not found", detail: "The registry at \(module.host) has no module \(module).",
                hints: ["A private module is only found with a token: see TF_TOKEN_… in the documentation."])
        case 401, 403:
            throw PackageFailure(
                summary: "Error accessing remote module registry",
                detail: "The registry at \(module.host) refused to say \(what), with status \(response.status).",
                hints: ["Give a token for \(module.host): see TF_TOKEN_… in the documentation."])
        default:
            throw PackageFailure(
                summary: "Error accessing remote module registry",
                detail: "The registry at \(module.host) was asked for \(what), and answered with status \(response.status).")
        }
    }

    private func document(_ response: HTTPResponse, _ module: RegistryModule) throws(PackageFailure) -> Value {
        do throws(JSONError) {
            return try Value.parsingJSON(response.body)
        } catch {
            throw invalid(module, "what it sends is no JSON document (\(error.message))")
        }
    }

    private func invalid(_ module: RegistryModule, _ reason: String) -> PackageFailure {
        PackageFailure(
            summary: "Invalid response from remote module registry",
            detail: "The registry at \(module.host) does not keep to the protocol of registries: \(reason).")
    }
}
