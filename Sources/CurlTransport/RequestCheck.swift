import Transport

/// What must not reach libcurl: it would pass a line break in a header on as a header of its own.
enum RequestCheck {
    static func check(_ request: HTTPRequest) throws(TransportFailure) {
        guard !request.method.isEmpty, request.method.utf8.allSatisfy(isTokenCharacter) else {
            throw TransportFailure(.other, "\"\(request.method)\" is not a method of HTTP.", hadNoEffect: true)
        }
        for header in request.headers {
            guard !header.name.isEmpty, header.name.utf8.allSatisfy(isTokenCharacter) else {
                throw refused(request, "\"\(header.name)\" cannot be the name of a header")
            }
            guard header.value.utf8.allSatisfy({ $0 != 0x0D && $0 != 0x0A && $0 != 0 }) else {
                throw refused(request, "the value of the header \(header.name) holds a line break or a zero byte")
            }
        }
        guard request.url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
            throw refused(request, "the URL holds a space or a control character")
        }
    }

    private static func refused(_ request: HTTPRequest, _ reason: String) -> TransportFailure {
        TransportFailure(.other, "\(request.method) \(SafeURL.text(request.url)) was not sent: \(reason).", hadNoEffect: true)
    }

    /// By RFC 9110, 5.6.2.
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
