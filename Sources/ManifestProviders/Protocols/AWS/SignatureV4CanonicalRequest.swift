import Transport

/// A request in the one form that both sides digest: method, path, sorted query, sorted headers, digest of the body.
struct CanonicalRequest: Sendable {
    let text: String
    /// Names, sorted, separated by semicolons.
    let signedHeaders: String

    init(_ request: HTTPRequest, adding added: [HTTPHeader], bodyDigest: String, normalizesPath: Bool, encodesPath: Bool) {
        let url = Self.parts(request.url)
        var values: [String: [String]] = [:]
        let replaced = Set(added.map { $0.name.lowercased() })
        for header in request.headers {
            let name = header.name.lowercased()
            guard !Self.isUnsigned(name), !replaced.contains(name) else { continue }
            values[name, default: []].append(Self.collapsed(header.value))
        }
        for header in added { values[header.name.lowercased(), default: []].append(Self.collapsed(header.value)) }
        // What libcurl sends by itself.
        if values["host"] == nil { values["host"] = [url.host] }

        let names = values.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        signedHeaders = names.joined(separator: ";")
        let path = normalizesPath ? Self.normalized(url.path) : url.path.isEmpty ? "/" : String(url.path)
        var lines = [request.method, encodesPath ? Self.encodedPath(path) : path, Self.query(url.query)]
        for name in names { lines.append("\(name):\((values[name] ?? []).joined(separator: ","))") }
        lines += ["", signedHeaders, bodyDigest]
        text = lines.joined(separator: "\n")
    }

    /// Headers that a client library or a proxy may still change.
    private static func isUnsigned(_ name: String) -> Bool {
        switch name {
        case "accept-encoding", "authorization", "connection", "expect", "keep-alive", "te", "trailer", "transfer-encoding", "upgrade",
            "user-agent", "x-amzn-trace-id":
            true
        default: false
        }
    }

    /// Without white space at the ends, and with one space for any within.
    private static func collapsed(_ value: String) -> String {
        value.utf8.split { $0 == 0x20 || (0x09...0x0D).contains($0) }.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    // MARK: - URL

    /// Host with its port as `Host` has them, path and query as written.
    private static func parts(_ url: String) -> (host: String, path: Substring, query: Substring) {
        var rest = url.prefix { $0 != "#" }
        var scheme = ""
        if let separator = rest.firstRange(of: "://") {
            scheme = rest[..<separator.lowerBound].lowercased()
            rest = rest[separator.upperBound...]
        }
        let authorityEnd = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        var authority = rest[..<authorityEnd]
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        let defaultPort = scheme == "https" ? ":443" : ":80"
        if authority.hasSuffix(defaultPort) { authority = authority.dropLast(defaultPort.count) }
        let target = rest[authorityEnd...]
        guard let mark = target.firstIndex(of: "?") else { return (String(authority), target, "") }
        return (String(authority), target[..<mark], target[target.index(after: mark)...])
    }

    private static func normalized(_ path: Substring) -> String {
        var segments: [Substring] = []
        for segment in path.split(separator: "/") {
            switch segment {
            case ".": break
            case "..": _ = segments.popLast()
            default: segments.append(segment)
            }
        }
        guard !segments.isEmpty else { return "/" }
        let isFolder = path.hasSuffix("/") || path.hasSuffix("/.") || path.hasSuffix("/..")
        return "/" + segments.joined(separator: "/") + (isFolder ? "/" : "")
    }

    private static func encodedPath(_ path: String) -> String {
        path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { encoded($0) }.joined(separator: "/")
    }

    /// Names and values decoded, encoded in AWS's way, and sorted by their encoded form.
    private static func query(_ query: Substring) -> String {
        guard !query.isEmpty else { return "" }
        let pairs = query.utf8.split(separator: UInt8(ascii: "&")).map { pair -> (name: String, value: String) in
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let value = equals == pair.endIndex ? pair[equals...] : pair[pair.index(after: equals)...]
            return (encoded(decoded(pair[..<equals])), encoded(decoded(value)))
        }
        let sorted = pairs.sorted { first, second in
            first.name == second.name
                ? first.value.utf8.lexicographicallyPrecedes(second.value.utf8)
                : first.name.utf8.lexicographicallyPrecedes(second.name.utf8)
        }
        return sorted.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
    }

    private static func decoded(_ text: Substring.UTF8View.SubSequence) -> [UInt8] {
        var bytes: [UInt8] = []
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%"), let high = digit(text, index, 1), let low = digit(text, index, 2) {
                bytes.append(high << 4 | low)
                index = text.index(index, offsetBy: 3)
            } else {
                bytes.append(text[index])
                index = text.index(after: index)
            }
        }
        return bytes
    }

    private static func digit(_ text: Substring.UTF8View.SubSequence, _ start: Substring.UTF8View.Index, _ offset: Int) -> UInt8? {
        guard let index = text.index(start, offsetBy: offset, limitedBy: text.endIndex), index < text.endIndex else { return nil }
        switch text[index] {
        case let byte where (0x30...0x39).contains(byte): return byte - 0x30
        case let byte where (0x41...0x46).contains(byte): return byte - 0x37
        case let byte where (0x61...0x66).contains(byte): return byte - 0x57
        default: return nil
        }
    }

    /// All but the unreserved characters of RFC 3986, in capitals.
    private static func encoded(_ bytes: some Sequence<UInt8>) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var text: [UInt8] = []
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                text.append(byte)
            default:
                text += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
