import Diagnostics
import ProviderKit
import Transport
import Values

/// What an answer means.
extension HTTPExchange {
    enum Judgement {
        case done(Value)
        case gone
        /// Worth sending again; whether the answer says that nothing was begun.
        case later(ProviderFailure, isNotBegun: Bool)
        /// What the recipe has read is no longer so, and nothing was done.
        case outdated(ProviderFailure)
        case failed(ProviderFailure)
    }

    func judge(
        _ step: RequestManifest, _ rules: ErrorRules, _ request: StepRequest, _ response: HTTPResponse, _ evaluation: RecipeEvaluation,
        attempting what: String
    ) throws(ExchangeFailure) -> Judgement {
        let bound = try bind(response, to: request, step, rules, evaluation, what)
        let value = bound.scope.names["response"] ?? .null
        if let accept = step.accept, try holds(accept, bound, what) { return .done(value) }
        if let gone = rules.gone, try holds(gone, bound, what) { return .gone }
        let hasFailed = try rules.failure.map { rule throws(ExchangeFailure) in try holds(rule, bound, what) } ?? (response.status >= 400)
        guard hasFailed else { return .done(value) }
        let error = bound.scope.names["error"] ?? .null
        let code = error["code"]?.stringValue
        let message = error["message"]?.stringValue.map(Self.beginning) ?? Self.excerpt(response.body)
        let failure = ProviderFailure(
            Self.code(response.status), summary: response.status < 400 ? "Unexpected answer" : "The service refused",
            detail: "While \(what): \(request.label) was answered with status \(response.status)" + (code.map { " (\($0))" } ?? "")
                + (message.map { ": \($0)" } ?? "."),
            serviceCode: code ?? String(response.status), serviceMessage: message, requestID: error["request_id"]?.stringValue,
            hints: Self.hints(response.status),
            // A service whose manifest says what is worth sending again has been asked again already.
            isTransient: rules.retry == nil && rules.notBegun == nil && (response.status == 429 || response.status >= 500))
        if let notBegun = rules.notBegun, try holds(notBegun, bound, what) { return .later(failure, isNotBegun: true) }
        if let retry = rules.retry, try holds(retry, bound, what) { return .later(failure, isNotBegun: false) }
        if let rule = rules.beginsAgain, try holds(rule, bound, what) { return .outdated(failure) }
        return .failed(failure)
    }

    /// The names `response` and `error`.
    func bind(
        _ response: HTTPResponse, to request: StepRequest, _ step: RequestManifest, _ rules: ErrorRules, _ evaluation: RecipeEvaluation,
        _ what: String
    ) throws(ExchangeFailure) -> RecipeEvaluation {
        let value: Value
        do throws(AnswerReading.Failure) {
            value = try AnswerReading.value(of: response, wire: manifest.http?.wire ?? .json)
        } catch {
            throw ExchangeFailure(
                failure: ProviderFailure(
                    .unexpectedAnswer, summary: "Unexpected answer",
                    detail: "While \(what): \(request.label) was answered with status \(response.status) and \(error.message)."
                        + (Self.excerpt(response.body).map { " It begins: \($0)" } ?? ""),
                    hints: ["Check that the address is that of the service's API, and whether a proxy or a login page stands in between."]),
                isUncertain: request.effect != .none)
        }
        var bound = evaluation.binding(["response": value])
        var error: [(String, Value)] = []
        for (name, rule) in [("code", rules.code), ("message", rules.message), ("request_id", rules.requestID)] {
            error.append((name, try text(rule, bound, what).map { .string($0) } ?? .null(.string)))
        }
        bound.scope.names["error"] = .object(error)
        return bound
    }

    /// A rule that cannot be worked out for an answer (a field it does not have) does not hold; a name that nothing has is a fault.
    func holds(_ rule: Sourced, _ evaluation: RecipeEvaluation, _ what: String) throws(ExchangeFailure) -> Bool {
        do throws(DiagnosticError) {
            return try evaluation.condition(rule, what: "when") ?? false
        } catch {
            if Self.isMistake(error) { throw fault(error, what) }
            return false
        }
    }

    func text(_ rule: Sourced?, _ evaluation: RecipeEvaluation, _ what: String) throws(ExchangeFailure) -> String? {
        guard let rule else { return nil }
        do throws(DiagnosticError) {
            return try evaluation.string(rule, what: "text")
        } catch {
            if Self.isMistake(error) { throw fault(error, what) }
            return nil
        }
    }

    func number(_ rule: Sourced?, _ name: String, _ evaluation: RecipeEvaluation, _ what: String) throws(ExchangeFailure) -> Double? {
        do throws(DiagnosticError) {
            return try evaluation.number(rule, what: name)
        } catch {
            throw fault(error, what)
        }
    }

    /// Whether the manifest is at fault, and not an answer that lacks something.
    static func isMistake(_ error: DiagnosticError) -> Bool {
        error.diagnostics.contains { $0.cause == .unknownName || $0.cause == .unknownFunction }
    }

    func fault(_ error: DiagnosticError, _ what: String) -> ExchangeFailure {
        ExchangeFailure(failure: ProviderFailure(error, attempting: what, sources: manifest.sources))
    }

    /// More than is shown of a message, so that no secret is cut in two before it is covered.
    private static func beginning(_ message: String) -> String {
        message.utf8.count <= 1 << 16 ? message : String(message.unicodeScalars.prefix(1 << 16))
    }

    private static func excerpt(_ body: [UInt8]) -> String? {
        let text = String(decoding: body.prefix(300), as: UTF8.self).split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return text.isEmpty ? nil : text
    }

    /// An answer in which something that the recipe reads is missing, or another thing than it is taken for.
    func unexpected(_ error: DiagnosticError, _ what: String) -> ExchangeFailure {
        if Self.isMistake(error) { return fault(error, what) }
        let missing = error.diagnostics.map { diagnostic in
            let place =
                diagnostic.subject.map { " (\($0.file), line \(manifest.sources.lineNumber(of: $0.range.start, in: $0.file)))" } ?? ""
            return "\(diagnostic.detail.isEmpty ? diagnostic.summary : diagnostic.detail)\(place)"
        }
        return ExchangeFailure(
            failure: ProviderFailure(
                .unexpectedAnswer, summary: "Unexpected answer",
                detail: "While \(what): the service's answer does not have what is read from it. \(missing.joined(separator: " "))",
                hints: ["Check that the address is that of the service's API, and that its version is one that the provider speaks."]))
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
        case 412: ["It was changed by somebody else at the same moment: plan again, which shows what it is now."]
        case 429: ["The service limits how often it is asked: try again later, or with a smaller -parallelism."]
        default: []
        }
    }
}
