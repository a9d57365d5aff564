import ProviderKit
import Values

/// Takes sensitive values out of what services and scripts say, which may well repeat what they were given.
struct Redaction: Sendable {
    private let secrets: Set<String>

    /// - Parameter values: those of which the parts marked as sensitive may not be shown.
    init(_ values: [Value]) {
        var found: Set<String> = []
        for value in values where value.holdsSensitive {
            for path in value.sensitivePaths {
                value.value(at: path)?.walk { _, leaf in
                    if let text = leaf.stringValue, text.utf8.count >= 3 { found.insert(text) }
                    // Fewer digits are in every message: line numbers, ports, exit statuses.
                    if let number = leaf.numberValue, "\(number)".utf8.count >= 4 { found.insert("\(number)") }
                    return true
                }
            }
        }
        secrets = found
    }

    func text(_ given: String) -> String { texts([given]).first ?? "" }

    /// All in one go: each secret is gone through once, however many texts there are.
    func texts(_ given: [String]) -> [String] {
        if secrets.isEmpty || given.allSatisfy(\.isEmpty) { return given }
        var mask = SecretMask(given)
        for secret in secrets { mask.cover(secret) }
        return mask.texts
    }

    /// Every text of a failure that can hold words of a service or a script.
    func failure(_ given: ProviderFailure) -> ProviderFailure {
        var failure = covered(given)
        failure.detail = Self.shortened(failure.detail)
        failure.serviceMessage = failure.serviceMessage.map(Self.shortened)
        return failure
    }

    /// Nobody reads more than that of an error.
    private static func shortened(_ text: String) -> String {
        let limit = 4_096
        guard text.utf8.count > limit else { return text }
        return String(text.unicodeScalars.prefix(limit)) + "… (cut here)"
    }

    private func covered(_ given: ProviderFailure) -> ProviderFailure {
        if secrets.isEmpty { return given }
        let masked = texts(
            [given.summary, given.detail, given.serviceCode ?? "", given.serviceMessage ?? "", given.requestID ?? ""] + given.hints)
        var failure = given
        failure.summary = masked[0]
        failure.detail = masked[1]
        failure.serviceCode = given.serviceCode.map { _ in masked[2] }
        failure.serviceMessage = given.serviceMessage.map { _ in masked[3] }
        failure.requestID = given.requestID.map { _ in masked[4] }
        failure.hints = Array(masked[5...])
        return failure
    }
}
