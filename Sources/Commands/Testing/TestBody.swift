import ConfigModel
import Diagnostics
import HCLSyntax
import Values

/// A body in a test file and what may stand in it.
struct TestBody {
    let body: Body

    init(_ body: Body) { self.body = body }

    /// Reports arguments and blocks that have no business here, and missing ones.
    func check(_ arguments: [String], required: [String] = [], blocks: [String] = [], into diagnostics: inout [Diagnostic]) {
        for attribute in body.attributes where !arguments.contains(attribute.name.name) {
            let near = nearestName(attribute.name.name, among: arguments)
            if body.isJSON {
                diagnostics.append(
                    .error(
                        "Extraneous JSON object property", "No argument or block type is named \"\(attribute.name.name)\".",
                        at: body.span(attribute.name.range), hints: near.map { ["Did you mean \"\($0)\"?"] } ?? []))
                continue
            }
            diagnostics.append(
                .error(
                    "Unsupported argument", "An argument named \"\(attribute.name.name)\" is not expected here.",
                    at: body.span(attribute.name.range), hints: near.map { ["Did you mean \"\($0)\"?"] } ?? []))
        }
        for block in body.blocks where !blocks.contains(block.type.name) {
            let near = nearestName(block.type.name, among: blocks)
            diagnostics.append(
                .error(
                    "Unsupported block type", "Blocks of type \"\(block.type.name)\" are not expected here.",
                    at: body.span(block.type.range), hints: near.map { ["Did you mean \"\($0)\"?"] } ?? []))
        }
        for name in required where body.attribute(name) == nil {
            diagnostics.append(
                .error(
                    "Missing required argument", "The argument \"\(name)\" is required, but no definition was found.",
                    at: body.span(SourceRange(start: body.range.start, end: body.range.start + 1))))
        }
    }

    /// Reports a name in quotes, and any that is not among `words`, with the nearest of them.
    func keyword(_ name: String, _ words: [String], into diagnostics: inout [Diagnostic]) -> String? {
        guard let attribute = body.attribute(name) else { return nil }
        if case .traversal(let root, let steps) = attribute.expression.kind, steps.isEmpty, words.contains(root.name) { return root.name }
        diagnostics.append(
            .error(
                name == "override_during" ? "Invalid override_during value" : "Invalid \"\(name)\" keyword",
                "The \"\(name)\" argument requires one of the following keywords without quotes: \(words.joined(separator: " or ")).",
                at: body.span(attribute.expression.range)))
        return nil
    }

    /// A constant of a type.
    func constant(_ name: String, _ type: ValueType, into diagnostics: inout [Diagnostic]) -> Value? {
        guard let attribute = body.attribute(name) else { return nil }
        do throws(DiagnosticError) {
            let value = try constantValue(of: LocatedExpression(attribute.expression, file: body.file))
            do throws(ConversionError) {
                return try value.converted(to: type)
            } catch {
                diagnostics.append(
                    .error("Unsuitable value type", "Unsuitable value: \(error.message).", at: body.span(attribute.expression.startRange)))
            }
        } catch {
            diagnostics += error.diagnostics
        }
        return nil
    }

    /// The references of a list, each as it is written.
    func references(_ name: String, into diagnostics: inout [Diagnostic]) -> [(text: String, span: SourceSpan)] {
        guard let attribute = body.attribute(name) else { return [] }
        guard case .tuple(let items) = attribute.expression.kind else {
            diagnostics.append(
                .error(
                    "Invalid expression", "A list of references in square brackets is required.", at: body.span(attribute.expression.range))
            )
            return []
        }
        return items.compactMap { item in
            if let text = Self.reference(item) { return (text, body.span(item.range)) }
            if let text = item.literalText, let inner = Self.reference(parseExpression(Array(text.utf8), path: "").tree) {
                diagnostics.append(
                    .warning(
                        "Quoted references are deprecated", "References are written without quotes.", at: body.span(item.range)))
                return (inner, body.span(item.range))
            }
            diagnostics.append(
                .error(
                    "Invalid expression",
                    "A single static variable reference is required: only attribute access and indexing with constant keys.",
                    at: body.span(item.range)))
            return nil
        }
    }

    /// `a.b["c"]` as text.
    static func reference(_ expression: HCLSyntax.Expression) -> String? {
        guard case .traversal(let root, let steps) = expression.kind else { return nil }
        return steps.reduce(root.name) { text, step in
            switch step {
            case .attribute(let name): "\(text).\(name.name)"
            case .stringIndex(let key, _): "\(text)[\(quotedLiteral(key))]"
            case .numberIndex(let digits, _): "\(text)[\(digits)]"
            }
        }
    }
}
