import Addresses
import Foundation
import ProviderKit
import Synchronization
import Transport
import Values

@testable import Provisioners

/// Lines as they are shown.
final class Lines: Sendable {
    private let all = Mutex<[String]>([])
    var text: [String] { all.withLock { $0 } }
    func add(_ line: String) { all.withLock { $0.append(line) } }
}

/// A machine in a folder of this one: scripts are run here, as they would be there.
final class HereHost: HostTransport {
    struct Call: Sendable {
        var name: String
        var endpoint: HostEndpoint
        var inputCount: Int
    }

    private let state: Mutex<(key: String, refusals: [TransportFailure], calls: [Call])>

    /// The key that known_hosts has for every place; nil where it names none.
    let listed: String?

    init(key: String = "ssh-ed25519 AAAA", refusals: [TransportFailure] = [], listed: String? = nil) {
        state = Mutex((key, refusals, []))
        self.listed = listed
    }

    func knowsKey(of host: HostEndpoint) -> Bool { listed != nil }

    var calls: [Call] { state.withLock { $0.calls } }
    func change(key: String) { state.withLock { $0.key = key } }

    func run(
        _ command: HostCommand, on host: HostEndpoint, onOutput: (@Sendable ([UInt8]) -> Void)?
    ) async throws(TransportFailure) -> HostCommandResult {
        let (key, refusal) = state.withLock { state in
            state.calls.append(Call(name: command.name, endpoint: host, inputCount: command.input.count))
            return (state.key, state.refusals.isEmpty ? nil : state.refusals.removeFirst())
        }
        if let refusal { throw refusal }
        guard listed ?? key == key, listed != nil && host.trust.pinned.isEmpty || host.trust.pinned.contains(key) else {
            throw TransportFailure(.hostKeyChanged, "The host key is not the known one.", hadNoEffect: true)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command.script]
        let (input, output, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        do {
            try process.run()
            // A script that has ended takes no more.
            try? input.fileHandleForWriting.write(contentsOf: Data(command.input))
            try input.fileHandleForWriting.close()
        } catch {
            throw TransportFailure(.other, "\(error)")
        }
        let bytes = [UInt8](output.fileHandleForReading.readDataToEndOfFile())
        let said = [UInt8](errors.fileHandleForReading.readDataToEndOfFile())
        process.waitUntilExit()
        onOutput?(bytes)
        return HostCommandResult(status: Int(process.terminationStatus), output: command.keepsOutput ? bytes : [], errorOutput: said)
    }

    func hostKey(of host: HostEndpoint) async throws(TransportFailure) -> HostKey {
        let refusal = state.withLock { state in state.refusals.isEmpty ? nil : state.refusals.removeFirst() }
        if let refusal { throw refusal }
        let words = state.withLock { $0.key }.split(separator: " ")
        return HostKey(type: String(words[0]), base64: String(words[1]), fingerprint: "SHA256:x")
    }

    func close() async {}
}

/// Runs one provisioner as a run would.
struct Bench {
    let folder: String
    let lines = Lines()
    let provisioners: Provisioners

    init(hosts: any HostTransport = HereHost(), environment: [String: String] = ["PATH": "/usr/bin:/bin", "HOME": "/nowhere"]) throws {
        signal(SIGPIPE, SIG_IGN)
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("provisioners-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        provisioners = Provisioners(
            .init(environment: environment, workingDirectory: folder, homeDirectory: folder, hosts: { hosts }))
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    func run(
        _ type: String, _ configuration: [(String, Value)], connection: [(String, Value)]? = nil,
        secrecy: ProvisionRequest.Secrecy? = nil, hostKeys: [String: String] = [:]
    ) async -> ProvisionOutcome {
        let address = ResourceAddress(
            module: .root, resource: ResourceName(type: ResourceType("terraform_data"), name: "a")
        ).instance(.none)
        return await provisioners.provision(
            ProvisionRequest(
                type: type, address: address, configuration: .object(configuration), connection: connection.map { .object($0) },
                secrecy: secrecy, hostKeys: hostKeys)
        ) { lines.add($0) }
    }

    func path(_ name: String) -> String { folder + "/" + name }
    func text(_ name: String) -> String? { FileManager.default.contents(atPath: path(name)).map { String(decoding: $0, as: UTF8.self) } }
    func write(_ name: String, _ text: String) throws { try Data(text.utf8).write(to: URL(fileURLWithPath: path(name))) }
}
