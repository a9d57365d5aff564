import Values

extension Function {
    static let base64: [Function] = [
        Function("base64encode", [.string("str")], returns: .string, "The string's bytes in Base64.") { call in
            .string(Base64.encode(Array(try call.string(0).utf8)))
        },
        Function("base64decode", [.string("str", [.marked])], returns: .string, "The string whose bytes are given in Base64.") { call in
            let text = try call.string(0)
            guard case .bytes(let bytes) = Base64.decode(text) else {
                let shown = call[0].isSensitive ? "(sensitive value)" : quoted(text)
                throw FunctionError("failed to decode base64 data \(shown)")
            }
            guard let decoded = String(validating: bytes, as: UTF8.self) else {
                throw FunctionError("the result of decoding the provided string is not valid UTF-8")
            }
            return Value.string(decoded).marked(call[0].marks)
        },
        Function(
            "textencodebase64", [.string("string"), .string("encoding")], returns: .string,
            "The string's bytes in a character encoding, in Base64."
        ) { call in
            let name = try call.string(1)
            guard let encoding = TextEncoding.named(name) else { throw unknownEncoding(name) }
            guard let bytes = encoding.encode(try call.string(0)) else {
                throw FunctionError.argument(
                    0, "the given string contains characters that cannot be represented in \(encoding.name)")
            }
            return .string(Base64.encode(bytes))
        },
        Function(
            "textdecodebase64", [.string("source"), .string("encoding")], returns: .string,
            "The string whose bytes in a character encoding are given in Base64."
        ) { call in
            let name = try call.string(1)
            guard let encoding = TextEncoding.named(name) else { throw unknownEncoding(name) }
            let bytes: [UInt8]
            switch Base64.decode(try call.string(0)) {
            case .bytes(let decoded): bytes = decoded
            case .invalid(let offset):
                throw FunctionError.argument(0, "the given value is has an invalid base64 symbol at offset \(offset)")
            }
            guard let text = encoding.decode(bytes) else {
                throw FunctionError.argument(0, "the given string contains symbols that are not defined for \(encoding.name)")
            }
            return .string(text)
        },
        Function("urlencode", [.string("str")], returns: .string, "The string as it may stand in a URL's query.") { call in
            var result: [UInt8] = []
            let hexadecimal = Array("0123456789ABCDEF".utf8)
            for byte in try call.string(0).utf8 {
                switch byte {
                case 48...57, 65...90, 97...122, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"):
                    result.append(byte)
                case UInt8(ascii: " "): result.append(UInt8(ascii: "+"))
                default: result += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
                }
            }
            return .string(String(decoding: result, as: UTF8.self))
        },
    ]
}

private func unknownEncoding(_ name: String) -> FunctionError {
    .argument(1, "\(quoted(name)) is not a supported IANA encoding name or alias in this Terraform version")
}

/// The standard alphabet with padding.
enum Base64 {
    enum Decoded {
        case bytes([UInt8])
        /// The first character that cannot be, as an offset in the text.
        case invalid(Int)
    }

    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, byte) in alphabet.enumerated() { values[Int(byte)] = UInt8(value) }
        return values
    }()

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(3, bytes.count - start)
            let word =
                UInt32(bytes[start]) << 16 | (count > 1 ? UInt32(bytes[start + 1]) << 8 : 0) | (count > 2 ? UInt32(bytes[start + 2]) : 0)
            for place in 0..<4 {
                text.append(place <= count ? alphabet[Int(word >> UInt32(18 - place * 6) & 63)] : UInt8(ascii: "="))
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Line ends are skipped; the last bits need not be zero.
    static func decode(_ text: String) -> Decoded {
        let symbols = Array(text.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(symbols.count / 4 * 3)
        var word: UInt32 = 0
        var count = 0
        var position = 0
        func isLineEnd(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }
        while position < symbols.count {
            let symbol = symbols[position]
            if isLineEnd(symbol) {
                position += 1
                continue
            }
            if symbol == UInt8(ascii: "=") {
                guard count >= 2 else { return .invalid(position) }
                var rest = position + 1
                if count == 2 {
                    while rest < symbols.count, isLineEnd(symbols[rest]) { rest += 1 }
                    guard rest < symbols.count else { return .invalid(symbols.count) }
                    guard symbols[rest] == UInt8(ascii: "=") else { return .invalid(rest) }
                    rest += 1
                }
                while rest < symbols.count, isLineEnd(symbols[rest]) { rest += 1 }
                if rest < symbols.count { return .invalid(rest) }
                bytes.append(UInt8(truncatingIfNeeded: count == 2 ? word >> 4 : word >> 10))
                if count == 3 { bytes.append(UInt8(truncatingIfNeeded: word >> 2)) }
                return .bytes(bytes)
            }
            let value = values[Int(symbol)]
            if value == 255 { return .invalid(position) }
            word = word << 6 | UInt32(value)
            count += 1
            position += 1
            if count == 4 {
                bytes += [UInt8(truncatingIfNeeded: word >> 16), UInt8(truncatingIfNeeded: word >> 8), UInt8(truncatingIfNeeded: word)]
                word = 0
                count = 0
            }
        }
        return count == 0 ? .bytes(bytes) : .invalid(symbols.count - count)
    }
}
