import Values

/// Writes YAML as the reference does, byte for byte: block style, strings in double quotes, those of several lines literally.
///
/// The rules of layout (columns, when a line is broken, which strings can be literal) are those of libyaml's emitter.
struct YAMLWriter {
    private var output = ""
    private var column = 0
    private var indent = -1
    /// Whether all that stands on the line is indentation.
    private var isIndented = true
    private var endsInSpace = true

    private static let step = 2
    private static let width = 80

    mutating func document(_ value: Value) -> String {
        node(value, isInMapping: false, isKey: false)
        if column > 0 { lineEnd() }
        // A plain scalar by itself could go on; the marker says that it does not.
        switch value.node {
        case .number, .bool, .null: output += "...\n"
        default: break
        }
        return output
    }

    private mutating func node(_ value: Value, isInMapping: Bool, isKey: Bool) {
        switch value.node {
        case .string(let text): string(text, isKey: isKey)
        case .number(let number): plain(number.description)
        case .bool(let truth): plain(truth ? "true" : "false")
        case .null, .unknown: plain("null")
        case .list, .set, .tuple: sequence(value.elements ?? [], isInMapping: isInMapping)
        case .map, .object: mapping(value.entries ?? [])
        }
    }

    private mutating func plain(_ text: String) {
        if !endsInSpace { write(" ") }
        write(text)
        endsInSpace = false
        isIndented = false
    }

    private mutating func sequence(_ elements: ContiguousArray<Value>, isInMapping: Bool) {
        if elements.isEmpty { return indicator("[]") }
        let outer = indent
        increaseIndent(unlessNested: isInMapping && !isIndented)
        for element in elements {
            writeIndent()
            indicator("-", keepsIndentation: true)
            node(element, isInMapping: false, isKey: false)
        }
        indent = outer
    }

    private mutating func mapping(_ entries: [(key: String, value: Value)]) {
        if entries.isEmpty { return indicator("{}") }
        let outer = indent
        increaseIndent(unlessNested: false)
        for (key, value) in entries {
            writeIndent()
            if key.utf8.count <= 128, !key.unicodeScalars.contains(where: \.isYAMLBreak) {
                string(key, isKey: true)
                indicator(":", needsSpace: false)
            } else {
                indicator("?", keepsIndentation: true)
                string(key, isKey: false)
                writeIndent()
                indicator(":", keepsIndentation: true)
            }
            node(value, isInMapping: true, isKey: false)
        }
        indent = outer
    }

    private mutating func increaseIndent(unlessNested isNested: Bool) {
        if indent < 0 { indent = 0 } else if !isNested { indent += Self.step }
    }

    private mutating func string(_ text: String, isKey: Bool) {
        let outer = indent
        indent = indent < 0 ? Self.step : indent + Self.step
        if !isKey, text.utf8.contains(10), text.canBeLiteral { literal(text) } else { quoted(text, mayBreak: !isKey) }
        indent = outer
    }

    private mutating func literal(_ text: String) {
        let scalars = Array(text.unicodeScalars)
        var header = "|"
        if let first = scalars.first, first == " " || first.isYAMLBreak { header += String(Self.step) }
        if let last = scalars.last {
            if !last.isYAMLBreak {
                header += "-"
            } else if scalars.count == 1 || scalars[scalars.count - 2].isYAMLBreak {
                header += "+"
            }
        }
        indicator(header)
        lineEnd()
        isIndented = true
        endsInSpace = true
        var startsLine = true
        for scalar in scalars {
            if scalar.isYAMLBreak {
                if scalar == "\n" { lineEnd() } else { writeBreak(scalar) }
                isIndented = true
                startsLine = true
            } else {
                if startsLine { writeIndent() }
                write(scalar)
                isIndented = false
                startsLine = false
            }
        }
    }

    private mutating func quoted(_ text: String, mayBreak: Bool) {
        indicator("\"")
        let scalars = Array(text.unicodeScalars)
        var afterSpace = false
        for (index, scalar) in scalars.enumerated() {
            if let escape = scalar.yamlEscape {
                write(escape)
                afterSpace = false
            } else if scalar == " " {
                if mayBreak, !afterSpace, column > Self.width, index > 0, index < scalars.count - 1 {
                    writeIndent()
                    if scalars[index + 1] == " " { write("\\") }
                } else {
                    write(scalar)
                }
                afterSpace = true
            } else {
                write(scalar)
                afterSpace = false
            }
        }
        write("\"")
        endsInSpace = false
        isIndented = false
    }

    private mutating func indicator(_ text: String, needsSpace: Bool = true, keepsIndentation: Bool = false) {
        if needsSpace, !endsInSpace { write(" ") }
        write(text)
        endsInSpace = false
        isIndented = isIndented && keepsIndentation
    }

    private mutating func writeIndent() {
        let wanted = max(indent, 0)
        if !isIndented || column > wanted || (column == wanted && !endsInSpace) { lineEnd() }
        if column < wanted { write(String(repeating: " ", count: wanted - column)) }
        endsInSpace = true
        isIndented = true
    }

    private mutating func write(_ text: String) {
        output += text
        column += text.unicodeScalars.count
    }

    private mutating func write(_ scalar: Unicode.Scalar) {
        output.unicodeScalars.append(scalar)
        column += 1
    }

    private mutating func writeBreak(_ scalar: Unicode.Scalar) {
        output.unicodeScalars.append(scalar)
        column = 0
    }

    private mutating func lineEnd() {
        output += "\n"
        column = 0
    }
}

extension String {
    /// Nothing in it that a literal block would lose: no control characters, no space before a line end or at the end.
    fileprivate var canBeLiteral: Bool {
        var previous: Unicode.Scalar?
        for scalar in unicodeScalars {
            if !scalar.isYAMLPrintable { return false }
            if scalar.isYAMLBreak, previous == " " { return false }
            previous = scalar
        }
        return previous != " "
    }
}

extension Unicode.Scalar {
    fileprivate var isYAMLBreak: Bool {
        switch value {
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    fileprivate var isYAMLPrintable: Bool {
        switch value {
        case 0x0A, 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD: true
        default: false
        }
    }

    /// Nil where it can stand in double quotes as it is.
    fileprivate var yamlEscape: String? {
        if isYAMLPrintable, !isYAMLBreak, self != "\"", self != "\\" { return nil }
        switch value {
        case 0: return "\\0"
        case 0x07: return "\\a"
        case 0x08: return "\\b"
        case 0x09: return "\\t"
        case 0x0A: return "\\n"
        case 0x0B: return "\\v"
        case 0x0C: return "\\f"
        case 0x0D: return "\\r"
        case 0x1B: return "\\e"
        case 0x22: return "\\\""
        case 0x5C: return "\\\\"
        case 0x85: return "\\N"
        case 0xA0: return "\\_"
        case 0x2028: return "\\L"
        case 0x2029: return "\\P"
        default:
            let digits = String(value, radix: 16, uppercase: true)
            let (letter, count) = value <= 0xFF ? ("x", 2) : value <= 0xFFFF ? ("u", 4) : ("U", 8)
            return "\\" + letter + String(repeating: "0", count: count - digits.utf8.count) + digits
        }
    }
}
