import Transport

/// Decides whether the key that a host shows is the host's: pins first, then known_hosts.
struct HostKeyPolicy: Sendable {
    enum Verdict: Sendable, Hashable {
        /// Who vouches for the key, for the trace.
        case accepted(by: String)
        /// The pins are fingerprints, which do not tell their keys' types: the host may have a key of another type that fits.
        case otherTypesMayFit(TransportFailure)
        case refused(TransportFailure)
    }

    private struct Known {
        let path: String
        let line: Int
        let isRevoked: Bool
        /// Listed under the name without its port: it can vouch, but not contradict.
        let isWithoutPort: Bool
        let key: PublicKey
    }

    private struct Pin: Hashable {
        let fingerprint: String
        /// Where a whole key was pinned.
        let type: String?
    }

    private let label: String
    private let nameInFiles: String
    private let pins: [Pin]
    private let faultyPins: [String]
    private let known: [Known]
    private let notes: [String]
    private let firstPath: String?

    init(address: String, port: Int, pinned: [String], files: [KnownHosts]) {
        let name = address.lowercased()
        label = port == 22 ? address : "\(address):\(port)"
        nameInFiles = port == 22 ? name : "[\(name)]:\(port)"
        firstPath = files.first?.path
        var pins: [Pin] = []
        var faultyPins: [String] = []
        for text in pinned {
            let text = text.trimmingSpaces()
            if text.hasPrefix("SHA256:"), text.utf8.count == 50 || text.hasSuffix("=") {
                pins.append(Pin(fingerprint: String(text.prefix { $0 != "=" }), type: nil))
            } else if let key = PublicKey(line: text) {
                pins.append(Pin(fingerprint: key.fingerprint, type: key.type))
            } else {
                faultyPins.append(text)
            }
        }
        self.pins = pins
        self.faultyPins = faultyPins
        var known: [Known] = []
        var notes: [String] = []
        let exact = ["[\(name)]:\(port)"] + (port == 22 ? [name] : [])
        for file in files {
            for (names, isWithoutPort) in [(exact, false)] + (port == 22 ? [] : [([name], true)]) {
                for entry in file.entries(for: names) {
                    if let key = PublicKey(base64: entry.base64), key.type == entry.type {
                        known.append(
                            Known(
                                path: file.path, line: entry.line, isRevoked: entry.isRevoked, isWithoutPort: isWithoutPort, key: key))
                    } else {
                        notes.append("\(file.path):\(entry.line) is ignored: the key is damaged.")
                    }
                }
            }
            notes += file.ignored.prefix(3).map { "\(file.path):\($0.line) is ignored: \($0.reason)." }
        }
        self.known = known
        self.notes = notes
    }

    /// Whether known_hosts has a key for this very place. A line for the name on its usual port says nothing of another port, and a
    /// revoked key does not say which is right.
    var isListed: Bool { known.contains { !$0.isRevoked && !$0.isWithoutPort } }

    // MARK: Which key to ask for

