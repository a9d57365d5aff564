extension Value {
    /// The text that `jsonencode` gives: no spaces, keys in byte order, `<`, `>`, `&` and line separators escaped. Marks are not looked at.
    /// - Throws: for unknown values and infinities.
    public func jsonText() throws(JSONError) -> String {
        var bytes: [UInt8] = []
        try appendJSON(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the bytes of `jsonText()`.
    public func appendJSON(to bytes: inout [UInt8]) throws(JSONError) {
        if !isWhollyKnown { throw JSONError(message: "value is not known", path: firstUnknown) }
        var hasInfinity = false
        JSONWriter.append(self, to: &bytes, &hasInfinity)
        if hasInfinity { throw JSONError(message: "cannot serialize infinity as JSON") }
    }

    private var firstUnknown: Path {
        var found: Path?
        walk { path, value in
            if found == nil, value.isUnknown { found = path }
            return found == nil && value.beneath.contains(.unknown)
        }
        return found ?? []
    }
}

enum JSONWriter {
    static func append(_ value: Value, to bytes: inout [UInt8], _ hasInfinity: inout Bool) {
        switch value.node {
        case .bool(let value): bytes.append(contentsOf: value ? "true".utf8 : "false".utf8)
        case .number(let number):
            if number.isInfinite { hasInfinity = true }
            number.appendText(to: &bytes)
        case .string(let text): append(text, to: &bytes)
        case .list(let elements), .set(let elements): append(elements.values, to: &bytes, &hasInfinity)
        case .tuple(let values): append(values, to: &bytes, &hasInfinity)
        case .map(let map):
            bytes.append(UInt8(ascii: "{"))
            for index in map.entries.indices {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(map.entries[index].key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                append(map.entries[index].value, to: &bytes, &hasInfinity)
            }
            bytes.append(UInt8(ascii: "}"))
        case .object(let object):
            bytes.append(UInt8(ascii: "{"))
            for index in object.slots.indices {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                append(object.shape.names[index], to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                append(object.slots[index], to: &bytes, &hasInfinity)
            }
            bytes.append(UInt8(ascii: "}"))
        case .null, .unknown: bytes.append(contentsOf: "null".utf8)
        }
    }

    private static func append(_ values: ContiguousArray<Value>, to bytes: inout [UInt8], _ hasInfinity: inout Bool) {
        bytes.append(UInt8(ascii: "["))
        for index in values.indices {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(values[index], to: &bytes, &hasInfinity)
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// A string with its quotes.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { utf8 in
            var start = 0
            var index = -1
            while true {
                index += 1
                while index < utf8.count, !needsCare(utf8[index]) { index += 1 }
                if index >= utf8.count { break }
                let escape: StaticString
                var length = 1
                switch utf8[index] {
                case UInt8(ascii: "\""): escape = "\\\""
                case UInt8(ascii: "\\"): escape = "\\\\"
                case UInt8(ascii: "\n"): escape = "\\n"
                case UInt8(ascii: "\r"): escape = "\\r"
                case UInt8(ascii: "\t"): escape = "\\t"
                case 0x08: escape = "\\b"
                case 0x0C: escape = "\\f"
                case UInt8(ascii: "<"): escape = "\\u003c"
                case UInt8(ascii: ">"): escape = "\\u003e"
                case UInt8(ascii: "&"): escape = "\\u0026"
                case 0xE2:
                    // U+2028 and U+2029, which JavaScript takes for ends of lines.
                    guard index + 2 < utf8.count, utf8[index + 1] == 0x80, utf8[index + 2] & 0xFE == 0xA8 else { continue }
                    escape = utf8[index + 2] == 0xA8 ? "\\u2028" : "\\u2029"
                    length = 3
                default: escape = "\\u00"
                }
                bytes.append(contentsOf: utf8[start..<index])
                bytes.append(contentsOf: UnsafeBufferPointer(start: escape.utf8Start, count: escape.utf8CodeUnitCount))
                if escape.utf8CodeUnitCount == 4 {
                    bytes.append(hexDigit(utf8[index] >> 4))
                    bytes.append(hexDigit(utf8[index] & 15))
                }
                start = index + length
            }
            bytes.append(contentsOf: utf8[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

    /// Whether a byte is not copied as it is, or may not be.
    private static func needsCare(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), 0xE2: true
        default: false
        }
    }
}
