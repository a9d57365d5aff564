extension Value {
    /// Reads a JSON text as `jsondecode` does: arrays become tuples, objects objects, numbers have 512 bits.
    ///
    /// Of equal keys the last wins. Escapes that are half a pair and bytes that are not UTF-8 become U+FFFD. Nesting is limited to 256.
    public static func parsingJSON(_ bytes: [UInt8]) throws(JSONError) -> Value {
        let result = bytes.withUnsafeBufferPointer { buffer in
            var reader = JSONReader(buffer)
            return Result { () throws(JSONError) in try reader.document() }
        }
        return try result.get()
    }

    /// The same, converted to a type.
    public static func parsingJSON(_ bytes: [UInt8], as type: ValueType) throws(JSONError) -> Value {
        let value = try parsingJSON(bytes)
        do throws(ConversionError) {
            return try value.converted(to: type)
        } catch {
            throw JSONError(message: error.message, path: error.path)
        }
    }
}

private struct JSONReader {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0
    var depth = 0
    /// The last shapes made, since arrays hold alike objects.
    var lastShape = Shape(sortedNames: [])

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    mutating func document() throws(JSONError) -> Value {
        let value = try value()
        skipSpace()
        if position < bytes.count { throw failure("extraneous data after JSON value") }
        return value
    }

    private func failure(_ message: String) -> JSONError { JSONError(message: message, offset: position) }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private mutating func value() throws(JSONError) -> Value {
        skipSpace()
        guard position < bytes.count else { throw failure("unexpected end of JSON") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .true)
        case UInt8(ascii: "f"): return try word("false", .false)
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("invalid character at the beginning of a value")
        }
    }

    private mutating func word(_ word: StaticString, _ value: Value) throws(JSONError) -> Value {
        let count = word.utf8CodeUnitCount
        guard position + count <= bytes.count,
            UnsafeBufferPointer(start: word.utf8Start, count: count).elementsEqual(bytes[position..<(position + count)])
        else { throw failure("invalid literal") }
        position += count
        return value
    }

    private mutating func enter() throws(JSONError) {
        depth += 1
        if depth > Value.nestingLimit { throw failure("exceeded the nesting limit of \(Value.nestingLimit)") }
        position += 1
        skipSpace()
    }

    private mutating func array() throws(JSONError) -> Value {
        try enter()
        defer { depth -= 1 }
        var values = ContiguousArray<Value>()
        if position < bytes.count, bytes[position] == UInt8(ascii: "]") {
            position += 1
            return .emptyTuple
        }
        while true {
            values.append(try value())
            if try !hasNext(UInt8(ascii: "]")) { return Value.tuple(values) }
        }
    }

    /// Behind an element: true for a comma, false for the end.
    private mutating func hasNext(_ end: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        guard position < bytes.count else { throw failure("unexpected end of JSON") }
        let byte = bytes[position]
        guard byte == UInt8(ascii: ",") || byte == end else { throw failure("invalid character after an element") }
        position += 1
        return byte != end
    }

    private mutating func object() throws(JSONError) -> Value {
        try enter()
        defer { depth -= 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "}") {
            position += 1
            return .emptyObject
        }
        var names: [String] = []
        var slots = ContiguousArray<Value>()
        var inOrder = true
        repeat {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw failure("an object's key must be a string") }
            let name = try string().normalizedToNFC()
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: ":") else { throw failure("missing colon after an object's key") }
            position += 1
            if let last = names.last, !last.precedesByBytes(name) { inOrder = false }
            names.append(name)
            slots.append(try value())
        } while try hasNext(UInt8(ascii: "}"))
        guard inOrder else { return Value.object(zip(names, slots).map { ($0, $1) }) }
        if lastShape.names != names { lastShape = Shape(sortedNames: names) }
        return Value.object(shape: lastShape, slots: slots)
    }

    private mutating func number() throws(JSONError) -> Value {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let wholeStart = position
        let whole = skipDigits()
        if whole == 0 || (whole > 1 && bytes[wholeStart] == UInt8(ascii: "0")) { throw failure("invalid number") }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            if skipDigits() == 0 { throw failure("invalid number") }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
            if skipDigits() == 0 { throw failure("invalid number") }
        }
        guard let number = Number(decimal: UnsafeBufferPointer(rebasing: bytes[start..<position])) else {
            throw failure("a number out of range")
        }
        return .number(number)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) { position += 1 }
        return position - start
    }

    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = String(decoding: bytes[start..<position], as: UTF8.self)
                position += 1
                return text
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw failure("a control character in a string")
            default: position += 1
            }
        }
        throw failure("unexpected end of JSON in a string")
    }

    private mutating func escapedString(from start: Int) throws(JSONError) -> String {
        var text = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                try escape(&text)
            case 0..<0x20: throw failure("a control character in a string")
            default:
                text.append(byte)
                position += 1
            }
        }
        throw failure("unexpected end of JSON in a string")
    }

    private mutating func escape(_ text: inout [UInt8]) throws(JSONError) {
        guard position < bytes.count else { throw failure("unexpected end of JSON in a string") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexUnit()
            if code & 0xFC00 == 0xD800 {
                let before = position
                if position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u") {
                    position += 2
                    let low = try hexUnit()
                    if low & 0xFC00 == 0xDC00 {
                        code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
                    } else {
                        position = before
                    }
                }
            }
            let scalar = Unicode.Scalar(code) ?? "\u{FFFD}"
            text.append(contentsOf: String(scalar).utf8)
        default: throw failure("invalid escape in a string")
        }
    }

    private mutating func hexUnit() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw failure("unexpected end of JSON in a string") }
        var code: UInt32 = 0
        for _ in 0..<4 {
            let byte = bytes[position]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - 48
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - 87
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - 55
            default: throw failure("invalid escape in a string")
            }
            code = code << 4 | UInt32(digit)
            position += 1
        }
        return code
    }
}

extension Value {
    /// How deep foreign text may nest. Every walk over values is recursive, so this bounds the stack.
    static let nestingLimit = 256
}
