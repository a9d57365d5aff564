import Testing
import Transport

@testable import SSHTransport

@Suite struct KnownHostsTests {
    private static let key = "AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"

    @Test(arguments: [
        ("h1", ["h1"], true), ("h1", ["h2"], false), ("h1,10.0.0.1", ["10.0.0.1"], true), ("H1", ["h1"], true),
        ("*.example.com", ["a.example.com"], true), ("*.example.com", ["example.com"], false), ("10.0.0.?", ["10.0.0.7"], true),
        ("10.0.0.?", ["10.0.0.77"], false), ("*.example.com,!b.example.com", ["a.example.com"], true),
        ("*.example.com,!b.example.com", ["b.example.com"], false), ("!b.example.com,*.example.com", ["b.example.com"], false),
        ("!h1", ["h1"], false), ("*", ["anything"], true), ("a*b*c", ["aXbYbZc"], true), ("a*b*c", ["aXbYbZ"], false),
        ("[h1]:2222", ["[h1]:2222"], true), ("[h1]:2222", ["h1"], false), ("[h*]:*", ["[h1]:2222"], true),
        // ssh-keygen -H of "h1 ssh-ed25519 …"
        ("|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=", ["192.168.1.61"], true),
        ("|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=", ["192.168.1.62"], false),
    ])
    func names(_ field: String, _ names: [String], _ isMatch: Bool) {
        let file = KnownHosts(.init(path: "kh", text: "\(field) ssh-ed25519 \(Self.key)\n"))
        #expect(file.ignored == [])
        #expect(file.entries(for: names).count == (isMatch ? 1 : 0))
    }

    @Test(arguments: [
        ("192.168.1.61", 22, true), ("192.168.1.61", 2222, false), ("[192.168.1.61]:2222", 2222, true), ("[192.168.1.61]:2222", 22, false),
        ("192.168.1.*", 22, true), ("192.168.1.*,!192.168.1.61", 22, false), ("[192.168.1.*]:*", 2222, true),
        ("@revoked 192.168.1.61", 22, false),
        ("|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=", 22, true),
        ("|1|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg=", 2222, false), ("# 192.168.1.61", 22, false),
    ])
    func placesThatAreNamed(_ field: String, _ port: Int, _ isListed: Bool) {
        let file = KnownHosts(.init(path: "kh", text: "\(field) ssh-ed25519 \(Self.key)\n"))
        #expect(HostKeyPolicy(address: "192.168.1.61", port: port, pinned: [], files: [file]).isListed == isListed)
    }

    @Test func linesThatCannotBeUsedAreKeptWithTheReason() {
        let text = """
            # a comment

            h1 ssh-ed25519
            @cert-authority *.example.com ssh-ed25519 \(Self.key)
            @strange h1 ssh-ed25519 \(Self.key)
            |1|only|three ssh-ed25519 \(Self.key)
            |2|F1E1KeoE/eEWhi10WpGv4OdiO6Y=|3988QV0VE8wmZL7suNrYQLITLCg= ssh-ed25519 \(Self.key)
            @revoked h1 ssh-ed25519 \(Self.key) comment with words\r
              h2\tssh-ed25519 \(Self.key)
            """
        let file = KnownHosts(.init(path: "kh", text: text))
        #expect(file.ignored.map(\.line) == [3, 4, 5, 6, 7])
        #expect(file.ignored[1].reason.contains("certificates"))
        #expect(file.entries.map(\.line) == [8, 9])
        #expect(file.entries.map(\.isRevoked) == [true, false])
        #expect(file.entries(for: ["h1"]).map(\.base64) == [Self.key])
        #expect(file.entries(for: ["h2"]).count == 1)
    }

    @Test func starsCostNoExponentialTime() {
        let pattern = Array(String(repeating: "*a", count: 200).utf8)
        let name = Array(String(repeating: "a", count: 199).utf8)
        #expect(!KnownHosts.Names.glob(pattern, name))
    }
}

@Suite struct HostKeyPolicyTests {
    /// A key of a type with content of a number, which is enough for comparing.
    static func key(_ type: String, _ number: UInt8) -> PublicKey {
        var blob: [UInt8] = []
        blob.appendWire(type.utf8)
        blob.appendWire([UInt8](repeating: number, count: 32))
        guard let key = PublicKey(blob: blob) else { preconditionFailure("a well-formed blob") }
        return key
    }

    static let ed = key("ssh-ed25519", 1)
    static let otherEd = key("ssh-ed25519", 2)
    static let ec = key("ecdsa-sha2-nistp256", 3)

    static func line(_ name: String, _ key: PublicKey, _ marker: String = "") -> String { "\(marker)\(name) \(key.type) \(key.base64)\n" }

    private func policy(_ files: [String], pinned: [String] = [], address: String = "h1", port: Int = 22) -> HostKeyPolicy {
        HostKeyPolicy(
            address: address, port: port, pinned: pinned,
            files: files.enumerated().map { KnownHosts(.init(path: "/kh\($0.offset + 1)", text: $0.element)) })
    }

    private func code(_ verdict: HostKeyPolicy.Verdict) -> TransportFailure.Code? {
        if case .refused(let failure) = verdict { failure.code } else { nil }
    }

    @Test func aListedKeyIsAccepted() {
        let text = Self.line("h1", Self.otherEd) + Self.line("h1", Self.ed)
        #expect(policy([text]).verdict(on: Self.ed) == .accepted(by: "/kh1:2"))
        #expect(policy([Self.line("[h1]:2222", Self.ed)], port: 2222).verdict(on: Self.ed) == .accepted(by: "/kh1:1"))
        #expect(policy([Self.line("h1", Self.ed)], address: "H1").verdict(on: Self.ed) == .accepted(by: "/kh1:1"))
    }

