import Diagnostics
import Evaluation
import HCLSyntax
import ProviderKit
import Transport
import Values

/// Makes requests of a recipe's steps. Every value lands as what it lands in: a path segment, a query value, a header, a JSON value.
struct RequestWriting: Sendable {
    let manifest: HTTPManifest
    let http: HTTPSettings
    let options: HTTPRequest.Options

    init(_ manifest: HTTPManifest, _ http: HTTPSettings) throws(ProviderFailure) {
        try http.requireKnown()
        self.manifest = manifest
        self.http = http
        options = try http.options(parallelism: manifest.parallelism)
    }

    func request(_ step: RequestManifest, _ evaluation: RecipeEvaluation, page: PageState? = nil) throws(DiagnosticError) -> StepRequest {
        let service =
            try evaluation.string(step.service, what: "service") ?? evaluation.scope.names["service"]?.stringValue ?? http.text("service")
        var bound = evaluation.binding(["service": service.map { .string($0) } ?? .null(.string)])
        if let page { bound.scope.names["page"] = page.value }
        var request = HTTPRequest(method: step.method, url: try baseURL(bound), options: options)
        request.options.retry.isSafeToRepeat = step.isRepeatable
        if let timeout = try bound.number(step.timeout, what: "timeout") { request.options.timeout = timeout }
        try addHeaders(manifest.arguments["headers"], bound, to: &request)
        try addHeaders(step.headers, bound, to: &request)
        var result: StepRequest
        if let action = step.action {
            result = try aws(action, step, bound, service: service, page: page, request)
        } else {
            try writeREST(step, bound, page: page, to: &request)
            result = StepRequest(http: request, effect: RequestEffect(method: request.method))
        }
        if step.isRepeatable, result.effect == .once { result.effect = .repeatable }
        if manifest.wire != .json { result.http = try signed(result.http, service: service, step) }
        return result
    }

    private func baseURL(_ evaluation: RecipeEvaluation) throws(DiagnosticError) -> String {
        guard let given = manifest.arguments["base_url"] else { return "" }
        let url = try evaluation.string(given, what: "base_url") ?? ""
        guard url.hasPrefix("http://") || url.hasPrefix("https://") else {
            throw URLText.fault(given, "The endpoint must begin with https:// or http://.")
        }
        return url.hasSuffix("/") ? String(url.dropLast()) : url
    }

    private func addHeaders(_ given: Sourced?, _ evaluation: RecipeEvaluation, to request: inout HTTPRequest) throws(DiagnosticError) {
        guard let given else { return }
        let value = try evaluation.value(given)
        guard let entries = value.entries else { throw URLText.fault(given, "headers is an object.") }
        for (name, value) in entries where !value.isNull {
            guard let text = URLText.text(value) else { throw URLText.fault(given, "The header \(name) is not known, or no text.") }
            if text.utf8.contains(where: { $0 < 0x20 && $0 != 0x09 || $0 == 0x7F })
                || name.utf8.contains(where: { $0 <= 0x20 || $0 == 0x3A })
            {
                throw URLText.fault(given, "The header \(name) holds a line break or another control character.")
            }
            let isSensitive = value.holdsSensitive || name.lowercased() == "authorization"
            request.headers.removeAll { $0.name.lowercased() == name.lowercased() }
            request.headers.append(HTTPHeader(name, text, isSensitive: isSensitive))
        }
    }

    // MARK: JSON and forms

    private func writeREST(
        _ step: RequestManifest, _ evaluation: RecipeEvaluation, page: PageState?, to request: inout HTTPRequest
    ) throws(DiagnosticError) {
        if let path = step.path {
            let text = try URLText.path(path, evaluation)
            if text.hasPrefix("http://") || text.hasPrefix("https://") {
                // A service may name its own places, and no others: credentials go with the request.
                guard text.hasPrefix(request.url + "/") || text == request.url else {
                    throw URLText.fault(path, "The address \(text.prefix { $0 != "?" }) is not below the provider's endpoint.")
                }
                request.url = text
            } else {
                request.url += text.hasPrefix("/") || text.isEmpty ? text : "/" + text
            }
        }
        var queries: [String] = []
        if let query = step.query { queries.append(try URLText.form(try evaluation.value(query), query, allowsSensitive: false)) }
        if page != nil, let query = manifest.page?.query {
            queries.append(try URLText.form(try evaluation.value(query), query, allowsSensitive: false))
        }
        let query = queries.filter { !$0.isEmpty }.joined(separator: "&")
        if !query.isEmpty { request.url += (request.url.contains("?") ? "&" : "?") + query }
        if let json = step.json {
            let value = JSONBody.omittingNulls(try evaluation.value(json))
            var bytes: [UInt8] = []
            do throws(JSONError) {
                try value.appendJSON(to: &bytes)
            } catch {
                throw URLText.fault(json, "The body is no JSON yet: \(error.message).")
            }
            set(&request, bytes, "application/json")
        } else if let form = step.form {
            set(
                &request, Array(try URLText.form(try evaluation.value(form), form, allowsSensitive: true).utf8),
                "application/x-www-form-urlencoded")
        } else if let body = step.body {
            let value = try evaluation.value(body, as: .string, what: "body")
            guard let text = value.stringValue else { throw URLText.fault(body, "The body is not known.") }
            set(&request, Array(text.utf8), "text/plain; charset=utf-8")
        }
    }

    func set(_ request: inout HTTPRequest, _ bytes: [UInt8], _ type: String) {
        request.body = bytes
        if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            request.headers.append(HTTPHeader("Content-Type", type))
        }
    }
}

/// A request of a step, and what comes of sending it twice.
struct StepRequest: Sendable {
    var http: HTTPRequest
    var effect: RequestEffect
    /// What the service calls it, where the address does not say.
    var action: String?

    /// Method and address without the query, and the service's word for it.
    var label: String {
        let place = "\(http.method) \(http.url.prefix { $0 != "?" })"
        return action.map { "\($0), \(place)" } ?? place
    }
}

/// What a request does to what it asks for.
enum RequestEffect: Sendable {
    /// It only looks.
    case none
    /// Done twice is as good as once.
    case repeatable
    /// Sent again, it could be done twice.
    case once

    init(method: String) {
        self =
            switch method {
            case "GET", "HEAD": .none
            case "PUT", "DELETE": .repeatable
            default: .once
            }
    }
}

/// Which page of a list is asked for.
struct PageState {
    var number: Int
    var token: Value

    var value: Value { .object([("number", .int(number)), ("token", token)]) }
}
