import FoundationEssentials
public import Transport

/// What carries requests and scripts out, and what the composition root has read for the providers: nothing below reads the
/// environment or a file itself.
public struct ManifestTransports: Sendable {
    public var http: any HTTPTransport
    public var hosts: any HostTransport
    /// What creates have left on hosts for the case that the run is killed.
    public var keepsakes: HostKeepsakes
    /// For settings with `env`, the agent's socket and the local user's name.
    public var environment: [String: String]
    /// What `~` stands for in a path.
    public var homeDirectory: String
    /// Bytes of a file (known_hosts, a private key, a certificate); nil where there is none.
    /// - Throws: where it is there and cannot be read.
    public var readFile: @Sendable (_ path: String) throws -> [UInt8]?

    /// Seconds since 1970: requests that are signed carry it.
    public var now: @Sendable () -> Int = { Int(Date().timeIntervalSince1970) }

    public init(
        http: any HTTPTransport, hosts: any HostTransport, keepsakes: HostKeepsakes = HostKeepsakes(), environment: [String: String] = [:],
        homeDirectory: String = "/root",
        readFile: @escaping @Sendable (_ path: String) throws -> [UInt8]? = { _ in nil }
    ) {
        self.http = http
        self.hosts = hosts
        self.keepsakes = keepsakes
        self.environment = environment
        self.homeDirectory = homeDirectory
        self.readFile = readFile
    }

    /// Text of a file, `~` resolved.
    func text(of path: String) throws -> String? {
        let expanded = path == "~" || path.hasPrefix("~/") ? homeDirectory + path.dropFirst() : path
        return try readFile(expanded).map { String(decoding: $0, as: UTF8.self) }
    }
}
