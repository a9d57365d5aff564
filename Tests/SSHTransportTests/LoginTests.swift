import Foundation
import Glibc
import Synchronization
import TestSupport
import Testing
import Transport

@testable import SSHTransport

@Suite struct LoginTests {
    let lab: TestLab
    let transport = SSHHostTransport()

    init() async throws { lab = try await TestLab.shared }

    private func host(_ credentials: HostEndpoint.Credentials, as user: String = "ops") throws -> HostEndpoint {
        var host = try lab.endpoint(1, user: user)
        host.credentials = credentials
        return host
    }

    @Test(arguments: ["ed25519", "ecdsa"])
    func keys(_ name: String) async throws {
        let (status, output, _) = try await transport.text("id -un", on: lab.endpoint(1, user: "deploy", keys: [name]))
        #expect(status == 0)
        #expect(output == "deploy\n")
    }

    @Test func keysInPEM() async throws {
        for (name, arguments) in [
            ("ec", ["-t", "ecdsa", "-m", "PEM"]), ("pkcs8", ["-t", "ecdsa", "-b", "384", "-m", "PKCS8"]),
            ("rsa", ["-t", "rsa", "-b", "2048", "-m", "PEM"]), ("rsa8", ["-t", "rsa", "-b", "2048", "-m", "PKCS8"]),
            ("ec521", ["-t", "ecdsa", "-b", "521"]), ("ec384", ["-t", "ecdsa", "-b", "384"]),
        ] {
            let path = "\(lab.directory)/test-\(name)-\(UUID().uuidString)"
            _ = try await TestLab.run("/usr/bin/ssh-keygen", ["-q", "-N", "", "-f", path] + arguments)
            defer { for end in ["", ".pub"] { try? FileManager.default.removeItem(atPath: path + end) } }  // Only tidying up.
            let publicKey = try String(contentsOfFile: path + ".pub", encoding: .utf8)
            try await lab.exec(1, "echo '\(publicKey.trimmingSpaces())' >> /home/deploy/.ssh/authorized_keys")
            let text = try String(contentsOfFile: path, encoding: .utf8).replacing("\n", with: "\r\n")
            let (status, _, _) = try await transport.text(
                "true", on: host(.init(privateKeys: [.init(name: name, text: text)]), as: "deploy"))
            #expect(status == 0)
        }
    }

    /// A key with a passphrase whose derivation is short, since it is slow in builds without optimisation.
    private func lockedKey(passphrase: String?) async throws -> HostEndpoint.PrivateKey {
        let path = "\(lab.directory)/test-locked-\(UUID().uuidString)"
        _ = try await TestLab.run("ssh-keygen", ["-q", "-t", "ed25519", "-a", "1", "-N", "right-secret", "-f", path])
        defer { for end in ["", ".pub"] { unlink(path + end) } }
        let publicKey = try String(contentsOfFile: path + ".pub", encoding: .utf8)
        try await lab.exec(1, "echo '\(publicKey.trimmingSpaces())' >> /home/ops/.ssh/authorized_keys")
        return .init(name: "locked.key", text: try String(contentsOfFile: path, encoding: .utf8), passphrase: passphrase)
    }

    @Test func passphrases() async throws {
        let (status, _, _) = try await transport.text("true", on: host(.init(privateKeys: [lockedKey(passphrase: "right-secret")])))
        #expect(status == 0)
        let wrong = try await transport.failure(on: host(.init(privateKeys: [lockedKey(passphrase: "wrong-secret")])))
        #expect(wrong.code == .authentication)
        #expect(wrong.hadNoEffect)
        #expect(wrong.message.contains("key locked.key (the passphrase is wrong)"))
        #expect(!"\(wrong)".contains("-secret"))
        let none = try await transport.failure(on: host(.init(privateKeys: [lockedKey(passphrase: nil)])))
        #expect(none.message.contains("has a passphrase, and none was given"))
    }

