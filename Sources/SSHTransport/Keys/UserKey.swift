import Crypto
import FoundationEssentials
import _CryptoExtras

/// A private key, ready to sign a login.
struct UserKey: Sendable {
    private enum Secret: Sendable {
        case ed25519(Curve25519.Signing.PrivateKey)
        case p256(P256.Signing.PrivateKey)
        case p384(P384.Signing.PrivateKey)
        case p521(P521.Signing.PrivateKey)
        case rsa(_RSA.Signing.PrivateKey)
    }

    enum Problem: Error, Sendable, Hashable {
        case wrongPassphrase
        case unsupported(String)
        case damaged
    }

    let publicKey: PublicKey
    private let secret: Secret

    /// The signature as SSH carries it, without the name of the algorithm: `rsa-sha2-512` for RSA keys.
    func sign(_ data: [UInt8]) throws -> [UInt8] {
        let data = Data(data)
        switch secret {
        case .ed25519(let key): return Array(try key.signature(for: data))
        case .p256(let key): return Self.pair(try key.signature(for: data).rawRepresentation)
        case .p384(let key): return Self.pair(try key.signature(for: data).rawRepresentation)
        case .p521(let key): return Self.pair(try key.signature(for: data).rawRepresentation)
        case .rsa(let key): return Array(try key.signature(for: SHA512.hash(data: data), padding: .insecurePKCS1v1_5).rawRepresentation)
        }
    }

    /// r and s as SSH's numbers (RFC 5656, section 3.1.2).
    private static func pair(_ raw: Data) -> [UInt8] {
        var bytes: [UInt8] = []
        for half in [raw.prefix(raw.count / 2), raw.suffix(raw.count / 2)] {
            let digits = half.drop { $0 == 0 }
            bytes.appendWire((digits.first ?? 0) & 0x80 != 0 ? [0] + digits : Array(digits))
        }
        return bytes
    }

    // MARK: OpenSSH's format (PROTOCOL.key)

