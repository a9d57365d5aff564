/// Where a host is and how to get in. Secrets are in it: never Codable, never printed.
public struct HostEndpoint: Sendable, Hashable {
    public var address: String
    public var port: Int
    public var user: String
    public var credentials: Credentials
    public var trust: HostTrust
    /// How to become root for scripts; nil runs them as `user`.
    public var become: Become?
    /// Seconds to an authenticated session.
    public var connectTimeout: Double
    /// Channels at once on the one connection.
    public var channels: Int

    public init(
        address: String, port: Int = 22, user: String, credentials: Credentials, trust: HostTrust, become: Become? = nil,
        connectTimeout: Double = 15, channels: Int = 4
    ) {
        self.address = address
        self.port = port
        self.user = user
        self.credentials = credentials
        self.trust = trust
        self.become = become
        self.connectTimeout = connectTimeout
        self.channels = channels
    }

    /// Where and who, apart from which key is expected there.
    public var withoutTrust: HostEndpoint {
        var copy = self
        copy.trust = HostTrust()
        return copy
    }

    /// Tried in this order: agent, keys, password, keyboard-interactive.
    public struct Credentials: Sendable, Hashable {
        /// Path of the agent's socket; nil does not ask an agent.
        public var agentSocket: String?
        public var privateKeys: [PrivateKey]
        /// For password and keyboard-interactive.
        public var password: String?

        public init(agentSocket: String? = nil, privateKeys: [PrivateKey] = [], password: String? = nil) {
            self.agentSocket = agentSocket
            self.privateKeys = privateKeys
            self.password = password
        }
    }

    public struct PrivateKey: Sendable, Hashable {
        /// What to call it in an error: a path or a setting's name.
        public var name: String
        /// OpenSSH or PEM text.
        public var text: String
        public var passphrase: String?

        public init(name: String, text: String, passphrase: String? = nil) {
            self.name = name
            self.text = text
            self.passphrase = passphrase
        }
    }

    public struct Become: Sendable, Hashable {
        /// `sudo` or `doas`.
        public var method: String
        public var user: String
        /// Sent on a channel's standard input, never on a command line.
        public var password: String?

        public init(method: String = "sudo", user: String = "root", password: String? = nil) {
            self.method = method
            self.user = user
            self.password = password
        }
    }
}

/// What makes a host's key acceptable. One of the sources must vouch for it; a contradiction in any of them stops.
public struct HostTrust: Sendable, Hashable {
    /// Contents of known_hosts files, with their paths for errors.
    public var knownHosts: [KnownHostsFile]
    /// `SHA256:…` fingerprints or whole public keys (`ssh-ed25519 AAAA…`) that are accepted.
    public var pinned: [String]

    public init(knownHosts: [KnownHostsFile] = [], pinned: [String] = []) {
        self.knownHosts = knownHosts
        self.pinned = pinned
    }

    public struct KnownHostsFile: Sendable, Hashable {
        public var path: String
        public var text: String

        public init(path: String, text: String) {
            self.path = path
            self.text = text
        }
    }
}

/// A POSIX shell script for one host.
public struct HostCommand: Sendable {
    /// Text of the script, given to `sh` on a channel's standard input or as a file descriptor, never as an argument.
    public var script: String
    /// Standard input of the script itself.
    public var input: [UInt8]
    /// Seconds for the whole script.
    public var timeout: Double
    /// A longer standard output is an error, where it is kept.
    public var maximumOutputBytes: Int
    /// Whether standard output stands in the result; where not, it is only delivered as it comes, as long as it is.
    public var keepsOutput = true
    /// What to call the script in failures and traces, such as `writing host_file.motd`. No secret.
    public var name: String
    /// Whether it gets a connection that is made for it, login and all, and closed after it: then that it ran says that one can still
    /// get in, which an open connection does not.
    public var needsNewConnection: Bool

    public init(
        script: String, input: [UInt8] = [], timeout: Double = 600, maximumOutputBytes: Int = 64 << 20, name: String = "",
        needsNewConnection: Bool = false
    ) {
        self.name = name
        self.needsNewConnection = needsNewConnection
        self.script = script
        self.input = input
        self.timeout = timeout
        self.maximumOutputBytes = maximumOutputBytes
    }
}

/// How a command on a host ended, and what it wrote.
public struct HostCommandResult: Sendable {
    /// Exit status; 128 + n where a signal ended it.
    public var status: Int
    public var output: [UInt8]
    /// Standard error, the last 64 KiB of it.
    public var errorOutput: [UInt8]
    /// The key by which the host was known.
    public var hostKey: HostKey?

    public init(status: Int, output: [UInt8], errorOutput: [UInt8], hostKey: HostKey? = nil) {
        self.hostKey = hostKey
        self.status = status
        self.output = output
        self.errorOutput = errorOutput
    }
}

/// What was learnt of a host's key without logging in.
public struct HostKey: Sendable, Hashable {
    /// `ssh-ed25519`, `ecdsa-sha2-nistp256`, …
    public var type: String
    /// Base64 of the key's blob.
    public var base64: String
    /// `SHA256:…` as OpenSSH prints it.
    public var fingerprint: String

    public init(type: String, base64: String, fingerprint: String) {
        self.type = type
        self.base64 = base64
        self.fingerprint = fingerprint
    }

    /// As a public key file has it, and as it is pinned.
    public var line: String { "\(type) \(base64)" }
}

/// Runs scripts on hosts: one connection a host, kept open and shared, many channels; and one of its own for a script that needs a new one.
public protocol HostTransport: Sendable {
    /// Runs the script with `become` applied to the whole of it. Output is delivered as it comes through `onOutput`
    /// (on an unspecified thread, in order) and whole in the result.
    func run(
        _ command: HostCommand, on host: HostEndpoint, onOutput: (@Sendable ([UInt8]) -> Void)?
    ) async throws(TransportFailure) -> HostCommandResult
    /// The key that the host shows, whether trusted or not.
    func hostKey(of host: HostEndpoint) async throws(TransportFailure) -> HostKey
    /// Whether the known_hosts files of the endpoint name it, so that they decide which key is right. Asks nobody.
    func knowsKey(of host: HostEndpoint) -> Bool
    /// Closes all connections.
    func close() async
}

extension HostTransport {
    /// A transport that reads no known_hosts.
    public func knowsKey(of host: HostEndpoint) -> Bool { false }
}
