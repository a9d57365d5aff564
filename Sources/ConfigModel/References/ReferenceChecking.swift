import Addresses
import Diagnostics
import HCLSyntax

/// What a module declares, for looking up what references name.
private struct Declarations {
    var variables: [String] = []
    var locals: [String] = []
    var variableSet: Set<String> = []
    var localSet: Set<String> = []
    var resources: [ResourceName: Repetition] = [:]
    var calls: [String: CallDeclaration] = [:]
    var kinds: [ResourceName: CallDeclaration] = [:]
    /// The check that a data source belongs to.
    var scopes: [ResourceName: String] = [:]

    init(_ module: DeclaredModule) {
        variables = module.variables.map(\.name)
        locals = module.locals.map(\.name)
        variableSet = Set(variables)
        localSet = Set(locals)
        resources.reserveCapacity(module.resources.count)
        for resource in module.resources { resources[resource.name] = resource.repetition }
        for declaration in module.calls {
            switch declaration.call.callee {
            case .module(let name): calls[name] = declaration
            case .kind(let type, let name): kinds[ResourceName(.managed, type: type, name: name)] = declaration
            }
        }
        for check in module.checks { if let name = check.dataSource { scopes[name] = check.name } }
    }
}

extension Loader {
    /// Reports every reference of a module that names nothing.
    mutating func checkReferences(of module: DeclaredModule) {
        let declared = Declarations(module)
        let where_ = module === order.first ? "the root module" : "this module (\(module.directory))"
        for pending in module.pending { check(pending, declared, where_) }
    }

    private mutating func report(_ summary: String, _ detail: String, at span: SourceSpan, _ hint: String? = nil) {
        diagnostics.append(.error(summary, detail, at: span, hints: hint.map { [$0] } ?? []))
    }

    private mutating func check(_ pending: PendingReference, _ declared: Declarations, _ where_: String) {
        let reference = pending.reference
        switch reference.subject {
        case .variable(let name):
            if declared.variableSet.contains(name) { return }
            let near = nearestName(name, among: declared.variables)
            report(
                "Reference to undeclared input variable", "An input variable with the name \"\(name)\" has not been declared.",
                at: reference.span,
                near.map { "Did you mean \"\($0)\"?" } ?? "This variable can be declared with a variable \"\(name)\" {} block.")
        case .local(let name):
            if declared.localSet.contains(name) { return }
            report(
                "Reference to undeclared local value", "A local value with the name \"\(name)\" has not been declared.", at: reference.span,
                nearestName(name, among: declared.locals).map { "Did you mean \"\($0)\"?" })
        case .resource(let name):
            if let kind = declared.kinds[name] { return checkKind(reference, name, kind) }
            if let repetition = declared.resources[name] {
                if let scope = declared.scopes[name], scope != pending.check {
                    return report(
                        "Reference to scoped resource",
                        "The referenced data resource \"\(name.type.rawValue)\" \"\(name.name)\" is not available from this context: it belongs to the check \"\(scope)\".",
                        at: reference.span)
                }
                return checkKey(reference, name.description, repetition)
            }
            reportUndeclared(reference, name, declared, where_)
        case .module(let name, let output):
            guard let declaration = declared.calls[name] else {
                return report(
                    "Reference to undeclared module", "No module call named \"\(name)\" is declared in \(where_).", at: reference.span,
                    nearestName(name, among: declared.calls.keys.sorted()).map { "Did you mean \"\($0)\"?" })
            }
            checkModule(reference, declaration, output: output)
        case .path, .terraform, .count, .each, .self, .other: return
        }
    }

