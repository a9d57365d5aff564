import Values
import Yams

extension Function {
    static let yaml: [Function] = [
        Function("yamlencode", [.any("value", [.null, .dynamic])], returns: .string, "The value as YAML.") { call in
            guard call[0].isWhollyKnown else { return call.unknown }
            var writer = YAMLWriter()
            return .string(writer.document(call[0]))
        },
        Function(
            "yamldecode", [.string("src")], returns: .dynamic, refinement: .none, "The value that YAML text stands for."
        ) { call in try YAMLReader.value(of: try call.string(0)) },
    ]
}

/// YAML's nodes as values: the core schema of 1.2 with 1.1's words for truth values and its timestamps, as the reference has it.
struct YAMLReader {
    /// Aliases share nodes, so that a small text can stand for a value that fills the memory. Without them there are fewer nodes than bytes.
    private var nodesLeft: Int
    private var depth = 0

    private init(byteCount: Int) { nodesLeft = 100_000 + 10 * byteCount }

    static func value(of text: String) throws -> Value {
        let root: Node?
        do {
            let parser = try Parser(yaml: text, encoding: .utf8)
            root = try parser.singleRoot()
        } catch let error as YamlError {
            throw FunctionError(error.sentence)
        }
        guard let root else { throw FunctionError("on line 1, column 1: missing start of document") }
        var reader = YAMLReader(byteCount: text.utf8.count)
        return try reader.value(root)
    }

    private mutating func value(_ node: Node) throws -> Value {
        nodesLeft -= 1
        depth += 1
        defer { depth -= 1 }
        if nodesLeft < 0 { throw fault("the document stands for too many values", node) }
        if depth > 1000 { throw fault("the document nests too deeply", node) }
        switch node {
        case .scalar(let scalar): return try YAMLScalar.value(scalar)
        case .sequence(let sequence):
            try expect(sequence.tag, "tag:yaml.org,2002:seq", kind: "sequence", node)
            var elements: [Value] = []
            for element in sequence { elements.append(try value(element)) }
            return .tuple(elements)
        case .mapping(let mapping):
            try expect(mapping.tag, "tag:yaml.org,2002:map", kind: "mapping", node)
            return try object(mapping)
        default: throw fault("alias without an anchor", node)
        }
    }

    /// Of equal names the last wins, but merged ones never win over the mapping's own that stand behind them.
    private mutating func object(_ mapping: Node.Mapping) throws -> Value {
        var attributes: [(String, Value)] = []
        for (key, node) in mapping {
            if case .scalar(let scalar) = key, scalar.style == .plain, scalar.string == "<<" {
                let merged = try value(node)
                guard case .object = merged.node else {
                    throw fault("cannot merge \(merged.type.friendlyName) into mapping", node)
                }
                attributes += (merged.entries ?? []).map { ($0.key, $0.value) }
                continue
            }
            guard case .scalar = key else { throw fault("only strings are allowed as mapping keys", key) }
            let name: Value
            do {
                name = try value(key).converted(to: .string)
            } catch {
                throw fault("only strings are allowed as mapping keys", key)
            }
            guard let text = name.stringValue else { throw fault("mapping key cannot be null", key) }
            attributes.append((text, try value(node)))
        }
        return .object(attributes)
    }

    private func expect(_ tag: Tag, _ name: String, kind: String, _ node: Node) throws {
        let given = tag.name
        if given.isEmpty || given == "!" || given == name { return }
        throw fault("can't interpret \(kind) as \(given)", node)
    }

    private func fault(_ message: String, _ node: Node) -> FunctionError {
        guard let mark = node.mark else { return FunctionError(message) }
        return FunctionError("on line \(mark.line), column \(mark.column): \(message)")
    }
}

extension Tag {
    /// In full; empty where none was written.
    fileprivate var name: String { description }
}

extension YamlError {
    fileprivate var sentence: String {
        switch self {
        case .scanner(_, let problem, let mark, let yaml), .parser(_, let problem, let mark, let yaml),
            .composer(_, let problem, let mark, let yaml):
            if problem == "found undefined alias" {
                let line = yaml.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(mark.line - 1).first ?? ""
                let name = line.unicodeScalars.dropFirst(mark.column).prefix {
                    !$0.properties.isWhitespace && !",]}".unicodeScalars.contains($0)
                }
                return "on line \(mark.line), column \(mark.column): reference to undefined anchor \(quoted(String(name)))"
            }
            if problem == "but found another document" {
                return "on line \(mark.line), column \(mark.column): unexpected extra content after value"
            }
            return "on line \(mark.line), column \(mark.column): \(problem)"
        case .duplicatedKeysInMapping(let keys, let context):
            return
                "on line \(context.mark.line), column \(context.mark.column): mapping has duplicate key \(quoted(keys.first ?? ""))"
        case .reader(let problem, let offset, _, _):
            return offset.map { "at offset \($0): \(problem)" } ?? problem
        default: return String(describing: self)
        }
    }
}

