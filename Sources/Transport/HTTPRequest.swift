/// One HTTP exchange to make. A value: who carries it out is behind `HTTPTransport`.
public struct HTTPRequest: Sendable {
    public var method: String
    /// Absolute, already encoded.
    public var url: String
    public var headers: [HTTPHeader]
    public var body: [UInt8]?
    public var options: Options

    public init(method: String = "GET", url: String, headers: [HTTPHeader] = [], body: [UInt8]? = nil, options: Options = .init()) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.options = options
    }

    /// How the exchange is to be carried; the same for all requests of a provider configuration as a rule.
    public struct Options: Sendable, Hashable {
        /// One try, from leaving our queue to the last byte of the answer, redirects included, in seconds. Waiting in the queue and
        /// between tries does not count.
        public var timeout: Double = 60
        /// To an open connection, in seconds.
        public var connectTimeout: Double = 15
        /// A longer response is an error.
        public var maximumResponseBytes: Int = 32 << 20
        public var tls: TLS = .init()
        /// Redirects followed; `Authorization`, cookies and other credentials never go to another origin. 0 gives the redirect itself as
        /// the response.
        public var maximumRedirects: Int = 5
        /// Requests at once to one origin; more wait in our queue.
        public var connectionsPerEndpoint: Int = 16
        /// Connect to this socket instead of the URL's host, which then only names the service in `Host`.
        public var unixSocketPath: String?
        public var retry: RetryPolicy = .init()
        /// The connection is set up and nothing is sent over it: the answer has status 0 and the server's certificates.
        public var endsAfterHandshake = false

        public init() {}
    }

    /// Verified, as long as nobody has asked by name for the opposite.
    public struct TLS: Sendable, Hashable {
        /// PEM of certificates to trust in place of the system's; a self-signed server certificate can stand here.
        public var certificateAuthorities: String?
        /// SHA-256 of the server certificate's public key (base64, as `sha256//…`), checked in addition.
        public var pinnedPublicKey: String?
        /// PEM of the client's certificate and its private key.
        public var clientCertificate: String?
        public var clientKey: String?
        /// False only for what a configuration itself says that of (`insecure = true`): then anybody may answer, and reads what is sent.
        public var isVerified = true

        public init(
            certificateAuthorities: String? = nil, pinnedPublicKey: String? = nil, clientCertificate: String? = nil,
            clientKey: String? = nil
        ) {
            self.certificateAuthorities = certificateAuthorities
            self.pinnedPublicKey = pinnedPublicKey
            self.clientCertificate = clientCertificate
            self.clientKey = clientKey
        }
    }

    /// When the same request is sent again by the transport. Only what provably did not reach the service, or what is safe to repeat.
    public struct RetryPolicy: Sendable, Hashable {
        /// Tries in all, 1 to 10.
        public var attempts: Int = 5
        /// First delay in seconds; doubles each time, with jitter, up to `maximumDelay`. `Retry-After` goes before it, up to five minutes;
        /// a response that asks for more is given back as it is.
        public var baseDelay: Double = 0.25
        public var maximumDelay: Double = 20
        /// Statuses that say "again later": 429 and 503 for every method, 502 and 504 for idempotent ones.
        public var retriesStatuses: Bool = true
        /// A non-idempotent request that carries a token which makes it safe to repeat.
        public var isSafeToRepeat: Bool = false

        public init() {}
    }
}

/// One header field. Names are compared without case.
public struct HTTPHeader: Sendable, Hashable {
    public var name: String
    public var value: String
    /// Never traced.
    public var isSensitive: Bool

    public init(_ name: String, _ value: String, isSensitive: Bool = false) {
        self.name = name
        self.value = value
        self.isSensitive = isSensitive
    }
}

/// An answer, whole: any status is one.
public struct HTTPResponse: Sendable {
    public var status: Int
    public var headers: [HTTPHeader]
    public var body: [UInt8]
    /// Tries made.
    public var attempts: Int
    /// PEM of the certificates that the server showed, its own first; only of an exchange that ended after the handshake.
    public var peerCertificates: [String] = []

    public init(status: Int, headers: [HTTPHeader], body: [UInt8], attempts: Int = 1) {
        self.status = status
        self.headers = headers
        self.body = body
        self.attempts = attempts
    }

    /// First header of that name, case-insensitive.
    public func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }
}

/// The exchange did not happen, or how far it got is not known. A response with status 500 is a response, not this.
public struct TransportFailure: Error, Sendable, Hashable {
    public enum Code: Sendable, Hashable {
        case resolution, connection, timeout, cancelled, tls, protocolViolation, responseTooLarge
        /// SSH: the host's key is not known, is another than the known one, or is revoked.
        case hostKeyUnknown, hostKeyChanged, hostKeyRevoked
        case authentication
        /// SSH: the connection broke while a command was running: what it did is not known.
        case interrupted
        /// `sudo` refused, or wants a password that was not given.
        case privilege
        case other
    }

    public var code: Code
    /// Full sentences: what was being attempted, what happened. No secret.
    public var message: String
    /// What to do, one sentence each.
    public var hints: [String]
    /// True where the request certainly had no effect.
    public var hadNoEffect: Bool
    /// True where the name servers say that there is no such name: unlike a name server that does not answer, this seldom passes.
    public var isNameUnknown: Bool

    public init(_ code: Code, _ message: String, hints: [String] = [], hadNoEffect: Bool = false, isNameUnknown: Bool = false) {
        self.code = code
        self.message = message
        self.hints = hints
        self.hadNoEffect = hadNoEffect
        self.isNameUnknown = isNameUnknown
    }
}

/// Carries HTTP exchanges out. Cancellation of the calling task cancels the exchange.
public protocol HTTPTransport: Sendable {
    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse
}

/// A line for `ASHLAR_LOG`; secrets are replaced before it is made.
public typealias TransportTrace = @Sendable (_ line: @autoclosure () -> String) -> Void
