import CCurl
import Transport

/// libcurl's result codes in our words: what was attempted, what happened, what to do.
enum CurlFailure {
    static func failure(_ code: CURLcode, _ transfer: Transfer, _ easy: EasyHandle) -> TransportFailure {
        let what = "\(transfer.method) \(SafeURL.text(transfer.url))"
        let place = address(transfer.origin)
        let said = easy.errorDetail.isEmpty ? String(cString: curl_easy_strerror(code)) : easy.errorDetail
        let sent = transfer.hasBegunSending
        func failure(_ kind: TransportFailure.Code, _ text: String, _ hints: [String]) -> TransportFailure {
            TransportFailure(kind, "\(what): \(text).", hints: hints, hadNoEffect: !sent)
        }
        func failure(_ kind: TransportFailure.Code, _ text: String, _ hint: String...) -> TransportFailure {
            failure(kind, text, hint)
        }
        let breakHints = transfer.origin.scheme == "https" && !transfer.hasAnswer ? [unknownHint, refusalHint] : [unknownHint]

        if transfer.isTooLarge || code == CURLE_FILESIZE_EXCEEDED || said.contains("Too large response headers") {
            return failure(
                .responseTooLarge, "the answer is longer than the \(transfer.options.maximumResponseBytes) bytes that are read",
                "Check that the address is that of the service's API.")
        }
        if isBrokenHandshake(code, said) {
            return failure(.connection, "the connection to \(place) broke while TLS was being set up (\(said))", reachHint)
        }
        if let tls = tls(code, said, place) {
            // With TLS 1.3 a service refuses a client's certificate only after the request is under way: it still has not read it.
            return TransportFailure(.tls, "\(what): \(tls.text) (\(said)).", hints: tls.hints, hadNoEffect: true)
        }
        if sent, said.contains("getpeername() failed") {
            // libcurl asks for the peer's address between the handshake and the request: the peer had gone by then.
            return TransportFailure(
                .connection, "\(what): \(place) closed the connection as soon as it was set up.",
                hints: [transfer.origin.scheme == "https" ? refusalHint : reachHint], hadNoEffect: true)
        }
        switch code {
        case CURLE_COULDNT_RESOLVE_HOST:
            return failure(
                .resolution, "the name \(transfer.origin.host) has no address (\(said))",
                "Check the name in the provider's endpoint setting, and this machine's name server.")
        case CURLE_COULDNT_RESOLVE_PROXY:
            return failure(.resolution, "the name of the proxy has no address (\(said))", proxyHint)
        case CURLE_COULDNT_CONNECT:
            return failure(.connection, "no connection to \(place) could be made (\(said))", reachHint)
        case CURLE_OPERATION_TIMEDOUT where !sent:
            return failure(
                .timeout, "no connection to \(place) within \(text(min(transfer.options.connectTimeout, transfer.timeout))) s", reachHint)
        case CURLE_OPERATION_TIMEDOUT:
            return failure(
                .timeout, "no whole answer within \(text(transfer.timeout)) s, \(transfer.bytesReceived) bytes of it came",
                "The service may be overloaded; whether it acted on the request is not known.")
        case CURLE_PROXY:
            return failure(.connection, "the proxy refused (\(said))", proxyHint)
        case CURLE_GOT_NOTHING:
            return failure(.connection, "\(place) closed the connection without an answer", breakHints)
        case CURLE_ABORTED_BY_CALLBACK where transfer.diedOnReusedConnection:
            return failure(.connection, "the connection to \(place) was closed before an answer came", breakHints)
        case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_PARTIAL_FILE, CURLE_HTTP2, CURLE_HTTP2_STREAM:
            return failure(.connection, "the connection to \(place) broke before the whole answer was there (\(said))", breakHints)
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING:
            return failure(
                .protocolViolation, "what \(place) answered is not HTTP (\(said))",
                "Check that the address and the port are those of the service's API, and whether it wants https.")
        default:
            return failure(.other, "libcurl failed with code \(code.rawValue) (\(said))")
        }
    }

