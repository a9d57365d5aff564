import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// How values land in URLs.
enum URLText {
    /// Everything but the unreserved characters of RFC 3986 as `%XX`.
    static func encoded(_ text: String) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let digits = String(byte, radix: 16, uppercase: true)
                result += byte < 16 ? "%0\(digits)" : "%\(digits)"
            }
        }
        return result
    }

    /// The text of a string, number or bool; nil for anything else.
    static func text(_ value: Value) -> String? {
        switch value.node {
        case .string(let text): text
        case .number(let number): number.description
        case .bool(let flag): flag ? "true" : "false"
        default: nil
        }
    }

    /// A path as the manifest writes it: interpolations are segments, behind a `?` values of a query. An expression that is no text
    /// written out (a `Location`, an operation's path) is taken as it is.
    static func path(_ given: Sourced, _ evaluation: RecipeEvaluation) throws(DiagnosticError) -> String {
        guard case .template(let parts) = given.expression.kind, !isBare(parts) else {
            let value = try evaluation.value(given, as: .string, what: "path")
            guard let text = value.stringValue, !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else {
                throw fault(given, "The path is no text, or holds blanks or control characters.")
            }
            try refuseSensitive(value, given)
            return text
        }
        var inQuery = false
        return try rendered(parts, given, evaluation, &inQuery)
    }

    private static func isBare(_ parts: [TemplatePart]) -> Bool {
        if parts.count == 1, case .interpolation = parts[0] { return true }
        return false
    }

    private static func rendered(
        _ parts: [TemplatePart], _ given: Sourced, _ evaluation: RecipeEvaluation, _ inQuery: inout Bool
    ) throws(DiagnosticError) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal, _):
                if literal.utf8.contains(UInt8(ascii: "?")) { inQuery = true }
                text += literal
            case .interpolation(let expression):
                let value = try evaluation.evaluator(given.file).value(of: expression)
                text += try segment(value, expression, given, inQuery: inQuery)
            case .conditional, .loop:
                throw fault(given, "A path has no directives in it.")
            }
        }
        return text
    }

    private static func segment(_ value: Value, _ expression: Expression, _ given: Sourced, inQuery: Bool) throws(DiagnosticError) -> String
    {
        let place = Sourced(expression: expression, file: given.file)
        try refuseSensitive(value, place)
        guard let text = text(value) else {
            throw fault(
                place,
                value.isUnknown ? "The value is not known yet." : "A value of type \(value.type.friendlyName) cannot stand in a path.")
        }
        if ShellWord.landing(of: expression) == .raw { return text }
        // Empty and dot segments would name another thing than the manifest means.
        if !inQuery, text.isEmpty || text == "." || text == ".." {
            throw fault(place, "\"\(text)\" cannot stand in a path: it would name something else.")
        }
        return encoded(text)
    }

    private static func refuseSensitive(_ value: Value, _ given: Sourced) throws(DiagnosticError) {
        if value.holdsSensitive { throw fault(given, "The value is sensitive, and URLs end up in logs. It belongs in a header or a body.") }
    }

    /// `name=value&…` of an object; nulls are left out, lists give a pair for each element.
    static func form(_ value: Value, _ given: Sourced, allowsSensitive: Bool) throws(DiagnosticError) -> String {
        if !allowsSensitive { try refuseSensitive(value, given) }
        guard let entries = value.entries else { throw fault(given, "A query or form is an object.") }
        var pairs: [String] = []
        for (key, value) in entries where !value.isNull {
            for element in value.elements ?? [value] where !element.isNull {
                guard let text = text(element) else {
                    throw fault(given, "\"\(key)\" is a \(element.type.friendlyName), which is no value of a query.")
                }
                pairs.append("\(encoded(key))=\(encoded(text))")
            }
        }
        return pairs.joined(separator: "&")
    }

    static func fault(_ given: Sourced, _ detail: String) -> DiagnosticError {
        DiagnosticError(.error("Invalid value in a request", detail, at: given.span))
    }
}
