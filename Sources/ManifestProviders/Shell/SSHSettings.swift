import Diagnostics
import ProviderKit
import Transport
import Values

/// How hosts are reached, from the provider's `ssh` block evaluated over its settings.
struct SSHSettings: Sendable {
    static let names = [
        "user", "port", "private_key", "passphrase", "password", "agent", "known_hosts", "become", "become_method", "become_user",
        "become_password", "trust_new_hosts", "connect_timeout",
    ]

    let values: [String: Value]
    let transports: ManifestTransports

    /// Whether a host that nothing vouches for yet may be taken at its first word, when it is made known.
    var trustsNewHosts: Bool { values["trust_new_hosts"]?.boolValue ?? false }

    /// Where a host is and how to get in.
    /// - Parameters:
    ///   - host: an object with at least `address`.
    ///   - pins: keys that are accepted besides.
    /// - Throws: where a setting or the address is not known, or a file that was named cannot be read.
    func endpoint(of host: Value, pins: [String] = []) throws(ProviderFailure) -> HostEndpoint {
        guard let address = host["address"]?.stringValue, !address.isEmpty else {
            throw ProviderFailure(
                .unreachable, summary: "Host without an address", detail: "The host's address is not known, so it cannot be reached.")
        }
        for (name, value) in values where !value.isWhollyKnown {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Provider setting not known yet",
                detail:
                    "The setting \"\(name)\" of the provider depends on something that is not known yet, so \(address) cannot be reached.")
        }
        let user = host["user"]?.stringValue ?? text("user") ?? transports.environment["USER"] ?? "root"
        let port = host["port"]?.intValue ?? values["port"]?.intValue ?? 22
        let pinned = pins + (host["host_key"]?.stringValue ?? "").split(separator: "\n").map(String.init).filter { !$0.isEmpty }
        return HostEndpoint(
            address: address, port: port, user: user, credentials: try credentials(),
            trust: HostTrust(knownHosts: try knownHosts(), pinned: pinned), become: become(user: user),
            connectTimeout: values["connect_timeout"]?.numberValue?.doubleValue ?? 15)
    }

    private func text(_ name: String) -> String? { values[name]?.stringValue }

    private func become(user: String) -> HostEndpoint.Become? {
        let target = text("become_user") ?? "root"
        guard values["become"]?.boolValue ?? (user != target) else { return nil }
        return HostEndpoint.Become(method: text("become_method") ?? "sudo", user: target, password: text("become_password"))
    }

    private func credentials() throws(ProviderFailure) -> HostEndpoint.Credentials {
        var keys: [HostEndpoint.PrivateKey] = []
        let passphrase = text("passphrase")
        if let given = text("private_key") {
            if given.contains("-----BEGIN") {
                keys.append(.init(name: "private_key of the provider", text: given, passphrase: passphrase))
            } else if given.hasPrefix("ssh-") || given.hasPrefix("ecdsa-") {
                throw ProviderFailure(
                    .invalidConfiguration, summary: "Public key in place of a private one",
                    detail: "The provider's private_key is a public key (\(given.prefix { $0 != " " })).",
                    hints: ["Give the file beside it, without .pub."])
            } else {
                keys.append(.init(name: given, text: try file(given, what: "private key"), passphrase: passphrase))
            }
        } else if text("password") == nil {
            for name in ["~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa"] {
                // A default key that is not there or not ours to read is simply not used.
                if let text = try? transports.text(of: name) { keys.append(.init(name: name, text: text, passphrase: passphrase)) }
            }
        }
        let wantsAgent = values["agent"]?.boolValue ?? (text("private_key") == nil && text("password") == nil)
        return HostEndpoint.Credentials(
            agentSocket: wantsAgent ? transports.environment["SSH_AUTH_SOCK"].flatMap { $0.isEmpty ? nil : $0 } : nil, privateKeys: keys,
            password: text("password"))
    }

    private func knownHosts() throws(ProviderFailure) -> [HostTrust.KnownHostsFile] {
        var paths: [String] = []
        switch values["known_hosts"] {
        case let value? where value.stringValue != nil: paths = [value.stringValue ?? ""]
        case let value? where value.elements != nil: paths = value.elements?.compactMap(\.stringValue) ?? []
        default:
            return ["~/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"].compactMap { path in
                // The files every ssh client looks at may be missing.
                (try? transports.text(of: path)).map { HostTrust.KnownHostsFile(path: path, text: $0) }
            }
        }
        var files: [HostTrust.KnownHostsFile] = []
        for path in paths { files.append(.init(path: path, text: try file(path, what: "known_hosts file"))) }
        return files
    }

    private func file(_ path: String, what: String) throws(ProviderFailure) -> String {
        do {
            if let text = try transports.text(of: path) { return text }
        } catch {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Unreadable \(what)", detail: "The \(what) \(path) cannot be read: \(error).")
        }
        throw ProviderFailure(.invalidConfiguration, summary: "Missing \(what)", detail: "The \(what) \(path) does not exist.")
    }
}

extension ProviderFailure {
    /// What a transport could not do, in a provider's words.
    init(_ failure: TransportFailure, attempting what: String) {
        let (code, summary): (Code, String) =
            switch failure.code {
            case .resolution, .connection: (.unreachable, "Unreachable")
            // Nothing was begun: it is the host or endpoint that does not answer.
            case .timeout: (failure.hadNoEffect ? .unreachable : .timeout, "No answer in time")
            case .cancelled: (.cancelled, "Cancelled")
            case .tls: (.trust, "Server certificate not trusted")
            case .protocolViolation, .responseTooLarge: (.unexpectedAnswer, "Unexpected answer")
            case .hostKeyUnknown: (.trust, "Host key not known")
            case .hostKeyChanged: (.trust, "Host key changed")
            case .hostKeyRevoked: (.trust, "Host key revoked")
            case .authentication: (.unauthenticated, "Login refused")
            case .interrupted: (.unavailable, "Connection broke")
            case .privilege: (.privilege, "Privilege refused")
            case .other: (.other, "Transport failed")
            }
        let detail = failure.message.hasSuffix(".") ? failure.message : failure.message + "."
        // The transport knows no settings.
        let setting = failure.code == .privilege ? ["The provider's settings for it are become, become_user and become_password."] : []
        self.init(
            code, summary: summary, detail: what.isEmpty ? detail : "While \(what): \(detail)", hints: failure.hints + setting,
            isTransient: [.resolution, .connection, .timeout, .interrupted].contains(failure.code) && !failure.isNameUnknown)
    }

    /// A fault in a manifest, met while carrying a recipe out.
    init(_ error: DiagnosticError, attempting what: String, sources: ManifestSources) {
        let lines = error.diagnostics.map { diagnostic in
            let place = diagnostic.subject.map { " (\($0.file), line \(sources.lineNumber(of: $0.range.start, in: $0.file)))" } ?? ""
            return "\(diagnostic.summary)\(place): \(diagnostic.detail)"
        }
        self.init(
            .other, summary: "Fault in the provider's manifest", detail: "While \(what): \(lines.joined(separator: " "))",
            hints: error.diagnostics.flatMap(\.hints))
    }
}
