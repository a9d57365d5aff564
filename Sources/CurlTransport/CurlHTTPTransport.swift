import Synchronization
public import Transport

/// `HTTPTransport` on libcurl. One instance serves a whole process: connections, their limits and the event thread are shared by all
/// requests sent through it. The thread begins with the first request and ends with the instance.
public final class CurlHTTPTransport: HTTPTransport {
    private let trace: TransportTrace?
    private let proxies: Proxies
    private let userAgent: String
    private let loop = Mutex<CurlMulti?>(nil)

    /// - Parameters:
    ///   - trace: gets one line for each try and each redirect, without secrets.
    ///   - proxies: to be read from the environment by the caller; libcurl does not look there.
    ///   - userAgent: sent where a request has no `User-Agent` of its own.
    public init(trace: TransportTrace? = nil, proxies: Proxies = Proxies(), userAgent: String = "ashlar") {
        self.trace = trace
        self.proxies = proxies
        self.userAgent = userAgent
    }

    deinit {
        loop.withLock { $0?.close() }
    }

    /// Sends the request, follows redirects, and repeats it as its `RetryPolicy` allows.
    /// - Throws: `TransportFailure` where no whole answer came. Every status is an answer.
    public func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        try RequestCheck.check(request)
        let loop = try eventLoop()
        let method = request.method
        let attempts = min(max(request.options.retry.attempts, 1), 10)
        // Whether an earlier try may have had an effect: a last try that was refused does not undo that.
        var tainted = false
        var attempt = 1
        while true {
            let start = ContinuousClock.now
            let outcome: Result<HTTPResponse, TransportFailure>
            do throws(TransportFailure) {
                outcome = .success(try await follow(request, attempt: attempt, on: loop))
            } catch {
                outcome = .failure(error)
            }
            traceLine(request, outcome, attempt: attempt, since: start)
            let decision = RetryDecision(
                outcome, method: method, policy: request.options.retry, attempt: attempt, of: attempts, random: .random(in: 0..<1))
            guard case .wait(let seconds) = decision else {
                return try finish(outcome, attempt: attempt, tainted: tainted)
            }
            tainted = tainted || RetryDecision.mayHaveHadEffect(outcome)
            trace?("http \(method) \(SafeURL.text(request.url)): again in \(Int(seconds * 1000)) ms")
            do {
                try await Task.sleep(for: .seconds(seconds))
            } catch {
                throw CurlFailure.cancelled(method: method, url: request.url, hadNoEffect: !tainted)
            }
            attempt += 1
        }
    }

    private func finish(
        _ outcome: Result<HTTPResponse, TransportFailure>, attempt: Int, tainted: Bool
    ) throws(TransportFailure) -> HTTPResponse {
        switch outcome {
        case .success(var response):
            response.attempts = attempt
            return response
        case .failure(var failure):
            failure.hadNoEffect = failure.hadNoEffect && !tainted
            if attempt > 1 { failure.message += " It was tried \(attempt) times." }
            throw failure
        }
    }

    /// One try: the exchange and those that its redirects lead to, within one deadline.
    private func follow(_ original: HTTPRequest, attempt: Int, on loop: CurlMulti) async throws(TransportFailure) -> HTTPResponse {
        var request = original
        var redirects = 0
        var remaining = original.options.timeout
        while true {
            let transfer = try Transfer(request, proxies: proxies, userAgent: userAgent, timeout: remaining)
            let response = try await loop.perform(transfer)
            remaining -= transfer.seconds
            switch try Redirect.next(after: response, to: request, followed: redirects) {
            case .finished:
                return response
            case .follow(let next):
                guard remaining > 0 else {
                    throw CurlFailure.redirectsTookTooLong(request, timeout: original.options.timeout)
                }
                trace?("http \(request.method) \(SafeURL.text(request.url)) -> \(response.status), on to \(SafeURL.text(next.url))")
                redirects += 1
                request = next
            }
        }
    }

    private func eventLoop() throws(TransportFailure) -> CurlMulti {
        try loop.withLock { (existing) throws(TransportFailure) in
            if let existing { return existing }
            let made = try CurlMulti.start()
            existing = made
            return made
        }
    }

    private func traceLine(
        _ request: HTTPRequest, _ outcome: Result<HTTPResponse, TransportFailure>, attempt: Int, since start: ContinuousClock.Instant
    ) {
        guard let trace else { return }
        let elapsed = start.duration(to: .now).milliseconds
        switch outcome {
        case .success(let response):
            trace(
                "http \(request.method) \(SafeURL.text(request.url)) -> \(response.status), \(request.body?.count ?? 0) bytes out, \(response.body.count) in, \(elapsed) ms, try \(attempt)"
            )
        case .failure(let failure):
            trace("http \(request.method) \(SafeURL.text(request.url)) -> \(failure.code), \(elapsed) ms, try \(attempt)")
        }
    }
}

extension Duration {
    /// Whole milliseconds.
    var milliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }

    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
