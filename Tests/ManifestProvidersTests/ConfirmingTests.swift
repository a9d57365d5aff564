import Foundation
import Glibc
import ProviderKit
import Synchronization
import Testing
import Transport
import Values

@testable import ManifestProviders

/// The dead-man's switch, with a shell of this machine in place of a host.
@Suite(.enabled(if: access("/run", W_OK) == 0, "armed files are in /run")) struct ConfirmingTests {
    /// A host that is still connected, and lets nobody in any more.
    private final class Locked: HostTransport {
        let shell = LocalShell()
        let failure: TransportFailure
        let refusals: Int
        let refused = Mutex(0)

        init(_ code: TransportFailure.Code, refusals: Int = .max) {
            failure = TransportFailure(code, "The host refused the login.", hadNoEffect: true)
            self.refusals = refusals
        }

        func run(
            _ command: HostCommand, on host: HostEndpoint, onOutput: (@Sendable ([UInt8]) -> Void)?
        ) async throws(TransportFailure) -> HostCommandResult {
            if command.needsNewConnection,
                refused.withLock({
                    $0 += 1; return $0 <= refusals
                })
            {
                throw failure
            }
            return try await shell.run(command, on: host, onOutput: onOutput)
        }

        /// Shown before anybody logs in: it says nothing.
        func hostKey(of host: HostEndpoint) async throws(TransportFailure) -> HostKey { try await shell.hostKey(of: host) }
        func close() async {}
    }

    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func life(_ hosts: any HostTransport) async throws -> Lifecycle {
        try await Lifecycle(try repositoryProvider("host", transports(hosts: hosts)), settings: ["user": .string(NSUserName())])
    }

    private func file(_ content: String, reload: String? = nil, confirm: Int = 2) -> KeyValuePairs<String, Value> {
        [
            "host": localHost, "path": .string(directory.path + "/f"), "content": .string(content), "owner": .string(NSUserName()),
            "confirm": .int(confirm), "reload": reload.map { .string($0) } ?? .null(.string),
        ]
    }

    private var text: String? { try? String(contentsOfFile: directory.path + "/f", encoding: .utf8) }

    @Test func aNewConnectionConfirms() async throws {
        let shell = LocalShell()
        let life = try await life(shell)
        _ = try #require(try await life.done(life.request("host_file", file("new", confirm: 30))))
        #expect(text == "new")
        #expect(shell.commands.withLock { $0.filter(\.needsNewConnection).count } == 1)
    }

    /// A server that is just starting again is asked again.
    @Test func aConnectionThatDoesNotComeAboutIsTriedAgain() async throws {
        let hosts = Locked(.connection, refusals: 2)
        let life = try await life(hosts)
        _ = try #require(try await life.done(life.request("host_file", file("new", confirm: 120))))
        #expect(text == "new" && hosts.refused.withLock { $0 } == 3)
    }

    /// A login that is refused is not tried again.
    @Test(arguments: [TransportFailure.Code.authentication, .privilege])
    func withoutALoginTheOldFileComesBack(_ code: TransportFailure.Code) async throws {
        try "old".write(toFile: directory.path + "/f", atomically: false, encoding: .utf8)
        let hosts = Locked(code)
        let life = try await life(hosts)
        guard case .failed(let failure, object: nil)? = await life.apply([try await life.request("host_file", file("new"))])[0] else {
            Issue.record("not failed")
            return
        }
        #expect(failure.detail.contains("no new connection came through within 2 seconds, and what was before has been put back"))
        #expect(failure.detail.hasSuffix("The new connection: The host refused the login."))
        #expect(text == "old")
        #expect(hosts.refused.withLock { $0 } == 1)
        // Nothing is left to be settled of what has been put back.
        #expect(hosts.shell.unsettled == [])
    }

    /// The script dies in the middle: a process of its own puts the old file back, and takes the note away.
    @Test(.timeLimit(.minutes(1))) func aDeadScriptIsPutBack() async throws {
        try "old".write(toFile: directory.path + "/f", atomically: false, encoding: .utf8)
        let shell = LocalShell()
        let life = try await life(shell)
        let once = directory.path + "/once"
        let request = try await life.request(
            "host_file", file("new", reload: "[ -e \(once) ] || { touch \(once); kill -9 $PPID; }", confirm: 3))
        guard case .failed? = await life.apply([request])[0] else {
            Issue.record("not failed")
            return
        }
        while text != "old" || shell.unsettled != [] { try await Task.sleep(for: .milliseconds(50)) }
        #expect(FileManager.default.fileExists(atPath: once))
    }
}
