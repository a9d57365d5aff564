import Diagnostics
import Evaluation
import HCLSyntax
import ProviderKit
import Values

/// Turns a body into the object that its schema describes, collecting every fault on the way.
struct BodyDecoder {
    /// The evaluator for a file.
    let evaluator: (String) -> Evaluator
    var diagnostics: [Diagnostic] = []
    /// Provider settings are never stored, so they may be ephemeral.
    var allowsEphemeral = false

    init(evaluator: @escaping (String) -> Evaluator) { self.evaluator = evaluator }

    /// Write-only arguments come apart.
    ///
    /// - Parameter files: of the arguments that an override file replaced.
    mutating func decode(_ body: Body, _ shape: BodyShape, files: [String: String] = [:]) -> Desired {
        var writeOnly: [(String, Value)] = []
        let configuration = object(body, shape, files: files, iterators: [:], writeOnly: &writeOnly)
        return Desired(configuration: configuration, writeOnly: .object(writeOnly))
    }

    mutating func object(
        _ body: Body, _ shape: BodyShape, files: [String: String] = [:], iterators: [String: Value],
        writeOnly: inout [(String, Value)]
    ) -> Value {
        let body = resolvingJSON(body, shape)
        var slots: ContiguousArray<Value> = []
        slots.reserveCapacity(shape.members.count)
        for member in shape.members {
            switch member {
            case .attribute(let schema):
                let value = attribute(schema, in: body, file: files[schema.name] ?? body.file, iterators: iterators)
                if schema.isWriteOnly {
                    if !value.isNull { writeOnly.append((schema.name, value)) }
                    slots.append(.null(schema.type))
                } else {
                    slots.append(value)
                }
            case .block(let schema, let inner):
                let file = files[schema.name] ?? body.file
                slots.append(blocks(schema, inner, in: body, file: file, iterators: iterators, writeOnly: &writeOnly))
            }
        }
        refuseUnexpected(body, shape, files)
        return .object(shape: shape.shape, slots: slots)
    }

    /// What stands in JSON is told by the schema to be an argument or blocks.
    private mutating func resolvingJSON(_ body: Body, _ shape: BodyShape) -> Body {
        guard body.mayHoldJSONBlocks else { return body }
        let resolved = body.resolvingJSONBlocks { name in
            guard case .block(let schema, _)? = shape.member(name) else { return nil }
            return (schema.nesting == .map ? ["key"] : [], schema.mayBeArgument)
        }
        diagnostics += resolved.diagnostics
        return resolved.tree
    }

    // MARK: What does not belong

    private mutating func refuseUnexpected(_ body: Body, _ shape: BodyShape, _ files: [String: String]) {
        for attribute in body.attributes where shape.member(attribute.name.name) == nil {
            var names = shape.schema.attributes.filter(\.isSettable).map(\.name)
            if attribute.isJSON { names += shape.schema.blocks.map(\.name) }
            var detail =
                attribute.isJSON
                ? "No argument or block type is named \"\(attribute.name.name)\"."
                : "An argument named \"\(attribute.name.name)\" is not expected here."
            if let near = nearestName(attribute.name.name, among: names) { detail += " Did you mean \"\(near)\"?" }
            let file = files[attribute.name.name] ?? body.file
            diagnostics.append(
                .error(
                    attribute.isJSON ? "Extraneous JSON object property" : "Unsupported argument", detail,
                    at: SourceSpan(file: file, range: attribute.name.range)))
        }
        for block in body.blocks {
            let name = block.type.name == "dynamic" ? block.labels.first?.name ?? "" : block.type.name
            switch shape.member(name) {
            case .block: break
            case .attribute(let attribute):
                diagnostics.append(
                    .error(
                        "Unsupported block type",
                        "Blocks of type \"\(name)\" are not expected here. Did you mean to define argument \"\(attribute.name)\"? If so, use the equals sign to assign it a value.",
                        at: block.body.span(block.headerRange)))
            case nil:
                var detail = "Blocks of type \"\(name)\" are not expected here."
                if let near = nearestName(name, among: shape.schema.blocks.map(\.name)) { detail += " Did you mean \"\(near)\"?" }
                diagnostics.append(.error("Unsupported block type", detail, at: block.body.span(block.headerRange)))
            }
        }
    }
}
