public import Values

/// Why a provider could not do what it was asked. Public struct over a code, so that codes can be added.
public struct ProviderFailure: Error, Sendable, Hashable, Codable {
    public enum Code: String, Sendable, Codable {
        case invalidConfiguration, notFound, conflict, denied, unauthenticated, rateLimited, unavailable, timeout, unreachable
        case trust, privilege, cancelled, rejected, unexpectedAnswer, other
    }

    public var code: Code
    /// Short: the diagnostic's summary.
    public var summary: String
    /// Full sentences: what was being attempted, what happened. No secret.
    public var detail: String
    /// The service's own words, where it gave any.
    public var serviceCode: String?
    public var serviceMessage: String?
    public var requestID: String?
    public var hints: [String]
    /// The attribute at fault, where known.
    public var path: Path?
    /// Worth trying again without a change.
    public var isTransient: Bool

    public init(
        _ code: Code, summary: String, detail: String, serviceCode: String? = nil, serviceMessage: String? = nil,
        requestID: String? = nil, hints: [String] = [], path: Path? = nil, isTransient: Bool = false
    ) {
        self.code = code
        self.summary = summary
        self.detail = detail
        self.serviceCode = serviceCode
        self.serviceMessage = serviceMessage
        self.requestID = requestID
        self.hints = hints
        self.path = path
        self.isTransient = isTransient
    }
}