    @Test func anUnknownKeySaysWhatToDo() throws {
        let verdict = policy([Self.line("h1", Self.ec)]).verdict(on: Self.ed)
        guard case .refused(let failure) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(failure.code == .hostKeyUnknown)
        #expect(failure.hadNoEffect)
        #expect(failure.message.contains("ssh-ed25519 \(Self.ed.fingerprint)"))
        #expect(failure.message.contains("keys of other types (ecdsa-sha2-nistp256)"))
        #expect(failure.hints.contains { $0.contains("/kh1: h1 ssh-ed25519 \(Self.ed.base64)") })
        let other = policy([], port: 2222).verdict(on: Self.ed)
        guard case .refused(let failure) = other else {
            Issue.record("\(other)")
            return
        }
        #expect(failure.hints.contains { $0.contains("[h1]:2222 ssh-ed25519") })
    }

    @Test func aCertificateAuthorityIsNamedAsTheReason() {
        let verdict = policy([Self.line("h1", Self.ed, "@cert-authority ")]).verdict(on: Self.ed)
        guard case .refused(let failure) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(failure.hints.contains { $0.hasPrefix("/kh1:1 is ignored: host certificates") })
    }

    @Test func aChangedKeyShowsBothFingerprintsAndTheLine() {
        let verdict = policy(["# first\n" + Self.line("h1", Self.otherEd)]).verdict(on: Self.ed)
        guard case .refused(let failure) = verdict else {
            Issue.record("\(verdict)")
            return
        }
        #expect(failure.code == .hostKeyChanged)
        for part in [Self.ed.fingerprint, Self.otherEd.fingerprint, "/kh1:2"] { #expect(failure.message.contains(part)) }
    }

    @Test func aContradictionInAnySourceStops() {
        let good = Self.line("h1", Self.ed)
        let bad = Self.line("h1", Self.otherEd)
        #expect(code(policy([good, bad]).verdict(on: Self.ed)) == .hostKeyChanged)
        #expect(code(policy([bad, good]).verdict(on: Self.ed)) == .hostKeyChanged)
        #expect(code(policy([bad], pinned: [Self.ed.fingerprint]).verdict(on: Self.ed)) == .hostKeyChanged)
    }

    @Test func aRevokedKeyIsRefusedThoughListed() {
        let text = Self.line("h1", Self.ed) + Self.line("*", Self.ed, "@revoked ")
        #expect(code(policy([text]).verdict(on: Self.ed)) == .hostKeyRevoked)
        #expect(code(policy([text], pinned: [Self.ed.fingerprint]).verdict(on: Self.ed)) == .hostKeyRevoked)
        let other = Self.line("h1", Self.ed) + Self.line("*", Self.otherEd, "@revoked ")
        #expect(policy([other]).verdict(on: Self.ed) == .accepted(by: "/kh1:1"))
    }

    @Test func thePlainNameVouchesForAnotherPortButDoesNotContradict() {
        #expect(policy([Self.line("h1", Self.ed)], port: 2222).verdict(on: Self.ed) == .accepted(by: "/kh1:1"))
        #expect(code(policy([Self.line("h1", Self.otherEd)], port: 2222).verdict(on: Self.ed)) == .hostKeyUnknown)
    }

    @Test func pins() {
        let whole = "ssh-ed25519 \(Self.ed.base64) root@h1"
        #expect(policy([], pinned: [Self.ed.fingerprint]).verdict(on: Self.ed) == .accepted(by: "pin"))
        #expect(policy([], pinned: [whole]).verdict(on: Self.ed) == .accepted(by: "pin"))
        #expect(policy([], pinned: [Self.otherEd.fingerprint, whole]).verdict(on: Self.ed) == .accepted(by: "pin"))
        #expect(code(policy([], pinned: [whole]).verdict(on: Self.ec)) == .hostKeyChanged)
        #expect(code(policy([], pinned: ["nonsense"]).verdict(on: Self.ed)) == .hostKeyUnknown)
        guard case .otherTypesMayFit = policy([], pinned: [Self.ed.fingerprint]).verdict(on: Self.ec) else {
            Issue.record("a fingerprint may be that of another type")
            return
        }
    }

    @Test func algorithmsPreferWhatIsKnown() {
        let supported = ["ecdsa-sha2-nistp256", "ssh-ed25519", "ssh-rsa", "ssh-dss", "ecdsa-sha2-nistp256-cert-v01@openssh.com"]
        #expect(policy([]).algorithms(supported: supported) == ["ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"])
        #expect(policy([Self.line("h1", Self.ec)]).algorithms(supported: supported).first == "ecdsa-sha2-nistp256")
        #expect(
            policy([Self.line("h1", Self.ed)], pinned: ["\(Self.ec.type) \(Self.ec.base64)"]).algorithms(supported: supported)
                == ["ecdsa-sha2-nistp256", "ssh-ed25519", "ssh-rsa"])
        #expect(policy([]).algorithms(supported: supported, excluding: ["ssh-ed25519"]).first == "ecdsa-sha2-nistp256")
        let newer = supported + ["rsa-sha2-256", "rsa-sha2-512"]
        #expect(policy([]).algorithms(supported: newer).suffix(3) == ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"])
    }
}
