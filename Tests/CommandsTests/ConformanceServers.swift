import Foundation
import TestSupport
import Testing

/// The program in one folder.
struct Program: Sendable {
    let directory: URL

    /// Runs it; its text must end with that exit code.
    @discardableResult
    func expect(_ code: Int32, _ arguments: String, sourceLocation: SourceLocation = #_sourceLocation) async throws -> String {
        let (text, status) = try await shell(
            "ashlar \(arguments)", in: directory,
            environment: [
                "PATH": CaseTests.binary.path + ":/usr/sbin:/usr/bin:/sbin:/bin", "HOME": directory.path, "NO_COLOR": "1", "USER": "tester",
                "ASHLAR_PROVIDERS": ConformanceTests.providers.path,
            ])
        #expect(status == code, "ashlar \(arguments):\n\(text.suffix(6000))", sourceLocation: sourceLocation)
        return text
    }
}

/// Runs a command to its end on a thread of its own, for the pool has few.
func shell(_ command: String, in directory: URL? = nil, environment: [String: String]) async throws -> (String, Int32) {
    try await withCheckedThrowingContinuation { continuation in
        Thread.detachNewThread {
            do {
                let process = Process()
                process.executableURL = URL(filePath: "/bin/sh")
                process.arguments = ["-c", command]
                process.currentDirectoryURL = directory
                process.environment = environment
                let pipe = Pipe()
                process.standardOutput = pipe
                process.standardError = pipe
                process.standardInput = FileHandle.nullDevice
                try process.runUnblocked()
                let output = pipe.fileHandleForReading.readDataToEndOfFile()
                process.waitUntilExit()
                continuation.resume(returning: (String(decoding: output, as: UTF8.self), process.terminationStatus))
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

/// What two cases need for themselves they have one after the other; and no more run at once than two processors carry.
actor Lanes {
    static let shared = Lanes()
    private var taken: Set<String> = []
    private var waiting: [(lane: String, resume: CheckedContinuation<Void, Never>)] = []
    private let limit = 4

    func enter(_ lane: String, _ body: @Sendable () async throws -> Void) async throws {
        // What is only asked by requests holds up nobody.
        let name = lane == "aws" ? UUID().uuidString : lane
        if taken.contains(name) || taken.count >= limit {
            await withCheckedContinuation { waiting.append((name, $0)) }
        } else {
            taken.insert(name)
        }
        defer { leave(name) }
        try await body()
    }

    private func leave(_ name: String) {
        taken.remove(name)
        while taken.count < limit, let next = waiting.firstIndex(where: { !taken.contains($0.lane) }) {
            let entry = waiting.remove(at: next)
            taken.insert(entry.lane)
            entry.resume.resume()
        }
    }
}

/// Where a case goes: its settings, and what is there.
struct ConformanceTarget: Sendable {
    let settings: String
    let inventory: @Sendable () async throws -> String
}

/// The hosts, LXD and AWS's API that the cases need, each started once when the first case asks for it and taken down at the end.
enum ConformanceServers {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private static let tests = ConformanceTests.folder.deletingLastPathComponent().deletingLastPathComponent()
    private static let scratch = "/tmp/ashlar-conformance"
    private static let network = "10.89.0"
    private static let motoPort = "25493"

    private static let labEnvironment: [String: String] = {
        var environment = ProcessInfo.processInfo.environment
        environment["LAB_DIR"] = "\(scratch)/lab"
        environment["LAB_NAME"] = "ashconf"
        environment["LAB_NET"] = network
        environment["LAB_CACHE"] = environment["LAB_CACHE"] ?? "/var/cache/ashlar-lab"
        return environment
    }()
    private static let motoEnvironment: [String: String] = {
        var environment = ProcessInfo.processInfo.environment
        environment["CLOUDS_MOTO_STATE"] = "\(scratch)-moto-\(geteuid())"
        environment["CLOUDS_MOTO_PORT"] = motoPort
        return environment
    }()
    private static let lxdEnvironment: [String: String] = {
        var environment = ProcessInfo.processInfo.environment
        environment["CLOUDS_LXD_STATE"] = environment["CLOUDS_LXD_STATE"] ?? "/var/cache/ashlar-lxd"
        environment["LAB_CACHE"] = environment["LAB_CACHE"] ?? "/var/cache/ashlar-lab"
        return environment
    }()

    @discardableResult
    private static func script(_ command: String, _ environment: [String: String]) async throws -> String {
        let (text, status) = try await shell("exec \(tests.path)/\(command)", environment: environment)
        guard status == 0 else { throw Failure(description: "\(command): status \(status)\n\(text)") }
        return text
    }

    private static let hosts = Task {
        try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
        try await script("Lab/lab up 6", labEnvironment)
        atexit { ConformanceServers.end("LAB_DIR=/tmp/ashlar-conformance/lab $TESTS/Lab/lab down; rm -rf /tmp/ashlar-conformance") }
    }

    private static let moto = Task {
        let state = motoEnvironment["CLOUDS_MOTO_STATE"] ?? ""
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        // What another run has installed is used; else it is installed for this one.
        _ = try await shell("ln -sfn /var/cache/ashlar-moto/venv-* \(state)/", environment: motoEnvironment)
        try await script("Clouds/moto up", motoEnvironment)
        atexit {
            let state = "/tmp/ashlar-conformance-moto-\(geteuid())"
            ConformanceServers.end("CLOUDS_MOTO_STATE=\(state) $TESTS/Clouds/moto down; rm -rf \(state)")
        }
    }

    private struct LXD: Decodable {
        let url: String
        let unix_socket: String
        let client_cert: String
        let client_key: String
        let server_cert: String
    }

    private static let lxd = Task {
        // Only one can run on a machine: one that runs already is used as it is, and left running.
        let (_, running) = try await shell("exec \(tests.path)/Clouds/lxd env", environment: lxdEnvironment)
        if running != 0 {
            try await script("Clouds/lxd up 2>&1", lxdEnvironment)
            atexit { ConformanceServers.end("CLOUDS_LXD_STATE=${CLOUDS_LXD_STATE:-/var/cache/ashlar-lxd} $TESTS/Clouds/lxd down") }
        }
        return try JSONDecoder().decode(LXD.self, from: Data(try await script("Clouds/lxd env", lxdEnvironment).utf8))
    }

    private static func end(_ command: String) {
        // At the very end nobody is left to be told of a failure.
        setenv("TESTS", tests.path, 1)
        _ = system("{ \(command); } >/dev/null 2>&1")
    }

    static func target(of composition: Composition) async throws -> ConformanceTarget {
        if composition.host != nil { try await hosts.value }
        let keys = "\(scratch)/lab"
        var settings = """
            key         = "\(keys)/keys/id_ed25519"
            known_hosts = "\(keys)/known_hosts"
            network     = "\(network).0/24"

            """
        if let host = composition.host { settings += "host = \"\(network).\(host)\"\n" }
        let folder = ConformanceTests.folder.path
        switch composition.provider {
        case "aws":
            try await moto.value
            let url = "http://127.0.0.1:\(motoPort)"
            // A region of its own: nothing of another case's is there.
            let regions = [
                "database": "us-east-1", "firewall": "us-east-2", "load_balancer": "us-west-2", "server": "eu-west-1",
                "web_server": "eu-west-2",
            ]
            let region = regions[composition.kind] ?? "ap-southeast-1"
            settings += "aws = { endpoint = \"\(url)\", region = \"\(region)\" }\n"
            return ConformanceTarget(settings: settings) {
                try await shell("sh \(folder)/inventory/aws \(url) \(region)", environment: motoEnvironment).0
            }
        case "lxd":
            let lxd = try await lxd.value
            let keys = URL(filePath: lxd.client_key).deletingLastPathComponent().path
            settings = """
                key = "\(keys)/id_ed25519"
                lxd = {
                  address            = "\(lxd.url)"
                  client_certificate = "\(lxd.client_cert)"
                  client_key         = "\(lxd.client_key)"
                  server_certificate = "\(lxd.server_cert)"
                }

                """
            return ConformanceTarget(settings: settings) {
                try await shell("sh \(folder)/inventory/lxd \(lxd.unix_socket)", environment: lxdEnvironment).0
            }
        default:
            let host = composition.host ?? 0
            return ConformanceTarget(settings: settings) {
                try await script("Lab/lab exec \(host) -- sh -c \"$(cat \(folder)/inventory/host)\"", labEnvironment)
            }
        }
    }
}
