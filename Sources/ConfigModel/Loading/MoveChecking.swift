import Addresses
import Diagnostics
import Evaluation
import HCLSyntax

/// What `moved` and `removed` blocks say of resources and modules, compared with what is declared.
extension Loader {
    mutating func checkMoves(of module: DeclaredModule) {
        var destinations: [ConfigurationAddress: (to: ConfigurationAddress, span: SourceSpan)] = [:]
        var origins: [ConfigurationAddress: (from: ConfigurationAddress, span: SourceSpan)] = [:]
        for block in module.moved {
            guard let from = address(block.from, block.span.file), let to = address(block.to, block.span.file) else { continue }
            if from == to {
                report(
                    "Redundant move statement",
                    "This statement declares a move from \(block.from.text) to the same address, which moves nothing.",
                    block.span)
                continue
            }
            if let earlier = destinations[from], earlier.to != to {
                report(
                    "Ambiguous move statements",
                    "Another statement declares that \(block.from.text) moved elsewhere. Each resource can move to only one destination.",
                    block.span, context: earlier.span)
            } else if let earlier = origins[to], earlier.from != from {
                report(
                    "Ambiguous move statements",
                    "Another statement declares that something else moved to \(block.to.text). Each resource can have moved from only one source.",
                    block.span, context: earlier.span)
            }
            destinations[from] = (to, block.span)
            origins[to] = (from, block.span)
            if let declared = declaration(of: from, in: module), !from.hasKey, declared.isSingle || !from.isOfSameBlock(as: to) {
                report(
                    "Moved object still exists",
                    "This statement declares a move from \(block.from.text), but that is still declared.", block.span,
                    context: declared.span,
                    hints: ["Change the configuration so that it is declared as \(block.to.text) instead."])
            }
        }
        for block in module.removed {
            guard let from = address(block.from, block.span.file), let declared = declaration(of: from, in: module) else { continue }
            report(
                from.isResource ? "Removed resource still exists" : "Removed module still exists",
                "A \"removed\" block declares that \(block.from.text) was removed, but it is still declared.", declared.span,
                context: block.span,
                hints: ["Remove this block, or the \"removed\" block."])
        }
        if module === order.first { for block in module.imports { checkImport(block, module) } }
    }

    mutating func report(_ summary: String, _ detail: String, _ span: SourceSpan, context: SourceSpan? = nil, hints: [String] = []) {
        diagnostics.append(Diagnostic(.error, summary, detail, subject: span, context: context, hints: hints))
    }

    private func address(_ traversal: Traversal, _ file: String) -> ConfigurationAddress? {
        // Decoding has reported an address that cannot be.
        try? ConfigurationAddress(traversal, file: file) { [kinds] in kinds.kind($0) != nil }
    }

    struct Declaration {
        var span: SourceSpan
        var isSingle: Bool
        var isKind = false
    }

    /// The block that declares what an address names, whatever the keys.
    func declaration(of address: ConfigurationAddress, in module: DeclaredModule) -> Declaration? {
        var current = module
        var last: Declaration?
        for step in address.path.call.steps {
            guard let declared = current.calls.first(where: { $0.call.callee.step == step }) else { return nil }
            last = Declaration(span: declared.call.span, isSingle: declared.call.repetition.isSingle)
            guard let next = loaded[declared.source] ?? nil else { return address.isResource ? nil : last }
            current = next
        }
        guard case .resource(_, let name, _) = address else { return last }
        if let resource = current.resources.first(where: { $0.name == name }) {
            return Declaration(span: resource.span, isSingle: resource.repetition.isSingle)
        }
        let step = ModuleCallPath.Step.kind(type: name.type, name: name.name)
        guard let kind = current.calls.first(where: { $0.call.callee.step == step }) else { return nil }
        return Declaration(span: kind.call.span, isSingle: kind.call.repetition.isSingle, isKind: true)
    }
}

extension ConfigurationAddress {
    fileprivate var path: ModulePath {
        switch self {
        case .module(let path), .resource(let path, _, _): path
        }
    }

    /// Whether both are written for one block, whatever the keys.
    fileprivate func isOfSameBlock(as other: ConfigurationAddress) -> Bool {
        guard path.call == other.path.call else { return false }
        switch (self, other) {
        case (.module, .module): return true
        case (.resource(_, let name, _), .resource(_, let otherName, _)): return name == otherName
        default: return false
        }
    }

    /// Whether an instance key is written in it.
    public var hasKey: Bool {
        switch self {
        case .module(let path): path.steps.contains { $0.key != .none }
        case .resource(let path, _, let key): key != .none || path.steps.contains { $0.key != .none }
        }
    }
}

extension Repetition {
    /// Whether there is no more than one instance, which has no key.
    var isSingle: Bool {
        switch self {
        case .single, .enabled: true
        case .count, .forEach: false
        }
    }
}
