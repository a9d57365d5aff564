/// How a secret may be written in what a service or a script says.
enum SecretForms {
    /// Every form but the text itself; one that would be the text as it stands is left out.
    ///
    /// - Returns: forms, and whether words of the text stand in them as they are, with blanks between them.
    static func encoded(_ text: [UInt8]) -> [(bytes: [UInt8], keepsBlanks: Bool)] {
        var forms: [(bytes: [UInt8], keepsBlanks: Bool)] = []
        // What stands before a secret in an encoded text moves its groups by no, one or two bytes: three ways in which it is written.
        for shift in 0..<3 {
            let plain = base64(text, shift: shift)
            forms.append((plain, false))
            if plain.contains(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }) {
                let safe = plain.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? UInt8(ascii: "_") : $0 }
                forms.append((safe, false))
            }
        }
        for digits in ["0123456789abcdef", "0123456789ABCDEF"].map({ Array($0.utf8) }) {
            var hex: [UInt8] = []
            hex.reserveCapacity(text.count * 2)
            for byte in text {
                hex.append(digits[Int(byte >> 4)])
                hex.append(digits[Int(byte & 15)])
            }
            forms.append((hex, false))
            for isBlankPlus in [false, true] where !isBlankPlus || text.contains(UInt8(ascii: " ")) {
                var last = text
                for style in PercentStyle.allCases {
                    let percent = percent(text, style, digits, isBlankPlus: isBlankPlus)
                    if percent != text, percent != last { forms.append((percent, false)) }
                    last = percent
                }
            }
        }
        for apostrophe in ["&#39;", "&apos;"] {
            let markup = markup(text, quote: "&quot;", apostrophe)
            if markup != text { forms.append((markup, true)) }
        }
        // As Go writes it.
        if text.contains(UInt8(ascii: "\"")) { forms.append((markup(text, quote: "&#34;", "&#39;"), true)) }
        for style in JSONStyle.allCases {
            let json = json(text, style)
            if json != text { forms.append((json, true)) }
        }
        if text.contains(UInt8(ascii: "'")) {
            for quote in ["'\\''", "'\"'\"'", "\\'"] {
                forms.append((text.flatMap { $0 == UInt8(ascii: "'") ? Array(quote.utf8) : [$0] }, true))
            }
        }
        return forms
    }

    /// What stands as it is beside letters and digits: the four signs of RFC 3986, those that browsers leave besides, or none.
    private enum PercentStyle: String, CaseIterable {
        case unreserved = "-._~"
        case browser = "-._~!*'()"
        case none = ""
    }

    /// - Parameter isBlankPlus: as in a form.
    private static func percent(_ text: [UInt8], _ style: PercentStyle, _ digits: [UInt8], isBlankPlus: Bool) -> [UInt8] {
        let kept = Array(style.rawValue.utf8)
        var result: [UInt8] = []
        for byte in text {
            if isLetterOrDigit(byte) || kept.contains(byte) {
                result.append(byte)
            } else if isBlankPlus, byte == UInt8(ascii: " ") {
                result.append(UInt8(ascii: "+"))
            } else {
                result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return result
    }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

    /// As XML and HTML have it.
    private static func markup(_ text: [UInt8], quote: String, _ apostrophe: String) -> [UInt8] {
        var result: [UInt8] = []
        for byte in text {
            switch byte {
            case UInt8(ascii: "&"): result += "&amp;".utf8
            case UInt8(ascii: "<"): result += "&lt;".utf8
            case UInt8(ascii: ">"): result += "&gt;".utf8
            case UInt8(ascii: "\""): result += quote.utf8
            case UInt8(ascii: "'"): result += apostrophe.utf8
            default: result.append(byte)
            }
        }
        return result
    }

    /// What is escaped beside what has to be: nothing, the slash as PHP does it, what has a meaning in HTML as Go does it.
    private enum JSONStyle: CaseIterable { case least, slash, markup }

    private static func json(_ text: [UInt8], _ style: JSONStyle) -> [UInt8] {
        var result: [UInt8] = []
        for byte in text {
            switch byte {
            case UInt8(ascii: "\n"): result += "\\n".utf8
            case UInt8(ascii: "\r"): result += "\\r".utf8
            case UInt8(ascii: "\t"): result += "\\t".utf8
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "/") where style == .slash: result += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "<") where style == .markup: result += "\\u003c".utf8
            case UInt8(ascii: ">") where style == .markup: result += "\\u003e".utf8
            case UInt8(ascii: "&") where style == .markup: result += "\\u0026".utf8
            default: result.append(byte)
            }
        }
        return result
    }

    /// - Parameter shift: how many unknown bytes stand before the text in its first group; digits that depend on them are left out.
    static func base64(_ text: [UInt8], shift: Int) -> [UInt8] {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        result.reserveCapacity(text.count * 4 / 3 + 4)
        var bits = 0
        var count = shift * 8
        for byte in text {
            bits = (bits << 8 | Int(byte)) & 0xFFFF
            count += 8
            // Counted from the group's begin, of which the digits before the text's own are dropped below.
            while count >= 6 {
                count -= 6
                result.append(digits[bits >> count & 63])
            }
        }
        if count > 0 { result.append(digits[bits << (6 - count) & 63]) }
        return shift == 0 ? result : Array(result.dropFirst(shift == 1 ? 2 : 3))
    }
}
