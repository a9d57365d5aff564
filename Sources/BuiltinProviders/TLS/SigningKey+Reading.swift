import Crypto
import FoundationEssentials
import ProviderKit
import SwiftASN1
import _CryptoExtras

extension SigningKey {
    /// A key that cannot be read, and why. Nothing of the key is in it.
    struct Unreadable: Error {
        let reason: String
    }

    /// The first private key in a text of PEM: PKCS#1, SEC 1, PKCS#8 or OpenSSH's form, not encrypted.
    init(pem text: String) throws(Unreadable) {
        // OpenSSL writes a curve's parameters before the key.
        guard let block = PEM.blocks(text).first(where: { $0.label != "EC PARAMETERS" }) else {
            throw Unreadable(reason: "no PEM block was found in it")
        }
        if block.label == "ENCRYPTED PRIVATE KEY" || block.headers.contains(where: { $0.contains("ENCRYPTED") }) {
            throw Unreadable(reason: "it is encrypted, and there is no argument for a passphrase")
        }
        switch block.label {
        case "RSA PRIVATE KEY": self = .rsa(try Self.rsa(block.bytes))
        case "EC PRIVATE KEY": self = try Self.elliptic(block.bytes)
        case "PRIVATE KEY": self = try Self.pkcs8(block.bytes)
        case "OPENSSH PRIVATE KEY": self = try OpenSSHKey.read(block.bytes)
        default: throw Unreadable(reason: "a PEM block \"\(block.label)\" is no private key")
        }
    }

    private static func rsa(_ der: [UInt8]) throws(Unreadable) -> _RSA.Signing.PrivateKey {
        do {
            return try _RSA.Signing.PrivateKey(unsafeDERRepresentation: der)
        } catch {
            throw Unreadable(reason: "it is no RSA key of 1024 bits or more")
        }
    }

    /// Which curve it is only the key itself says.
    private static func elliptic(_ der: [UInt8]) throws(Unreadable) -> SigningKey {
        if let key = try? P256.Signing.PrivateKey(derRepresentation: der) { return .p256(key) }
        if let key = try? P384.Signing.PrivateKey(derRepresentation: der) { return .p384(key) }
        if let key = try? P521.Signing.PrivateKey(derRepresentation: der) { return .p521(key) }
        throw Unreadable(reason: "it is no ECDSA key on one of the curves P256, P384 and P521")
    }

    private static func pkcs8(_ der: [UInt8]) throws(Unreadable) -> SigningKey {
        guard let (algorithm, secret) = try? Self.parts(der) else { throw Unreadable(reason: "it is not in the form of PKCS#8") }
        switch algorithm {
        case [1, 2, 840, 113549, 1, 1, 1]: return .rsa(try rsa(secret))
        case [1, 2, 840, 10045, 2, 1]: return try elliptic(der)
        case .ed25519:
            guard let seed = try? ASN1OctetString(derEncoded: secret),
                let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed.bytes)
            else { throw Unreadable(reason: "it is no Ed25519 key") }
            return .ed25519(key)
        default: throw Unreadable(reason: "its algorithm is none of RSA, ECDSA and ED25519")
        }
    }

    private static func parts(_ der: [UInt8]) throws -> (ASN1ObjectIdentifier, [UInt8]) {
        try DER.sequence(try DER.parse(der), identifier: .sequence) { nodes in
            _ = try Int(derEncoded: &nodes)
            guard let node = nodes.next() else { throw Unreadable(reason: "it is cut off") }
            let algorithm = try Self.algorithm(node)
            let secret = try ASN1OctetString(derEncoded: &nodes)
            while nodes.next() != nil {}
            return (algorithm, Array(secret.bytes))
        }
    }

    /// The name in an AlgorithmIdentifier.
    static func algorithm(_ node: ASN1Node) throws -> ASN1ObjectIdentifier {
        try DER.sequence(node, identifier: .sequence) { nodes in
            let name = try ASN1ObjectIdentifier(derEncoded: &nodes)
            while nodes.next() != nil {}
            return name
        }
    }
}
