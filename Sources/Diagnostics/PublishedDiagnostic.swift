/// A diagnostic in the machine-readable form of `terraform validate -json`, and within the messages of `plan -json`.
public struct PublishedDiagnostic: Hashable, Sendable, Codable {
    public struct Range: Hashable, Sendable, Codable {
        public var filename: String
        public var start: SourcePosition
        public var end: SourcePosition
    }

    public struct Value: Hashable, Sendable, Codable {
        public var traversal: String
        /// What is said of it: `is null`.
        public var statement: String
    }

    public struct Snippet: Hashable, Sendable, Codable {
        /// Header of the block around, as in the source.
        public var context: String?
        public var code: String
        public var startLine: Int
        /// Offsets in the bytes of `code`.
        public var highlightStartOffset: Int
        public var highlightEndOffset: Int
        public var values: [Value]

        enum CodingKeys: String, CodingKey {
            case context, code, values
            case startLine = "start_line"
            case highlightStartOffset = "highlight_start_offset"
            case highlightEndOffset = "highlight_end_offset"
        }
    }

    public var severity: Diagnostic.Severity
    public var summary: String
    public var detail: String
    public var address: String?
    public var range: Range?
    public var snippet: Snippet?
    /// Beyond the published format, whose readers must pass over properties they do not know. Nil if there are none.
    public var hints: [String]?
}

extension Diagnostic {
    /// The machine-readable form. A subject in a file that `sources` does not know has no range, since lines cannot be counted.
    public func published(sources: SourceMap) -> PublishedDiagnostic {
        var result = PublishedDiagnostic(
            severity: severity, summary: summary, detail: detail, address: address, hints: hints.isEmpty ? nil : hints)
        if let subject, let excerpt = Excerpt(of: self, in: sources) {
            result.range = .init(filename: subject.file, start: excerpt.start, end: excerpt.end)
            result.snippet = .init(
                context: excerpt.title, code: excerpt.code, startLine: excerpt.firstLine,
                highlightStartOffset: excerpt.highlight.lowerBound, highlightEndOffset: excerpt.highlight.upperBound,
                values: references.map { .init(traversal: $0.expression, statement: $0.statement) })
        }
        return result
    }
}

extension PublishedDiagnostic {
    /// JSON text. With `indent` nil it is on one line; else members are on lines of their own, `indent` levels of two blanks further in
    /// than the line it begins on.
    public func json(indent: Int? = nil) -> String {
        var members: [(String, JSONText)] = [
            ("severity", .string(severity.rawValue)), ("summary", .string(summary)), ("detail", .string(detail)),
        ]
        if let address { members.append(("address", .string(address))) }
        if let range {
            let ends = [("start", json(range.start)), ("end", json(range.end))]
            members.append(("range", .object([("filename", .string(range.filename))] + ends)))
        }
        if let snippet { members.append(("snippet", json(snippet))) }
        if let hints { members.append(("hints", .array(hints.map { .string($0) }))) }
        var text = ""
        JSONText.object(members).write(to: &text, indent: indent)
        return text
    }

    private func json(_ position: SourcePosition) -> JSONText {
        .object([("line", .number(position.line)), ("column", .number(position.column)), ("byte", .number(position.byte))])
    }

    private func json(_ snippet: Snippet) -> JSONText {
        .object([
            ("context", snippet.context.map { .string($0) } ?? .null), ("code", .string(snippet.code)),
            ("start_line", .number(snippet.startLine)), ("highlight_start_offset", .number(snippet.highlightStartOffset)),
            ("highlight_end_offset", .number(snippet.highlightEndOffset)),
            (
                "values",
                .array(snippet.values.map { .object([("traversal", .string($0.traversal)), ("statement", .string($0.statement))]) })
            ),
        ])
    }
}

/// As much of JSON as a diagnostic needs, with the members in the order given.
private indirect enum JSONText {
    case null
    case number(Int)
    case string(String)
    case array([JSONText])
    case object([(String, JSONText)])

    func write(to text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .number(let value): text += String(value)
        case .string(let value): Self.write(value, to: &text)
        case .array(let elements):
            Self.write("[", elements.map { (nil, $0) }, "]", to: &text, indent: indent)
        case .object(let members):
            Self.write("{", members.map { ($0.0, $0.1) }, "}", to: &text, indent: indent)
        }
    }

    private static func write(_ open: String, _ items: [(String?, JSONText)], _ close: String, to text: inout String, indent: Int?) {
        text += open
        let inner = indent.map { $0 + 1 }
        for (index, item) in items.enumerated() {
            if index > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: "  ", count: inner) }
            if let name = item.0 {
                write(name, to: &text)
                text += indent == nil ? ":" : ": "
            }
            item.1.write(to: &text, indent: inner)
        }
        if let indent, !items.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
        text += close
    }

    private static func write(_ value: String, to text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            default:
                if scalar.value < 0x20 || scalar.value == 0x7F {
                    let digits = String(scalar.value, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
        text += "\""
    }
}
