import FunctionLibrary
import Values

/// The notation of the case files: JSON's strings and numbers, `[tuples]`, `{"objects": 1}`, and `list(T)[…]`, `set(T)[…]`,
/// `map(T){…}`, `null(T)`, `unknown(T)`, `sensitive(…)`. Within a typed collection the types are known and are left out.
struct TypedTextReader {
    private let bytes: [UInt8]
    private var position = 0

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    init(_ text: String) { bytes = Array(text.utf8) }

    static func value(_ text: String) throws -> Value {
        var reader = TypedTextReader(text)
        let value = try reader.value(nil)
        try reader.end()
        return value
    }

    static func call(_ text: String) throws -> (name: String, arguments: [Value]) {
        var reader = TypedTextReader(text)
        let name = reader.word()
        try reader.need("(")
        var arguments: [Value] = []
        while !reader.take(")") {
            if !arguments.isEmpty { try reader.need(",") }
            arguments.append(try reader.value(nil))
        }
        try reader.end()
        return (name, arguments)
    }

    private mutating func end() throws {
        space()
        if position < bytes.count { throw fault("the end") }
    }

    private func fault(_ wanted: String) -> Fault {
        Fault(description: "\(wanted) expected at \(String(decoding: bytes[position...].prefix(30), as: UTF8.self))")
    }

    private mutating func space() { while position < bytes.count, bytes[position] == 32 { position += 1 } }

    private mutating func take(_ text: String) -> Bool {
        space()
        guard bytes[position...].starts(with: text.utf8) else { return false }
        position += text.utf8.count
        return true
    }

    private mutating func need(_ text: String) throws { if !take(text) { throw fault(text) } }

    private mutating func word() -> String {
        space()
        let word = bytes[position...].prefix {
            (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 95 || $0 == 58
        }
        position += word.count
        return String(decoding: word, as: UTF8.self)
    }

    private mutating func value(_ hint: ValueType?) throws -> Value {
        space()
        guard position < bytes.count else { throw fault("a value") }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "["): return try sequence(hint)
        case UInt8(ascii: "{"): return try mapping(hint)
        case UInt8(ascii: "-"), 48...57:
            let digits = bytes[position...].prefix { (48...57).contains($0) || ".eE+-".utf8.contains($0) }
            position += digits.count
            guard let number = Number(decimal: String(decoding: digits, as: UTF8.self)) else { throw fault("a number") }
            return .number(number)
        default: return try named(hint)
        }
    }

    private mutating func named(_ hint: ValueType?) throws -> Value {
        switch word() {
        case "true": return .true
        case "false": return .false
        case "inf": return .number(.infinity)
        case "neginf": return .number(-Number.infinity)
        case "null":
            guard take("(") else { return .null(hint ?? .dynamic) }
            let type = try type()
            try need(")")
            return .null(type)
        case "unknown":
            try need("(")
            let type = try type()
            try need(")")
            return .unknown(type)
        case "sensitive": return try marked(hint, .sensitive)
        case "ephemeral": return try marked(hint, .ephemeral)
        case "list": return try sequence(.list(try parenthesised()))
        case "set": return try sequence(.set(try parenthesised()))
        case "map": return try mapping(.map(try parenthesised()))
        default: throw fault("a value")
        }
    }

    private mutating func marked(_ hint: ValueType?, _ mark: Value.Marks) throws -> Value {
        try need("(")
        let value = try value(hint)
        try need(")")
        return value.marked(mark)
    }

    private mutating func parenthesised() throws -> ValueType {
        try need("(")
        let type = try type()
        try need(")")
        return type
    }

    private mutating func sequence(_ hint: ValueType?) throws -> Value {
        try need("[")
        var values: [Value] = []
        while !take("]") {
            if !values.isEmpty { try need(",") }
            let element: ValueType? =
                switch hint {
                case .list(let type), .set(let type): type
                case .tuple(let types): values.count < types.count ? types[values.count] : nil
                default: nil
                }
            values.append(try value(element))
        }
        switch hint {
        case .list(let type): return .list(values, of: type)
        case .set(let type): return .set(values, of: type)
        default: return .tuple(values)
        }
    }

    private mutating func mapping(_ hint: ValueType?) throws -> Value {
        try need("{")
        var entries: [(String, Value)] = []
        while !take("}") {
            if !entries.isEmpty { try need(",") }
            space()
            let key = try string()
            try need(":")
            let element: ValueType? =
                switch hint {
                case .map(let type): type
                case .object(let object): object.attribute(key)?.type
                default: nil
                }
            entries.append((key, try value(element)))
        }
        if case .map(let type) = hint { return .map(entries, of: type) }
        return .object(entries)
    }

    /// A JSON string; its escapes are read by the reader of JSON.
    private mutating func string() throws -> String {
        let start = position
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw fault("a string") }
        position += 1
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard position < bytes.count else { throw fault("a closing quote") }
        position += 1
        guard let text = try Value.parsingJSON(Array(bytes[start..<position])).stringValue else { throw fault("a string") }
        return text
    }

    private mutating func type() throws -> ValueType {
        switch word() {
        case "any": return .dynamic
        case "string": return .string
        case "number": return .number
        case "bool": return .bool
        case "list": return .list(try parenthesised())
        case "set": return .set(try parenthesised())
        case "map": return .map(try parenthesised())
        case "tuple":
            try need("([")
            var types: [ValueType] = []
            while !take("]") {
                if !types.isEmpty { try need(",") }
                types.append(try type())
            }
            try need(")")
            return .tuple(types)
        case "object":
            try need("({")
            var attributes: [ObjectType.Attribute] = []
            while !take("}") {
                if !attributes.isEmpty { try need(",") }
                let name = try attributeName()
                try need("=")
                attributes.append(.init(name: name, type: try type()))
            }
            try need(")")
            return .object(ObjectType(attributes))
        default: throw fault("a type")
        }
    }

    private mutating func attributeName() throws -> String {
        space()
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") { return try string() }
        let name = bytes[position...].prefix { $0 != UInt8(ascii: "=") }
        position += name.count
        return String(decoding: name, as: UTF8.self)
    }
}

