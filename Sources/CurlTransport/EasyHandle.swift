import CCurl
import Transport

/// One of libcurl's easy handles, used for one transfer after another. Owned by the event thread; frees itself.
final class EasyHandle {
    let pointer: OpaqueHandle
    private let errorText: UnsafeMutablePointer<CChar>
    private var headerList: UnsafeMutablePointer<curl_slist>?
    /// libcurl asked for compression by itself and undoes it.
    private(set) var decodesContent = false

    init() throws(TransportFailure) {
        guard let handle = curl_easy_init() else {
            throw TransportFailure(.other, "libcurl gave no handle: out of memory.")
        }
        pointer = handle
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_slist_free_all(headerList)
        curl_easy_cleanup(pointer)
        errorText.deallocate()
    }

    var status: Int {
        var value = 0
        ccurl_get_long(pointer, CURLINFO_RESPONSE_CODE, &value)
        return value
    }

    /// What the server showed, in PEM; only where it was asked for.
    var certificates: [String] {
        guard let info = ccurl_certificates(pointer) else { return [] }
        return (0..<Int(info.pointee.num_of_certs)).compactMap { index in
            var line = info.pointee.certinfo[index]
            while let current = line {
                let text = String(cString: current.pointee.data)
                if text.hasPrefix("Cert:") { return String(text.dropFirst("Cert:".count)) }
                line = current.pointee.next
            }
            return nil
        }
    }

    /// What libcurl says about the failure; empty where it says nothing.
    var errorDetail: String { String(cString: errorText) }

    /// Forgets the transfer and its secrets. Connections, sessions and names looked up belong to the multi handle and stay.
    func recycle() {
        curl_easy_reset(pointer)
        curl_slist_free_all(headerList)
        headerList = nil
    }

    /// Sets everything for this transfer. All options are set anew each time: a handle carries nothing over.
    func prepare(_ transfer: Transfer) throws(TransportFailure) {
        errorText[0] = 0
        try setFixedOptions()
        try setCallbacks(transfer)
        try set(CURLOPT_URL, transfer.url)
        try set(CURLOPT_TIMEOUT_MS, Int(Milliseconds.of(seconds: transfer.timeout)))
        try set(CURLOPT_CONNECTTIMEOUT_MS, Int(Milliseconds.of(seconds: transfer.options.connectTimeout)))
        try set(offset: CURLOPT_MAXFILESIZE_LARGE, max(1, transfer.options.maximumResponseBytes))
        // An empty string, not none: with none libcurl would look into the environment.
        try set(CURLOPT_PROXY, transfer.proxy)
        try set(CURLOPT_NOPROXY, transfer.noProxy)
        // A server ends an HTTP/2 connection with requests under way that it has not looked at. libcurl repeats those without telling
        // them from requests that may have been acted on: what must not go out twice is sent by HTTP/1.1, where the end is announced
        // with an answer.
        try set(CURLOPT_HTTP_VERSION, transfer.isRepeatable ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)
        // Rather wait for what ALPN says of a connection being set up than open another. Without TLS nothing is said before the first
        // answer, and all would wait for that.
        try set(CURLOPT_PIPEWAIT, transfer.origin.scheme == "https" && transfer.isRepeatable ? 1 : 0)
        if let path = transfer.options.unixSocketPath { try set(CURLOPT_UNIX_SOCKET_PATH, path) }
        try setTLS(transfer.options.tls)
        if transfer.options.endsAfterHandshake {
            try set(CURLOPT_CONNECT_ONLY, 1)
            try set(CURLOPT_CERTINFO, 1)
            // Of a connection that is used again nothing is known any more.
            try set(CURLOPT_FRESH_CONNECT, 1)
        }
        try setMethodAndBody(transfer)
        try setHeaders(transfer)
    }

