import Foundation
import Glibc
import TestSupport

/// What examples provision: one host, a private cloud (LXD) and AWS's API (moto), on this machine, each started when a test first asks
/// for it and taken down when the run ends. What cannot be started fails the test that needs it.
enum Surroundings {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path
    static let folder = "/tmp/ashlar-examples-\(geteuid())"
    static let hostNetwork = "10.191.0"
    static let cloudNetwork = "10.192.0"
    static let bridge = "exlxd0"

    static let environment: [String: String] = {
        var environment = ProcessInfo.processInfo.environment
        environment["LAB_DIR"] = "\(folder)/lab"
        environment["LAB_NAME"] = "ashex"
        environment["LAB_NET"] = hostNetwork
        environment["CLOUDS_LXD_PORT"] = "28444"
        environment["CLOUDS_LXD_NET"] = cloudNetwork
        environment["CLOUDS_LXD_BRIDGE"] = bridge
        environment["CLOUDS_MOTO_STATE"] = "\(folder)/moto"
        environment["CLOUDS_MOTO_PORT"] = "28481"
        // What is slow to make is kept between runs: the hosts' base, LXD's image, moto's packages.
        if geteuid() == 0 { environment["LAB_CACHE"] = environment["LAB_CACHE"] ?? "/var/cache/ashlar-lab" }
        if let cache = environment["LAB_CACHE"] {
            environment["CLOUDS_LXD_STATE"] = "\(cache)/test-lxd"
            environment["CLOUDS_MOTO_VENVS"] = "\(cache)/moto"
        }
        return environment
    }()

    // MARK: One host

    struct Host: Sendable {
        let address: String
        let key: String
        let knownHosts: String

        /// Root on the host, without SSH and without Ashlar.
        func exec(_ script: String) async throws -> String {
            try await Surroundings.script("Lab/lab", "exec", "1", "--", "sh", "-c", script)
        }
    }

    static var host: Host { get async throws { try await startedHost.value } }

    private static let startedHost = Task {
        try await locked.value
        try await script("Lab/lab", "up", "1")
        return Host(address: "\(hostNetwork).1", key: "\(folder)/lab/keys/id_ed25519", knownHosts: "\(folder)/lab/known_hosts")
    }

    // MARK: LXD

    struct Cloud: Decodable, Sendable {
        let url: String
        let clientCertificate: String
        let clientKey: String
        let serverCertificate: String
        let sshKey: String

        enum CodingKeys: String, CodingKey {
            case url
            case clientCertificate = "client_cert"
            case clientKey = "client_key"
            case serverCertificate = "server_cert"
            case sshKey = "ssh_private_key"
        }

        func get(_ path: String) async throws -> String {
            try await Surroundings.curl(
                "--cacert", serverCertificate, "--cert", clientCertificate, "--key", clientKey, "\(url)\(path)"
            ).replacing(/"last_used_at":"[^"]*"/, with: "")
        }
    }

    static var cloud: Cloud { get async throws { try await startedCloud.value } }

    private static let startedCloud = Task {
        try await locked.value
        try await script("Clouds/lxd", "reset")
        return try JSONDecoder().decode(Cloud.self, from: Data(try await script("Clouds/lxd", "env").utf8))
    }

    // MARK: AWS

    struct AWS: Sendable {
        let url: String

        /// The answer to a signed question, without what differs from answer to answer.
        func ask(_ action: String, of service: String = "ec2", version: String = "2016-11-15") async throws -> String {
            try await Surroundings.curl(
                "--aws-sigv4", "aws:amz:us-east-1:\(service)", "-u", "testing:testing", "\(url)/?Action=\(action)&Version=\(version)"
            ).replacing(/<[Rr]equestId>[^<]*<\/[Rr]equestId>/, with: "")
        }
    }

    static var aws: AWS { get async throws { try await startedAWS.value } }

    private static let startedAWS = Task {
        try await locked.value
        try await script("Clouds/moto", "up")
        try await script("Clouds/moto", "reset")
        return AWS(url: "http://127.0.0.1:28481")
    }

    // MARK: Running

    /// Two runs at once would take each other's hosts down: the second waits for the first.
    private static let locked = Task {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let lock = open("\(folder).lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard lock >= 0 else { throw Failure(description: "cannot open \(folder).lock: \(String(cString: strerror(errno)))") }
        while flock(lock, LOCK_EX | LOCK_NB) != 0 { try await Task.sleep(for: .milliseconds(200)) }
        atexit {
            for (script, command) in [("Clouds/lxd", "clear"), ("Clouds/moto", "down"), ("Lab/lab", "down")] {
                if script == "Clouds/lxd", geteuid() != 0 { continue }
                // Nobody is left to be told of a failure but the terminal.
                let status = (try? Child("\(Surroundings.root)/Tests/\(script)", [command], Surroundings.environment, output: 2))?.wait()
                if status != 0 { FileHandle.standardError.write(Data("\(script) \(command) failed\n".utf8)) }
            }
            try? FileManager.default.removeItem(atPath: Surroundings.folder)
            unlink("\(Surroundings.folder).lock")
        }
    }

    @discardableResult
    static func script(_ name: String, _ arguments: String...) async throws -> String {
        // What a script tells on the way goes to its error output: only what it answers is wanted.
        try await succeed("sh", ["-c", "exec \"$0\" \"$@\" 2>\"$ASHLAR_TEST_LOG\"", "\(root)/Tests/\(name)"] + arguments)
    }

    static func curl(_ arguments: String...) async throws -> String {
        try await succeed("curl", ["-fsS", "-m", "20"] + arguments)
    }

    /// The status of a program, and what it wrote.
    static func tries(_ program: String, _ arguments: String...) async throws -> (Int, String) {
        try await Child.output(of: program, arguments, environment)
    }

    private static func succeed(_ program: String, _ arguments: [String]) async throws -> String {
        let log = "\(folder)/\(UUID().uuidString).log"
        defer { unlink(log) }
        let (status, text) = try await Child.output(
            of: program, arguments, environment.merging(["ASHLAR_TEST_LOG": log]) { _, new in new })
        guard status == 0 else {
            let told = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
            throw Failure(description: "\(arguments.joined(separator: " ")): status \(status)\n\(text)\(told)")
        }
        return text
    }
}
