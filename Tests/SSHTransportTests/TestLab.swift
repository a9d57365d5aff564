import Foundation
import Glibc
import TestSupport
import Testing
import Transport

@testable import SSHTransport

/// Two real hosts, h1 for whatever leaves it unharmed and h2 for faults, started once for the whole run.
///
/// With `ASHLAR_TEST_LAB_DIR` a running lab is used (and its h1 and h2 are harmed); else one is started and taken down at the end.
struct TestLab: Sendable {
    let directory: String
    private let environment: [String: String]
    private static let script = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent()
        .appendingPathComponent("Lab/lab").path

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static var shared: TestLab {
        get async throws { try await started.value }
    }

    private static let started = Task { try await start() }

    private static func start() async throws -> TestLab {
        guard geteuid() == 0 else {
            throw Failure(description: "These tests start real hosts in network namespaces: run them as root.")
        }
        var environment = ProcessInfo.processInfo.environment
        if let directory = environment["ASHLAR_TEST_LAB_DIR"] {
            environment["LAB_DIR"] = directory
            let lab = TestLab(directory: directory, environment: environment)
            try await lab.lab("up", "2")
            return lab
        }
        let directory = "/tmp/ashlar-ssh-lab"
        environment["LAB_DIR"] = directory
        environment["LAB_NAME"] = "ashssh"
        environment["LAB_NET"] = "10.79.0"
        if environment["LAB_CACHE"] == nil { environment["LAB_CACHE"] = "/var/cache/ashlar-lab" }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        // Two runs at once would cut each other's cables: the second waits for the first.
        let lock = open("\(directory)/run.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw Failure(description: "cannot open \(directory)/run.lock: \(systemError(errno))") }
        while flock(lock, LOCK_EX | LOCK_NB) != 0 { try await Task.sleep(for: .milliseconds(200)) }
        let lab = TestLab(directory: directory, environment: environment)
        try await lab.lab("up", "2")
        // Tests log in at once, each over a connection of its own. A restart ends when the new server listens, a reload before that.
        for host in 1...2 {
            try await lab.exec(host, "echo 'MaxStartups 200' > /etc/ssh/sshd_config.d/tests.conf && systemctl restart ssh")
        }
        setenv("LAB_DIR", directory, 1)
        atexit {
            // Nobody is left to be told of a failure.
            _ = try? Child(TestLab.script, ["down"], nil, output: 2).wait()
        }
        return lab
    }

    // MARK: The hosts

    @discardableResult
    func lab(_ arguments: String...) async throws -> String {
        try await Self.run(Self.script, arguments, environment)
    }

    /// Root in the host, without SSH.
    @discardableResult
    func exec(_ host: Int, _ script: String) async throws -> String {
        try await lab("exec", "\(host)", "--", "sh", "-c", script)
    }

    /// One more sshd in the host, with a configuration of its own: the one that all tests share is never reloaded while they run, since
    /// for a moment of that it listens to nobody.
    func startServer(on host: Int, port: Int, _ configuration: String) async throws {
        let text =
            "Port \(port)\nPidFile /run/sshd-\(port).pid\nHostKey /etc/ssh/ssh_host_ed25519_key\nHostKey /etc/ssh/ssh_host_ecdsa_key\n"
            + configuration
        try await exec(
            host,
            """
            [ -e /run/sshd-\(port).pid ] && exit 0
            cat >/etc/ssh/sshd_\(port) <<'X'
            \(text)
            X
            /usr/sbin/sshd -f /etc/ssh/sshd_\(port)
            for i in 1 2 3 4 5 6 7 8 9 10; do [ -e /run/sshd-\(port).pid ] && exit 0; sleep 0.1; done; exit 1
            """)
    }

    static func run(_ program: String, _ arguments: [String], _ environment: [String: String]? = nil) async throws -> String {
        let (status, text) = try await Child.output(of: program, arguments, environment)
        guard status == 0 else {
            throw Failure(description: "\(program) \(arguments.joined(separator: " ")): status \(status)\n\(text)")
        }
        return text
    }

    func address(_ host: Int) -> String {
        // The lab writes its network there; h2 differs in the last number.
        let known = (try? String(contentsOfFile: knownHostsPath, encoding: .utf8)) ?? ""
        let line = known.split(separator: "\n").first { $0.hasPrefix("h\(host),") } ?? ""
        return String(line.dropFirst("h\(host),".count).prefix { $0 != " " })
    }

    var knownHostsPath: String { "\(directory)/known_hosts" }

    func knownHosts() throws -> HostTrust.KnownHostsFile {
        .init(path: knownHostsPath, text: try String(contentsOfFile: knownHostsPath, encoding: .utf8))
    }

    func key(_ name: String, passphrase: String? = nil) throws -> HostEndpoint.PrivateKey {
        let path = "\(directory)/keys/id_\(name)"
        return .init(name: path, text: try String(contentsOfFile: path, encoding: .utf8), passphrase: passphrase)
    }

    func endpoint(
        _ host: Int, user: String = "root", keys: [String] = ["ed25519"], become: HostEndpoint.Become? = nil, timeout: Double = 15,
        channels: Int = 4
    ) throws -> HostEndpoint {
        HostEndpoint(
            address: address(host), user: user, credentials: .init(privateKeys: try keys.map { try key($0) }),
            trust: HostTrust(knownHosts: [try knownHosts()]), become: become, connectTimeout: timeout, channels: channels)
    }
}

extension SSHHostTransport {
    /// Runs a script and gives its output as text; the caller looks at the status.
    func text(_ script: String, on host: HostEndpoint, input: [UInt8] = [], timeout: Double = 20) async throws -> (Int, String, String) {
        let result = try await run(
            HostCommand(script: script, input: input, timeout: timeout, name: "testing"), on: host, onOutput: nil)
        return (result.status, String(decoding: result.output, as: UTF8.self), String(decoding: result.errorOutput, as: UTF8.self))
    }

    /// Starts a script and waits until its first output, so that it is surely running.
    func begin(_ script: String, on host: HostEndpoint, timeout: Double = 100) async -> Task<HostCommandResult, any Error> {
        let (signal, continuation) = AsyncStream<Void>.makeStream()
        let task = Task {
            defer { continuation.finish() }
            return try await run(HostCommand(script: "echo begin; \(script)", timeout: timeout, name: "testing"), on: host) { _ in
                continuation.yield()
            }
        }
        var first = signal.makeAsyncIterator()
        _ = await first.next()
        return task
    }

    /// The failure of a script that must not come to a result.
    func failure(
        of script: String = "true", on host: HostEndpoint, timeout: Double = 20, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> TransportFailure {
        do {
            let result = try await run(HostCommand(script: script, timeout: timeout, name: "testing"), on: host, onOutput: nil)
            Issue.record("ended with status \(result.status)", sourceLocation: sourceLocation)
            throw TestLab.Failure(description: "no failure")
        } catch let failure as TransportFailure {
            return failure
        }
    }
}
