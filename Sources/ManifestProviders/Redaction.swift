import ProviderKit
import Values

/// Takes sensitive values out of what services and scripts say, which may well repeat what they were given.
struct Redaction: Sendable {
    /// Longest first, so that one which holds another goes whole.
    private let secrets: [String]

    /// - Parameter values: those of which the parts marked as sensitive may not be shown.
    init(_ values: [Value]) {
        var found: Set<String> = []
        for value in values where value.holdsSensitive {
            for path in value.sensitivePaths {
                value.value(at: path)?.walk { _, leaf in
                    if let text = leaf.stringValue, text.utf8.count >= 3 {
                        found.insert(text)
                        for line in text.split(separator: "\n") where line.utf8.count >= 6 { found.insert(String(line)) }
                    }
                    return true
                }
            }
        }
        secrets = found.sorted { $0.utf8.count == $1.utf8.count ? $0.precedesByBytes($1) : $0.utf8.count > $1.utf8.count }
    }

    func text(_ given: String) -> String {
        var text = given
        for secret in secrets where text.contains(secret) { text = text.replacing(secret, with: "(sensitive value)") }
        return text
    }

    /// Every text of a failure that can hold words of a service or a script.
    func failure(_ given: ProviderFailure) -> ProviderFailure {
        if secrets.isEmpty { return given }
        var failure = given
        failure.summary = text(given.summary)
        failure.detail = text(given.detail)
        failure.serviceCode = given.serviceCode.map(text)
        failure.serviceMessage = given.serviceMessage.map(text)
        failure.requestID = given.requestID.map(text)
        failure.hints = given.hints.map(text)
        return failure
    }
}
