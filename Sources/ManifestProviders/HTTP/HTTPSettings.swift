import Diagnostics
import ProviderKit
import Transport
import Values

/// How a service is reached, from the provider's `http` block evaluated over its settings.
struct HTTPSettings: Sendable {
    static let names = [
        "base_url", "headers", "timeout", "client_certificate", "client_key", "certificate_authorities", "pinned_public_key", "unix_socket",
        "region", "access_key", "secret_key", "session_token", "service", "version", "versions",
    ]

    let values: [String: Value]
    let transports: ManifestTransports

    func text(_ name: String) -> String? { values[name]?.stringValue }

    /// - Throws: where something is not known yet, so that nothing can be asked.
    func requireKnown() throws(ProviderFailure) {
        for name in values.keys.sorted() where values[name]?.isWhollyKnown == false {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Provider setting not known yet",
                detail: "\"\(name)\" of the provider depends on something that is not known yet.")
        }
    }

    func options(parallelism: Int) throws(ProviderFailure) -> HTTPRequest.Options {
        var options = HTTPRequest.Options()
        if let timeout = values["timeout"]?.numberValue?.doubleValue, timeout > 0 { options.timeout = timeout }
        if parallelism > 0 { options.connectionsPerEndpoint = parallelism }
        options.unixSocketPath = text("unix_socket")
        options.tls = HTTPRequest.TLS(
            certificateAuthorities: try pem("certificate_authorities"), pinnedPublicKey: text("pinned_public_key"),
            clientCertificate: try pem("client_certificate"), clientKey: try pem("client_key"))
        return options
    }

    /// PEM text, given as it is or as the path of its file.
    private func pem(_ name: String) throws(ProviderFailure) -> String? {
        guard let given = text(name), !given.isEmpty else { return nil }
        if given.contains("-----BEGIN") { return given }
        do {
            if let text = try transports.text(of: given) { return text }
        } catch {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Unreadable file", detail: "\(given), named by \"\(name)\", cannot be read: \(error).")
        }
        throw ProviderFailure(.invalidConfiguration, summary: "Missing file", detail: "\(given), named by \"\(name)\", does not exist.")
    }
}
