public import Diagnostics
public import HCLSyntax
public import Values

extension Evaluator {
    /// Adds what the references in a faulty expression stand for, as far as that helps and is no secret.
    public func withReferences(_ error: DiagnosticError, in expression: Expression) -> DiagnosticError {
        var diagnostics = error.diagnostics
        // The same for all of them: there may be thousands.
        var known: [Diagnostic.ReferencedValue]?
        for index in diagnostics.indices where diagnostics[index].references.isEmpty && diagnostics[index].subject?.file == file {
            let references = known ?? references(of: expression)
            known = references
            diagnostics[index].references = references
        }
        return DiagnosticError(diagnostics)
    }

    private func references(of expression: Expression) -> [Diagnostic.ReferencedValue] {
        var seen: Set<String> = []
        return traversals(in: expression).compactMap { traversal in
            let text = traversal.text
            // A reference that is itself at fault has no value to show.
            guard !seen.contains(text),
                let value = try? evaluate(Expression(.traversal(traversal.root, traversal.steps), range: traversal.range))
            else { return nil }
            seen.insert(text)
            return .init(expression: text, value: value.shortDescription)
        }
    }
}

extension Traversal {
    /// As it would be written.
    public var text: String {
        var text = root.name
        for step in steps {
            switch step {
            case .attribute(let name): text += ".\(name.name)"
            case .stringIndex(let key, _): text += "[\"\(key)\"]"
            case .numberIndex(let digits, _): text += "[\(digits)]"
            }
        }
        return text
    }
}

extension Value {
    /// A clause for a diagnostic: `"eu-west-1"`, `a list of string, known only after apply`. Never a secret.
    public var shortDescription: String {
        if marks.contains(.sensitive) { return "has a sensitive value" }
        if marks.contains(.ephemeral) { return "has an ephemeral value" }
        switch node {
        case .unknown(let unknown):
            return unknown.type == .dynamic
                ? "will be known only after apply" : "is a \(unknown.type.friendlyName), known only after apply"
        case .null: return "is null"
        case .bool(let value): return "is \(value)"
        case .number(let number): return "is \(number.description)"
        case .string(let text):
            return text.count > 80 ? "is \"\(text.prefix(77))...\"" : "is \"\(text.replacing("\n", with: "\\n"))\""
        case .list(let list):
            return list.values.isEmpty
                ? "is empty \(type.friendlyName)" : "is \(type.friendlyName) with \(counted(list.values.count, "element"))"
        case .set(let set):
            return set.values.isEmpty
                ? "is empty \(type.friendlyName)" : "is \(type.friendlyName) with \(counted(set.values.count, "element"))"
        case .tuple(let values): return values.isEmpty ? "is empty tuple" : "is tuple with \(counted(values.count, "element"))"
        case .map(let map):
            return map.entries.isEmpty
                ? "is empty \(type.friendlyName)" : "is \(type.friendlyName) with \(counted(map.entries.count, "element"))"
        case .object(let object):
            return object.slots.isEmpty ? "is object with no attributes" : "is object with \(counted(object.slots.count, "attribute"))"
        }
    }
}

private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