/// A scalar is a string unless it is plain and looks like something else.
private enum YAMLScalar {
    static func value(_ scalar: Node.Scalar) throws -> Value {
        let text = scalar.string
        let tag = scalar.tag.name
        let prefix = "tag:yaml.org,2002:"
        if !tag.isEmpty, tag != "!", !tag.hasPrefix(prefix) { throw FunctionError("unsupported tag \(quoted(tag))") }
        if tag == "!" || scalar.style != .plain { return .string(text) }
        let invalid = FunctionError("cannot parse \(quoted(text)) as \(tag)")
        switch tag.dropFirst(prefix.utf8.count) {
        case "": return try plain(text)
        case "str", "binary": return .string(text)
        case "int":
            guard let number = whole(text) else { throw invalid }
            return number
        case "float":
            guard let number = try real(text) ?? whole(text) else { throw invalid }
            return number
        case "bool":
            guard let truth = truths[text] else { throw invalid }
            return .bool(truth)
        case "null":
            guard nulls.contains(text) else { throw invalid }
            return .null
        case "timestamp":
            guard let time = timestamp(text) else { throw invalid }
            return time
        default: throw FunctionError("unsupported tag \(quoted(tag))")
        }
    }

    private static func plain(_ text: String) throws -> Value {
        if nulls.contains(text) { return .null }
        if let truth = truths[text] { return .bool(truth) }
        return try whole(text) ?? real(text) ?? timestamp(text) ?? .string(text)
    }

    private static let nulls: Set<String> = ["", "~", "null", "Null", "NULL"]

    private static let truths: [String: Bool] = {
        var truths: [String: Bool] = [:]
        for (word, truth) in [
            ("true", true), ("yes", true), ("on", true), ("y", true), ("false", false), ("no", false), ("off", false), ("n", false),
        ] {
            for spelling in [word, word.uppercased(), word.prefix(1).uppercased() + word.dropFirst()] { truths[spelling] = truth }
        }
        return truths
    }()

    /// `12`, `-3`, `0o17`, `0x1F`; leading zeros mean nothing.
    private static func whole(_ text: String) -> Value? {
        let digits = Array(text.utf8)
        if digits.starts(with: "0x".utf8) || digits.starts(with: "0o".utf8) {
            let radix = digits[1] == UInt8(ascii: "x") ? 16 : 8
            return Number(integer: String(text.dropFirst(2)), radix: radix).flatMap { number in
                // A sign behind the prefix is none of a number's.
                digits.count > 2 && Character(Unicode.Scalar(digits[2])).isHexDigit ? Value.number(number) : nil
            }
        }
        let unsigned = digits.first == UInt8(ascii: "-") || digits.first == UInt8(ascii: "+") ? digits.dropFirst() : digits[...]
        guard !unsigned.isEmpty, unsigned.allSatisfy({ (48...57).contains($0) }) else { return nil }
        let sign = digits.first == UInt8(ascii: "-") ? "-" : ""
        // Minus zero is zero for whole numbers.
        return Number(decimal: sign + String(decoding: unsigned, as: UTF8.self)).map { .number($0.isZero ? .zero : $0) }
    }

    private static func real(_ text: String) throws -> Value? {
        switch text {
        case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": return .number(.infinity)
        case "-.inf", "-.Inf", "-.INF": return .number(-Number.infinity)
        case ".nan", ".NaN", ".NAN": throw FunctionError("floating point NaN is not supported")
        default: break
        }
        var rest = Array(text.utf8)[...]
        var decimal = ""
        if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
            if rest.removeFirst() == UInt8(ascii: "-") { decimal = "-" }
        }
        func digits() -> String {
            let digits = rest.prefix { (48...57).contains($0) }
            rest.removeFirst(digits.count)
            return String(decoding: digits, as: UTF8.self)
        }
        let whole = digits()
        var fraction = ""
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            fraction = digits()
        }
        if whole.isEmpty, fraction.isEmpty { return nil }
        decimal += (whole.isEmpty ? "0" : whole) + (fraction.isEmpty ? "" : "." + fraction)
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            decimal += "e"
            if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
                decimal += String(Unicode.Scalar(rest.removeFirst()))
            }
            let exponent = digits()
            if exponent.isEmpty { return nil }
            decimal += exponent
        }
        return rest.isEmpty ? Number(decimal: decimal).map { .number($0) } : nil
    }

    /// A date, or a date and time with an offset: as text, the reference has no other type for it.
    private static func timestamp(_ text: String) -> Value? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        let full = bytes.count == 10 ? text + "T00:00:00Z" : text.replacing("t", with: "T").replacing("z", with: "Z")
        // What is no moment is a string like any other.
        guard let time = try? Timestamp(full) else { return nil }
        return .string(time.text)
    }
}
