import Diagnostics
import Evaluation
import HCLSyntax
import ProviderKit
import Values

extension BodyDecoder {
    /// Nil: what it repeats is not known.
    mutating func dynamic(
        _ block: Block, _ schema: NestedBlockSchema, _ shape: BodyShape, iterators: [String: Value]
    ) -> [NestedItem]? {
        guard let forEach = block.body.attribute("for_each"), let content = block.body.blocks.first(where: { $0.type.name == "content" })
        else {
            diagnostics.append(
                .error(
                    "Missing required argument", "A \"dynamic\" block needs the argument \"for_each\" and a nested block \"content\".",
                    at: block.body.span(block.headerRange)))
            return []
        }
        var name = block.labels.first?.name ?? ""
        if let iterator = block.body.attribute("iterator"), case .traversal(let written, _) = iterator.expression.kind {
            name = written.name
        }
        let collection: Value
        do throws(DiagnosticError) {
            collection = try evaluator(block.body.file).binding(iterators).value(of: forEach.expression)
        } catch {
            diagnostics.append(contentsOf: error.diagnostics)
            return nil
        }
        if collection.isUnknown { return nil }
        let pairs: [(Value, Value)]
        switch collection.node {
        case .list(let list): pairs = list.values.enumerated().map { (.int($0.offset), $0.element) }
        case .tuple(let values): pairs = values.enumerated().map { (.int($0.offset), $0.element) }
        case .set(let set): pairs = set.values.map { ($0, $0) }
        case .map(let map): pairs = map.entries.map { (.string($0.key), $0.value) }
        case .object(let object): pairs = zip(object.shape.names, object.slots).map { (.string($0), $1) }
        default:
            diagnostics.append(
                .error(
                    "Invalid dynamic for_each value",
                    "Cannot use a \(collection.isNull ? "null" : collection.type.friendlyName) value in for_each. An iterable collection is required.",
                    at: block.body.span(forEach.expression.range)))
            return []
        }
        var items: [NestedItem] = []
        for (key, value) in pairs {
            var inner = iterators
            inner[name] = .object([("key", key.marked(collection.marks)), ("value", value.marked(collection.marks))])
            guard let label = label(of: block, schema, evaluator(block.body.file).binding(inner)) else { continue }
            items.append(item(label, content.body, shape, iterators: inner))
        }
        return items
    }

    /// The label of one of the blocks that a `dynamic` block stands for; empty where its type has none, nil after reporting faults.
    private mutating func label(of block: Block, _ schema: NestedBlockSchema, _ evaluator: Evaluator) -> String? {
        guard schema.nesting == .map else { return "" }
        func refuse(_ detail: String, _ range: SourceRange) -> String? {
            diagnostics.append(.error("Invalid dynamic block label", detail, at: block.body.span(range)))
            return nil
        }
        guard let labels = block.body.attribute("labels") else {
            return refuse("A \"\(schema.name)\" block has a label: the argument \"labels\" is required.", block.headerRange)
        }
        let range = labels.expression.range
        let value: Value
        do throws(DiagnosticError) {
            value = try evaluator.value(of: labels.expression)
        } catch {
            diagnostics.append(contentsOf: error.diagnostics)
            return nil
        }
        guard let first = value.elements?.first, value.elements?.count == 1 else {
            return refuse("A \"\(schema.name)\" block has one label: a list of one string is required.", range)
        }
        if first.isUnknown {
            return refuse("This value is not yet known. Dynamic block labels must be immediately-known values.", range)
        }
        if first.isNull { return refuse("Cannot use a null value as a dynamic block label.", range) }
        do throws(ConversionError) {
            return try first.converted(to: .string).stringValue
        } catch {
            return refuse("Cannot use this value as a dynamic block label: \(error.message).", range)
        }
    }
}
