import Addresses
import Diagnostics
import Evaluation
import HCLSyntax

/// Which names that belong to a place, rather than to the module, an expression may use.
struct NameContext: OptionSet {
    let rawValue: UInt8
    static let count = NameContext(rawValue: 1)
    static let each = NameContext(rawValue: 2)
    static let `self` = NameContext(rawValue: 4)
}

extension ModuleDecoder {
    /// The references of an expression; those that cannot be, here or anywhere, are reported and left out.
    mutating func references(in expression: LocatedExpression, _ context: NameContext = []) -> [Reference] {
        noteCalls(in: expression)
        return references(traversals(in: expression.expression), file: expression.file, context)
    }

    /// References of a body; nested blocks of other files included.
    mutating func references(in body: Body, files: [String: String] = [:], _ context: NameContext) -> [Reference] {
        noteCalls(in: body)
        if files.isEmpty { return references(traversals(in: body), file: body.file, context) }
        var found: [Reference] = []
        for attribute in body.attributes {
            let file = files[attribute.name.name] ?? body.file
            // Wrapped, so that a `dynamic` block binds its iterator: here in JSON.
            let wrapped = Body(attributes: [attribute], blocks: [], range: attribute.range, file: file)
            found += references(traversals(in: wrapped), file: file, context)
        }
        for block in body.blocks {
            let wrapped = Body(attributes: [], blocks: [block], range: block.range, file: block.body.file)
            found += references(traversals(in: wrapped), file: block.body.file, context)
        }
        return found
    }

    mutating func references(_ traversals: [Traversal], file: String, _ context: NameContext) -> [Reference] {
        if traversals.isEmpty { return [] }
        var found: [Reference] = []
        found.reserveCapacity(traversals.count)
        for traversal in traversals {
            do {
                let reference = try Reference(traversal, file: file)
                if isAvailable(reference, in: context) { found.append(reference) }
            } catch {
                diagnostics += error.diagnostics
            }
        }
        for reference in found { pending.append(PendingReference(reference: reference, check: checkScope)) }
        return found
    }

    private mutating func isAvailable(_ reference: Reference, in context: NameContext) -> Bool {
        var attribute: String?
        if case .attribute(let name)? = reference.remaining.first { attribute = name.name }
        switch reference.subject {
        case .count:
            guard attribute == "index" else {
                report(
                    "Invalid \"count\" attribute",
                    "The \"count\" object does not have an attribute named \"\(attribute ?? "")\". The only supported attribute is count.index, which is the index of each instance of a resource block that has the \"count\" argument set.",
                    at: reference.span)
                return false
            }
            guard context.contains(.count) else {
                report(
                    "Reference to \"count\" in non-counted context",
                    "The \"count\" object can only be used in \"module\", \"resource\", and \"data\" blocks, and only when the \"count\" argument is set.",
                    at: reference.span)
                return false
            }
        case .each:
            guard attribute == "key" || attribute == "value" else {
                report(
                    "Invalid \"each\" attribute",
                    "The \"each\" object does not have an attribute named \"\(attribute ?? "")\". The supported attributes are each.key and each.value, the current key and value pair of the \"for_each\" attribute set.",
                    at: reference.span)
                return false
            }
            guard context.contains(.each) else {
                if attribute == "value" {
                    report(
                        "each.value cannot be used in this context",
                        "\"each.value\" can be used only in blocks that have the \"for_each\" argument set.", at: reference.span)
                } else {
                    report(
                        "Reference to \"each\" in context without for_each",
                        "The \"each\" object can be used only in \"module\" or \"resource\" blocks, and only when the \"for_each\" argument is set.",
                        at: reference.span)
                }
                return false
            }
        case .self:
            guard context.contains(.self) else {
                report(
                    "Invalid \"self\" reference",
                    "The \"self\" object is not available in this context. This object can be used only in resource provisioner, connection, and postcondition blocks.",
                    at: reference.span)
                return false
            }
        case .path(let name): return isKnownPath(name, reference)
        case .terraform(let name): return isKnownTerraform(name, reference)
        case .other(let root):
            report("Invalid reference", "\"\(root)\" means nothing in a configuration.", at: reference.span)
            return false
        case .variable, .local, .resource, .module: break
        }
        return true
    }

    private mutating func isKnownPath(_ name: String, _ reference: Reference) -> Bool {
        // A composition names things after the block that it was chosen by.
        let known = purpose == .module ? ["cwd", "module", "root"] : ["address", "cwd", "module", "root"]
        if known.contains(name) { return true }
        let near = nearestName(name, among: known).map { ["Did you mean \"\($0)\"?"] } ?? []
        report(
            "Invalid \"path\" attribute", "The \"path\" object does not have an attribute named \"\(name)\".", at: reference.span,
            hints: near)
        return false
    }

    private mutating func isKnownTerraform(_ name: String, _ reference: Reference) -> Bool {
        if name == "workspace" || name == "applying" { return true }
        report(
            "Invalid \"terraform\" attribute",
            name == "env"
                ? "The terraform.env attribute was removed from the language; the workspace's name is terraform.workspace."
                : "The \"terraform\" object does not have an attribute named \"\(name)\". The only supported attributes are terraform.workspace, the name of the currently-selected workspace, and terraform.applying, a boolean which is true only during apply.",
            at: reference.span)
        return false
    }

    private mutating func noteCalls(in expression: LocatedExpression) {
        guard mayCall(expression.expression.range, file: expression.file) else { return }
        forEachCall(in: expression.expression) { _, name in noteCall(name, file: expression.file) }
    }

    private mutating func noteCalls(in body: Body) {
        guard mayCall(body.range, file: body.file) else { return }
        for attribute in body.attributes { noteCalls(in: LocatedExpression(attribute.expression, file: body.file)) }
        for block in body.blocks { noteCalls(in: block.body) }
    }

    /// Whether there is a parenthesis in that part of a file: most have none, and need no walk through their expressions.
    private mutating func mayCall(_ range: SourceRange, file: String) -> Bool {
        if lastFile.path != file { lastFile = (file, sources.bytes(of: file) ?? []) }
        let bytes = lastFile.bytes
        // A range that does not fit belongs to a text that is not in the file.
        guard range.end <= bytes.count, range.start <= range.end else { return true }
        return bytes[Int(range.start)..<Int(range.end)].contains(UInt8(ascii: "("))
    }

    private mutating func noteCall(_ name: Identifier, file: String) {
        if isFunction(name.name) { return }
        let near = nearestName(name.name, among: functions.names + specialFunctions).map { ["Did you mean \"\($0)\"?"] } ?? []
        report(
            "Call to unknown function", "There is no function named \"\(name.name)\".", at: SourceSpan(file: file, range: name.range),
            hints: near)
    }

    private func isFunction(_ name: String) -> Bool {
        functions.has(name) || specialFunctions.contains(name) || functionsOfOld.contains(name) || name.contains("::")
    }
}

/// Functions that Evaluation has itself, since they take expressions.
private let specialFunctions = ["can", "templatefile", "templatestring", "try"]

/// What is no more, of which Evaluation says what takes its place.
private let functionsOfOld: Set<String> = ["list", "map"]

/// A reference whose subject is looked for once the whole module has been read.
struct PendingReference {
    var reference: Reference
    /// The check block it stands in, which has a data source of its own.
    var check: String?
}
