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

    public struct FunctionCall: Hashable, Sendable, Codable {
        public var calledAs: String
        /// JSON text of what the function takes and gives; nil where that is not known.
        public var signature: String?
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
        public var functionCall: FunctionCall?

        enum CodingKeys: String, CodingKey {
            case context, code, values
            case functionCall = "function_call"
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
    ///
    /// - Parameter signature: what the function of a name takes and gives, as JSON.
    public func published(sources: SourceMap, signature: (String) -> String? = { _ in nil }) -> PublishedDiagnostic {
        var result = PublishedDiagnostic(
            severity: severity, summary: summary, detail: detail, address: address, hints: hints.isEmpty ? nil : hints)
        if let subject, let excerpt = Excerpt(of: self, in: sources) {
            result.range = .init(filename: subject.file, start: excerpt.start, end: excerpt.end)
            result.snippet = .init(
                context: excerpt.title, code: excerpt.code, startLine: excerpt.firstLine,
                highlightStartOffset: excerpt.highlight.lowerBound, highlightEndOffset: excerpt.highlight.upperBound,
                values: references.map { .init(traversal: $0.expression, statement: $0.statement) },
                functionCall: call.map { .init(calledAs: $0.name, signature: signature($0.name)) })
        }
        return result
    }
}

extension PublishedDiagnostic {
    /// JSON text. With `indent` nil it is on one line; else members are on lines of their own, `indent` levels of two blanks further in
    /// than the line it begins on.
    public func json(indent: Int? = nil) -> String {
        var json = JSONText(indent: indent)
        json.object { json in
            json.pair("severity", severity.rawValue)
            json.pair("summary", summary)
            json.pair("detail", detail)
            if let address { json.pair("address", address) }
            if let range { write(range, &json) }
            if let snippet { write(snippet, &json) }
            if let hints {
                json.key("hints")
                json.array { json in for hint in hints { json.string(hint) } }
            }
        }
        return json.text
    }

    private func write(_ range: Range, _ json: inout JSONText) {
        json.key("range")
        json.object { json in
            json.pair("filename", range.filename)
            for (name, position) in [("start", range.start), ("end", range.end)] {
                json.key(name)
                json.object { json in
                    for (name, number) in [("line", position.line), ("column", position.column), ("byte", position.byte)] {
                        json.key(name)
                        json.int(number)
                    }
                }
            }
        }
    }

    private func write(_ snippet: Snippet, _ json: inout JSONText) {
        json.key("snippet")
        json.object { json in
            json.key("context")
            if let context = snippet.context { json.string(context) } else { json.null() }
            json.pair("code", snippet.code)
            for (name, number) in [
                ("start_line", snippet.startLine), ("highlight_start_offset", snippet.highlightStartOffset),
                ("highlight_end_offset", snippet.highlightEndOffset),
            ] {
                json.key(name)
                json.int(number)
            }
            json.key("values")
            json.array { json in
                for value in snippet.values {
                    json.object { json in
                        json.pair("traversal", value.traversal)
                        json.pair("statement", value.statement)
                    }
                }
            }
            if let call = snippet.functionCall {
                json.key("function_call")
                json.object { json in
                    json.pair("called_as", call.calledAs)
                    if let signature = call.signature {
                        json.key("signature")
                        json.raw(signature)
                    }
                }
            }
        }
    }
}
