import Addresses
public import Diagnostics
public import Evaluation
import HCLSyntax

extension Reference {
    /// What a traversal refers to, by the words it begins with.
    ///
    /// - Throws: "Invalid reference" where it names nothing that could exist.
    public init(_ traversal: Traversal, file: String) throws(DiagnosticError) {
        let reader = Reader(traversal: traversal, file: file)
        switch traversal.root.name {
        case "var": self = try reader.attribute(of: "var") { .variable($0) }
        case "local": self = try reader.attribute(of: "local") { .local($0) }
        case "path": self = try reader.attribute(of: "path") { .path($0) }
        case "terraform": self = try reader.attribute(of: "terraform") { .terraform($0) }
        case "count": self = try reader.attribute(of: "count", keepsAttribute: true) { _ in .count }
        case "each": self = try reader.attribute(of: "each", keepsAttribute: true) { _ in .each }
        case "self": self = reader.reference(.self, consumed: 0)
        case "module": self = try reader.module()
        case "data": self = try reader.resource(.data, from: 0)
        case "ephemeral": self = try reader.resource(.ephemeral, from: 0)
        case "resource": self = try reader.resource(.managed, from: 0)
        case "run": self = try reader.attribute(of: "run") { _ in .other("run") }
        default: self = try reader.managedResource()
        }
    }
}

private struct Reader {
    let traversal: Traversal
    let file: String

    func fault(_ detail: String, _ range: SourceRange) -> DiagnosticError {
        DiagnosticError(.error("Invalid reference", detail, at: SourceSpan(file: file, range: range)))
    }

    /// - Parameter consumed: how many steps the subject takes up.
    func reference(_ subject: Reference.Subject, key: InstanceKey? = nil, consumed: Int, span: Int? = nil) -> Reference {
        let steps = span ?? consumed
        let range = steps == 0 ? traversal.root.range : traversal.root.range.union(traversal.steps[steps - 1].range)
        return Reference(
            subject: subject, key: key, remaining: Array(traversal.steps.dropFirst(consumed)), span: SourceSpan(file: file, range: range))
    }

    func name(at index: Int) -> String? {
        guard index < traversal.steps.count, case .attribute(let name) = traversal.steps[index] else { return nil }
        return name.name
    }

    func key(at index: Int) -> InstanceKey? {
        guard index < traversal.steps.count else { return nil }
        switch traversal.steps[index] {
        case .attribute: return nil
        case .stringIndex(let key, _): return .key(key)
        case .numberIndex(let digits, _): return Int(digits).map { .index($0) }
        }
    }

    /// `var.name` and the like. Where `keepsAttribute`, the name stays in `remaining`: it is an attribute of the object.
    func attribute(of root: String, keepsAttribute: Bool = false, _ subject: (String) -> Reference.Subject) throws(DiagnosticError)
        -> Reference
    {
        guard let step = traversal.steps.first else {
            throw fault("The \"\(root)\" object cannot be accessed directly. Instead, access one of its attributes.", traversal.range)
        }
        guard case .attribute(let name) = step else {
            throw fault("The \"\(root)\" object does not support this operation.", step.range)
        }
        return reference(subject(name.name), consumed: keepsAttribute ? 0 : 1, span: 1)
    }

    func module() throws(DiagnosticError) -> Reference {
        guard let step = traversal.steps.first else {
            throw fault("The \"module\" object cannot be accessed directly. Instead, access one of its attributes.", traversal.range)
        }
        guard let call = name(at: 0) else { throw fault("The \"module\" object does not support this operation.", step.range) }
        let key = key(at: 1)
        let next = key == nil ? 1 : 2
        let output = name(at: next)
        return reference(.module(call, output: output), key: key, consumed: output == nil ? next : next + 1, span: 1)
    }

    /// `data.TYPE.NAME` and the like.
    func resource(_ mode: ResourceMode, from start: Int) throws(DiagnosticError) -> Reference {
        guard traversal.steps.count >= start + 2 else {
            switch mode {
            case .data:
                throw fault(
                    "The \"data\" object must be followed by two attribute names: the data source type and the resource name.",
                    traversal.range)
            default:
                throw fault(
                    "The \"\(traversal.root.name)\" object must be followed by two attribute names: the resource type and the resource name.",
                    traversal.range)
            }
        }
        guard let type = name(at: start), let label = name(at: start + 1) else {
            let step = name(at: start) == nil ? traversal.steps[start] : traversal.steps[start + 1]
            throw fault("A resource is named by its type and its name, with dots between them.", step.range)
        }
        return resource(ResourceName(mode, type: ResourceType(type), name: label), end: start + 2)
    }

    func managedResource() throws(DiagnosticError) -> Reference {
        let detail = "A reference to a resource type must be followed by at least one attribute access, specifying the resource name."
        guard let step = traversal.steps.first else { throw fault(detail, traversal.range) }
        guard let label = name(at: 0) else { throw fault(detail, step.range) }
        return resource(ResourceName(.managed, type: ResourceType(traversal.root.name), name: label), end: 1)
    }

    private func resource(_ resource: ResourceName, end: Int) -> Reference {
        let key = key(at: end)
        return reference(.resource(resource), key: key, consumed: key == nil ? end : end + 1)
    }
}
