extension RegexParser {
    /// `[…]`.
    mutating func parseClass() throws(RegexSyntaxError) -> RegexClass {
        let start = position
        position += 1
        var isNegated = false
        if next == "^" {
            isNegated = true
            position += 1
        }
        var items: [RegexClass.Item] = []
        var isFirst = true
        while let scalar = next, scalar != "]" || isFirst {
            isFirst = false
            if looking(at: "[:"), let item = try parsePOSIXClass() {
                items.append(item)
                continue
            }
            if scalar == "\\", let item = try parseNamedClass() {
                items.append(item)
                continue
            }
            let rangeStart = position
            let low = try parseClassScalar(start)
            var high = low
            if next == "-", let after = peek(1), after != "]" {
                position += 1
                high = try parseClassScalar(start)
                if high < low { throw RegexSyntaxError(message: "invalid character class range", part: text(rangeStart)) }
            }
            items.append(.range(low.value...high.value))
        }
        guard next == "]" else { throw RegexSyntaxError(message: "missing closing ]", part: text(start, scalars.count)) }
        position += 1
        return RegexClass(items, isNegated: isNegated, ignoresCase: flags.ignoresCase)
    }

    private mutating func parseClassScalar(_ classStart: Int) throws(RegexSyntaxError) -> Unicode.Scalar {
        guard let scalar = next else {
            throw RegexSyntaxError(message: "missing closing ]", part: text(classStart, scalars.count))
        }
        if scalar == "\\" { return try parseEscape() }
        position += 1
        return scalar
    }

    /// `[:alpha:]` and `[:^alpha:]`.
    private mutating func parsePOSIXClass() throws(RegexSyntaxError) -> RegexClass.Item? {
        var end = position + 2
        while end + 1 < scalars.count, !(scalars[end] == ":" && scalars[end + 1] == "]") { end += 1 }
        guard end + 1 < scalars.count else { return nil }
        var name = text(position + 2, end)
        let isNegated = name.utf8.first == UInt8(ascii: "^")
        if isNegated { name.removeFirst() }
        guard let ranges = Self.posixClasses[name] else {
            throw RegexSyntaxError(message: "invalid character class range", part: text(position, end + 2))
        }
        position = end + 2
        return Self.item(ranges, isNegated: isNegated)
    }

    /// `\d`, `\pL`, `\P{Greek}`; nil, and nothing read, for every other escape.
    mutating func parseNamedClass() throws(RegexSyntaxError) -> RegexClass.Item? {
        switch peek(1) {
        case "d", "D": return named([48...57], negatedBy: "D")
        case "s", "S": return named([9...10, 12...13, 32...32], negatedBy: "S")
        case "w", "W": return named([48...57, 65...90, 95...95, 97...122], negatedBy: "W")
        case "p", "P": return try parseUnicodeClass()
        default: return nil
        }
    }

    private mutating func named(_ ranges: [ClosedRange<UInt32>], negatedBy letter: Unicode.Scalar) -> RegexClass.Item {
        let isNegated = peek(1) == letter
        position += 2
        return Self.item(ranges, isNegated: isNegated)
    }

    private static func item(_ ranges: [ClosedRange<UInt32>], isNegated: Bool) -> RegexClass.Item {
        isNegated ? .not(RegexClass(ranges.map { .range($0) })) : .not(RegexClass(ranges.map { .range($0) }, isNegated: true))
    }

    private mutating func parseUnicodeClass() throws(RegexSyntaxError) -> RegexClass.Item {
        let start = position
        var isNegated = peek(1) == "P"
        position += 2
        guard let first = next else { throw RegexSyntaxError(message: "invalid character class range", part: text(start)) }
        var name = String(first)
        if first == "{" {
            guard let end = scalars[position...].firstIndex(of: "}") else {
                throw RegexSyntaxError(message: "invalid character class range", part: text(start, scalars.count))
            }
            name = text(position + 1, end)
            position = end + 1
        } else {
            position += 1
        }
        if name.utf8.first == UInt8(ascii: "^") {
            isNegated.toggle()
            name.removeFirst()
        }
        guard let item = UnicodeClasses.named(name) else {
            throw RegexSyntaxError(message: "invalid character class range", part: text(start))
        }
        return isNegated ? .not(RegexClass([item])) : item
    }

    /// One escaped scalar; the position is at its backslash.
    mutating func parseEscape() throws(RegexSyntaxError) -> Unicode.Scalar {
        let start = position
        position += 1
        guard let scalar = next else {
            throw RegexSyntaxError(message: "trailing backslash at end of expression", part: "")
        }
        position += 1
        switch scalar {
        case "a": return "\u{07}"
        case "f": return "\u{0C}"
        case "n": return "\n"
        case "r": return "\r"
        case "t": return "\t"
        case "v": return "\u{0B}"
        case "x":
            if let value = parseHexadecimal() { return value }
        case "0", "1", "2", "3", "4", "5", "6", "7":
            // A single digit that is not zero would be a back reference, which there is not.
            let isOctal = scalar == "0" || next.map { ("0"..."7").contains($0) } == true
            if isOctal {
                var value = scalar.value - 48
                var digits = 1
                while digits < 3, let digit = next, ("0"..."7").contains(digit) {
                    value = value * 8 + digit.value - 48
                    position += 1
                    digits += 1
                }
                if let result = Unicode.Scalar(value) { return result }
            }
        default:
            let isLetterOrDigit = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
            if scalar.isASCII, !isLetterOrDigit { return scalar }
        }
        throw RegexSyntaxError(message: "invalid escape sequence", part: text(start))
    }

    /// Two digits, or any number in braces.
    private mutating func parseHexadecimal() -> Unicode.Scalar? {
        func digit(_ scalar: Unicode.Scalar?) -> UInt32? {
            scalar.flatMap { $0.isASCII ? Character($0).hexDigitValue : nil }.map { UInt32($0) }
        }
        if next == "{" {
            position += 1
            var value: UInt32 = 0
            var count = 0
            while let one = digit(next) {
                value = value * 16 + one
                position += 1
                count += 1
                if value > 0x10FFFF { return nil }
            }
            guard next == "}" else { return nil }
            position += 1
            if count == 0 { return nil }
            return Unicode.Scalar(value)
        }
        let (first, second) = (digit(next), digit(peek(1)))
        // What stands in the digits' place is part of the message.
        position += first == nil ? 1 : 2
        position = min(position, scalars.count)
        guard let high = first, let low = second else { return nil }
        return Unicode.Scalar(high * 16 + low)
    }

    private static let posixClasses: [String: [ClosedRange<UInt32>]] = [
        "alnum": [48...57, 65...90, 97...122], "alpha": [65...90, 97...122], "ascii": [0...127], "blank": [9...9, 32...32],
        "cntrl": [0...31, 127...127], "digit": [48...57], "graph": [33...126], "lower": [97...122], "print": [32...126],
        "punct": [33...47, 58...64, 91...96, 123...126], "space": [9...13, 32...32], "upper": [65...90],
        "word": [48...57, 65...90, 95...95, 97...122], "xdigit": [48...57, 65...70, 97...102],
    ]
}
