import CCurl
import Transport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What follows a try: whether the same request goes out again, and when.
enum RetryDecision: Equatable {
    case finished
    case wait(seconds: Double)

    /// A service that wants to be left alone for longer gets its way: the response is handed to the caller.
    static let longestRetryAfter = 300.0

    /// - Parameter random: from 0 up to 1, for the jitter.
    init(
        _ outcome: Result<HTTPResponse, TransportFailure>, method: String, policy: HTTPRequest.RetryPolicy, attempt: Int, of attempts: Int,
        random: Double
    ) {
        let isRepeatable = Methods.isIdempotent(method) || policy.isSafeToRepeat
        self = .finished
        guard attempt < attempts else { return }
        switch outcome {
        case .success(let response):
            guard policy.retriesStatuses else { return }
            switch response.status {
            case 429, 503: break
            case 502, 504: guard isRepeatable else { return }
            default: return
            }
            if let asked = response.header("Retry-After").flatMap({ RetryAfter.seconds($0, now: RetryAfter.now()) }) {
                guard asked <= Self.longestRetryAfter else { return }
                // A little later than asked, so that all who were asked do not come back in the same instant.
                self = .wait(seconds: asked + min(1, max(asked, policy.baseDelay) * 0.25) * random)
                return
            }
        case .failure(let failure):
            switch failure.code {
            case .resolution, .connection: guard failure.hadNoEffect || isRepeatable else { return }
            case .timeout:
                // Once more, in case a connection died in silence; a service that is really slow is not asked five times.
                guard failure.hadNoEffect || (isRepeatable && attempt == 1) else { return }
            default: return
            }
        }
        let grown = policy.baseDelay * Double(1 << (attempt - 1))
        self = .wait(seconds: min(max(0, grown), policy.maximumDelay) * (0.5 + 0.5 * random))
    }

    /// Whether the service may have acted on a try that is repeated. 429 and 503 say that it has not.
    static func mayHaveHadEffect(_ outcome: Result<HTTPResponse, TransportFailure>) -> Bool {
        switch outcome {
        case .success(let response): response.status == 502 || response.status == 504
        case .failure(let failure): !failure.hadNoEffect
        }
    }
}

enum RetryAfter {
    /// Seconds from now, at least 0; nil where the value is neither a number of seconds nor a date.
    static func seconds(_ value: String, now: Int) -> Double? {
        if let number = Double(value), number.isFinite {
            return max(0, number)
        }
        let date = curl_getdate(value, nil)
        guard date >= 0 else { return nil }
        return Double(max(0, date - now))
    }

    /// Seconds since 1970.
    static func now() -> Int { time(nil) }
}
