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