/// Writes what `TypedTextReader` reads.
enum TypedText {
    static func text(_ value: Value, isTyped: Bool = false) -> String {
        if value.marks.contains(.sensitive) {
            return "sensitive(\(text(value.withMarks(value.marks.subtracting(.sensitive)), isTyped: isTyped)))"
        }
        if value.marks.contains(.ephemeral) { return "ephemeral(\(text(value.withMarks([]), isTyped: isTyped)))" }
        switch value.node {
        case .bool(let truth): return truth ? "true" : "false"
        case .number(let number):
            return number.isInfinite ? (number.isNegative ? "neginf" : "inf") : number.description
        case .string(let string): return quoted(string)
        case .null(let box): return isTyped || box.type == .dynamic ? "null" : "null(\(box.type.constraintText))"
        case .unknown(let unknown): return "unknown(\(unknown.type == .dynamic ? "any" : unknown.type.constraintText))"
        case .list, .set: return (isTyped ? "" : value.type.constraintText) + sequence(value, isTyped: true)
        case .tuple: return sequence(value, isTyped: isTyped)
        case .map: return (isTyped ? "" : value.type.constraintText) + mapping(value, isTyped: true)
        case .object: return mapping(value, isTyped: isTyped)
        }
    }

    private static func sequence(_ value: Value, isTyped: Bool) -> String {
        "[" + (value.elements ?? []).map { text($0, isTyped: isTyped) }.joined(separator: ", ") + "]"
    }

    private static func mapping(_ value: Value, isTyped: Bool) -> String {
        "{" + (value.entries ?? []).map { quoted($0.key) + ": " + text($0.value, isTyped: isTyped) }.joined(separator: ", ") + "}"
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\" + String(scalar)
            case "\n": result += "\\n"
            case _ where scalar.value < 32 || scalar.value == 127:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
