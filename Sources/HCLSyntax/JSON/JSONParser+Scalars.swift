import Diagnostics

/// Numbers, keywords and strings: what is wrong in one of them is reported, and reading goes on behind it.
extension JSONParser {
    mutating func number() -> JSONNode {
        let start = index
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"),
                UInt8(ascii: "E"):
                index += 1
                continue
            default: break
            }
            break
        }
        let range = SourceRange(start, index)
        guard Self.isNumber(bytes[start..<index]) else {
            report("Invalid JSON number", "There is a syntax error in the given JSON number.", at: range)
            return JSONNode(kind: .invalid, range: range)
        }
        return JSONNode(kind: .number(String(decoding: bytes[start..<index], as: UTF8.self)), range: range)
    }

    /// A sign, digits without a leading zero, a fraction, an exponent.
    private static func isNumber(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        func digits() -> Int {
            let before = rest.count
            rest = rest.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            return before - rest.count
        }
        if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
        let leadsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        if whole == 0 || leadsWithZero && whole > 1 { return false }
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            if digits() == 0 { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
            if digits() == 0 { return false }
        }
        return rest.isEmpty
    }

    mutating func keyword() -> JSONNode {
        let start = index
        while let byte = peek(),
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "_")
        {
            index += 1
        }
        let range = SourceRange(start, index)
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        switch word {
        case "true": return JSONNode(kind: .bool(true), range: range)
        case "false": return JSONNode(kind: .bool(false), range: range)
        case "null": return JSONNode(kind: .null, range: range)
        case "undefined", "NaN", "Infinity":
            report("Invalid JSON keyword", "The JavaScript identifier \"\(word)\" cannot be used in JSON.", at: range)
        default:
            let near = nearestName(word, among: ["true", "false", "null"]).map { " Did you mean \"\($0)\"?" } ?? ""
            report(
                "Invalid JSON keyword", "\"\(word)\" is not a valid JSON keyword.\(near)", at: range,
                hints: near.isEmpty ? ["Put the text in double quotes."] : [])
        }
        return JSONNode(kind: .invalid, range: range)
    }

    /// Nil after reporting a fault in it; the string has then been passed over.
    mutating func string() throws(SyntaxFailure) -> JSONString? {
        let start = index
        index += 1
        var text: [UInt8] = []
        var offsets: [UInt32]?
        var fault: SourceRange?
        while let byte = peek() {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                if let fault {
                    _ = refusal(fault)
                    return nil
                }
                offsets?.append(UInt32(index - 1))
                return JSONString(bytes: text, range: SourceRange(start, index), offsets: offsets)
            case UInt8(ascii: "\\"):
                if offsets == nil { offsets = (start + 1..<index).map { UInt32($0) } }
                let escape = index
                let before = text.count
                if !appendEscape(to: &text), fault == nil { fault = SourceRange(escape, index) }
                offsets?.append(contentsOf: repeatElement(UInt32(escape), count: text.count - before))
            case UInt8(ascii: "\n"):
                // A quote is missing: what follows is no part of it.
                throw refusal(SourceRange(start, index), hints: ["Add the closing quote."])
            case 0..<0x20:
                if fault == nil { fault = SourceRange(index, index + 1) }
                index += 1
            default:
                text.append(byte)
                offsets?.append(UInt32(index))
                index += 1
            }
        }
        throw refusal(SourceRange(start, index), hints: ["Add the closing quote."])
    }

    private mutating func refusal(_ range: SourceRange, hints: [String] = []) -> SyntaxFailure {
        failure("Invalid JSON string", "There is a syntax error in the given JSON string.", at: range, hints: hints)
    }

    /// Reads an escape and leaves `index` behind it.
    private mutating func appendEscape(to text: inout [UInt8]) -> Bool {
        index += 1
        guard let byte = peek() else { return false }
        // A line end belongs to nobody's escape; the string ends there.
        if byte == UInt8(ascii: "\n") { return false }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            guard let unit = hexadecimal() else { return false }
            var scalar = Unicode.Scalar(unit)
            if unit >> 10 == 0x36, bytes[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) {
                let behind = index
                index += 2
                if let low = hexadecimal(), low >> 10 == 0x37 {
                    scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
                } else {
                    index = behind
                }
            }
            // Half of a pair stands for nothing.
            text.append(contentsOf: String(scalar ?? "\u{FFFD}").utf8)
        default: return false
        }
        return true
    }

    private mutating func hexadecimal() -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        var result: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): result = result << 4 + UInt32(byte - 48)
            case UInt8(ascii: "a")...UInt8(ascii: "f"): result = result << 4 + UInt32(byte - 87)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): result = result << 4 + UInt32(byte - 55)
            default: return nil
            }
        }
        index += 4
        return result
    }
}
