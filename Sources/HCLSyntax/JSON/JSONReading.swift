import Diagnostics

/// Parses a configuration or variables file in JSON syntax into the tree that the native syntax gives. There are no tokens: a JSON file
/// is not laid out anew.
///
/// - Parameter layout: what the properties of the document are.
public func parseJSONFile(_ bytes: [UInt8], path: String, layout: JSONLayout) -> ParseResult<SourceFile> {
    var parser = JSONParser(bytes: bytes, path: path)
    let root = bytes.count < Int(UInt32.max) ? parser.document() : nil
    if bytes.count >= Int(UInt32.max) { parser.diagnostics.append(inputTooLarge(path)) }
    var body = Body(attributes: [], blocks: [], range: SourceRange(0, bytes.count), file: path)
    body.isJSON = true
    var diagnostics = parser.diagnostics
    if let root {
        var reader = JSONReader(path: path, bytes: bytes)
        body = reader.body(root, layout)
        diagnostics += reader.diagnostics
    }
    var file = SourceFile(path: path, bytes: bytes, tokens: [], body: body)
    file.json = root
    return ParseResult(tree: file, diagnostics: diagnostics)
}

/// Makes bodies, blocks and expressions of JSON values.
struct JSONReader {
    let path: String
    let bytes: [UInt8]
    var diagnostics: [Diagnostic] = []

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    /// `main.tf.json line 3`.
    func place(_ range: SourceRange) -> String {
        "\(path) line \(1 + bytes[..<min(Int(range.start), bytes.count)].count { $0 == UInt8(ascii: "\n") })"
    }

    mutating func report(_ summary: String, _ detail: String, at range: SourceRange) {
        diagnostics.append(.error(summary, detail, at: SourceSpan(file: path, range: range)))
    }

    // MARK: Bodies

    mutating func body(_ node: JSONNode, _ layout: JSONLayout) -> Body {
        var body = Body(attributes: [], blocks: [], range: node.range, file: path)
        body.isJSON = true
        var names: [String: SourceRange] = [:]
        for property in properties(of: node, layout) {
            let name = property.name.text
            // Where a body is expected, this is how a comment is written.
            if name == "//" { continue }
            if let form = layout.form(of: name) {
                let type = Identifier(name: name, range: property.name.range)
                blocks(property.value, type, form.labels[...], [], form.layout, into: &body.blocks)
            } else if let earlier = names[name] {
                report(
                    layout.holdsOnlyArguments ? "Duplicate attribute definition" : "Duplicate argument",
                    "The argument \"\(name)\" was already set at \(place(earlier)).", at: property.name.range)
            } else {
                names[name] = property.name.range
                var attribute = Attribute(
                    name: Identifier(name: name, range: property.name.range),
                    expression: expression(property.value, layout.readings[name] ?? layout.otherwise),
                    range: property.name.range.union(property.value.range))
                attribute.isJSON = true
                body.attributes.append(attribute)
            }
        }
        return body
    }

    private mutating func properties(of node: JSONNode, _ layout: JSONLayout) -> [JSONProperty] {
        switch node.kind {
        case .object(let properties): return properties
        case .null, .invalid: return []
        case .array(let items) where !layout.holdsOnlyArguments:
            var all: [JSONProperty] = []
            for item in items {
                if case .object(let properties) = item.kind {
                    all += properties
                } else {
                    report(
                        "Incorrect JSON value type", "A JSON object is required here, to define arguments and child blocks.",
                        at: item.opening)
                }
            }
            return all
        default:
            report(
                "Incorrect JSON value type",
                layout.holdsOnlyArguments
                    ? "A JSON object is required here, setting the arguments for this block."
                    : "Either a JSON object or JSON array of objects is required here, to define arguments and child blocks.",
                at: node.opening)
            return []
        }
    }

    // MARK: Blocks

    /// The blocks that a property stands for: below it a level of names for each label, then an object for one block or a list of them.
    mutating func blocks(
        _ node: JSONNode, _ type: Identifier, _ labels: ArraySlice<String>, _ found: [Identifier], _ layout: JSONLayout,
        into blocks: inout [Block]
    ) {
        if let label = labels.first {
            for property in labelled(node, type, label) {
                self.blocks(
                    property.value, type, labels.dropFirst(), found + [Identifier(name: property.name.text, range: property.name.range)],
                    layout, into: &blocks)
            }
            return
        }
        func block(_ node: JSONNode, header: SourceRange) -> Block {
            var body = body(node, layout)
            if !node.isContainer { body.range = header }
            return Block(
                type: type, labels: found, body: body, range: (found.last?.range ?? type.range).union(node.range), headerRange: header)
        }
        switch node.kind {
        case .null, .invalid: break
        case .object: blocks.append(block(node, header: node.opening))
        case .array(let items): for item in items { blocks.append(block(item, header: item.isContainer ? item.opening : node.opening)) }
        default:
            report(
                "Incorrect JSON value type",
                "Either a JSON object or a JSON array is required, representing the contents of one or more \"\(type.name)\" blocks.",
                at: node.range)
        }
    }

    private mutating func labelled(_ node: JSONNode, _ type: Identifier, _ label: String) -> [JSONProperty] {
        var all: [JSONProperty] = []
        switch node.kind {
        case .object(let properties): all = properties
        case .array(let items):
            for item in items {
                if case .object(let properties) = item.kind {
                    all += properties
                } else {
                    report(
                        "Incorrect JSON value type", "A JSON object is required here, to specify \(label) labels for this block.",
                        at: item.opening)
                    return []
                }
            }
        case .null: break
        case .invalid: return []
        default:
            report(
                "Incorrect JSON value type",
                "Either a JSON object or JSON array of objects is required here, to specify \(label) labels for this block.",
                at: node.range)
            return []
        }
        if all.isEmpty {
            report(
                "Missing block label",
                "At least one object property is required, whose name represents the \(type.name) block's \(label).", at: node.opening)
        }
        return all
    }
}

extension JSONNode {
    var isContainer: Bool {
        switch kind {
        case .array, .object: true
        default: false
        }
    }
}
