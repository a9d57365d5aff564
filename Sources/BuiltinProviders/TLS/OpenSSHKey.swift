import Crypto
import FoundationEssentials
import SwiftASN1
import _CryptoExtras

/// Keys in the forms that OpenSSH has for them.
enum OpenSSHKey {
    /// The line for `authorized_keys`, with a line break.
    static func authorized(_ key: SigningKey) throws -> String {
        let blob = try publicBlob(key)
        return "\(name(key)) \(base64(blob))\n"
    }

    /// `aa:bb:…`
    static func md5Fingerprint(_ key: SigningKey) throws -> String {
        Insecure.MD5.hash(data: try publicBlob(key)).map { hexadecimal([$0]) }.joined(separator: ":")
    }

    /// `SHA256:…`
    static func sha256Fingerprint(_ key: SigningKey) throws -> String {
        "SHA256:" + base64(Array(SHA256.hash(data: try publicBlob(key)))).prefix { $0 != "=" }
    }

    /// The private key, not encrypted and without a comment.
    static func privatePEM(_ key: SigningKey) throws -> PEM {
        let check = Array(randomBytes(4))
        var secret = check + check + string(name(key))
        secret += try secretFields(key)
        secret += string("")
        // Filled up to whole blocks of the cipher that is not used.
        var padding: UInt8 = 1
        while secret.count % 8 != 0 {
            secret.append(padding)
            padding += 1
        }
        var bytes = Array("openssh-key-v1\0".utf8)
        bytes += string("none") + string("none") + string("") + word(1)
        bytes += string(try publicBlob(key)) + string(secret)
        return PEM("OPENSSH PRIVATE KEY", bytes)
    }

    private static func name(_ key: SigningKey) -> String {
        switch key {
        case .rsa: "ssh-rsa"
        case .p256: "ecdsa-sha2-nistp256"
        case .p384: "ecdsa-sha2-nistp384"
        case .p521: "ecdsa-sha2-nistp521"
        case .ed25519: "ssh-ed25519"
        }
    }

    private static func publicBlob(_ key: SigningKey) throws -> [UInt8] {
        let name = string(name(key))
        switch key {
        case .rsa(let key):
            let numbers = try key.publicKey.getKeyPrimitives()
            return name + integer(numbers.publicExponent) + integer(numbers.modulus)
        case .p256(let key): return name + string("nistp256") + string(key.publicKey.x963Representation)
        case .p384(let key): return name + string("nistp384") + string(key.publicKey.x963Representation)
        case .p521(let key): return name + string("nistp521") + string(key.publicKey.x963Representation)
        case .ed25519(let key): return name + string(key.publicKey.rawRepresentation)
        }
    }

    private static func secretFields(_ key: SigningKey) throws -> [UInt8] {
        switch key {
        case .rsa(let key):
            let numbers = try RSANumbers(Array(key.derRepresentation))
            return [numbers.n, numbers.e, numbers.d, numbers.coefficient, numbers.p, numbers.q].flatMap { integer($0) }
        case .p256(let key):
            return string("nistp256") + string(key.publicKey.x963Representation) + integer(key.rawRepresentation)
        case .p384(let key):
            return string("nistp384") + string(key.publicKey.x963Representation) + integer(key.rawRepresentation)
        case .p521(let key):
            return string("nistp521") + string(key.publicKey.x963Representation) + integer(key.rawRepresentation)
        case .ed25519(let key):
            let point = key.publicKey.rawRepresentation
            return string(point) + string(key.rawRepresentation + point)
        }
    }

    // MARK: Wire forms

    private static func word(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
    private static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }
    private static func string(_ bytes: some Collection<UInt8>) -> [UInt8] { word(bytes.count) + Array(bytes) }

