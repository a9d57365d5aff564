import Addresses
import Diagnostics
import ProviderKit
import Transport
import Values

extension BuiltinProvider {
    /// `data.http`.
    static func http(http: @escaping HTTPSource) -> BuiltinProvider {
        BuiltinProvider(name: "http", version: "3.5.0", types: [], dataSources: [HTTPData(http: http)])
    }
}

/// `data.http`: one exchange while planning.
struct HTTPData: BuiltinDataSource {
    let http: BuiltinProvider.HTTPSource

    let schema = ResourceSchema(
        type: ResourceType("http"),
        block: BlockSchema(
            attributes: [
                AttributeSchema(name: "url", type: .string, isRequired: true, description: "Where to, by http or https."),
                optional("method", .string, "GET, HEAD or POST; GET where not set."),
                optional("request_headers", .map(.string), "Header fields to send."),
                optional("request_body", .string, "What to send as the body."),
                optional("request_timeout_ms", .number, "How many milliseconds a try may take."),
                optional("ca_cert_pem", .string, "PEM of the authorities to trust, in place of the system's."),
                optional("client_cert_pem", .string, "PEM of a certificate to show."),
                secret("client_key_pem", "PEM of its private key."),
                optional("insecure", .bool, "Whether to talk to anybody, whatever certificate is shown."),
                .computed("response_body", .string, "The answer's body as text."),
                .computed("body", .string, "The old name of response_body."),
                .computed("response_body_base64", .string, "The answer's body in base64."),
                .computed(
                    "response_headers", .map(.string), "The answer's header fields; of those that come several times, joined by commas."),
                .computed("status_code", .number, "The answer's status."), .computed("id", .string, "The URL."),
            ],
            blocks: [
                NestedBlockSchema(
                    name: "retry", nesting: .single,
                    block: BlockSchema(
                        attributes: [
                            optional("attempts", .number, "How often to try again."),
                            optional("min_delay_ms", .number, "How long to wait before the first of them."),
                            optional("max_delay_ms", .number, "How long to wait at most."),
                        ], description: "Trying again where no answer comes, or one with status 500 and above."))
            ], description: "The answer of a web server."))

    private static func optional(_ name: String, _ type: ValueType, _ description: String) -> AttributeSchema {
        AttributeSchema(name: name, type: type, isOptional: true, description: description)
    }

    private static func secret(_ name: String, _ description: String) -> AttributeSchema {
        var attribute = optional(name, .string, description)
        attribute.isSensitive = true
        return attribute
    }

    // MARK: Faults

    func validate(_ configuration: Value) -> [Diagnostic] {
        var faults = oneOfFaults("method", ["GET", "POST", "HEAD"], in: configuration)
        if let url = configuration.string("url"), !(url.hasPrefix("http://") || url.hasPrefix("https://")) {
            faults.append(argumentFault("url", "Invalid URL", "\"\(url)\" begins neither with http:// nor with https://."))
        }
        let both = [configuration["ca_cert_pem"], configuration["insecure"]].allSatisfy { !($0?.isNull ?? true) }
        if both {
            faults.append(
                argumentFault(
                    "insecure", "Invalid Attribute Combination",
                    "Attribute \"ca_cert_pem\" cannot be specified when \"insecure\" is specified"))
        }
        for (name, other) in [("client_cert_pem", "client_key_pem"), ("client_key_pem", "client_cert_pem")]
        where !(configuration[name]?.isNull ?? true) && configuration[other]?.isNull ?? true {
            faults.append(
                argumentFault(
                    name, "Invalid Attribute Combination", "Attribute \"\(other)\" must be specified when \"\(name)\" is specified"))
        }
        faults += leastFaults("request_timeout_ms", 1, configuration)
        if let retry = configuration["retry"], !retry.isNull, !retry.isUnknown {
            for name in ["attempts", "min_delay_ms", "max_delay_ms"] { faults += leastFaults(name, 0, retry, within: "retry") }
            if let least = retry.int("min_delay_ms"), let most = retry.int("max_delay_ms"), most < least {
                faults.append(
                    argumentFault(
                        "retry", "Invalid Attribute Value",
                        "Attribute retry.max_delay_ms value must be at least sum of retry.min_delay_ms, got: \(most)"))
            }
        }
        return faults
    }

