import Testing
import Transport

@testable import SSHTransport

/// Host keys of a real server, which has an Ed25519 and an ECDSA key.
@Suite struct TrustTests {
    let lab: TestLab
    let transport = SSHHostTransport()

    init() async throws { lab = try await TestLab.shared }

    private func host(files: [String] = [], pinned: [String] = []) throws -> HostEndpoint {
        var host = try lab.endpoint(1)
        host.trust = HostTrust(
            knownHosts: files.enumerated().map { .init(path: "/kh\($0.offset + 1)", text: $0.element) }, pinned: pinned)
        return host
    }

    /// The host's keys by type, from the lab's own file.
    private func keys(of host: Int = 1) throws -> [String: PublicKey] {
        var keys: [String: PublicKey] = [:]
        for line in try lab.knownHosts().text.split(separator: "\n") where line.hasPrefix("h\(host),") {
            if let key = PublicKey(line: String(line.drop { $0 != " " })) { keys[key.type] = key }
        }
        #expect(keys.count == 2)
        return keys
    }

    @Test func eachKnownKeyWillDo() async throws {
        for (type, key) in try keys() {
            let line = "\(lab.address(1)) \(type) \(key.base64)\n"
            #expect(try await transport.text("true", on: host(files: [line])).0 == 0)
            #expect(try await transport.text("true", on: host(pinned: [key.fingerprint])).0 == 0)
            #expect(try await transport.text("true", on: host(pinned: ["\(type) \(key.base64)"])).0 == 0)
        }
    }

    @Test func sharesASessionOnlyWithWhoTrustsItsKey() async throws {
        let key = try #require(try keys()["ssh-ed25519"])
        let listed = try host(files: ["\(lab.address(1)) ssh-ed25519 \(key.base64)\n"])
        let first = try await transport.text("echo $SSH_CONNECTION", on: listed).1
        #expect(try await transport.text("echo $SSH_CONNECTION", on: host(pinned: [key.fingerprint])).1 == first)
        #expect(try await transport.failure(on: host()).code == .hostKeyUnknown)
        let other = try #require(try keys(of: 2)["ssh-ed25519"])
        #expect(try await transport.failure(on: host(pinned: ["ssh-ed25519 \(other.base64)"])).code == .hostKeyChanged)
        var another = listed
        another.connectTimeout += 1
        #expect(try await transport.text("echo $SSH_CONNECTION", on: another).1 != first)
    }

    @Test func hashedNames() async throws {
        let path = "\(lab.directory)/hashed-known-hosts"
        _ = try await TestLab.run(
            "/bin/sh",
            ["-c", "cp '\(lab.knownHostsPath)' '\(path)' && ssh-keygen -q -H -f '\(path)' && rm -f '\(path).old' && cat '\(path)'"])
        let text = try await TestLab.run("/bin/cat", [path])
        #expect(text.hasPrefix("|1|"))
        #expect(try await transport.text("true", on: host(files: [text])).0 == 0)
    }

    @Test func unknown() async throws {
        let failure = try await transport.failure(on: host())
        #expect(failure.code == .hostKeyUnknown)
        #expect(failure.hadNoEffect)
        let shown = try await transport.hostKey(of: host())
        #expect(failure.message.contains(shown.fingerprint))
        #expect(try keys()[shown.type]?.hostKey == shown)
        #expect(shown.type == "ssh-ed25519")
    }

    @Test func changed() async throws {
        for (type, _) in try keys() {
            guard let other = try keys(of: 2)[type] else { continue }
            let failure = try await transport.failure(on: host(files: ["# line\n\(lab.address(1)) \(type) \(other.base64)\n"]))
            #expect(failure.code == .hostKeyChanged)
            #expect(failure.message.contains(other.fingerprint))
            #expect(try failure.message.contains(#require(try keys()[type]).fingerprint))
            #expect(failure.message.contains("/kh1:2"))
        }
        let pinned = try await transport.failure(on: host(pinned: [#require(try keys(of: 2)["ssh-ed25519"]).fingerprint]))
        #expect(pinned.code == .hostKeyChanged)
    }

    @Test func revoked() async throws {
        let key = try #require(try keys()["ssh-ed25519"])
        let line = "\(lab.address(1)) ssh-ed25519 \(key.base64)\n"
        let failure = try await transport.failure(on: host(files: [line, "@revoked \(line)"]))
        #expect(failure.code == .hostKeyRevoked)
        #expect(failure.message.contains("/kh2:1"))
    }
}
