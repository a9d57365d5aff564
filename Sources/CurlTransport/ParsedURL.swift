import CCurl
import Transport

/// Scheme, host and port: what a connection leads to and credentials are meant for.
struct Origin: Hashable {
    /// In lower case, as is the host.
    var scheme: String
    var host: String
    var port: String
    var unixSocketPath: String?
}

/// A URL as libcurl itself reads it: with a reader of our own, the two could disagree about where credentials go.
struct ParsedURL {
    let origin: Origin

    init(_ request: HTTPRequest) throws(TransportFailure) {
        try self.init(request.url, unixSocketPath: request.options.unixSocketPath)
    }

    init(_ text: String, unixSocketPath: String? = nil) throws(TransportFailure) {
        let (origin, _) = try Self.read(text, resolving: nil, unixSocketPath: unixSocketPath)
        self.origin = origin
    }

    /// The URL that `reference` in an answer from `base` means.
    static func resolve(_ reference: String, against base: String, unixSocketPath: String?) throws(TransportFailure) -> (
        url: String, origin: Origin
    ) {
        let (origin, url) = try read(base, resolving: reference, unixSocketPath: unixSocketPath)
        return (url, origin)
    }

    private static func read(
        _ text: String, resolving reference: String?, unixSocketPath: String?
    ) throws(TransportFailure) -> (Origin, String) {
        guard let handle = curl_url() else { throw TransportFailure(.other, "libcurl gave no handle: out of memory.") }
        defer { curl_url_cleanup(handle) }
        try set(handle, text, UInt32(CURLU_PATH_AS_IS))
        if let reference {
            // Spaces are forgiven in a redirect, as browsers do.
            try set(handle, reference, UInt32(CURLU_URLENCODE))
        }
        let scheme = part(handle, CURLUPART_SCHEME, 0)?.lowercased()
        guard let scheme, let host = part(handle, CURLUPART_HOST, 0)?.lowercased(),
            let port = part(handle, CURLUPART_PORT, UInt32(CURLU_DEFAULT_PORT)), let url = part(handle, CURLUPART_URL, 0)
        else { throw unreadable(reference ?? text, "a part is missing") }
        guard scheme == "http" || scheme == "https" else {
            throw unreadable(reference ?? text, "only http and https are spoken")
        }
        return (Origin(scheme: scheme, host: host, port: port, unixSocketPath: unixSocketPath), url)
    }

    private static func set(_ handle: OpaquePointer, _ text: String, _ flags: UInt32) throws(TransportFailure) {
        let code = curl_url_set(handle, CURLUPART_URL, text, flags)
        guard code == CURLUE_OK else { throw unreadable(text, String(cString: curl_url_strerror(code))) }
    }

    private static func part(_ handle: OpaquePointer, _ part: CURLUPart, _ flags: UInt32) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard curl_url_get(handle, part, &text, flags) == CURLUE_OK, let text else { return nil }
        defer { curl_free(text) }
        return String(cString: text)
    }

    private static func unreadable(_ text: String, _ reason: String) -> TransportFailure {
        TransportFailure(
            .other, "The URL \(SafeURL.text(text)) cannot be used: \(reason).",
            hints: ["Check the provider's endpoint setting: an absolute URL that begins with https:// or http:// is expected."],
            hadNoEffect: true)
    }
}

/// URLs as they may be shown: a query's values, a user and a password are left out, whatever they are.
enum SafeURL {
    static func text(_ url: String) -> String {
        let withoutFragment = url.prefix { $0 != "#" }
        let parts = withoutFragment.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first else { return "" }
        var shown = withoutUser(address)
        guard parts.count == 2, !parts[1].isEmpty else { return shown }
        let names = parts[1].split(separator: "&").map { pair -> String in
            guard let equals = pair.firstIndex(of: "=") else { return "\u{2026}" }
            return pair[..<equals] + "=\u{2026}"
        }
        shown += "?" + names.joined(separator: "&")
        return shown
    }

    private static func withoutUser(_ address: Substring) -> String {
        guard let slashes = address.firstRange(of: "//") else { return String(address) }
        let authorityEnd = address[slashes.upperBound...].firstIndex(of: "/") ?? address.endIndex
        let authority = address[slashes.upperBound..<authorityEnd]
        guard let at = authority.lastIndex(of: "@") else { return String(address) }
        return String(address[..<slashes.upperBound] + address[address.index(after: at)...])
    }
}