    private func setFixedOptions() throws(TransportFailure) {
        try check(ccurl_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText))
        try set(CURLOPT_NOSIGNAL, 1)
        try set(CURLOPT_PROTOCOLS_STR, "http,https")
        try set(CURLOPT_FOLLOWLOCATION, 0)
        // Sent as it was written: what was signed must be what arrives.
        try set(CURLOPT_PATH_AS_IS, 1)
        try set(CURLOPT_TCP_NODELAY, 1)
        try set(CURLOPT_TCP_KEEPALIVE, 1)
        try set(CURLOPT_TCP_KEEPIDLE, 30)
        try set(CURLOPT_TCP_KEEPINTVL, 10)
        try set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        // Else ending a transfer waits for its name to be looked up, and the whole thread with it.
        try set(CURLOPT_QUICK_EXIT, 1)
    }

    private func setCallbacks(_ transfer: Transfer) throws(TransportFailure) {
        // Unretained: the loop holds the transfer for as long as the handle is in the multi handle.
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        try check(ccurl_set_pointer(pointer, CURLOPT_WRITEDATA, context))
        try check(ccurl_set_pointer(pointer, CURLOPT_HEADERDATA, context))
        try check(ccurl_set_pointer(pointer, CURLOPT_PREREQDATA, context))
        try check(
            ccurl_set_write_callback(pointer, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                guard let context else { return 0 }
                let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.receiveBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
            })
        try check(
            ccurl_set_write_callback(pointer, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                guard let context else { return 0 }
                let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
                return transfer.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
            })
        try check(
            ccurl_set_prereq_callback(pointer) { context, _, _, _, _ in
                guard let context else { return CURL_PREREQFUNC_ABORT }
                return Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().mayBeSent()
                    ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
            })
    }

    private func setTLS(_ tls: HTTPRequest.TLS) throws(TransportFailure) {
        try set(CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2)
        try set(CURLOPT_SSL_VERIFYPEER, tls.isVerified ? 1 : 0)
        try set(CURLOPT_SSL_VERIFYHOST, tls.isVerified ? 2 : 0)
        if let authorities = tls.certificateAuthorities {
            try set(blob: CURLOPT_CAINFO_BLOB, authorities)
            // In place of the system's, not beside them.
            try check(ccurl_set_string(pointer, CURLOPT_CAPATH, nil))
        } else if Self.systemHasBundle(pointer) {
            // The bundle alone is enough, and only without a folder does libcurl keep it parsed for the next connection.
            try check(ccurl_set_string(pointer, CURLOPT_CAPATH, nil))
        }
        if let pinned = tls.pinnedPublicKey { try set(CURLOPT_PINNEDPUBLICKEY, pinned) }
        if let certificate = tls.clientCertificate {
            try set(CURLOPT_SSLCERTTYPE, "PEM")
            try set(blob: CURLOPT_SSLCERT_BLOB, certificate)
        }
        if let key = tls.clientKey {
            try set(CURLOPT_SSLKEYTYPE, "PEM")
            try set(blob: CURLOPT_SSLKEY_BLOB, key)
        }
    }

    private static func systemHasBundle(_ handle: OpaqueHandle) -> Bool {
        var path: UnsafePointer<CChar>?
        return ccurl_get_string(handle, CURLINFO_CAINFO, &path) == CURLE_OK && path != nil
    }

    private func setMethodAndBody(_ transfer: Transfer) throws(TransportFailure) {
        switch (transfer.method, transfer.body) {
        case ("GET", nil):
            try set(CURLOPT_HTTPGET, 1)
        case ("HEAD", nil):
            try set(CURLOPT_NOBODY, 1)
        case ("DELETE", nil), ("OPTIONS", nil), ("TRACE", nil):
            try set(CURLOPT_CUSTOMREQUEST, transfer.method)
        case (let method, let body):
            // POST, PUT and PATCH without a body say so with Content-Length: 0.
            try set(CURLOPT_POST, 1)
            try set(offset: CURLOPT_POSTFIELDSIZE_LARGE, body?.count ?? 0)
            if let body, let start = body.baseAddress {
                try check(ccurl_set_pointer(pointer, CURLOPT_POSTFIELDS, start))
            } else {
                // libcurl would read a body from standard input without this; it is copied.
                try set(CURLOPT_COPYPOSTFIELDS, "")
            }
            if method != "POST" { try set(CURLOPT_CUSTOMREQUEST, method) }
        }
    }

    private func setHeaders(_ transfer: Transfer) throws(TransportFailure) {
        var names: Set<String> = []
        for header in transfer.headers {
            names.insert(header.name.lowercased())
            // libcurl takes "Name:" as a wish to leave the header out, "Name;" as one without value.
            try add(header: header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        if !names.contains("user-agent") { try set(CURLOPT_USERAGENT, transfer.userAgent) }
        // libcurl would declare every body a form, and wait for "100 Continue".
        if !names.contains("content-type") { try add(header: "Content-Type:") }
        if !names.contains("expect") { try add(header: "Expect:") }
        decodesContent = !names.contains("accept-encoding")
        // Empty: all that this libcurl can undo.
        if decodesContent { try set(CURLOPT_ACCEPT_ENCODING, "") }
        try check(ccurl_set_pointer(pointer, CURLOPT_HTTPHEADER, headerList))
    }

    private func add(header line: String) throws(TransportFailure) {
        guard let longer = curl_slist_append(headerList, line) else {
            throw TransportFailure(.other, "libcurl did not take a header: out of memory.")
        }
        headerList = longer
    }

    // MARK: - Setting options

    private func set(_ option: CURLoption, _ value: Int) throws(TransportFailure) {
        try check(ccurl_set_long(pointer, option, value))
    }

    private func set(offset option: CURLoption, _ value: Int) throws(TransportFailure) {
        try check(ccurl_set_offset(pointer, option, value))
    }

    private func set(_ option: CURLoption, _ value: String) throws(TransportFailure) {
        try check(ccurl_set_string(pointer, option, value))
    }

    private func set(blob option: CURLoption, _ text: String) throws(TransportFailure) {
        let bytes = Array(text.utf8)
        try check(bytes.withUnsafeBytes { ccurl_set_blob(pointer, option, $0.baseAddress, $0.count) })
    }

    private func check(_ code: CURLcode) throws(TransportFailure) {
        guard code != CURLE_OK else { return }
        throw TransportFailure(.other, "libcurl refused an option: \(String(cString: curl_easy_strerror(code))).")
    }
}
