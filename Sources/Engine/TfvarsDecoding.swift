import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// The built-in provider's function that reads definitions of variables: it needs the language's parser.
enum TfvarsDecoding {
    static let name = "provider::terraform::decode_tfvars"
    private static let file = "<decode_tfvars argument>"

    /// - Returns: an object of the definitions; unknown where the text is.
    static func call(_ arguments: [Value]) throws(FunctionCallError) -> Value {
        guard let given = arguments.first else {
            throw FunctionCallError(message: "Function \"\(name)\" expects 1 argument(s). Missing value for \"src\".", isArity: true)
        }
        if arguments.count > 1 { throw FunctionCallError(message: "Function \"\(name)\" expects only 1 argument(s).", isArity: true) }
        if given.isNull { throw FunctionCallError(argument: 0, parameter: "src", message: "argument must not be null") }
        if given.isUnknown { return Value.unknown.marked(given.marks) }
        let text: String
        do throws(ConversionError) {
            text = try given.converted(to: .string).stringValue ?? ""
        } catch {
            throw FunctionCallError(argument: 0, parameter: "src", message: error.message)
        }
        return try decoded(text).marked(given.marks)
    }

    private static func decoded(_ text: String) throws(FunctionCallError) -> Value {
        let bytes = Array(text.utf8)
        func failure(_ what: String, _ diagnostics: [Diagnostic]) -> FunctionCallError {
            let errors = diagnostics.filter { $0.severity == .error }
            let place = errors.first?.subject.map { Self.place($0.range, in: bytes) } ?? file
            let rest = errors.count > 1 ? ", and \(errors.count - 1) other diagnostic(s)" : ""
            return FunctionCallError(message: "\(what): \(place): \(errors.first?.summary ?? ""); \(errors.first?.detail ?? "")\(rest)")
        }
        let parsed = parseFile(bytes, path: file)
        if parsed.diagnostics.hasErrors { throw failure("invalid tfvars syntax", parsed.diagnostics) }
        if let block = parsed.tree.body.blocks.first {
            throw failure(
                "invalid tfvars content",
                [
                    .error(
                        "Unexpected \"\(block.type.name)\" block", "Blocks are not allowed here.",
                        at: SourceSpan(file: file, range: block.type.range))
                ])
        }
        var values: [(String, Value)] = []
        for attribute in parsed.tree.body.attributes {
            do throws(DiagnosticError) {
                values.append((attribute.name.name, try constantValue(of: LocatedExpression(attribute.expression, file: file))))
            } catch {
                throw failure("invalid expression for variable \"\(attribute.name.name)\"", error.diagnostics)
            }
        }
        return .object(values)
    }

    /// `name:line,column-column`, or with a second line where it goes on.
    private static func place(_ range: SourceRange, in bytes: [UInt8]) -> String {
        func position(_ offset: UInt32) -> (line: Int, column: Int) {
            let before = bytes[..<min(bytes.count, Int(offset))]
            let line = before.split(separator: 10, omittingEmptySubsequences: false).last ?? []
            return (before.count { $0 == 10 } + 1, String(decoding: line, as: UTF8.self).count + 1)
        }
        let (start, end) = (position(range.start), position(range.end))
        let tail = start.line == end.line ? "\(end.column)" : "\(end.line),\(end.column)"
        return "\(file):\(start.line),\(start.column)-\(tail)"
    }
}