    private func leastFaults(_ name: String, _ least: Int, _ values: Value, within block: String? = nil) -> [Diagnostic] {
        guard let number = values.int(name), number < least else { return [] }
        let full = block.map { "\($0).\(name)" } ?? name
        return [
            argumentFault(
                block ?? name, "Invalid Attribute Value", "Attribute \(full) value must be at least \(least), got: \(number)")
        ]
    }

    // MARK: The exchange

    func read(_ configuration: Value) async throws(ProviderFailure) -> Value {
        let arguments = configuration.unmarked
        let request = Self.request(arguments)
        let retry = arguments["retry"].flatMap { $0.isNull ? nil : $0 }
        let tries = 1 + max(0, retry?.int("attempts") ?? (retry == nil ? 0 : 2))
        let least = Double(max(0, retry?.int("min_delay_ms") ?? 1_000)) / 1_000
        let most = Double(max(0, retry?.int("max_delay_ms") ?? 30_000)) / 1_000
        var number = 1
        while true {
            let outcome: Result<HTTPResponse, TransportFailure>
            do throws(TransportFailure) {
                outcome = .success(try await http().send(request))
            } catch {
                outcome = .failure(error)
            }
            switch outcome {
            case .success(let answer) where number >= tries || !Self.isWorthAnother(answer.status):
                return try Self.filled(configuration, answer, arguments)
            case .failure(let failure) where number >= tries || failure.code == .cancelled || failure.code == .tls:
                throw Self.failed(failure, tries: number)
            default: break
            }
            do {
                try await Task.sleep(for: .waiting(min(most, least * Double(1 << min(number - 1, 20)))))
            } catch {
                throw ProviderFailure(.cancelled, summary: "Error making request", detail: "Waiting for another try was interrupted.")
            }
            number += 1
        }
    }

    private static func isWorthAnother(_ status: Int) -> Bool { status == 429 || (status >= 500 && status != 501) }

    private static func request(_ arguments: Value) -> HTTPRequest {
        let body = arguments.string("request_body").map { Array($0.utf8) }
        var request = HTTPRequest(method: arguments.string("method") ?? "GET", url: arguments.string("url") ?? "", body: body)
        request.headers = (arguments["request_headers"]?.entries ?? []).compactMap { name, value in
            // Often a token, and never to be traced.
            value.stringValue.map { HTTPHeader(name, $0, isSensitive: true) }
        }
        request.options.maximumRedirects = 10
        request.options.maximumResponseBytes = 256 << 20
        request.options.retry.attempts = 1
        if let limit = arguments.int("request_timeout_ms") { request.options.timeout = Double(limit) / 1_000 }
        request.options.tls.certificateAuthorities = arguments.string("ca_cert_pem")
        request.options.tls.clientCertificate = arguments.string("client_cert_pem")
        request.options.tls.clientKey = arguments.string("client_key_pem")
        request.options.tls.isVerified = !(arguments.bool("insecure") ?? false)
        return request
    }

    private static func failed(_ failure: TransportFailure, tries: Int) -> ProviderFailure {
        var detail = "Error making request: \(failure.message)"
        if tries > 1 { detail += " It was tried \(tries) times." }
        return ProviderFailure(
            failure.code == .cancelled ? .cancelled : .unavailable, summary: "Error making request", detail: detail, hints: failure.hints,
            path: .attribute("url"))
    }

    private static func filled(_ configuration: Value, _ answer: HTTPResponse, _ arguments: Value) throws(ProviderFailure) -> Value {
        var headers: [String: String] = [:]
        for header in answer.headers {
            let name = canonical(header.name)
            headers[name] = headers[name].map { "\($0), \(header.value)" } ?? header.value
        }
        let text = Value.string(String(decoding: answer.body, as: UTF8.self))
        return configuration.setting([
            "response_body": text, "body": text, "response_body_base64": .string(base64(answer.body)),
            "response_headers": .map(headers.map { ($0.key, Value.string($0.value)) }, of: .string), "status_code": .int(answer.status),
            "id": .string(arguments.string("url") ?? ""),
        ])
    }

    /// `Content-Type`, however the server writes it.
    private static func canonical(_ name: String) -> String {
        name.split(separator: "-", omittingEmptySubsequences: false).map { $0.prefix(1).uppercased() + $0.dropFirst().lowercased() }
            .joined(separator: "-")
    }
}
