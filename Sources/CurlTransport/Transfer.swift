import CCurl
import Transport

/// One exchange with one origin, once. Redirects and repetitions are other transfers.
///
/// `@unchecked Sendable`: written by its maker until it is posted to the event thread, touched only by that thread until the
/// continuation is resumed, and read by its maker after that.
final class Transfer: @unchecked Sendable {
    enum Phase: Equatable {
        case new, waiting
        case running(OpaqueHandle)
        case finished
    }

    let method: String
    let url: String
    let origin: Origin
    let headers: [HTTPHeader]
    let options: HTTPRequest.Options
    let proxy: String
    let noProxy: String
    let userAgent: String
    /// Seconds from here, redirects that went before taken off.
    let timeout: Double
    /// A copy of the body that stays where it is while libcurl reads from it.
    let body: UnsafeMutableRawBufferPointer?
    var connectionsPerEndpoint: Int { options.connectionsPerEndpoint }

    var continuation: CheckedContinuation<Result<HTTPResponse, TransportFailure>, Never>?
    var phase = Phase.new
    var isCancelled = false
    var limitEpoch = 0
    private var begun: ContinuousClock.Instant?
    /// From leaving the queue to the end.
    private(set) var seconds = 0.0

    /// How often libcurl was about to send the request: 0 means that the service has seen none of it.
    private var sendings = 0
    private var refusedToResend = false
    private var receiver: ResponseReceiver

    init(_ request: HTTPRequest, proxies: CurlHTTPTransport.Proxies, userAgent: String, timeout: Double) throws(TransportFailure) {
        method = request.method
        url = request.url
        headers = request.headers
        options = request.options
        origin = try ParsedURL(request).origin
        self.timeout = timeout
        self.userAgent = userAgent
        proxy = (origin.scheme == "https" ? proxies.https : proxies.http) ?? ""
        noProxy = proxies.no ?? ""
        receiver = ResponseReceiver(maximumBytes: max(0, request.options.maximumResponseBytes))
        if let bytes = request.body {
            let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(1, bytes.count), alignment: 1)
            bytes.withUnsafeBytes { copy.copyMemory(from: $0) }
            body = UnsafeMutableRawBufferPointer(rebasing: copy[0..<bytes.count])
            allocation = copy
        } else {
            body = nil
            allocation = nil
        }
    }

    private let allocation: UnsafeMutableRawBufferPointer?

    deinit {
        allocation?.deallocate()
    }

    /// Sending it twice does no harm.
    var isRepeatable: Bool { Methods.isIdempotent(method) || options.retry.isSafeToRepeat }
    var hasBegunSending: Bool { sendings > 0 }
    /// Some of an answer came.
    var hasAnswer: Bool { receiver.hasBegun }
    var bytesReceived: Int { receiver.body.count }
    var isTooLarge: Bool { receiver.isTooLarge }

    func begin() {
        begun = .now
    }

    /// The caller goes on. Called once.
    func resume(_ result: Result<HTTPResponse, TransportFailure>) {
        if let begun { seconds = begun.duration(to: .now).seconds }
        let waiting = continuation
        continuation = nil
        waiting?.resume(returning: result)
    }

    func result(_ code: CURLcode, _ easy: EasyHandle) -> Result<HTTPResponse, TransportFailure> {
        guard code == CURLE_OK else {
            return .failure(CurlFailure.failure(code, self, easy))
        }
        var response = receiver.response(status: easy.status, wasDecoded: easy.decodesContent)
        if options.endsAfterHandshake { response.peerCertificates = easy.certificates }
        return .success(response)
    }

    // MARK: - From libcurl, on the event thread

    /// Asked before each sending. libcurl sends a request again by itself when a connection that it reused turns out to be dead,
    /// whatever the method: the service may have acted on the first, so only what may be repeated goes out twice.
    func mayBeSent() -> Bool {
        sendings += 1
        guard sendings > 1 else { return true }
        receiver.reset()
        guard isRepeatable else {
            refusedToResend = true
            return false
        }
        return true
    }

    var diedOnReusedConnection: Bool { refusedToResend }

    func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        receiver.header(line)
    }

    func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
        receiver.body(bytes)
    }
}

enum Methods {
    /// By RFC 9110, 9.2.2.
    static func isIdempotent(_ method: String) -> Bool {
        switch method {
        case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE": true
        default: false
        }
    }
}
