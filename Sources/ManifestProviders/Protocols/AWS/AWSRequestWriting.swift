import Diagnostics
import Transport
import Values

extension RequestWriting {
    /// An action of a service with its parameters.
    func aws(
        _ action: Sourced, _ step: RequestManifest, _ evaluation: RecipeEvaluation, service: String?, page: PageState?,
        _ request: HTTPRequest
    ) throws(DiagnosticError) -> StepRequest {
        guard let name = try evaluation.string(action, what: "action") else { throw URLText.fault(action, "The action is not known.") }
        var request = request
        let effect = RequestEffect(awsAction: name)
        if effect == .none { request.options.retry.isSafeToRepeat = true }
        var pairs: [(String, String)] = [("Action", name)]
        if let version = try evaluation.string(step.version, what: "version") ?? version(of: service) { pairs.append(("Version", version)) }
        let style: AWSParameters.Style = manifest.wire == .awsEC2 || service == "ec2" ? .ec2 : .query
        if let params = step.params { try AWSParameters.append(try evaluation.value(params), params, style: style, to: &pairs) }
        if page != nil, let params = manifest.page?.params {
            try AWSParameters.append(try evaluation.value(params), params, style: style, to: &pairs)
        }
        request.method = "POST"
        request.url += "/"
        let body = pairs.map { "\(URLText.encoded($0.0))=\(URLText.encoded($0.1))" }.joined(separator: "&")
        set(&request, Array(body.utf8), "application/x-www-form-urlencoded; charset=utf-8")
        return StepRequest(http: request, effect: effect, action: name)
    }

    /// The API version that a service's actions are named by.
    private func version(of service: String?) -> String? {
        service.flatMap { http.values["versions"]?[$0]?.stringValue } ?? http.text("version")
    }

    func signed(_ request: HTTPRequest, service: String?, _ step: RequestManifest) throws(DiagnosticError) -> HTTPRequest {
        func missing(_ what: String) -> DiagnosticError {
            DiagnosticError(
                .error(
                    "Request cannot be signed", "The provider has no \(what).", at: step.span,
                    hints: ["Set it in the provider block or in the environment."]))
        }
        guard let service else { throw missing("service for this request") }
        guard let region = http.text("region") else { throw missing("region") }
        guard let accessKey = http.text("access_key"), let secretKey = http.text("secret_key") else {
            throw missing("credentials: access key and secret key")
        }
        let credentials = AWSCredentials(accessKeyID: accessKey, secretAccessKey: secretKey, sessionToken: http.text("session_token"))
        return SignatureV4(credentials: credentials, region: region, service: service).signed(request, at: http.transports.now())
    }
}

extension RequestEffect {
    /// AWS's actions are all POST, and say by their names what they do.
    init(awsAction name: String) {
        let looking = ["Describe", "Get", "List"]
        let replacing = [
            "Delete", "Modify", "Set", "Terminate", "CreateTags", "AddTags", "RemoveTags", "RegisterTargets", "DeregisterTargets",
        ]
        self = looking.contains(where: name.hasPrefix) ? .none : replacing.contains(where: name.hasPrefix) ? .repeatable : .once
    }
}
