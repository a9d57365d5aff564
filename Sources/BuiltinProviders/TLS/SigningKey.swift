import Crypto
import FoundationEssentials
import ProviderKit
import SwiftASN1
import X509
import _CryptoExtras

/// A private key of one of the algorithms that certificates are signed with.
enum SigningKey: Sendable {
    case rsa(_RSA.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
    case p384(P384.Signing.PrivateKey)
    case p521(P521.Signing.PrivateKey)
    case ed25519(Curve25519.Signing.PrivateKey)

    /// As `algorithm` arguments name it.
    var algorithm: String {
        switch self {
        case .rsa: "RSA"
        case .p256, .p384, .p521: "ECDSA"
        case .ed25519: "ED25519"
        }
    }

    /// Takes seconds for long RSA keys.
    static func generate(algorithm: String, bits: Int, curve: String) throws(ProviderFailure) -> SigningKey {
        switch (algorithm, curve) {
        case ("RSA", _):
            do {
                return .rsa(try _RSA.Signing.PrivateKey(unsafeKeySize: .init(bitCount: bits)))
            } catch {
                throw failure("RSA keys of \(bits) bits cannot be generated: 1024 are the least, and the number must be a multiple of 8.")
            }
        case ("ECDSA", "P256"): return .p256(P256.Signing.PrivateKey())
        case ("ECDSA", "P384"): return .p384(P384.Signing.PrivateKey())
        case ("ECDSA", "P521"): return .p521(P521.Signing.PrivateKey())
        case ("ED25519", _): return .ed25519(Curve25519.Signing.PrivateKey())
        default: throw failure("Keys of \(algorithm) with curve \(curve) cannot be generated.")
        }
    }

    private static func failure(_ detail: String) -> ProviderFailure {
        ProviderFailure(.invalidConfiguration, summary: "Unable to generate Key from configuration", detail: detail)
    }

    // MARK: Encodings

    /// PKCS#1 for RSA, SEC 1 for ECDSA, PKCS#8 for Ed25519: what each is usually kept in.
    var pem: PEM {
        get throws {
            switch self {
            case .rsa(let key): PEM("RSA PRIVATE KEY", key.derRepresentation)
            case .p256(let key): PEM("EC PRIVATE KEY", try Self.sec1(.p256, key.rawRepresentation, key.publicKey.x963Representation))
            case .p384(let key): PEM("EC PRIVATE KEY", try Self.sec1(.p384, key.rawRepresentation, key.publicKey.x963Representation))
            case .p521(let key): PEM("EC PRIVATE KEY", try Self.sec1(.p521, key.rawRepresentation, key.publicKey.x963Representation))
            case .ed25519: try pkcs8
            }
        }
    }

    var pkcs8: PEM {
        get throws {
            switch self {
            case .rsa(let key): PEM("PRIVATE KEY", key.pkcs8DERRepresentation)
            case .p256(let key): PEM("PRIVATE KEY", key.derRepresentation)
            case .p384(let key): PEM("PRIVATE KEY", key.derRepresentation)
            case .p521(let key): PEM("PRIVATE KEY", key.derRepresentation)
            case .ed25519(let key): PEM("PRIVATE KEY", try Self.ed25519PKCS8(key))
            }
        }
    }

    /// The public key as a SubjectPublicKeyInfo.
    var publicDER: [UInt8] {
        get throws {
            switch self {
            case .rsa(let key): Array(key.publicKey.derRepresentation)
            case .p256(let key): Array(key.publicKey.derRepresentation)
            case .p384(let key): Array(key.publicKey.derRepresentation)
            case .p521(let key): Array(key.publicKey.derRepresentation)
            case .ed25519(let key): try Self.ed25519Public(key)
            }
        }
    }

    /// RFC 5915: with the curve's name and the public key.
    private static func sec1(_ curve: ASN1ObjectIdentifier, _ secret: Data, _ point: Data) throws -> [UInt8] {
        var writer = DER.Serializer()
        try writer.appendConstructedNode(identifier: .sequence) { writer throws in
            try writer.serialize(1)
            try writer.serialize(ASN1OctetString(contentBytes: Array(secret)[...]))
            try writer.serialize(curve, explicitlyTaggedWithTagNumber: 0, tagClass: .contextSpecific)
            try writer.serialize(
                ASN1BitString(bytes: Array(point)[...]), explicitlyTaggedWithTagNumber: 1, tagClass: .contextSpecific)
        }
        return writer.serializedBytes
    }

    /// RFC 8410.
    private static func ed25519PKCS8(_ key: Curve25519.Signing.PrivateKey) throws -> [UInt8] {
        var inner = DER.Serializer()
        try inner.serialize(ASN1OctetString(contentBytes: Array(key.rawRepresentation)[...]))
        let secret = inner.serializedBytes
        var writer = DER.Serializer()
        try writer.appendConstructedNode(identifier: .sequence) { writer throws in
            try writer.serialize(0)
            try writer.appendConstructedNode(identifier: .sequence) { try $0.serialize(ASN1ObjectIdentifier.ed25519) }
            try writer.serialize(ASN1OctetString(contentBytes: secret[...]))
        }
        return writer.serializedBytes
    }

    private static func ed25519Public(_ key: Curve25519.Signing.PrivateKey) throws -> [UInt8] {
        var writer = DER.Serializer()
        try writer.appendConstructedNode(identifier: .sequence) { writer throws in
            try writer.appendConstructedNode(identifier: .sequence) { try $0.serialize(ASN1ObjectIdentifier.ed25519) }
            try writer.serialize(ASN1BitString(bytes: Array(key.publicKey.rawRepresentation)[...]))
        }
        return writer.serializedBytes
    }

    // MARK: Certificates

    /// As the certificate library takes it.
    var signer: Certificate.PrivateKey {
        switch self {
        case .rsa(let key): Certificate.PrivateKey(key)
        case .p256(let key): Certificate.PrivateKey(key)
        case .p384(let key): Certificate.PrivateKey(key)
        case .p521(let key): Certificate.PrivateKey(key)
        case .ed25519(let key): Certificate.PrivateKey(key)
        }
    }

    var signatureAlgorithm: Certificate.SignatureAlgorithm {
        switch self {
        case .rsa: .sha256WithRSAEncryption
        case .p256: .ecdsaWithSHA256
        case .p384: .ecdsaWithSHA384
        case .p521: .ecdsaWithSHA512
        case .ed25519: .ed25519
        }
    }
}

extension ASN1ObjectIdentifier {
    static let p256: ASN1ObjectIdentifier = [1, 2, 840, 10045, 3, 1, 7]
    static let p384: ASN1ObjectIdentifier = [1, 3, 132, 0, 34]
    static let p521: ASN1ObjectIdentifier = [1, 3, 132, 0, 35]
    static let ed25519: ASN1ObjectIdentifier = [1, 3, 101, 112]
}