    /// A number that is not negative: no leading zeros, but one where the highest bit is set.
    private static func integer(_ bytes: some Collection<UInt8>) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        if let first = digits.first, first >= 0x80 { digits.insert(0, at: 0) }
        return string(digits)
    }

    // MARK: Reading

    static func read(_ bytes: [UInt8]) throws(SigningKey.Unreadable) -> SigningKey {
        do {
            return try parsed(bytes)
        } catch let error as SigningKey.Unreadable {
            throw error
        } catch {
            throw SigningKey.Unreadable(reason: "it is damaged")
        }
    }

    private static func parsed(_ bytes: [UInt8]) throws -> SigningKey {
        let magic = Array("openssh-key-v1\0".utf8)
        guard bytes.starts(with: magic) else { throw SigningKey.Unreadable(reason: "it does not begin as OpenSSH's keys do") }
        var outer = WireReader(bytes[magic.count...])
        guard try outer.text() == "none" else {
            throw SigningKey.Unreadable(reason: "it is encrypted, and there is no argument for a passphrase")
        }
        _ = try outer.string()
        _ = try outer.string()
        _ = try outer.word()
        _ = try outer.string()
        var secret = WireReader(try outer.string())
        guard try secret.word() == (try secret.word()) else { throw SigningKey.Unreadable(reason: "it is damaged") }
        let name = try secret.text()
        switch name {
        case "ssh-rsa":
            let n = try secret.string()
            let e = try secret.string()
            let d = try secret.string()
            _ = try secret.string()
            let p = try secret.string()
            let q = try secret.string()
            if n.count < 256 { throw SigningKey.Unreadable(reason: "an RSA key of less than 2048 bits is read in PEM alone") }
            return .rsa(try _RSA.Signing.PrivateKey(n: Array(n), e: Array(e), d: Array(d), p: Array(p), q: Array(q)))
        case "ssh-ed25519":
            _ = try secret.string()
            return .ed25519(try Curve25519.Signing.PrivateKey(rawRepresentation: Array(try secret.string().prefix(32))))
        case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521":
            _ = try secret.string()
            _ = try secret.string()
            let scalar = Array(try secret.string())
            switch name {
            case "ecdsa-sha2-nistp256": return .p256(try P256.Signing.PrivateKey(rawRepresentation: filled(scalar, to: 32)))
            case "ecdsa-sha2-nistp384": return .p384(try P384.Signing.PrivateKey(rawRepresentation: filled(scalar, to: 48)))
            default: return .p521(try P521.Signing.PrivateKey(rawRepresentation: filled(scalar, to: 66)))
            }
        default: throw SigningKey.Unreadable(reason: "its algorithm \"\(name)\" is none of RSA, ECDSA and ED25519")
        }
    }

    private static func filled(_ digits: [UInt8], to count: Int) -> [UInt8] {
        let digits = digits.drop { $0 == 0 }
        return Array(repeating: 0, count: max(0, count - digits.count)) + digits
    }
}

/// Reads the fields of an SSH structure.
private struct WireReader {
    private var rest: ArraySlice<UInt8>
    struct Short: Error {}

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    mutating func word() throws -> Int {
        guard rest.count >= 4 else { throw Short() }
        defer { rest = rest.dropFirst(4) }
        return rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
    }

    mutating func string() throws -> ArraySlice<UInt8> {
        let count = try word()
        guard rest.count >= count else { throw Short() }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    mutating func text() throws -> String { String(decoding: try string(), as: UTF8.self) }
}

/// What a PKCS#1 key holds.
private struct RSANumbers {
    var n, e, d, p, q, coefficient: ArraySlice<UInt8>

    init(_ der: [UInt8]) throws {
        let numbers = try DER.sequence(try DER.parse(der), identifier: .sequence) { nodes in
            var numbers: [ArraySlice<UInt8>] = []
            while let node = nodes.next() { numbers.append(try ArraySlice<UInt8>(derEncoded: node, withIdentifier: .integer)) }
            return numbers
        }
        guard numbers.count >= 9 else { throw SigningKey.Unreadable(reason: "it is no RSA key") }
        (n, e, d, p, q, coefficient) = (numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[8])
    }
}
