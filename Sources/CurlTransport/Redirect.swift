import Transport

/// What to do with an answer that points elsewhere. libcurl's own handling would take headers that it does not know to be
/// credentials along to anybody.
enum Redirect {
    case finished
    case follow(HTTPRequest)

    static func next(after response: HTTPResponse, to request: HTTPRequest, followed: Int) throws(TransportFailure) -> Redirect {
        guard request.options.maximumRedirects > 0, [301, 302, 303, 307, 308].contains(response.status),
            let location = response.header("Location"), !location.isEmpty
        else { return .finished }
        // 303 says that the work is done and where its outcome can be read; the others, that it was not begun here.
        let becomesGet = response.status == 303 && request.method != "HEAD"
        func refused(_ reason: String, _ hint: String) -> TransportFailure {
            TransportFailure(
                .protocolViolation, "\(request.method) \(SafeURL.text(request.url)) was redirected (status \(response.status)) \(reason).",
                hints: [hint], hadNoEffect: !becomesGet)
        }
        guard followed < request.options.maximumRedirects else {
            throw refused("more than \(request.options.maximumRedirects) times", "The service's redirects may form a circle.")
        }
        let socket = request.options.unixSocketPath
        let from = try ParsedURL(request).origin
        let (url, to) = try ParsedURL.resolve(location, against: request.url, unixSocketPath: socket)
        guard !(from.scheme == "https" && to.scheme == "http") else {
            throw refused("from https to \(SafeURL.text(url))", "Unencrypted requests are not made on behalf of encrypted ones.")
        }
        var next = request
        next.url = url
        if becomesGet {
            next.method = "GET"
            next.body = nil
            next.headers.removeAll { describesBody($0.name) }
        }
        if from != to {
            guard next.body == nil else {
                throw refused(
                    "to another origin, \(SafeURL.text(url)), which must not get its body",
                    "Set the provider's endpoint to that address, if it is the right one.")
            }
            next.headers.removeAll { $0.isSensitive || !isHarmless($0.name) }
            next.options.tls.clientCertificate = nil
            next.options.tls.clientKey = nil
        }
        return .follow(next)
    }

    private static func describesBody(_ name: String) -> Bool {
        name.lowercased().hasPrefix("content-")
    }

    /// Known to be no credential. What is not known does not go to another origin.
    private static func isHarmless(_ name: String) -> Bool {
        switch name.lowercased() {
        case "accept", "accept-charset", "accept-encoding", "accept-language", "cache-control", "if-modified-since", "if-none-match",
            "if-match", "if-unmodified-since", "if-range", "range", "user-agent":
            true
        default: false
        }
    }
}
