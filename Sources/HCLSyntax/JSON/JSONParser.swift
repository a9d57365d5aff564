import Diagnostics

/// Reads one JSON document. Values that are wrong in themselves are reported and passed over; where the structure is wrong nothing
/// that follows can be trusted, and reading ends.
struct JSONParser {
    let bytes: [UInt8]
    let path: String
    var index = 0
    var depth = 0
    var diagnostics: [Diagnostic] = []

    init(bytes: [UInt8], path: String) {
        self.bytes = bytes
        self.path = path
    }

    /// Nil after reporting why there is no document.
    mutating func document() -> JSONNode? {
        do throws(SyntaxFailure) {
            let root = try value()
            skipBlanks()
            if index < bytes.count {
                throw failure(
                    "Extraneous data after value", "Extra characters appear after the JSON value.", at: SourceRange(index, index + 1))
            }
            switch root.kind {
            case .object, .array: return root
            case .invalid: return nil
            default:
                throw failure(
                    "Root value must be object",
                    "The root value in a JSON-based configuration must be either a JSON object or a JSON array of objects.", at: root.range)
            }
        } catch {
            return nil
        }
    }

    mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    func peek() -> UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func report(_ summary: String, _ detail: String, at range: SourceRange, hints: [String] = []) {
        diagnostics.append(.error(summary, detail, at: SourceSpan(file: path, range: range), hints: hints))
    }

    mutating func failure(_ summary: String, _ detail: String, at range: SourceRange, hints: [String] = []) -> SyntaxFailure {
        report(summary, detail, at: range, hints: hints)
        return SyntaxFailure()
    }

    /// The next byte, or nothing at the end.
    private var here: SourceRange { SourceRange(index, min(index + 1, bytes.count)) }

    private static var startRule: String {
        "A JSON value must start with a brace, a bracket, a number, a string, or a keyword."
    }

    // MARK: Values

    mutating func value() throws(SyntaxFailure) -> JSONNode {
        skipBlanks()
        guard let byte = peek() else { throw failure("Missing value", "The JSON data ends prematurely.", at: here) }
        switch byte {
        case UInt8(ascii: "{"): return try nested { parser throws(SyntaxFailure) in try parser.object() }
        case UInt8(ascii: "["): return try nested { parser throws(SyntaxFailure) in try parser.array() }
        case UInt8(ascii: "\""):
            let start = index
            guard let string = try string() else { return JSONNode(kind: .invalid, range: SourceRange(start, index)) }
            return JSONNode(kind: .string(string), range: string.range)
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): return number()
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): return keyword()
        case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","):
            throw failure("Missing JSON value", Self.startRule, at: here)
        case UInt8(ascii: "="):
            throw failure(
                "Missing JSON value", Self.startRule, at: here,
                hints: ["JSON has no equals sign: a name and its value have a colon between them."])
        default:
            var hints: [String] = []
            if byte == UInt8(ascii: "'") { hints = ["JSON strings have double quotes."] }
            if byte == UInt8(ascii: "#") || byte == UInt8(ascii: "/") {
                hints = ["JSON has no comments; a property named \"//\" can hold one."]
            }
            if bytes[index...].starts(with: [0xEF, 0xBB, 0xBF]) { hints = ["Save the file without a byte order mark."] }
            throw failure("Invalid start of value", Self.startRule, at: here, hints: hints)
        }
    }

    private mutating func nested(_ read: (inout JSONParser) throws(SyntaxFailure) -> JSONNode) throws(SyntaxFailure) -> JSONNode {
        guard depth < NestingLimit.depth else {
            throw failure(
                "Nesting too deep", "This is more than \(NestingLimit.depth) levels of objects and arrays within each other.", at: here)
        }
        depth += 1
        defer { depth -= 1 }
        return try read(&self)
    }

    private mutating func object() throws(SyntaxFailure) -> JSONNode {
        let start = index
        index += 1
        var properties: [JSONProperty] = []
        skipBlanks()
        if peek() == UInt8(ascii: "}") {
            index += 1
            return JSONNode(kind: .object([]), range: SourceRange(start, index))
        }
        while true {
            let name = try propertyName()
            skipBlanks()
            guard peek() == UInt8(ascii: ":") else {
                throw failure(
                    "Missing property value colon",
                    peek() == UInt8(ascii: "=")
                        ? "JSON uses a colon as its name/value delimiter, not an equals sign."
                        : "A colon must appear between an object property's name and its value.", at: here)
            }
            index += 1
            properties.append(JSONProperty(name: name, value: try value()))
            skipBlanks()
            switch peek() {
            case UInt8(ascii: "}"):
                index += 1
                return JSONNode(kind: .object(properties), range: SourceRange(start, index))
            case UInt8(ascii: ","):
                let comma = here
                index += 1
                skipBlanks()
                if peek() == UInt8(ascii: "}") {
                    throw failure(
                        "Trailing comma in object", "JSON does not permit a trailing comma after the final property in an object.",
                        at: comma)
                }
            case nil:
                throw failure(
                    "Unclosed object", "No closing brace was found for this JSON object.", at: SourceRange(start, start + 1))
            case UInt8(ascii: "]"):
                throw failure("Mismatched braces", "A JSON object must be closed with a brace, not a bracket.", at: here)
            default:
                throw failure(
                    "Missing attribute seperator comma", "A comma must appear between each property definition in an object.", at: here)
            }
        }
    }

    private mutating func propertyName() throws(SyntaxFailure) -> JSONString {
        skipBlanks()
        guard peek() == UInt8(ascii: "\"") else {
            let faults = diagnostics.count
            if let byte = peek(), byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") {
                throw failure("Invalid start of value", Self.startRule, at: here)
            }
            let found = try value()
            if diagnostics.count > faults { throw SyntaxFailure() }
            throw failure("Invalid object property name", "A JSON object property name must be a string.", at: found.range)
        }
        guard let name = try string() else { throw SyntaxFailure() }
        return name
    }

    private mutating func array() throws(SyntaxFailure) -> JSONNode {
        let start = index
        index += 1
        var items: [JSONNode] = []
        skipBlanks()
        if peek() == UInt8(ascii: "]") {
            index += 1
            return JSONNode(kind: .array([]), range: SourceRange(start, index))
        }
        while true {
            items.append(try value())
            skipBlanks()
            switch peek() {
            case UInt8(ascii: "]"):
                index += 1
                return JSONNode(kind: .array(items), range: SourceRange(start, index))
            case UInt8(ascii: ","):
                let comma = here
                index += 1
                skipBlanks()
                if peek() == UInt8(ascii: "]") {
                    throw failure(
                        "Trailing comma in array", "JSON does not permit a trailing comma after the final value in an array.", at: comma)
                }
            case nil:
                throw failure("Unclosed array", "No closing bracket was found for this JSON array.", at: SourceRange(start, start + 1))
            case UInt8(ascii: "}"):
                throw failure("Mismatched brackets", "A JSON array must be closed with a bracket, not a brace.", at: here)
            default:
                throw failure("Missing attribute seperator comma", "A comma must appear between each value in an array.", at: here)
            }
        }
    }
}
