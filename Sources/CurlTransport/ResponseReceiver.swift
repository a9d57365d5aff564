import Transport

/// Gathers an answer as libcurl hands it over, and refuses what is too long.
struct ResponseReceiver {
    /// Of all header lines. No service needs more; libcurl 7.88 itself limits only a single line.
    static let maximumHeaderBytes = 1 << 20

    let maximumBytes: Int
    private(set) var headers: [HTTPHeader] = []
    private(set) var body: [UInt8] = []
    private(set) var isTooLarge = false
    private var headerBytes = 0

    var hasBegun: Bool { headerBytes > 0 }

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    mutating func reset() {
        self = ResponseReceiver(maximumBytes: maximumBytes)
    }

    /// One line with its line break. False ends the exchange.
    mutating func header(_ line: UnsafeRawBufferPointer) -> Bool {
        headerBytes += line.count
        guard headerBytes <= Self.maximumHeaderBytes else {
            isTooLarge = true
            return false
        }
        let text = Self.trimmed(line[...])
        guard !text.isEmpty else { return true }
        if text.starts(with: "HTTP/".utf8) {
            // A new status line: what came before belonged to an interim answer.
            headers.removeAll(keepingCapacity: true)
            return true
        }
        if let first = line.first, first == 0x20 || first == 0x09, let last = headers.indices.last {
            // A folded line continues the value before it.
            headers[last].value += " " + String(decoding: text, as: UTF8.self)
            return true
        }
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")) else { return true }
        headers.append(
            HTTPHeader(
                String(decoding: text[text.startIndex..<colon], as: UTF8.self),
                String(decoding: Self.trimmed(text[(colon + 1)...]), as: UTF8.self)))
        return true
    }

    mutating func body(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= maximumBytes else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }

    /// - Parameter wasDecoded: libcurl has undone `Content-Encoding`, so that the header would lie about the body.
    func response(status: Int, wasDecoded: Bool) -> HTTPResponse {
        var headers = headers
        if wasDecoded { headers.removeAll { $0.name.lowercased() == "content-encoding" } }
        return HTTPResponse(status: status, headers: headers, body: body)
    }

    private static func trimmed(_ bytes: Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D || byte == 0x0A }
        var bytes = bytes
        while let first = bytes.first, isSpace(first) { bytes.removeFirst() }
        while let last = bytes.last, isSpace(last) { bytes.removeLast() }
        return bytes
    }
}
