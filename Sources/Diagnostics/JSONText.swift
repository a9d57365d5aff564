/// JSON written in order, by hand: keys come out as they are put in, and nothing is held twice.
public struct JSONText: Sendable {
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false
    private var isAfterKey = false
    /// Levels of two blanks that the current object or array is in; nil: all on one line.
    private var level: Int?

    /// - Parameter indent: nil for one line; else members are on lines of their own, so many levels of two blanks further in than the
    ///   line it begins on.
    public init(indent: Int? = nil) { level = indent }

    public var text: String { String(decoding: bytes, as: UTF8.self) }

    public mutating func object(_ body: (inout JSONText) throws -> Void) rethrows {
        try enclose("{", "}", body)
    }

    public mutating func array(_ body: (inout JSONText) throws -> Void) rethrows {
        try enclose("[", "]", body)
    }

    public mutating func key(_ name: String) {
        separate()
        quote(name)
        bytes.append(contentsOf: level == nil ? ":".utf8 : ": ".utf8)
        needsComma = false
        isAfterKey = true
    }

    public mutating func string(_ text: String) {
        separate()
        quote(text)
        needsComma = true
    }

    public mutating func bool(_ flag: Bool) { raw(flag ? "true" : "false") }
    public mutating func int(_ number: Int) { raw(String(number)) }
    public mutating func null() { raw("null") }

    /// Text that is JSON already.
    public mutating func raw(_ json: String) {
        separate()
        bytes.append(contentsOf: json.utf8)
        needsComma = true
    }

    /// `"name":true`.
    public mutating func flag(_ name: String) {
        key(name)
        bool(true)
    }

    public mutating func pair(_ name: String, _ text: String) {
        key(name)
        string(text)
    }

    private mutating func enclose(_ open: String, _ close: String, _ body: (inout JSONText) throws -> Void) rethrows {
        separate()
        bytes.append(contentsOf: open.utf8)
        needsComma = false
        let start = bytes.count
        level = level.map { $0 + 1 }
        try body(&self)
        level = level.map { $0 - 1 }
        if bytes.count > start { breakLine() }
        bytes.append(contentsOf: close.utf8)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        if !isAfterKey, !bytes.isEmpty { breakLine() }
        needsComma = false
        isAfterKey = false
    }

    private mutating func breakLine() {
        guard let level else { return }
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<level { bytes.append(contentsOf: "  ".utf8) }
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): bytes.append(contentsOf: "\\\"".utf8)
            case UInt8(ascii: "\\"): bytes.append(contentsOf: "\\\\".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case ..<0x20:
                let digits = String(byte, radix: 16)
                bytes.append(contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
