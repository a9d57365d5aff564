import Foundation
import ProviderKit
import Synchronization
import Testing
import Transport
import Values

@testable import Provisioners

@Suite struct RemoteTests {
    private let connection: [(String, Value)] = [("host", .string("10.0.0.1"))]

    // MARK: remote-exec

    @Test func inlineRunsAsOneScriptAndLeavesNothing() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let outcome = await bench.run(
            "remote-exec", [("inline", .list([.string("x=1"), .string("echo $x >&2"), .string("ls -l $0 | cut -c1-10")], of: .string))],
            connection: connection + [("script_path", .string(bench.path("script-%RAND%.sh")))])
        #expect(outcome.failure == nil, "\(outcome)")
        #expect(bench.lines.text.suffix(3) == ["Connected!", "1", "-rwx------"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder) == [])
    }

    @Test func scriptsRunInOrderWithTheirOwnInterpreterUntilOneFails() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        try bench.write("one.sh", "#!/bin/cat\nas it is\n")
        try bench.write("two.sh", "#!/bin/sh\nexit 7\n")
        let outcome = await bench.run(
            "remote-exec", [("scripts", .list([.string("one.sh"), .string("two.sh"), .string("one.sh")], of: .string))],
            connection: connection + [("script_path", .string(bench.path("x.sh")))])
        #expect(outcome.failure?.summary == "remote-exec provisioner error")
        #expect(outcome.failure?.detail == "error executing \"\(bench.path("x.sh"))\": Process exited with status 7")
        #expect(bench.lines.text.filter { $0 == "as it is" }.count == 1)
        #expect(bench.text("x.sh") == nil)
    }

    @Test func aScriptThatIsNotThereIsSaid() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let outcome = await bench.run("remote-exec", [("script", .string("nope.sh"))], connection: connection)
        #expect(outcome.failure?.detail.contains("nope.sh: no such file or directory") == true)
    }

    // MARK: file

    @Test func contentReplacesAFileInOneStepAndKeepsItsMode() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        try bench.write("old", "old")
        chmod(bench.path("old"), 0o600)
        try FileManager.default.createSymbolicLink(atPath: bench.path("link"), withDestinationPath: "old")
        let outcome = await bench.run(
            "file", [("content", .string("new 'text'\n")), ("destination", .string(bench.path("link")))], connection: connection)
        #expect(outcome.failure == nil, "\(outcome)")
        #expect(bench.text("old") == "new 'text'\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: bench.folder).sorted() == ["link", "old"])
        var status = stat()
        stat(bench.path("old"), &status)
        #expect(status.st_mode & 0o777 == 0o600)
    }

    @Test func aLargeFileGoesInPiecesAndArrivesWhole() async throws {
        let host = HereHost()
        let bench = try Bench(hosts: host)
        defer { bench.remove() }
        let bytes = Data((0..<(2 * Upload.piece + 5)).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try bytes.write(to: URL(fileURLWithPath: bench.path("large")))
        let outcome = await bench.run(
            "file", [("source", .string("large")), ("destination", .string(bench.path("copy")))], connection: connection)
        #expect(outcome.failure == nil, "\(outcome)")
        #expect(FileManager.default.contents(atPath: bench.path("copy")) == bytes)
        #expect(host.calls.map(\.inputCount).max() == Upload.piece)
    }

    @Test(arguments: [("from", ["to/from/a", "to/from/in/b"]), ("from/", ["to/a", "to/in/b"])])
    func aDirectoryIsCopiedWithItsNameOrWithoutIt(source: String, expected: [String]) async throws {
        let bench = try Bench()
        defer { bench.remove() }
        try FileManager.default.createDirectory(atPath: bench.path("from/in"), withIntermediateDirectories: true)
        try bench.write("from/a", "1")
        try bench.write("from/in/b", "2")
        // A link back has no end.
        try FileManager.default.createSymbolicLink(atPath: bench.path("from/in/loop"), withDestinationPath: "..")
        let outcome = await bench.run(
            "file", [("source", .string(source)), ("destination", .string(bench.path("to")))], connection: connection)
        #expect(outcome.failure == nil, "\(outcome)")
        #expect(expected.allSatisfy { bench.text($0) != nil })
    }

    @Test func aDirectoryInTheWayIsRefusedAndLeftAsItIs() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        try FileManager.default.createDirectory(atPath: bench.path("d"), withIntermediateDirectories: true)
        let outcome = await bench.run(
            "file", [("content", .string("x")), ("destination", .string(bench.path("d")))], connection: connection)
        #expect(outcome.failure?.summary == "file provisioner error")
        #expect(outcome.failure?.detail.contains("is a directory") == true)
    }

    // MARK: Trust and waiting

    @Test func anUnknownMachineIsRememberedAndAnotherOneRefused() async throws {
        let host = HereHost(key: "ssh-ed25519 AAAA")
        let bench = try Bench(hosts: host)
        defer { bench.remove() }
        let work: [(String, Value)] = [("inline", .list([.string(":")], of: .string))]
        let first = await bench.run("remote-exec", work, connection: connection)
        #expect(first.failure == nil && first.hostKeys == ["10.0.0.1": "ssh-ed25519 AAAA"])
        host.change(key: "ssh-ed25519 BBBB")
        // In the same run, to another object, and in a later one, to the same: there is one machine.
        let sameRun = await bench.run("remote-exec", work, connection: connection)
        #expect(sameRun.failure?.detail.contains("host key") == true)
        let later = try Bench(hosts: host)
        defer { later.remove() }
        let known = await later.run("remote-exec", work, connection: connection, hostKeys: first.hostKeys)
        #expect(known.failure?.detail.contains("host key") == true)
        let elsewhere = await later.run("remote-exec", work, connection: connection + [("port", .int(2222))], hostKeys: first.hostKeys)
        #expect(elsewhere.hostKeys == ["[10.0.0.1]:2222": "ssh-ed25519 BBBB"])
    }

    @Test func whatKnownHostsNamesIsLeftToIt() async throws {
        let work: [(String, Value)] = [("inline", .list([.string(":")], of: .string))]
        let bench = try Bench(hosts: HereHost(key: "ssh-ed25519 AAAA", listed: "ssh-ed25519 AAAA"))
        defer { bench.remove() }
        // The record is of before the machine was made anew and known_hosts was mended.
        let mended = await bench.run("remote-exec", work, connection: connection, hostKeys: ["10.0.0.1": "ssh-ed25519 OLD"])
        #expect(mended.failure == nil && !mended.hostKeys.values.contains("ssh-ed25519 AAAA"))
    }

    @Test func aKeyThatWasRefusedIsNotRemembered() async throws {
        let work: [(String, Value)] = [("inline", .list([.string(":")], of: .string))]
        let refusal = TransportFailure(.hostKeyRevoked, "The host shows a key that is revoked.", hadNoEffect: true)
        let host = RefusedOnce(refusal)
        let bench = try Bench(hosts: host)
        defer { bench.remove() }
        let refused = await bench.run("remote-exec", work, connection: connection)
        #expect(refused.failure?.detail.contains("revoked") == true && refused.hostKeys.isEmpty)
        host.here.change(key: "ssh-ed25519 BBBB")
        let real = await bench.run("remote-exec", work, connection: connection)
        #expect(real.failure == nil && real.hostKeys == ["10.0.0.1": "ssh-ed25519 BBBB"])
    }

    @Test func aGivenKeyIsTheOnlyOne() async throws {
        let host = HereHost(key: "ssh-ed25519 AAAA")
        let bench = try Bench(hosts: host)
        defer { bench.remove() }
        let work: [(String, Value)] = [("inline", .list([.string(":")], of: .string))]
        let wrong = await bench.run("remote-exec", work, connection: connection + [("host_key", .string("ssh-ed25519 CCCC"))])
        #expect(wrong.failure != nil && wrong.hostKeys.isEmpty)
        let right = await bench.run("remote-exec", work, connection: connection + [("host_key", .string("ssh-ed25519 AAAA"))])
        #expect(right.failure == nil && right.hostKeys.isEmpty)
    }

    @Test func aMachineThatIsNotUpYetIsWaitedFor() async throws {
        let failure = TransportFailure(.connection, "connection refused", hadNoEffect: true)
        let bench = try Bench(hosts: HereHost(refusals: [failure, failure]))
        defer { bench.remove() }
        let outcome = await bench.run(
            "remote-exec", [("inline", .list([.string("echo up")], of: .string))], connection: connection + [("timeout", .string("30m"))])
        #expect(outcome.failure == nil && bench.lines.text.last == "up")
    }

    @Test func aMachineThatNeverComesIsGivenUp() async throws {
        let failure = TransportFailure(.connection, "connection refused", hadNoEffect: true)
        let bench = try Bench(hosts: HereHost(refusals: Array(repeating: failure, count: 100)))
        defer { bench.remove() }
        let outcome = await bench.run(
            "remote-exec", [("inline", .list([.string("x")], of: .string))], connection: connection + [("timeout", .string("1s"))])
        #expect(outcome.failure?.detail == "timeout - last error: connection refused")
    }

    @Test func anInterruptEndsTheWaitForAMachine() async throws {
        let failure = TransportFailure(.connection, "connection refused", hadNoEffect: true)
        let bench = try Bench(hosts: HereHost(refusals: Array(repeating: failure, count: 1000)))
        defer { bench.remove() }
        let interruption = Interruption()
        interruption.raise()
        let outcome = await Interruption.$current.withValue(interruption) {
            await bench.run("remote-exec", [("inline", .list([.string("x")], of: .string))], connection: connection)
        }
        #expect(outcome.failure?.detail.hasPrefix("interrupted while waiting") == true)
    }

    // MARK: Refusals

    @Test(arguments: [
        ("type", "winrm", "\"winrm\" is not supported"), ("type", "telnet", "'telnet' is not supported"),
        ("target_platform", "windows", "\"windows\" is not supported"), ("target_platform", "beos", "either unix or windows"),
        ("bastion_host", "b", "\"bastion_host\" is not supported"), ("proxy_host", "p", "\"proxy_host\" is not supported"),
        ("certificate", "c", "\"certificate\" is not supported"), ("agent_identity", "i", "\"agent_identity\" is not supported"),
        ("timeout", "soon", "is no duration"), ("private_key", "~/.ssh/id", "no key found"),
    ])
    func whatCannotBeDoneIsSaidAndNothingSent(name: String, value: String, said: String) async throws {
        let host = HereHost()
        let bench = try Bench(hosts: host)
        defer { bench.remove() }
        let outcome = await bench.run(
            "remote-exec", [("inline", .list([.string("x")], of: .string))], connection: connection + [(name, .string(value))])
        #expect(outcome.failure?.detail.contains(said) == true, "\(outcome)")
        #expect(host.calls.isEmpty)
    }

    @Test func withoutAConnectionNothingIsReached() async throws {
        let bench = try Bench()
        defer { bench.remove() }
        let outcome = await bench.run("file", [("content", .string("x")), ("destination", .string("y"))])
        #expect(outcome.failure?.detail == "Missing connection configuration for provisioner.")
    }

    @Test(arguments: [("5m", 300.0), ("1h30m", 5400), ("90s", 90), ("1.5s", 1.5), ("250ms", 0.25)])
    func durations(text: String, seconds: Double) throws { #expect(try Reach.seconds(text, type: "file") == seconds) }
}

/// Shows its key, and is refused for it the first time that something is to be run.
private final class RefusedOnce: HostTransport {
    let here = HereHost(key: "ssh-ed25519 AAAA")
    private let refusal: Mutex<TransportFailure?>

    init(_ refusal: TransportFailure) { self.refusal = Mutex(refusal) }

    func run(
        _ command: HostCommand, on host: HostEndpoint, onOutput: (@Sendable ([UInt8]) -> Void)?
    ) async throws(TransportFailure) -> HostCommandResult {
        let failure = refusal.withLock { held in
            defer { held = nil }
            return held
        }
        if let failure { throw failure }
        return try await here.run(command, on: host, onOutput: onOutput)
    }

    func hostKey(of host: HostEndpoint) async throws(TransportFailure) -> HostKey { try await here.hostKey(of: host) }

    func close() async {}
}
