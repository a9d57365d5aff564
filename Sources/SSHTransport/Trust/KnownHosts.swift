import Crypto
import FoundationEssentials
import Transport

/// A known_hosts file, read as sshd(8) describes it. Lines that cannot be used are kept with the reason.
struct KnownHosts: Sendable {
    struct Entry: Sendable {
        let line: Int
        let isRevoked: Bool
        let names: Names
        let type: String
        /// Decoded only when the names match: most lines of a long file are about other hosts.
        let base64: String
    }

    struct Ignored: Sendable, Hashable {
        let line: Int
        let reason: String
    }

    enum Names: Sendable, Hashable {
        case patterns([Pattern])
        /// HMAC-SHA1 of the name, keyed with the salt.
        case hashed(salt: [UInt8], hash: [UInt8])
    }

    struct Pattern: Sendable, Hashable {
        let text: [UInt8]
        let isNegated: Bool
    }

    let path: String
    private(set) var entries: [Entry] = []
    private(set) var ignored: [Ignored] = []

    init(_ file: HostTrust.KnownHostsFile) {
        path = file.path
        var number = 0
        for line in file.text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            switch Self.entry(of: line, number: number) {
            case .success(let entry?): entries.append(entry)
            case .success(nil): break
            case .failure(let unusable): ignored.append(Ignored(line: number, reason: unusable.reason))
            }
        }
    }

    private struct Unusable: Error { let reason: String }

    private static func entry(of line: Substring.UTF8View, number: Int) -> Result<Entry?, Unusable> {
        var words = line.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }).map { String(Substring($0)) }[...]
        guard let first = words.first, !first.hasPrefix("#") else { return .success(nil) }
        var isRevoked = false
        if first.hasPrefix("@") {
            words = words.dropFirst()
            switch first {
            case "@revoked": isRevoked = true
            case "@cert-authority":
                return .failure(Unusable(reason: "host certificates (@cert-authority) are not supported; the host's own key is needed"))
            default: return .failure(Unusable(reason: "the marker \(first) is not known"))
            }
        }
        guard words.count >= 3 else { return .failure(Unusable(reason: "a name, a key type and a key are expected")) }
        let (names, type, key) = (words[words.startIndex], words[words.startIndex + 1], words[words.startIndex + 2])
        guard let parsed = parseNames(names) else { return .failure(Unusable(reason: "the hashed name is damaged")) }
        return .success(Entry(line: number, isRevoked: isRevoked, names: parsed, type: type, base64: key))
    }

    private static func parseNames(_ field: String) -> Names? {
        if field.hasPrefix("|") {
            let parts = field.split(separator: "|", omittingEmptySubsequences: false)
            guard parts.count == 4, parts[1] == "1", let salt = Data(base64Encoded: String(parts[2])),
                let hash = Data(base64Encoded: String(parts[3])), hash.count == Insecure.SHA1.byteCount
            else { return nil }
            return .hashed(salt: [UInt8](salt), hash: [UInt8](hash))
        }
        return .patterns(
            field.split(separator: ",").map { part in
                let isNegated = part.hasPrefix("!")
                return Pattern(text: Array(part.dropFirst(isNegated ? 1 : 0).lowercased().utf8), isNegated: isNegated)
            })
    }

    /// Lines about any of the names, in the order of the file. Names are lower case.
    func entries(for names: [String]) -> [Entry] {
        let names = names.map { Array($0.utf8) }
        return entries.filter { entry in names.contains { entry.names.match($0) } }
    }
}

extension KnownHosts.Names {
    /// A name that any negated pattern matches does not belong to the line, whatever else matches.
    func match(_ name: [UInt8]) -> Bool {
        switch self {
        case .hashed(let salt, let hash):
            return HMAC<Insecure.SHA1>.isValidAuthenticationCode(Data(hash), authenticating: Data(name), using: SymmetricKey(data: salt))
        case .patterns(let patterns):
            var isMatched = false
            for pattern in patterns where Self.glob(pattern.text, name) {
                if pattern.isNegated { return false }
                isMatched = true
            }
            return isMatched
        }
    }

    /// `*` any bytes, `?` one byte. Linear but for the last star, to which it goes back.
    static func glob(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
        var (p, n) = (0, 0)
        var star: (p: Int, n: Int)?
        while n < name.count {
            if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
                star = (p, n)
                p += 1
            } else if p < pattern.count, pattern[p] == UInt8(ascii: "?") || pattern[p] == name[n] {
                p += 1
                n += 1
            } else if let back = star {
                star = (back.p, back.n + 1)
                p = back.p + 1
                n = back.n + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