    private mutating func reportUndeclared(_ reference: Reference, _ name: ResourceName, _ declared: Declarations, _ where_: String) {
        let noun =
            switch name.mode {
            case .managed: "A managed"
            case .data: "A data"
            case .ephemeral: "An ephemeral"
            }
        var hint: String?
        let data = ResourceName(.data, type: name.type, name: name.name)
        let managed = ResourceName(.managed, type: name.type, name: name.name)
        if name.mode == .managed, declared.resources[data] != nil {
            hint = "Did you mean the data resource \(data)?"
        } else if name.mode == .data, declared.resources[managed] != nil {
            hint = "Did you mean the managed resource \(managed)?"
        } else {
            let known = (Array(declared.resources.keys) + declared.kinds.keys).filter { $0.mode == name.mode }.sorted()
            let sameType = known.filter { $0.type == name.type }
            if let near = nearestName(name.name, among: sameType.map(\.name)) {
                hint = "Did you mean \(ResourceName(name.mode, type: name.type, name: near))?"
            } else if let near = nearestName(name.description, among: known.map(\.description)) {
                hint = "Did you mean \(near)?"
            } else if name.mode == .managed,
                let near = nearestName(name.type.rawValue, among: ["var", "local", "module", "data", "each", "path", "self"])
            {
                hint = "Did you mean \(near).\(name.name)?"
            }
        }
        report(
            "Reference to undeclared resource",
            "\(noun) resource \"\(name.type.rawValue)\" \"\(name.name)\" has not been declared in \(where_).", at: reference.span, hint)
    }

    /// An attribute of a repeated block needs a key, and a single block takes none.
    private mutating func checkKey(_ reference: Reference, _ name: String, _ repetition: Repetition) {
        let argument: String
        switch repetition {
        case .single, .enabled:
            if reference.key != nil {
                report(
                    "Unexpected resource instance key",
                    "Because \(name) does not have \"count\" or \"for_each\" set, references to it must not include an index key. Remove the bracketed index to refer to the single instance of this resource.",
                    at: reference.span)
            }
            return
        case .count: argument = "count"
        case .forEach: argument = "for_each"
        }
        guard reference.key == nil, case .attribute? = reference.remaining.first else { return }
        report(
            "Missing resource instance key",
            "Because \(name) has \"\(argument)\" set, its attributes must be accessed on specific instances.", at: reference.span,
            "To correlate with indices of a referring resource, use: \(name)[\(argument == "count" ? "count.index" : "each.key")]")
    }

    private mutating func checkModule(_ reference: Reference, _ declaration: CallDeclaration, output: String?) {
        let isSingle = declaration.call.repetition.isSingle
        guard let output else { return }
        // The place of the output's name is the last one consumed: all steps but the remaining ones.
        if !isSingle, reference.key == nil {
            let example = if case .count = declaration.call.repetition { "[count.index]" } else { "[each.key]" }
            return report(
                "Unsupported attribute",
                "This module call is repeated, so that its outputs must be accessed on specific instances.", at: reference.span,
                "Did you mean to access \"\(output)\" of one instance, such as \(declaration.call.path)\(example).\(output)?")
        }
        if isSingle, reference.key != nil {
            return report(
                "Invalid index", "\(declaration.call.path) does not have \"count\" or \"for_each\" set, so that it has a single instance.",
                at: reference.span, "Remove the bracketed index.")
        }
        checkOutput(output, reference, declaration)
    }

    private mutating func checkKind(_ reference: Reference, _ name: ResourceName, _ declaration: CallDeclaration) {
        checkKey(reference, name.description, declaration.call.repetition)
        guard case .attribute(let output)? = reference.remaining.first else { return }
        checkOutput(output.name, reference, declaration)
    }

    private mutating func checkOutput(_ output: String, _ reference: Reference, _ declaration: CallDeclaration) {
        guard let callee = loaded[declaration.source] ?? nil, !callee.isIncomplete else { return }
        let known = callee.outputs.map(\.name)
        if known.contains(output) { return }
        var hint = nearestName(output, among: known).map { "Did you mean \"\($0)\"?" }
        if hint == nil, case .kind = declaration.call.callee {
            hint = "Its outputs are: \(known.joined(separator: ", ")). The resources that it is made of cannot be referred to."
        }
        var span = reference.span
        if case .attribute(let name)? = reference.remaining.first, case .kind = declaration.call.callee {
            span.range = TraversalStep.attribute(name).rangeWithDot
        } else if case .module = declaration.call.callee {
            // The name with its dot stands behind the call's name and its key.
            let start = Int(span.range.end) + (reference.key?.description.utf8.count ?? 0)
            span.range = SourceRange(start, start + 1 + output.utf8.count)
        }
        report("Unsupported attribute", "\(declaration.call.path) has no output named \"\(output)\".", at: span, hint)
    }
}
