public import Diagnostics

/// Which arguments of a JSON body are really blocks shows only when the provider's schema is there: until then they are expressions.
extension Body {
    /// Whether any argument of it came from JSON, and may yet turn out to be blocks.
    public var mayHoldJSONBlocks: Bool { attributes.contains { $0.isJSON } }

    /// How many labels the blocks of a name have, and whether it may be written as an argument too; nil for what is no block.
    public typealias BlockNames = (_ name: String) -> (labels: [String], mayBeArgument: Bool)?

    /// The body with its arguments made into blocks where they stand for some.
    public func resolvingJSONBlocks(_ names: BlockNames) -> ParseResult<Body> {
        var body = self
        body.attributes.removeAll(keepingCapacity: true)
        var diagnostics: [Diagnostic] = []
        for attribute in attributes {
            guard attribute.isJSON, let form = names(attribute.name.name), !attribute.staysArgument(form.mayBeArgument) else {
                body.attributes.append(attribute)
                continue
            }
            var finder = JSONBlockFinder(file: file)
            finder.blocks(attribute.expression, attribute.name, form.labels[...], [])
            body.blocks += finder.blocks
            diagnostics += finder.diagnostics
        }
        return ParseResult(tree: body, diagnostics: diagnostics)
    }
}

extension Body {
    /// The closing brace of a body in JSON, where the reference misses what is missing.
    public var closing: SourceRange { SourceRange(start: max(range.start, range.end &- 1), end: range.end) }
}

extension Expression {
    /// The `dynamic` blocks that a JSON value named so stands for; nil where it looks like anything else.
    public func dynamicJSONBlocks(name: Identifier, file: String) -> [Block]? {
        var finder = JSONBlockFinder(file: file)
        finder.blocks(self, name, ["type"], [])
        guard finder.diagnostics.isEmpty, !finder.blocks.isEmpty else { return nil }
        let blocks = finder.blocks.map(\.asDynamic)
        return blocks.allSatisfy { $0.body.attribute("for_each") != nil && !$0.body.blocks.isEmpty } ? blocks : nil
    }
}

extension Attribute {
    /// What is no object and no list of them is a value, for the decoder to take or to refuse; and an empty list is an argument that
    /// says "none".
    fileprivate func staysArgument(_ mayBeArgument: Bool) -> Bool {
        switch expression.kind {
        case .object, .null: false
        case .tuple(let items): items.isEmpty && mayBeArgument
        default: mayBeArgument
        }
    }
}

extension Block {
    /// `content` of a `dynamic` block is a block, and its iterator a name.
    fileprivate var asDynamic: Block {
        var block = self
        block.body.attributes.removeAll { $0.name.name == "content" }
        if let content = body.attribute("content") {
            var finder = JSONBlockFinder(file: body.file)
            finder.blocks(content.expression, content.name, [], [])
            block.body.blocks += finder.blocks
        }
        for index in block.body.attributes.indices where block.body.attributes[index].name.name == "iterator" {
            let written = block.body.attributes[index].expression
            if let text = written.literalText {
                block.body.attributes[index].expression.kind = .traversal(Identifier(name: text, range: written.range), [])
            }
        }
        return block
    }
}

/// Finds blocks in the expressions that were made of JSON objects.
private struct JSONBlockFinder {
    let file: String
    var blocks: [Block] = []
    var diagnostics: [Diagnostic] = []

    init(file: String) { self.file = file }

    mutating func report(_ detail: String, at range: SourceRange) {
        diagnostics.append(.error("Incorrect JSON value type", detail, at: SourceSpan(file: file, range: range)))
    }

    mutating func blocks(_ expression: Expression, _ type: Identifier, _ labels: ArraySlice<String>, _ found: [Identifier]) {
        if let label = labels.first {
            for item in labelled(expression, label) {
                guard let name = item.jsonName else { continue }
                blocks(item.value, type, labels.dropFirst(), found + [name])
            }
            return
        }
        switch expression.kind {
        case .null, .invalid: break
        case .object(let items): append(items, expression.range, type, found)
        case .tuple(let list):
            for element in list {
                if case .object(let items) = element.kind {
                    append(items, element.range, type, found)
                } else {
                    report("A JSON object is required here, to define arguments and child blocks.", at: element.range)
                }
            }
        default:
            report(
                "Either a JSON object or a JSON array is required, representing the contents of one or more \"\(type.name)\" blocks.",
                at: expression.range)
        }
    }

    private mutating func labelled(_ expression: Expression, _ label: String) -> [ObjectItem] {
        switch expression.kind {
        case .object(let items): return items
        case .tuple(let list):
            return list.flatMap { element in
                if case .object(let items) = element.kind { items } else { [ObjectItem]() }
            }
        case .null, .invalid: return []
        default:
            report(
                "Either a JSON object or JSON array of objects is required here, to specify \(label) labels for this block.",
                at: expression.range)
            return []
        }
    }

    private mutating func append(_ items: [ObjectItem], _ range: SourceRange, _ type: Identifier, _ labels: [Identifier]) {
        var body = Body(attributes: [], blocks: [], range: range, file: file)
        body.isJSON = true
        for item in items {
            guard let name = item.jsonName, name.name != "//" else { continue }
            if name.name == "dynamic", let nested = item.value.dynamicJSONBlocks(name: name, file: file) {
                body.blocks += nested
                continue
            }
            var attribute = Attribute(name: name, expression: item.value, range: name.range.union(item.value.range))
            attribute.isJSON = true
            body.attributes.append(attribute)
        }
        let header = SourceRange(start: range.start, end: range.start + 1)
        blocks.append(
            Block(type: type, labels: labels, body: body, range: (labels.last?.range ?? type.range).union(range), headerRange: header))
    }
}

extension ObjectItem {
    fileprivate var jsonName: Identifier? {
        switch key {
        case .name(let name): name
        case .expression(let expression): expression.literalText.map { Identifier(name: $0, range: expression.range) }
        }
    }
}
