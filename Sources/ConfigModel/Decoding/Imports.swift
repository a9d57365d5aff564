import Addresses
import Diagnostics
import Evaluation
import HCLSyntax

/// `import` blocks.
extension ModuleDecoder {
    mutating func decodeImport(_ block: Block) {
        let schema = BodySchema(arguments: ["to", "id", "for_each", "provider"], required: ["to", "id"])
        schema.check(block.body, header: block.headerRange, into: &diagnostics)
        let body = block.body
        guard let to = body.attribute("to"), let id = body.attribute("id") else { return }
        let span = body.span(block.headerRange)
        let forEach = body.attribute("for_each").map { LocatedExpression($0.expression, file: body.file) }
        let located = LocatedExpression(to.expression, file: body.file)
        guard let target = importTarget(located, repeats: forEach != nil) else { return }
        if forEach == nil, let text = target.constantText {
            if let earlier = importsByTarget[text] {
                report(
                    "Duplicate import configuration for \"\(target.description)\"",
                    "An import block for the resource \"\(text)\" was already declared at \(place(earlier)). A resource can have only one import block.",
                    at: located.span)
                return
            }
            importsByTarget[text] = span
        }
        let context: NameContext = forEach == nil ? [] : .each
        if let forEach { _ = references(in: forEach) }
        for reference in references(in: LocatedExpression(id.expression, file: body.file), context)
        where target.call.isRoot && reference.subject == .resource(target.resource) {
            report("Invalid import id argument", "The import ID cannot reference the resource being imported.", at: reference.span)
        }
        var provider: ProviderReference?
        if let attribute = body.attribute("provider") {
            provider = providerReference(LocatedExpression(attribute.expression, file: body.file))
            if target.call.isRoot, resources.contains(where: { $0.name == target.resource }) {
                report(
                    "Invalid import provider argument",
                    "The provider argument can only be specified in import blocks that will generate configuration: the resource has one of its own.",
                    at: body.span(attribute.range))
            }
        }
        imports.append(
            ImportBlock(
                to: located, target: target, id: LocatedExpression(id.expression, file: body.file), forEach: forEach, provider: provider,
                span: span))
    }

    /// One word or key of an address.
    private enum Word {
        case root(Identifier)
        case step(TraversalStep)
        case computed(Expression)
    }

    private mutating func importTarget(_ to: LocatedExpression, repeats: Bool) -> ImportTarget? {
        var words: [Word] = []
        guard collect(to.expression, into: &words), case .root(let root)? = words.first else {
            report("Invalid import address", "Only managed resources can be imported.", at: to.span)
            reportNoStaticReference(at: to.span)
            return nil
        }
        var keys: [ImportTarget.Key] = []
        var steps: [TraversalStep] = []
        for word in words.dropFirst() {
            switch word {
            case .root: break
            case .step(let step):
                steps.append(step)
                do {
                    if let key = try step.instanceKey(file: to.file) { keys.append(.constant(key)) }
                } catch {
                    report("Invalid import address", "Only managed resources can be imported.", at: to.span)
                    diagnostics += error.diagnostics
                    return nil
                }
            case .computed(let expression):
                guard repeats else {
                    report(
                        "Invalid address", "A key that has to be worked out needs an import block with for_each.",
                        at: SourceSpan(file: to.file, range: expression.range))
                    reportNoStaticReference(at: to.span)
                    return nil
                }
                guard hasOnlyEach(expression, file: to.file) else { return nil }
                // Stands for it while the address is taken apart.
                steps.append(.numberIndex("0", expression.range))
                keys.append(.computed(LocatedExpression(expression, file: to.file)))
            }
        }
        let traversal = Traversal(root: root, steps: steps, range: to.expression.range)
        let address: ConfigurationAddress
        do {
            address = try ConfigurationAddress(traversal, file: to.file, isKind: { [kinds] in kinds.kind($0) != nil })
        } catch {
            diagnostics += error.diagnostics
            return nil
        }
        guard case .resource(let path, let resource, let key) = address, resource.mode == .managed else {
            report("Invalid import address", "Only managed resources can be imported.", at: to.span)
            if !address.isResource {
                report(
                    "Invalid address",
                    "A resource instance address is required here: the module path must be followed by a resource instance.", at: to.span)
            }
            return nil
        }
        var rest = keys[...]
        func next(_ key: InstanceKey) -> ImportTarget.Key { key == .none ? .constant(.none) : rest.popFirst() ?? .constant(key) }
        let moduleKeys = path.steps.map { next($0.key) }
        return ImportTarget(call: path.call, moduleKeys: moduleKeys, resource: resource, key: next(key))
    }

    private func collect(_ expression: Expression, into words: inout [Word]) -> Bool {
        switch expression.kind {
        case .traversal(let root, let steps):
            words.append(.root(root))
            words += steps.map(Word.step)
            return true
        case .relative(let source, let steps):
            guard collect(source, into: &words) else { return false }
            words += steps.map(Word.step)
            return true
        case .index(let source, let key):
            guard collect(source, into: &words) else { return false }
            words.append(.computed(key))
            return true
        default: return false
        }
    }

    /// A key may name nothing but the element that it is made for.
    private mutating func hasOnlyEach(_ key: Expression, file: String) -> Bool {
        let found = traversals(in: key)
        if let other = found.first(where: { $0.root.name != "each" }) {
            report(
                "Unknown variable",
                "There is no variable named \"\(other.root.name)\" here: only each.key and each.value can be used in the keys of an import address.",
                at: SourceSpan(file: file, range: other.range))
            return false
        }
        let before = diagnostics.count
        _ = references(found, file: file, .each)
        return diagnostics.count == before
    }
}

extension ImportTarget {
    /// The whole address; nil where a key of it is computed.
    fileprivate var constantText: String? {
        try? address { (_) throws(Computed) in throw Computed() }.description
    }

    private struct Computed: Error {}
}
