import Diagnostics
import ProviderKit
import Transport
import Values

/// How a request ended.
enum ExchangeOutcome {
    case answered(Value)
    case gone
}

/// Why a request did not do what it was to do.
struct ExchangeFailure: Error {
    var failure: ProviderFailure
    /// Whether the request may have had an effect nobody saw.
    var isUncertain = false
    /// The service could not be asked at all.
    var isUnreachable = false
    /// What the recipe has read is no longer so, and nothing was done.
    var isOutdated = false
    /// The service has said how what it had accepted ended.
    var isConclusive = false
}

/// Sends one recipe's requests and judges their answers.
struct HTTPExchange: Sendable {
    let manifest: ProviderManifest
    let writing: RequestWriting
    /// The provider's own.
    var rules: ErrorRules
    let sleep: @Sendable (Double) async throws -> Void

    /// Failed polls in a row that a wait outlives: asking again does no harm, and services restart.
    private static let lostPolls = 5

    private var transport: any HTTPTransport { writing.http.transports.http }

    /// One step: a request, repeated while its answer says "later", or a wait.
    func perform(
        _ step: RequestManifest, rules: ErrorRules, _ evaluation: RecipeEvaluation, page: PageState? = nil, attempting what: String
    ) async throws(ExchangeFailure) -> ExchangeOutcome {
        if let wait = step.wait { return try await poll(step, wait, rules: rules, evaluation, attempting: what) }
        let patience = try number(rules.retryTimeout, "timeout", evaluation, what) ?? 120
        var waited = 0.0
        var pause = 0.5
        while true {
            let (request, response) = try await send(step, evaluation, page: page, attempting: what)
            let judged = try judge(step, rules, request, response, evaluation, attempting: what)
            switch judged {
            case .done(let value): return .answered(value)
            case .gone: return .gone
            case .failed(let failure): throw ExchangeFailure(failure: failure, isUncertain: mayHaveActed(request, response))
            case .outdated(let failure): throw ExchangeFailure(failure: failure, isOutdated: true)
            case .later(var failure, let isNotBegun):
                // Sent again, it could be done twice: whether it was done is for the next run to find out.
                if !isNotBegun, mayHaveActed(request, response) { throw ExchangeFailure(failure: failure, isUncertain: true) }
                let asked = response.header("retry-after").flatMap { Double($0) }
                let delay = max(asked ?? pause, 0.05)
                guard waited + delay <= patience else {
                    if let asked, asked > 0 {
                        failure.hints.insert("The service asks to be tried again in \(Int(min(asked, 1e9))) seconds.", at: 0)
                    }
                    throw ExchangeFailure(failure: failure)
                }
                try await rest(delay, what)
                waited += delay
                pause = min(pause * 1.6, 10)
            }
        }
    }

    // MARK: Waiting

    private func poll(
        _ step: RequestManifest, _ wait: WaitManifest, rules: ErrorRules, _ evaluation: RecipeEvaluation, attempting what: String
    ) async throws(ExchangeFailure) -> ExchangeOutcome {
        var interval = try number(wait.interval, "interval", evaluation, what) ?? 1
        let growth = max(1, try number(wait.growth, "growth", evaluation, what) ?? 1.3)
        let longest = try number(wait.maximumInterval, "maximum_interval", evaluation, what) ?? 10
        let timeout = try number(wait.timeout, "timeout", evaluation, what) ?? 600
        let start = ContinuousClock.now
        var waited = 0.0
        var lost = 0
        while true {
            let request: StepRequest
            let response: HTTPResponse
            let bound: RecipeEvaluation
            do throws(ExchangeFailure) {
                (request, response) = try await send(step, evaluation, attempting: what)
                bound = try bind(response, to: request, step, rules, evaluation, what)
            } catch {
                lost += 1
                let mayPass = error.isUncertain || error.isUnreachable || error.failure.code == .unexpectedAnswer
                guard mayPass, lost < Self.lostPolls, error.failure.code != .cancelled else { throw error }
                try await rest(interval, what)
                waited += interval
                continue
            }
            if try holds(wait.until, bound, what) { return .answered(bound.scope.names["response"] ?? .null) }
            if let fail = wait.fail, try holds(fail, bound, what) {
                let said = try text(wait.message, bound, what)
                throw ExchangeFailure(
                    failure: ProviderFailure(
                        .rejected, summary: "The service reports a failure",
                        detail: "While \(what), waiting for \(request.label): \(said ?? "the service says that it failed").",
                        serviceMessage: said, requestID: bound.scope.names["error"]?["request_id"]?.stringValue), isConclusive: true)
            }
            switch try judge(step, rules, request, response, evaluation, attempting: what) {
            case .gone: return .gone
            case .failed(let failure), .outdated(let failure):
                lost += 1
                guard response.status >= 500, lost < Self.lostPolls else { throw ExchangeFailure(failure: failure) }
            case .done, .later: lost = 0
            }
            let elapsed = max(waited, Double((ContinuousClock.now - start).components.seconds))
            if elapsed + interval > timeout {
                throw ExchangeFailure(
                    failure: ProviderFailure(
                        .timeout, summary: "Not done in time",
                        detail: "While \(what): \(request.label) did not say that it was done within \(Int(clamping: timeout)) seconds."))
            }
            try await rest(interval, what)
            waited += interval
            interval = min(longest, interval * growth)
        }
    }

    func rest(_ seconds: Double, _ what: String) async throws(ExchangeFailure) {
        do {
            try await sleep(seconds)
        } catch {
            throw ExchangeFailure(
                failure: ProviderFailure(.cancelled, summary: "Cancelled", detail: "Cancelled while \(what)."), isUncertain: true)
        }
    }

    // MARK: Sending

    private func send(
        _ step: RequestManifest, _ evaluation: RecipeEvaluation, page: PageState? = nil, attempting what: String
    ) async throws(ExchangeFailure) -> (StepRequest, HTTPResponse) {
        let request: StepRequest
        do throws(DiagnosticError) {
            request = try writing.request(step, evaluation, page: page)
        } catch {
            throw fault(error, what)
        }
        do throws(TransportFailure) {
            return (request, try await transport.send(request.http))
        } catch {
            let isReading = request.effect == .none
            throw ExchangeFailure(
                failure: ProviderFailure(error, attempting: "\(what) (\(request.label))"), isUncertain: !error.hadNoEffect && !isReading,
                isUnreachable: error.hadNoEffect || isReading)
        }
    }

    /// Whether a request that was answered like this may have been carried out all the same, where no rule says that it was not begun.
    /// A refusal was not; of any trouble of the service (503, too, which may come from what stands in front of it) nobody knows.
    private func mayHaveActed(_ request: StepRequest, _ response: HTTPResponse) -> Bool {
        if request.effect != .once { return false }
        return response.status < 400 || response.status >= 500 && response.status != 501
    }
}
