import FoundationEssentials
import Transport

/// What can be said of a private key without decrypting it, so that errors can be exact.
struct PrivateKeyText: Sendable {
    enum Problem: Sendable, Hashable {
        case empty, isPublicKey, isPuTTY, unknownFormat, damaged
    }

    /// As libssh2 wants it: line feeds only, one at the end.
    let text: String
    /// `ssh-ed25519`, `ssh-rsa`, …; nil where the format does not tell.
    let type: String?
    let fingerprint: String?
    let isEncrypted: Bool
    /// In OpenSSH's own format, which is read here; PEM is left to the libraries.
    let isOpenSSH: Bool
    let problem: Problem?

    var isRSA: Bool { type == "ssh-rsa" }

    init(_ key: String) {
        let trimmed = key.replacing("\r\n", with: "\n").trimmingSpaces()
        text = trimmed + "\n"
        isOpenSSH = trimmed.hasPrefix("-----BEGIN OPENSSH PRIVATE KEY-----")
        let header = String(trimmed.prefix { $0 != "\n" })
        var type: String?
        var fingerprint: String?
        var isEncrypted = false
        var problem: Problem?
        switch header.trimmingSpaces() {
        case "": problem = .empty
        case "-----BEGIN OPENSSH PRIVATE KEY-----":
            if let parsed = Self.openSSH(trimmed) {
                (type, fingerprint, isEncrypted) = (parsed.key.type, parsed.key.fingerprint, parsed.isEncrypted)
            } else {
                problem = .damaged
            }
        case "-----BEGIN RSA PRIVATE KEY-----": (type, isEncrypted) = ("ssh-rsa", trimmed.contains("ENCRYPTED"))
        case "-----BEGIN EC PRIVATE KEY-----": isEncrypted = trimmed.contains("ENCRYPTED")
        case "-----BEGIN PRIVATE KEY-----": break
        case "-----BEGIN ENCRYPTED PRIVATE KEY-----": isEncrypted = true
        case let other where other.hasPrefix("PuTTY-User-Key-File"): problem = .isPuTTY
        case let other where PublicKey(line: other) != nil: problem = .isPublicKey
        default: problem = .unknownFormat
        }
        (self.type, self.fingerprint, self.isEncrypted, self.problem) = (type, fingerprint, isEncrypted, problem)
    }

    private static func openSSH(_ text: String) -> (key: PublicKey, isEncrypted: Bool)? {
        let body = text.split(separator: "\n").filter { !$0.hasPrefix("-----") }.joined()
        guard let data = Data(base64Encoded: body) else { return nil }
        var reader = WireReader([UInt8](data))
        guard reader.skip(15), let cipher = reader.string(), reader.string() != nil, reader.string() != nil, reader.uint32() == 1,
            let blob = reader.string(), let key = PublicKey(blob: blob)
        else { return nil }
        return (key, cipher != Array("none".utf8))
    }

    /// Why the key cannot be used at all, with what to do; nil where it can be tried.
    func complaint(name: String, passphrase: String?) -> (reason: String, hint: String)? {
        switch problem {
        case .empty?: return ("the key \(name) is empty", "Give the private key's text.")
        case .isPublicKey?: return ("\(name) is a public key", "Give the private key, the file without .pub.")
        case .isPuTTY?:
            return ("the key \(name) is in PuTTY's format", "Convert it: puttygen KEY.ppk -O private-openssh -o KEY.")
        case .unknownFormat?:
            return ("the key \(name) is in no known format", "Give a key in OpenSSH's or PEM format (-----BEGIN … PRIVATE KEY-----).")
        case .damaged?: return ("the key \(name) is damaged", "Check that its text is whole, with all line breaks.")
        case nil: break
        }
        if isEncrypted, passphrase ?? "" == "" {
            return ("the key \(name) has a passphrase, and none was given", "Give its passphrase, or load the key into ssh-agent.")
        }
        return nil
    }
}