    @Test func aFailureSaysWhatWasTriedAndWhatIsOffered() async throws {
        let path = "\(lab.directory)/test-stranger-\(UUID().uuidString)"
        _ = try await TestLab.run("/usr/bin/ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path])
        defer { for end in ["", ".pub"] { try? FileManager.default.removeItem(atPath: path + end) } }  // Only tidying up.
        let stranger = HostEndpoint.PrivateKey(
            name: "stranger.key", text: try String(contentsOfFile: path, encoding: .utf8), passphrase: nil)
        let failure = try await transport.failure(
            on: host(.init(agentSocket: "/nonexistent/agent", privateKeys: [stranger], password: "not-the-password")))
        #expect(failure.code == .authentication)
        #expect(failure.hadNoEffect)
        for part in [
            "ops@", "the agent at /nonexistent/agent (No such file or directory)", "key stranger.key (not accepted)", "password",
            "The server offers: publickey,password.",
        ] { #expect(failure.message.replacing(", ", with: ",").contains(part.replacing(", ", with: ",")), "\(part)") }
        #expect(!"\(failure)".contains("not-the-password"))
        let nothing = try await transport.failure(on: host(.init()))
        #expect(nothing.message.contains("No key, agent or password was given"))
        let bad = try await transport.failure(on: host(.init(privateKeys: [lab.key("ed25519")]), as: "nobody-of-that-name"))
        #expect(bad.code == .authentication)
    }

    @Test func laterKeysAreTriedWhenEarlierOnesAreOfNoUse() async throws {
        let keys = [
            HostEndpoint.PrivateKey(name: "public", text: "ssh-ed25519 AAAA"), try await lockedKey(passphrase: "wrong"),
            try lab.key("ecdsa"),
        ]
        let (status, _, _) = try await transport.text("true", on: host(.init(privateKeys: keys)))
        #expect(status == 0)
    }

    @Test func passwords() async throws {
        let (status, output, _) = try await transport.text("id -un", on: host(.init(password: "lab")))
        #expect(status == 0)
        #expect(output == "ops\n")
        // Only ops may log in with a password; the server does not offer it to others.
        let failure = try await transport.failure(on: host(.init(password: "lab"), as: "root"))
        #expect(failure.message.contains("The server offers: publickey."))
    }

    // MARK: Agent and RSA

    private func withAgent(_ keys: [String], _ body: (String) async throws -> Void) async throws {
        let path = "/tmp/ashlar-agent-\(UUID().uuidString.prefix(8))"
        let agent = try Child("ssh-agent", ["-D", "-a", path], output: 2)
        defer {
            agent.stop()
            unlink(path)
        }
        for _ in 0..<100 where !FileManager.default.fileExists(atPath: path) { try await Task.sleep(for: .milliseconds(20)) }
        for key in keys {
            _ = try await TestLab.run("/usr/bin/ssh-add", ["-q", "\(lab.directory)/keys/id_\(key)"], ["SSH_AUTH_SOCK": path])
        }
        try await body(path)
    }

    @Test(arguments: ["ed25519", "ecdsa", "rsa"])
    func agentKeys(_ name: String) async throws {
        try await withAgent([name]) { path in
            let (status, output, _) = try await transport.text("id -un", on: host(.init(agentSocket: path), as: "deploy"))
            #expect(status == 0)
            #expect(output == "deploy\n")
        }
    }

    @Test func anAgentWithoutKeysIsNamed() async throws {
        try await withAgent([]) { path in
            let failure = try await transport.failure(on: host(.init(agentSocket: path), as: "deploy"))
            #expect(failure.message.contains("the agent at \(path) (it holds no key)"))
        }
    }

    @Test func anAgentThatNeverAnswersHoldsNobodyUp() async throws {
        let path = "/tmp/ashlar-mute-\(UUID().uuidString.prefix(8))"
        let mute = try Child(
            "python3", ["-c", "import socket,time\ns=socket.socket(socket.AF_UNIX)\ns.bind('\(path)')\ns.listen()\ntime.sleep(60)"],
            output: 2)
        defer {
            mute.stop()
            unlink(path)
        }
        for _ in 0..<100 where !FileManager.default.fileExists(atPath: path) { try await Task.sleep(for: .milliseconds(20)) }
        let slowEnded = Flag()
        let slow = Task {
            defer { slowEnded.isSet.withLock { $0 = true } }
            return try await transport.text("true", on: host(.init(agentSocket: path, privateKeys: [lab.key("ed25519")]), as: "deploy")).0
        }
        let (status, _, _) = try await transport.text("true", on: lab.endpoint(1, user: "deploy"))
        #expect(status == 0)
        #expect(!slowEnded.isSet.withLock { $0 }, "it did not wait for the agent that the other asks")
        #expect(try await slow.value == 0)
    }

    @Test func rsaKeysSignAsServersOfTodayWantIt() async throws {
        let (status, output, _) = try await transport.text("id -un", on: lab.endpoint(1, user: "deploy", keys: ["rsa"]))
        #expect(status == 0)
        #expect(output == "deploy\n")
    }

    @Test func anRSAKeyThatOnlyLibssh2ReadsFailsWithTheReason() async throws {
        guard !SSHSession.signsRSAWithSHA2 else { return }
        let path = "\(lab.directory)/test-pem-\(UUID().uuidString)"
        _ = try await TestLab.run("/usr/bin/ssh-keygen", ["-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "secret-word", "-f", path])
        defer { for end in ["", ".pub"] { unlink(path + end) } }
        let publicKey = try String(contentsOfFile: path + ".pub", encoding: .utf8)
        try await lab.exec(1, "echo '\(publicKey.trimmingSpaces())' >> /home/deploy/.ssh/authorized_keys")
        let key = HostEndpoint.PrivateKey(
            name: "old.pem", text: try String(contentsOfFile: path, encoding: .utf8), passphrase: "secret-word")
        let failure = try await transport.failure(on: host(.init(privateKeys: [key]), as: "deploy"))
        #expect(failure.code == .authentication)
        #expect(failure.message.contains("by SHA-1 only, which OpenSSH 8.8 and newer refuse"))
        #expect(failure.hints.contains { $0.contains("ssh-keygen -p -f old.pem") && $0.contains("ssh-agent") })
    }

    // MARK: Servers of other habits

    @Test func keyboardInteractive() async throws {
        let port = 2301
        try await lab.startServer(on: 1, port: port, "UsePAM yes\nKbdInteractiveAuthentication yes\nPasswordAuthentication no\n")
        var host = try host(.init(password: "lab"))
        host.port = port
        let (status, output, _) = try await transport.text("id -un", on: host)
        #expect(status == 0)
        #expect(output == "ops\n")
        host.credentials.password = "wrong-secret"
        let failure = try await transport.failure(on: host)
        #expect(failure.code == .authentication)
        #expect(failure.message.contains("keyboard-interactive (asked: "))
        #expect(!"\(failure)".contains("wrong-secret"))
    }

    @Test func keyAndThenPassword() async throws {
        let port = 2302
        try await lab.startServer(
            on: 1, port: port, "UsePAM yes\nPasswordAuthentication yes\nAuthenticationMethods publickey,password\n")
        var host = try host(.init(privateKeys: [lab.key("ed25519")], password: "lab"))
        host.port = port
        let (status, _, _) = try await transport.text("true", on: host)
        #expect(status == 0)
    }

    @Test func aServerThatAllowsOneChannel() async throws {
        let port = 2303
        try await lab.startServer(on: 1, port: port, "MaxSessions 1\n")
        var host = try host(.init(privateKeys: [lab.key("ed25519")]), as: "deploy")
        host.port = port
        let endpoint = host
        try await withThrowingTaskGroup(of: String.self) { group in
            for number in 0..<6 { group.addTask { try await transport.text("echo \(number)", on: endpoint).1 } }
            var outputs: Set<String> = []
            for try await output in group { outputs.insert(output) }
            #expect(outputs == Set((0..<6).map { "\($0)\n" }))
        }
    }

    /// Keys are exchanged anew every few megabytes, in the middle of input and output.
    @Test func aServerThatChangesKeysOften() async throws {
        let port = 2304
        try await lab.startServer(on: 1, port: port, "RekeyLimit 2M\n")
        var host = try host(.init(privateKeys: [lab.key("ed25519")]), as: "deploy")
        host.port = port
        let input = (0..<8_000_000).map { UInt8(truncatingIfNeeded: $0 &* 13 &+ $0 >> 9) }
        let result = try await transport.run(HostCommand(script: "cat", input: input, timeout: 60), on: host, onOutput: nil)
        #expect(result.output == input)
    }
}

private final class Flag: Sendable {
    let isSet = Mutex(false)
}