    /// Host key algorithms to offer, best first: those whose key is known here, so that a host with several keys shows one of them.
    func algorithms(supported: [String], excluding excluded: Set<String> = []) -> [String] {
        var types: [String] = []
        for type in pins.compactMap(\.type) + known.filter({ !$0.isRevoked }).map(\.key.type) + Self.usualTypes where !types.contains(type)
        {
            types.append(type)
        }
        return types.filter { !excluded.contains($0) }
            .flatMap { $0 == "ssh-rsa" ? ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"] : [$0] }
            .filter(supported.contains)
    }

    private static let usualTypes = [
        "ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "ssh-rsa",
    ]

    // MARK: Whether the shown key is right

    func verdict(on shown: PublicKey) -> Verdict {
        if let faulty = faultyPins.first {
            return .refused(
                TransportFailure(
                    .hostKeyUnknown,
                    "The pinned host key “\(faulty)” of \(label) is neither a fingerprint (SHA256:…) nor a public key (ssh-ed25519 AAAA…).",
                    hints: ["Pin \(shown.fingerprint), if that is what the host's own console shows."], hadNoEffect: true))
        }
        if let revoked = known.first(where: { $0.isRevoked && $0.key == shown }) {
            return .refused(
                TransportFailure(
                    .hostKeyRevoked,
                    "The host \(label) shows a key that is revoked: \(shown.type) \(shown.fingerprint) (\(revoked.path):\(revoked.line)).",
                    hints: ["Give the host new keys (ssh-keygen -A after removing the old ones), then list the new one."], hadNoEffect: true
                ))
        }
        let usable = known.filter { !$0.isRevoked }
        for path in Self.inOrder(usable.map(\.path)) {
            let same = usable.filter { $0.path == path && $0.key.type == shown.type }
            if same.contains(where: { $0.key == shown }) { continue }
            if let other = same.first(where: { !$0.isWithoutPort }) {
                return .refused(changed(from: other.key.fingerprint, at: "\(other.path):\(other.line)", to: shown, isListed: true))
            }
        }
        if !pins.isEmpty {
            if pins.contains(where: { $0.fingerprint == shown.fingerprint }) { return .accepted(by: "pin") }
            let failure = changed(
                from: pins.map(\.fingerprint).joined(separator: " or "),
                at: "given as host_key in the configuration, or recorded when the host was made known, which comes before known_hosts",
                to: shown, isListed: false)
            return pins.contains { $0.type == nil } ? .otherTypesMayFit(failure) : .refused(failure)
        }
        if let match = usable.first(where: { $0.key == shown }) { return .accepted(by: "\(match.path):\(match.line)") }
        return .refused(unknown(shown, listed: usable))
    }

    private func changed(from known: String, at place: String, to shown: PublicKey, isListed: Bool) -> TransportFailure {
        TransportFailure(
            .hostKeyChanged,
            "The host key of \(label) is not the known one. Known: \(known) (\(place)). Shown: \(shown.type) \(shown.fingerprint). "
                + "Either the host was reinstalled, or another machine answers in its place. Nothing was sent to it.",
            hints: [
                "Compare the shown fingerprint with the host's own: ssh-keygen -lf /etc/ssh/\(Self.fileName(of: shown.type)) on its console.",
                isListed
                    ? "If the host was really reinstalled, remove the old line: ssh-keygen -R '\(nameInFiles)' -f \(place.prefix { $0 != ":" })."
                    : "If the host was really reinstalled, say so in its resource: host_key = \"\(shown.fingerprint)\". What it held is looked for and made again.",
            ], hadNoEffect: true)
    }

    private func unknown(_ shown: PublicKey, listed: [Known]) -> TransportFailure {
        let types = Self.inOrder(listed.map(\.key.type))
        let others =
            types.isEmpty
            ? "" : " Known for it are only keys of other types (\(types.joined(separator: ", "))), which the host did not show."
        return TransportFailure(
            .hostKeyUnknown,
            "The host key of \(label) is not known: \(shown.type) \(shown.fingerprint).\(others) Nothing was sent to it.",
            hints: [
                "Compare the fingerprint with the host's own: ssh-keygen -lf /etc/ssh/\(Self.fileName(of: shown.type)) on its console.",
                "Then pin it as host key, or add this line to \(firstPath ?? "a known_hosts file"): \(nameInFiles) \(shown.type) \(shown.base64)",
            ] + notes, hadNoEffect: true)
    }

    private static func inOrder(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0).inserted }
    }

    private static func fileName(of type: String) -> String {
        switch type {
        case "ssh-ed25519": "ssh_host_ed25519_key.pub"
        case "ssh-rsa": "ssh_host_rsa_key.pub"
        default: type.hasPrefix("ecdsa-") ? "ssh_host_ecdsa_key.pub" : "ssh_host_*_key.pub"
        }
    }
}

extension String {
    func trimmingSpaces() -> String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(self[first...last])
    }
}
