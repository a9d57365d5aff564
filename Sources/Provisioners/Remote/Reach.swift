import Glibc
import ProviderKit
import Transport
import Values

/// How a machine is reached, from a `connection` block.
struct Reach {
    let endpoint: HostEndpoint
    /// Seconds until the machine has to have let us in.
    let timeout: Double
    let scriptPath: String?
    /// `host`, or `[host]:port`: how keys are named.
    let place: String
    let hasPinnedKey: Bool

    /// - Throws: what cannot be done as it is written; nothing that is written is passed over.
    init(_ connection: Value, _ settings: Provisioners.Settings, type: String) throws(ProviderFailure) {
        func text(_ name: String) -> String? { connection[name]?.stringValue.flatMap { $0.isEmpty ? nil : $0 } }
        let protocolName = text("type") ?? "ssh"
        if protocolName == "winrm" {
            throw .provisioner(
                type, "The connection type \"winrm\" is not supported: machines are reached over SSH.",
                hints: ["Install OpenSSH's server on the machine and use type = \"ssh\"; scripts are for a POSIX shell."])
        }
        guard protocolName == "ssh" else { throw .provisioner(type, "The connection type '\(protocolName)' is not supported.") }
        if let platform = text("target_platform"), platform != "unix" {
            guard platform == "windows" else {
                throw .provisioner(type, "target_platform for provisioner has to be either unix or windows.")
            }
            throw .provisioner(type, "The target_platform \"windows\" is not supported: scripts are for a POSIX shell.")
        }
        for (name, instead) in Self.unsupported where text(name) != nil {
            throw .provisioner(type, "The connection argument \"\(name)\" is not supported. \(instead)")
        }
        guard let host = text("host") else { throw .provisioner(type, "The host of the connection is empty.") }
        let port = connection["port"]?.intValue ?? 22
        guard (1...65_535).contains(port) else { throw .provisioner(type, "The connection's port \(port) is not between 1 and 65535.") }
        timeout = try Self.seconds(text("timeout") ?? "5m", type: type)
        scriptPath = text("script_path")
        place = port == 22 ? host : "[\(host)]:\(port)"

        var keys: [HostEndpoint.PrivateKey] = []
        if let key = text("private_key") {
            guard key.contains("-----BEGIN") else {
                throw .provisioner(
                    type, "Failed to read ssh private key: no key found. The connection's private_key holds no private key.",
                    hints: ["Give the contents of a key file, as with file(\"~/.ssh/id_ed25519\")."])
            }
            keys.append(.init(name: "private_key of the connection", text: key))
        }
        let usesAgent = connection["agent"]?.boolValue ?? true
        let password = text("password")
        let agent = usesAgent ? settings.environment["SSH_AUTH_SOCK"].flatMap { $0.isEmpty ? nil : $0 } : nil
        var trust = HostTrust(knownHosts: Self.knownHosts(home: settings.homeDirectory))
        if let pinned = text("host_key") {
            trust.pinned = pinned.split(whereSeparator: \.isNewline).map(String.init)
        }
        hasPinnedKey = !trust.pinned.isEmpty
        endpoint = HostEndpoint(
            address: host, port: port, user: text("user") ?? "root",
            credentials: .init(agentSocket: agent, privateKeys: keys, password: password), trust: trust, become: nil,
            connectTimeout: min(timeout, 30))
    }

    private static let unsupported: [(String, String)] = [
        ("certificate", "Give the key that the machine itself accepts as private_key."),
        ("agent_identity", "All keys of the agent are tried; leave it out, or give the key as private_key."),
        ("bastion_host", "Run where the machine can be reached, or tunnel to it and name the tunnel's end as host and port."),
        ("proxy_host", "Run where the machine can be reached, or tunnel to it and name the tunnel's end as host and port."),
    ]

    /// The files that every ssh client looks at; either may be missing.
    private static func knownHosts(home: String) -> [HostTrust.KnownHostsFile] {
        [home + "/.ssh/known_hosts", "/etc/ssh/ssh_known_hosts"].compactMap { path in
            guard let bytes = try? LocalFile.contents(of: path, limit: 64 << 20) else { return nil }
            return .init(path: path, text: String(decoding: bytes, as: UTF8.self))
        }
    }

    /// `5m`, `1h30m`, `90s`, `250ms`.
    static func seconds(_ text: String, type: String) throws(ProviderFailure) -> Double {
        var total = 0.0
        var rest = text[...]
        let units: [(String, Double)] = [("ms", 0.001), ("us", 1e-6), ("µs", 1e-6), ("ns", 1e-9), ("h", 3600), ("m", 60), ("s", 1)]
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && $0.isNumber || $0 == "." }
            rest = rest[number.endIndex...]
            guard let value = Double(number), let (name, factor) = units.first(where: { rest.hasPrefix($0.0) }) else {
                throw .provisioner(
                    type, "The connection's timeout \"\(text)\" is no duration.", hints: ["Write it as in 30s, 5m or 1h30m."])
            }
            rest = rest.dropFirst(name.count)
            total += value * factor
        }
        guard total > 0, total < 1e8 else {
            throw .provisioner(type, "The connection's timeout \"\(text)\" is not a time that can be waited.")
        }
        return total
    }
}