    /// - Throws: `Problem`. Takes 0.1 s and more where there is a passphrase.
    init(openSSH text: String, passphrase: String?) throws {
        let body = text.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("-----") }.joined()
        guard let data = Data(base64Encoded: body) else { throw Problem.damaged }
        let bytes = [UInt8](data)
        var reader = WireReader(bytes)
        guard bytes.starts(with: Array("openssh-key-v1\0".utf8)), reader.skip(15), let cipher = reader.string(), let kdf = reader.string(),
            let options = reader.string(), reader.uint32() == 1, let blob = reader.string(), let publicKey = PublicKey(blob: blob),
            let locked = reader.string()
        else { throw Problem.damaged }
        let plain = try Self.unlock(
            locked, tag: reader.rest(), cipher: String(decoding: cipher, as: UTF8.self), kdf: String(decoding: kdf, as: UTF8.self),
            options: options, passphrase: passphrase)
        var inner = WireReader(plain)
        // The two numbers are equal, or the key was wrong.
        guard let first = inner.uint32(), let second = inner.uint32() else { throw Problem.damaged }
        guard first == second else { throw cipher == Array("none".utf8) ? Problem.damaged : Problem.wrongPassphrase }
        guard let name = inner.string() else { throw Problem.damaged }
        self.publicKey = publicKey
        secret = try Self.secret(String(decoding: name, as: UTF8.self), &inner)
    }

    private static func unlock(
        _ locked: [UInt8], tag: [UInt8], cipher: String, kdf: String, options: [UInt8], passphrase: String?
    ) throws -> [UInt8] {
        if cipher == "none" { return locked }
        guard kdf == "bcrypt" else { throw Problem.unsupported("its passphrase is kept by \(kdf)") }
        var reader = WireReader(options)
        guard let salt = reader.string(), let rounds = reader.uint32(), rounds > 0, rounds < 10_000 else { throw Problem.damaged }
        let sizes = [
            "aes128-ctr": (16, 16), "aes192-ctr": (24, 16), "aes256-ctr": (32, 16), "aes128-cbc": (16, 16), "aes192-cbc": (24, 16),
            "aes256-cbc": (32, 16), "aes128-gcm@openssh.com": (16, 12), "aes256-gcm@openssh.com": (32, 12),
        ]
        guard let (keySize, ivSize) = sizes[cipher] else { throw Problem.unsupported("it is encrypted by \(cipher)") }
        let derived = BcryptKDF.derive(
            passphrase: Array((passphrase ?? "").utf8), salt: salt, rounds: Int(rounds), count: keySize + ivSize)
        let key = SymmetricKey(data: derived[..<keySize])
        let iv = Array(derived[keySize...])
        do {
            if cipher.contains("-gcm") {
                guard tag.count >= 16 else { throw Problem.damaged }
                let box = try AES.GCM.SealedBox(nonce: .init(data: Data(iv)), ciphertext: Data(locked), tag: Data(tag.prefix(16)))
                return Array(try AES.GCM.open(box, using: key))
            }
            if cipher.hasSuffix("-ctr") { return Array(try AES._CTR.decrypt(Data(locked), using: key, nonce: .init(nonceBytes: iv))) }
            return Array(try AES._CBC.decrypt(Data(locked), using: key, iv: .init(ivBytes: iv), noPadding: true))
        } catch is CryptoKitError {
            throw Problem.wrongPassphrase
        }
    }

    private static func secret(_ type: String, _ reader: inout WireReader) throws -> Secret {
        do {
            switch type {
            case "ssh-ed25519":
                guard reader.string() != nil, let key = reader.string(), key.count == 64 else { throw Problem.damaged }
                return .ed25519(try .init(rawRepresentation: Data(key.prefix(32))))
            case "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521":
                guard reader.string() != nil, reader.string() != nil, let number = reader.string() else { throw Problem.damaged }
                switch type {
                case "ecdsa-sha2-nistp256": return .p256(try .init(rawRepresentation: padded(number, 32)))
                case "ecdsa-sha2-nistp384": return .p384(try .init(rawRepresentation: padded(number, 48)))
                default: return .p521(try .init(rawRepresentation: padded(number, 66)))
                }
            case "ssh-rsa":
                let parts = (0..<6).compactMap { _ in reader.string() }.map { Data($0.drop { $0 == 0 }) }
                guard parts.count == 6 else { throw Problem.damaged }
                guard parts[0].count >= 256 else { throw Problem.unsupported("it is an RSA key of fewer than 2048 bits") }
                return .rsa(try .init(n: parts[0], e: parts[1], d: parts[2], p: parts[4], q: parts[5]))
            default: throw Problem.unsupported("its type is \(type)")
            }
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem.damaged
        }
    }

    private static func padded(_ number: [UInt8], _ count: Int) throws -> Data {
        let digits = number.drop { $0 == 0 }
        guard digits.count <= count else { throw Problem.damaged }
        return Data(repeating: 0, count: count - digits.count) + digits
    }

    // MARK: PEM

    /// An RSA key without a passphrase in PKCS #1 or #8; nil where it is something else, which libssh2 may read.
    init?(rsaPEM text: String) {
        // Every reason for a failure leads to libssh2's own reading of the key.
        guard let key = try? _RSA.Signing.PrivateKey(pemRepresentation: text), let parts = try? key.publicKey.getKeyPrimitives() else {
            return nil
        }
        var blob: [UInt8] = []
        blob.appendWire("ssh-rsa".utf8)
        for number in [parts.publicExponent, parts.modulus] {
            let digits = number.drop { $0 == 0 }
            blob.appendWire((digits.first ?? 0) & 0x80 != 0 ? [0] + digits : Array(digits))
        }
        guard let publicKey = PublicKey(blob: blob) else { return nil }
        self.publicKey = publicKey
        secret = .rsa(key)
    }
}
