import Foundation
import Testing
import Transport

@testable import SSHTransport

@Suite struct PrivateKeyTextTests {
    @Test(arguments: [
        ("", "is empty"), ("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f me", "public key"),
        ("PuTTY-User-Key-File-3: ssh-ed25519\nEncryption: none", "PuTTY"), ("hello", "no known format"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----", "damaged"),
        ("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----", "passphrase"),
        ("-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n", "passphrase"),
    ])
    func whatCannotBeUsed(_ text: String, _ expected: String) {
        #expect(PrivateKeyText(text).complaint(name: "K", passphrase: nil)?.reason.contains(expected) == true)
    }

    @Test func lineEndsAndSpaceAroundDoNotMatter() {
        let text = PrivateKeyText("  \r\n-----BEGIN PRIVATE KEY-----\r\nAAAA\r\n-----END PRIVATE KEY-----")
        #expect(text.text == "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
        #expect(text.complaint(name: "K", passphrase: nil) == nil)
    }

    @Test func rsaIsTold() {
        #expect(PrivateKeyText("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n").isRSA)
        #expect(!PrivateKeyText("-----BEGIN EC PRIVATE KEY-----\nAAAA\n").isRSA)
    }
}

@Suite struct UserKeyTests {
    /// ssh-keygen's keys of all types and ciphers: what is read of them is the key whose public half ssh-keygen wrote.
    @Test(arguments: [
        ["-t", "ed25519"], ["-t", "ecdsa", "-b", "256"], ["-t", "ecdsa", "-b", "384"], ["-t", "ecdsa", "-b", "521"],
        ["-t", "rsa", "-b", "2048"],
        ["-t", "ed25519", "-N", "word", "-a", "1"], ["-t", "ed25519", "-N", "word", "-a", "3", "-Z", "aes256-cbc"],
        ["-t", "ecdsa", "-N", "word", "-a", "1", "-Z", "aes256-gcm@openssh.com"],
        ["-t", "rsa", "-N", "word", "-a", "1", "-Z", "aes128-ctr"],
    ])
    func keysOfSSHKeygen(_ arguments: [String]) async throws {
        let path = "/tmp/ashlar-key-\(UUID().uuidString)"
        _ = try await TestLab.run("ssh-keygen", ["-q", "-f", path] + arguments + (arguments.contains("-N") ? [] : ["-N", ""]))
        defer { for end in ["", ".pub"] { try? FileManager.default.removeItem(atPath: path + end) } }  // Only tidying up.
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let key = try UserKey(openSSH: text, passphrase: "word")
        #expect(key.publicKey == PublicKey(line: try String(contentsOfFile: path + ".pub", encoding: .utf8)))
        let signature = try key.sign(Array("data".utf8))
        #expect(signature.count >= 64)
        if arguments.contains("-N") {
            #expect(throws: UserKey.Problem.wrongPassphrase) { try UserKey(openSSH: text, passphrase: "other") }
            #expect(throws: UserKey.Problem.wrongPassphrase) { try UserKey(openSSH: text, passphrase: nil) }
        }
    }

    /// Vectors of Python's bcrypt.
    @Test func keyDerivation() {
        let key = BcryptKDF.derive(passphrase: Array("password".utf8), salt: Array("salt".utf8), rounds: 4, count: 32)
        #expect(hex(key) == "5bbf0cc293587f1c3635555c27796598d47e579071bf427e9d8fbe842aba34d9")
        let longer = BcryptKDF.derive(passphrase: Array("password".utf8), salt: Array("salt".utf8), rounds: 8, count: 64)
        #expect(
            hex(longer)
                == "e1367ec5151a33faac4cc1c144cd23fa15d5548493ecc99b9b5d9c0d3b27bec76227ea66088b849b20ab7aa478010246e74bba51723fefa9f9474d6508845e8d"
        )
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

@Suite struct DiallerTests {
    @Test func familiesTakeTurns() {
        let six = (0..<3).map { SocketAddress(family: 10, bytes: [6, $0]) }
        let four = (0..<2).map { SocketAddress(family: 2, bytes: [4, $0]) }
        #expect(Dialler.interleaved(six + four) == [six[0], four[0], six[1], four[1], six[2]])
        #expect(Dialler.interleaved([]) == [])
    }

    @Test func numericAddressesNeedNoLookup() {
        #expect(Resolver.numeric("127.0.0.1", port: 22)?.map(\.text) == ["127.0.0.1"])
        #expect(Resolver.numeric("::1", port: 22)?.map(\.text) == ["::1"])
        #expect(Resolver.numeric("localhost", port: 22) == nil)
    }
}
