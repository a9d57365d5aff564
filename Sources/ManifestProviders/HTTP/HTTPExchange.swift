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
}

/// Sends one recipe's requests and judges their answers.
struct HTTPExchange: Sendable {
    let manifest: ProviderManifest
    let writing: RequestWriting
    /// The provider's own.
    var rules: ErrorRules
    let sleep: @Sendable (Double) async throws -> Void

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
            case .failed(let failure): throw ExchangeFailure(failure: failure)
            case .later(let failure):
                let asked = response.header("retry-after").flatMap { Double($0) }
                let delay = min(max(asked ?? pause, 0.05), 60)
                guard waited + delay <= patience else { throw ExchangeFailure(failure: failure) }
                try await rest(delay, what)
                waited += delay
                pause = min(pause * 1.6, 10)
            }
        }
    }

    // MARK: Pages

    /// All objects of a list, page by page.
    func pages(
        _ step: RequestManifest, objects: Sourced, _ recipe: RecipeManifest, _ evaluation: RecipeEvaluation, attempting what: String
    ) async throws(ExchangeFailure) -> [Value] {
        let rules = step.errors.over(recipe.errors).over(self.rules)
        let described = recipe.paged ? writing.manifest.page : nil
        var page = PageState(number: 1, token: .null(.string))
        var result: [Value] = []
        while true {
            guard
                case .answered(let response) = try await perform(
                    step, rules: rules, evaluation, page: described == nil ? nil : page, attempting: what)
            else { return result }
            let bound = evaluation.binding(["response": response, "page": page.value])
            do throws(DiagnosticError) {
                result += try bound.value(objects).elements ?? []
            } catch {
                throw fault(error, what)
            }
            guard let described else { return result }
            do throws(DiagnosticError) {
                let next = try bound.value(described.next)
                if next.isNull || next.boolValue == false || next.stringValue == "" || next == page.token { return result }
                page = PageState(number: page.number + 1, token: next)
            } catch {
                // The field that names the next page is not there on the last.
                if Self.isMistake(error) { throw fault(error, what) }
                return result
            }
            // A service that never ends its list is not believed.
            if page.number > 10_000 { return result }
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
            let sent: (HTTPRequest, HTTPResponse)
            do throws(ExchangeFailure) {
                sent = try await send(step, evaluation, attempting: what)
                lost = 0
            } catch {
                // Asking again does no harm: a poll outlives a short outage.
                lost += 1
                guard error.isUncertain || error.isUnreachable, lost < 5, error.failure.code != .cancelled else { throw error }
                try await rest(interval, what)
                waited += interval
                continue
            }
            let (request, response) = sent
            let bound = try bind(response, rules, evaluation, what)
            if try holds(wait.until, bound, what) { return .answered(bound.scope.names["response"] ?? .null) }
            if let fail = wait.fail, try holds(fail, bound, what) {
                let said = try text(wait.message, bound, what)
                throw ExchangeFailure(
                    failure: ProviderFailure(
                        .rejected, summary: "The service reports a failure",
                        detail: "While \(what), waiting for \(label(request)): \(said ?? "the service says that it failed").",
                        serviceMessage: said, requestID: bound.scope.names["error"]?["request_id"]?.stringValue))
            }
            switch try judge(step, rules, request, response, evaluation, attempting: what) {
            case .gone: return .gone
            case .failed(let failure): throw ExchangeFailure(failure: failure)
            case .done, .later: break
            }
            let elapsed = max(waited, Double((ContinuousClock.now - start).components.seconds))
            if elapsed + interval > timeout {
                throw ExchangeFailure(
                    failure: ProviderFailure(
                        .timeout, summary: "Not done in time",
                        detail: "While \(what): \(label(request)) did not say that it was done within \(Int(timeout)) seconds."))
            }
            try await rest(interval, what)
            waited += interval
            interval = min(longest, interval * growth)
        }
    }

    private func rest(_ seconds: Double, _ what: String) async throws(ExchangeFailure) {
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
    ) async throws(ExchangeFailure) -> (HTTPRequest, HTTPResponse) {
        let request: HTTPRequest
        do throws(DiagnosticError) {
            request = try writing.request(step, evaluation, page: page)
        } catch {
            throw fault(error, what)
        }
        do throws(TransportFailure) {
            return (request, try await transport.send(request))
        } catch {
            let isReading =
                request.method == "GET" || request.method == "HEAD" || request.options.retry.isSafeToRepeat && !step.isRepeatable
            throw ExchangeFailure(
                failure: ProviderFailure(error, attempting: "\(what) (\(label(request)))"), isUncertain: !error.hadNoEffect && !isReading,
                isUnreachable: error.hadNoEffect || isReading)
        }
    }

    /// Method and address without the query.
    private func label(_ request: HTTPRequest) -> String {
        "\(request.method) \(request.url.prefix { $0 != "?" })"
    }

    // MARK: Judging

    private enum Judgement {
        case done(Value)
        case gone
        case later(ProviderFailure)
        case failed(ProviderFailure)
    }

    private func judge(
        _ step: RequestManifest, _ rules: ErrorRules, _ request: HTTPRequest, _ response: HTTPResponse, _ evaluation: RecipeEvaluation,
        attempting what: String
    ) throws(ExchangeFailure) -> Judgement {
        let bound = try bind(response, rules, evaluation, what)
        let value = bound.scope.names["response"] ?? .null
        if let accept = step.accept, try holds(accept, bound, what) { return .done(value) }
        if let gone = rules.gone, try holds(gone, bound, what) { return .gone }
        let hasFailed = try rules.failure.map { rule throws(ExchangeFailure) in try holds(rule, bound, what) } ?? (response.status >= 400)
        guard hasFailed else { return .done(value) }
        let error = bound.scope.names["error"] ?? .null
        let code = error["code"]?.stringValue
        let message = error["message"]?.stringValue ?? Self.excerpt(response.body)
        let failure = ProviderFailure(
            Self.code(response.status), summary: "The service refused",
            detail: "While \(what): \(label(request)) was answered with status \(response.status)" + (code.map { " (\($0))" } ?? "")
                + (message.map { ": \($0)" } ?? "."),
            serviceCode: code ?? String(response.status), serviceMessage: message, requestID: error["request_id"]?.stringValue,
            hints: Self.hints(response.status),
            // A service whose manifest says what is worth sending again has been asked again already.
            isTransient: rules.retry == nil && (response.status == 429 || response.status >= 500))
        if let retry = rules.retry, try holds(retry, bound, what) { return .later(failure) }
        return .failed(failure)
    }

    /// The names `response` and `error`.
    private func bind(_ response: HTTPResponse, _ rules: ErrorRules, _ evaluation: RecipeEvaluation, _ what: String) throws(ExchangeFailure)
        -> RecipeEvaluation
    {
        var bound = evaluation.binding(["response": try Self.value(of: response, wire: manifest.http?.wire ?? .json)])
        var error: [(String, Value)] = []
        for (name, rule) in [("code", rules.code), ("message", rules.message), ("request_id", rules.requestID)] {
            error.append((name, try text(rule, bound, what).map { .string($0) } ?? .null(.string)))
        }
        bound.scope.names["error"] = .object(error)
        return bound
    }

    static func value(of response: HTTPResponse, wire: HTTPManifest.Wire) throws(ExchangeFailure) -> Value {
        var headers: [(String, Value)] = []
        for header in response.headers { headers.append((header.name.lowercased(), .string(header.value))) }
        var body = Value.null
        // Proxies and servers in trouble answer in HTML whatever they were asked: the status says enough, and the text is shown.
        let mayBeText = response.status >= 400
        let first = response.body.first { $0 > 0x20 }
        let isXML = wire != .json || response.header("content-type")?.contains("xml") == true
        if first == UInt8(ascii: "<"), isXML {
            do throws(XMLReader.Failure) {
                body = unwrapped(try XMLReader.read(response.body))
            } catch {
                guard mayBeText else { throw garbage("XML", error.message) }
                body = .string(String(decoding: response.body, as: UTF8.self))
            }
        } else if first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
            || (first != nil && response.header("content-type")?.contains("json") == true)
        {
            do throws(JSONError) {
                body = try Value.parsingJSON(response.body)
            } catch {
                guard mayBeText else { throw garbage("JSON", error.message) }
                body = .string(String(decoding: response.body, as: UTF8.self))
            }
        } else if first != nil {
            body = .string(String(decoding: response.body, as: UTF8.self))
        }
        return .object([("status", .int(response.status)), ("headers", .map(headers, of: .string)), ("body", body)])
    }

    /// AWS's query services put what an action gives into an element of its own: `DescribeXResponse` holds `DescribeXResult`.
    private static func unwrapped(_ root: (name: String, value: Value)) -> Value {
        guard root.name.hasSuffix("Response"), let result = root.value[root.name.dropLast("Response".count) + "Result"] else {
            return root.value
        }
        return result.isNull ? .emptyObject : result
    }

    private static func garbage(_ form: String, _ message: String) -> ExchangeFailure {
        ExchangeFailure(
            failure: ProviderFailure(
                .unexpectedAnswer, summary: "Unexpected answer", detail: "The service's answer is no \(form) that can be read: \(message).")
        )
    }

    /// A rule that cannot be worked out for an answer (a field it does not have) does not hold; a name that nothing has is a fault.
    private func holds(_ rule: Sourced, _ evaluation: RecipeEvaluation, _ what: String) throws(ExchangeFailure) -> Bool {
        do throws(DiagnosticError) {
            return try evaluation.condition(rule, what: "when") ?? false
        } catch {
            if Self.isMistake(error) { throw fault(error, what) }
            return false
        }
    }

    private func text(_ rule: Sourced?, _ evaluation: RecipeEvaluation, _ what: String) throws(ExchangeFailure) -> String? {
        guard let rule else { return nil }
        do throws(DiagnosticError) {
            return try evaluation.string(rule, what: "text")
        } catch {
            if Self.isMistake(error) { throw fault(error, what) }
            return nil
        }
    }

    private func number(_ rule: Sourced?, _ name: String, _ evaluation: RecipeEvaluation, _ what: String) throws(ExchangeFailure) -> Double?
    {
        do throws(DiagnosticError) {
            return try evaluation.number(rule, what: name)
        } catch {
            throw fault(error, what)
        }
    }

    private static func isMistake(_ error: DiagnosticError) -> Bool {
        error.diagnostics.contains { $0.summary == "Unknown name in a manifest" || $0.summary == "Call to unknown function" }
    }

    private func fault(_ error: DiagnosticError, _ what: String) -> ExchangeFailure {
        ExchangeFailure(failure: ProviderFailure(error, attempting: what, sources: manifest.sources))
    }

    private static func excerpt(_ body: [UInt8]) -> String? {
        let text = String(decoding: body.prefix(300), as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return text.isEmpty ? nil : text
    }

    private static func code(_ status: Int) -> ProviderFailure.Code {
        switch status {
        case 401: .unauthenticated
        case 403: .denied
        case 404: .notFound
        case 409, 412: .conflict
        case 429: .rateLimited
        case 408, 504: .timeout
        case 500...: .unavailable
        case 400..<500: .rejected
        default: .unexpectedAnswer
        }
    }

    private static func hints(_ status: Int) -> [String] {
        switch status {
        case 401: ["Check the provider's credentials."]
        case 403: ["The credentials are known, but may not do this: check their permissions."]
        case 429: ["The service limits how often it is asked: try again later, or with a smaller -parallelism."]
        default: []
        }
    }
}
