import Values

/// Values of every type, with the numbers and texts at the edges.
struct RandomValues {
    var random: SeededRandom
    /// Some of the texts come from here.
    let texts: [UInt8]

    init(_ random: SeededRandom, texts: [UInt8]) {
        self.random = random
        self.texts = texts
    }

    /// Mostly of the type; now and then of any.
    mutating func value(like type: ValueType, depth: Int = 0) -> Value {
        if Int.random(in: 0..<12, using: &random) == 0 { return any(depth) }
        let plain = known(type, depth)
        switch Int.random(in: 0..<40, using: &random) {
        case 0: return .null(type)
        case 1: return .unknown(type)
        case 2: return plain.marked(.sensitive)
        default: return plain
        }
    }

    private mutating func known(_ type: ValueType, _ depth: Int) -> Value {
        let count = Int.random(in: 0...4, using: &random)
        switch type {
        case .string: return .string(text())
        case .number: return .number(number())
        case .bool: return .bool(Bool.random(using: &random))
        case .list(let element):
            if element == .dynamic { return sameTyped(count, depth) }
            return .list((0..<count).map { _ in known(element, depth + 1) }, of: element)
        case .set(let element):
            if element == .dynamic { return .set((0..<count).map { _ in Value.string(text()) }, of: .string) }
            return .set((0..<count).map { _ in known(element, depth + 1) }, of: element)
        case .map(let element):
            let of = element == .dynamic ? ValueType.string : element
            var names: Set<String> = []
            let entries = (0..<count).compactMap { _ -> (String, Value)? in
                let name = text()
                return names.insert(name).inserted ? (name, known(of, depth + 1)) : nil
            }
            return .map(entries, of: of)
        default: return any(depth)
        }
    }

    private mutating func sameTyped(_ count: Int, _ depth: Int) -> Value {
        let type: ValueType = [.string, .number, .bool, .list(.string), .map(.number)].randomElement(using: &random) ?? .string
        return .list((0..<count).map { _ in known(type, depth + 1) }, of: type)
    }

    private mutating func any(_ depth: Int) -> Value {
        let count = depth > 2 ? 0 : Int.random(in: 0...4, using: &random)
        switch Int.random(in: 0..<12, using: &random) {
        case 0, 1, 2: return .string(text())
        case 3, 4: return .number(number())
        case 5: return .bool(Bool.random(using: &random))
        case 6: return .null
        case 7: return .tuple((0..<count).map { _ in any(depth + 1) })
        case 8: return sameTyped(count, depth)
        case 9: return known(.set(.string), depth)
        case 10: return known(.map(.string), depth)
        default:
            var names: Set<String> = []
            return .object(
                (0..<count).compactMap { _ -> (String, Value)? in
                    let name = text()
                    return names.insert(name).inserted ? (name, any(depth + 1)) : nil
                })
        }
    }

    private mutating func number() -> Number {
        let digits = Self.numbers.randomElement(using: &random) ?? "0"
        return Number(decimal: digits) ?? .zero
    }

    private mutating func text() -> String {
        if Int.random(in: 0..<3, using: &random) == 0, !texts.isEmpty {
            let start = Int.random(in: 0..<texts.count, using: &random)
            let end = min(texts.count, start + Int.random(in: 0...60, using: &random))
            return String(decoding: texts[start..<end], as: UTF8.self)
        }
        let one = Self.edges.randomElement(using: &random) ?? ""
        return Int.random(in: 0..<6, using: &random) == 0 ? one + (Self.edges.randomElement(using: &random) ?? "") : one
    }

    private static let numbers = [
        "0", "1", "2", "3", "-1", "10", "16", "32", "36", "62", "63", "0.5", "-0.5", "1.5", "255", "256", "65536", "2147483647",
        "2147483648",
        "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551616",
        "1e30", "1e-30", "1e300", "-1e300", "1e4000", "1e-4000", "3.14159265358979323846264338327950288419716939937510", "0.1",
        "340282366920938463463374607431768211456",
    ]

    private static let edges = [
        "", "a", "A", " ", "\n", "\t", "\r\n", "\0", "é", "e\u{301}", "日本", "👨‍👩‍👧", "\u{FEFF}", "ß", "ﬁ", "true", "false", "null", "1", "-1",
        "0x10", "1e5",
        "10.0.0.0/8", "10.0.0.1/33", "fe80::1/64", "::/0", "::ffff:1.2.3.4/120", "255.255.255.255/32", "2024-02-29T12:00:00Z",
        "2024-02-30T25:61:61+99:99",
        "0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "1h", "-1h30m", "1e9h", "9223372036854775807ns", "%s", "%d %v %q", "%#v",
        "%05.2f", "%[1]d%[9]s",
        "%*d", "%", "%%", "%z", "(a+)+b", "[a-z", "(?P<x>a)(b)?", "\\p{L}+", "^$", "(", "a{1,1000}", "a**", "[[:alpha:]]", "\\Q.\\E",
        "$1${2}$x", "YYYY-MM-DD'T'hh:mm",
        "EEEE, DD-MMM-YY", "{\"a\":[1,null]}", "[1,2", "{", "a: [1, b: 2]", "&x [*x]", "- a\n- b: |\n   c\n", "!!binary aGk=", "? a\n: b",
        "<<: {a: 1}", "a,b\n1,2\n",
        "a,a\n1,2\n", "\"a", "aGVsbG8=", "aGVsbG8", "H4sIAAAAAAAA/8tIzcnJBwCGphA2BQAAAA==", "UTF-16LE", "ISO-8859-1", "../../x", "~/y", "/",
        "//", "a/b/../c", "*", "**", "{a,b}", "[!a]",
        "http://x/?a=b&c", "%zz", "ssh-rsa AAAA", "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----",
        "oid", "dns", "url", "6ba7b810-9dad-11d1-80b4-00c04fd430c8",
    ]
}
