import Diagnostics

/// How a provider's requests are made and its answers read: expressions over `setting` and `response`.
struct HTTPManifest: Sendable {
    enum Wire: String, Sendable, CaseIterable {
        case json
        case awsQuery = "aws-query"
        case awsEC2 = "aws-ec2"
    }

    var wire: Wire
    /// `base_url`, `headers`, TLS and signing settings, over `setting`.
    var arguments: [String: Sourced]
    var errors: ErrorRules
    var page: PageManifest?
    /// Requests at once; 0: as many as the run allows.
    var parallelism: Int
    var file: String
}

/// When an answer is what, and where its code and message stand.
struct ErrorRules: Sendable {
    /// The answer is a failure; nil: a status of 400 and more.
    var failure: Sourced?
    var code: Sourced?
    var message: Sourced?
    var requestID: Sourced?
    /// The object is not there.
    var gone: Sourced?
    /// Worth sending again after a while, if the request may be sent twice.
    var retry: Sourced?
    /// The answer says that nothing was begun (throttling): sent again after a while, whatever the request does.
    var notBegun: Sourced?
    /// What the recipe has read is no longer so: it begins again.
    var beginsAgain: Sourced?
    /// Seconds to go on retrying.
    var retryTimeout: Sourced?

    /// These rules, and those of `other` where these say nothing.
    func over(_ other: ErrorRules) -> ErrorRules {
        var rules = self
        rules.failure = failure ?? other.failure
        rules.code = code ?? other.code
        rules.message = message ?? other.message
        rules.requestID = requestID ?? other.requestID
        rules.gone = gone ?? other.gone
        rules.retry = retry ?? other.retry
        rules.notBegun = notBegun ?? other.notBegun
        rules.beginsAgain = beginsAgain ?? other.beginsAgain
        rules.retryTimeout = retryTimeout ?? other.retryTimeout
        return rules
    }
}

/// How the next page of a list is asked for.
struct PageManifest: Sendable {
    var query: Sourced?
    var params: Sourced?
    /// What `page.token` is for the next page; null, false or an empty text ends the list.
    var next: Sourced
}

/// One request, or a poll.
struct RequestManifest: Sendable {
    /// Its answer is `answers.NAME` from here on; the latest is `response`.
    var name: String?
    var method: String
    /// Path below the base URL, or a whole URL. Interpolations are path segments up to `?`.
    var path: Sourced?
    /// AWS: the action instead of method and path.
    var action: Sourced?
    var query: Sourced?
    var headers: Sourced?
    var json: Sourced?
    var form: Sourced?
    var params: Sourced?
    /// A text body, with its content type in `headers`.
    var body: Sourced?
    /// Overrides of the provider's.
    var service: Sourced?
    var version: Sourced?
    var when: Sourced?
    var forEach: Sourced?
    var timeout: Sourced?
    var wait: WaitManifest?
    var errors: ErrorRules
    /// Attributes that this request's answer gives; from here on the object exists.
    var assigns: [(name: String, value: Sourced)]
    /// Safe to send again although it is no GET: it carries a token.
    var isRepeatable: Bool
    /// Answers that count as done although they are failures, such as a 404 to a delete.
    var accept: Sourced?
    var span: SourceSpan
}

struct WaitManifest: Sendable {
    var until: Sourced
    var fail: Sourced?
    /// What to say when it fails.
    var message: Sourced?
    /// Seconds: first interval, by how much it grows, the longest.
    var interval: Sourced?
    var growth: Sourced?
    var maximumInterval: Sourced?
    var timeout: Sourced?
}
