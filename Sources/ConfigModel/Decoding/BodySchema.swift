import Diagnostics
import HCLSyntax

/// What may stand in a body: argument names and block headers.
struct BodySchema {
    struct Header {
        var type: String
        /// What each label is: `["type", "name"]`.
        var labels: [String] = []
    }

    var arguments: [String] = []
    var required: [String] = []
    var blocks: [Header] = []
    /// Names that belong to somebody else (a provider's schema, a module's variables) may stand beside these.
    var isOpen = false

    /// Reports what does not fit: unknown arguments and blocks with the nearest name, missing arguments, missing and extra labels.
    ///
    /// - Parameter header: what a missing argument is reported at.
    func check(_ body: Body, header: SourceRange, into diagnostics: inout [Diagnostic]) {
        if !isOpen {
            for attribute in body.attributes where !arguments.contains(attribute.name.name) {
                diagnostics.append(unsupportedArgument(attribute, in: body))
            }
        }
        for block in body.blocks {
            guard let header = blocks.first(where: { $0.type == block.type.name }) else {
                if !isOpen { diagnostics.append(unsupportedBlock(block, in: body)) }
                continue
            }
            checkLabels(of: block, header, in: body, into: &diagnostics)
        }
        for name in required where body.attribute(name) == nil {
            diagnostics.append(missingArgument(name, at: body.span(body.isJSON ? body.closing : body.opening ?? header)))
        }
    }

    private func unsupportedArgument(_ attribute: Attribute, in body: Body) -> Diagnostic {
        let name = attribute.name.name
        if attribute.isJSON { return extraneous(name, at: body.span(attribute.name.range), among: arguments + blocks.map(\.type)) }
        var hint = nearestName(name, among: arguments).map { "Did you mean \"\($0)\"?" }
        if blocks.contains(where: { $0.type == name }) { hint = "Did you mean to define a block of type \"\(name)\"?" }
        return unsupported(argument: name, at: body.span(attribute.name.range), hint: hint)
    }

    private func unsupportedBlock(_ block: Block, in body: Body) -> Diagnostic {
        let name = block.type.name
        var hint = nearestName(name, among: blocks.map(\.type)).map { "Did you mean \"\($0)\"?" }
        if arguments.contains(name) {
            hint = "Did you mean to define argument \"\(name)\"? If so, use the equals sign to assign it a value."
        }
        // Resources and kinds alike: the type is the first label.
        if hint == nil, blocks.contains(where: { $0.type == "resource" }), block.labels.count == 1, let label = block.labels.first {
            hint = "A resource or kind is written as: resource \"\(name)\" \"\(label.name)\" { … }"
        }
        return unsupported(block: name, at: body.span(block.type.range), hint: hint)
    }

    func checkLabels(of block: Block, _ header: Header, in body: Body, into diagnostics: inout [Diagnostic]) {
        if block.labels.count < header.labels.count {
            let missing = header.labels[block.labels.count]
            let all = "All \(header.type) blocks must have \(header.labels.count) labels (\(header.labels.joined(separator: ", ")))."
            diagnostics.append(.error("Missing \(missing) for \(header.type)", all, at: body.span(block.opening)))
        } else if block.labels.count > header.labels.count {
            let extra = block.labels[header.labels.count]
            let allowed =
                header.labels.isEmpty
                ? "No labels are expected for \(header.type) blocks."
                : "Only \(header.labels.count) labels (\(header.labels.joined(separator: ", "))) are expected for \(header.type) blocks."
            diagnostics.append(.error("Extraneous label for \(header.type)", allowed, at: body.span(extra.range)))
        }
    }

    /// The blocks of a file that have the labels they need, in order; everything else is reported.
    func fitting(in body: Body, into diagnostics: inout [Diagnostic]) -> [Block] {
        let before = diagnostics.count
        let isFitting = body.attributes.isEmpty && body.blocks.allSatisfy { hasRightLabels($0) }
        if isFitting { return body.blocks }
        check(body, header: .empty, into: &diagnostics)
        return diagnostics.count == before ? body.blocks : body.blocks.filter { hasRightLabels($0) }
    }

    /// Whether the block has just the labels its header asks for; `check` has reported it where not.
    func hasRightLabels(_ block: Block) -> Bool {
        for header in blocks where header.type == block.type.name { return header.labels.count == block.labels.count }
        return false
    }
}

func unsupported(argument name: String, at span: SourceSpan, hint: String?) -> Diagnostic {
    .error("Unsupported argument", "An argument named \"\(name)\" is not expected here.", at: span, hints: hint.map { [$0] } ?? [])
}

/// What JSON has that is neither an argument nor a block.
func extraneous(_ name: String, at span: SourceSpan, among known: [String]) -> Diagnostic {
    let near = nearestName(name, among: known).map { " Did you mean \"\($0)\"?" } ?? ""
    return .error("Extraneous JSON object property", "No argument or block type is named \"\(name)\".\(near)", at: span)
}

func unsupported(block name: String, at span: SourceSpan, hint: String?) -> Diagnostic {
    .error("Unsupported block type", "Blocks of type \"\(name)\" are not expected here.", at: span, hints: hint.map { [$0] } ?? [])
}

func missingArgument(_ name: String, at span: SourceSpan) -> Diagnostic {
    .error("Missing required argument", "The argument \"\(name)\" is required, but no definition was found.", at: span)
}