    static func cancelled(_ transfer: Transfer) -> TransportFailure {
        cancelled(method: transfer.method, url: transfer.url, hadNoEffect: !transfer.hasBegunSending)
    }

    static func cancelled(method: String, url: String, hadNoEffect: Bool) -> TransportFailure {
        TransportFailure(.cancelled, "\(method) \(SafeURL.text(url)) was cancelled.", hadNoEffect: hadNoEffect)
    }

    static func redirectsTookTooLong(_ request: HTTPRequest, timeout: Double) -> TransportFailure {
        TransportFailure(
            .timeout, "\(request.method) \(SafeURL.text(request.url)) and its redirects took more than \(text(timeout)) s.")
    }

    private static let reachHint = "Check that the service runs, that its address and port are right, and what stands in between."
    private static let proxyHint = "Check the settings of the proxy, and whether this host should be reached without it."
    private static let refusalHint = "A service that wants a client's certificate, or does not trust the one it got, does this."
    private static let unknownHint = "Whether the service acted on the request is not known."

    /// A peer that goes away in the middle of a handshake says nothing about certificates.
    private static func isBrokenHandshake(_ code: CURLcode, _ said: String) -> Bool {
        code == CURLE_SSL_CONNECT_ERROR
            && (said.contains("SSL_ERROR_SYSCALL") || said.contains("Connection reset") || said.contains("unexpected eof"))
    }

    private static func tls(_ code: CURLcode, _ said: String, _ place: String) -> (text: String, hints: [String])? {
        switch code {
        case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
            return (
                "\(place) has another public key than the pinned one",
                ["If the server's key was changed on purpose, pin the new one; if not, somebody may be in between."]
            )
        case CURLE_PEER_FAILED_VERIFICATION where said.contains("expired") || said.contains("not yet valid"):
            return (
                "the certificate of \(place) is not valid now",
                ["Renew the server's certificate, or check the clocks of both machines."]
            )
        case CURLE_PEER_FAILED_VERIFICATION where said.contains("subject name") || said.contains("does not match"):
            return (
                "the certificate of \(place) is for another name",
                ["Use the name that the certificate is for, or give the server one for this name."]
            )
        case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            return (
                "the certificate of \(place) is not trusted",
                ["For an authority of your own, or a self-signed certificate, give its PEM in the provider's settings."]
            )
        case CURLE_SSL_CACERT_BADFILE:
            return (
                "the certificates to trust could not be read", ["Check that the setting holds PEM text (-----BEGIN CERTIFICATE-----)."]
            )
        case CURLE_SSL_CERTPROBLEM:
            return (
                "the client's certificate or key could not be used",
                ["Check that both are PEM text, that the key has no passphrase, and that it belongs to the certificate."]
            )
        case CURLE_SSL_CLIENTCERT:
            return clientCertificate(place)
        case CURLE_RECV_ERROR where said.contains("alert"), CURLE_SEND_ERROR where said.contains("alert"),
            CURLE_SSL_CONNECT_ERROR where said.contains("alert certificate") || said.contains("alert bad certificate"):
            return clientCertificate(place)
        case CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CIPHER, CURLE_SSL_ENGINE_NOTFOUND, CURLE_USE_SSL_FAILED:
            return ("TLS with \(place) could not be set up", ["Check that the port speaks TLS, in version 1.2 or later."])
        default:
            return nil
        }
    }

    private static func clientCertificate(_ place: String) -> (text: String, hints: [String]) {
        (
            "\(place) wants a client certificate that it trusts",
            ["Give the client's certificate and key in the provider's settings, and make the service trust it."]
        )
    }

    private static func address(_ origin: Origin) -> String {
        origin.unixSocketPath ?? "\(origin.host):\(origin.port)"
    }

    /// Without a needless ".0".
    private static func text(_ seconds: Double) -> String {
        seconds == seconds.rounded() && seconds < 1e9 ? String(Int(seconds)) : String((seconds * 1000).rounded() / 1000)
    }
}
