public import Addresses
public import Diagnostics
public import Evaluation
import HCLSyntax

/// What an address in a configuration names, relative to the module it is written in: a module or a resource, whole or one instance.
///
/// `InstanceKey.none` means no key was written: every instance, or the only one.
public enum ConfigurationAddress: Sendable, Hashable {
    case module(ModulePath)
    case resource(ModulePath, ResourceName, InstanceKey)

    public var isResource: Bool {
        if case .resource = self { return true }
        return false
    }

    /// What it names in the whole configuration.
    public func pattern(within call: ModuleCallPath) -> AddressPattern {
        switch self {
        case .module(let path): AddressPattern(within: call, path)
        case .resource(let path, let name, let key): AddressPattern(within: call, path, resource: (name, key))
        }
    }

    /// - Parameter isKind: whether a resource type is a kind: more steps after its name go on to one of its parts.
    /// - Throws: "Invalid address".
    public init(_ traversal: Traversal, file: String, isKind: (ResourceType) -> Bool = { _ in false }) throws(DiagnosticError) {
        var words = Words(traversal: traversal, file: file)
        var path = ModulePath.root
        while true {
            let word = try words.name("A module or a resource is named here.")
            if word == "module" {
                let name = try words.name("Prefix \"module.\" must be followed by a module name.")
                path = path.appending(.module(name: name, key: try words.key()))
                if words.isAtEnd {
                    self = .module(path)
                    return
                }
                continue
            }
            var mode = ResourceMode.managed
            var type = word
            if word == "data" || word == "ephemeral" || word == "resource" {
                mode = word == "data" ? .data : word == "ephemeral" ? .ephemeral : .managed
                type = try words.name("Resource specification must include a resource type and name.")
            }
            let name = try words.name("Resource specification must include a resource type and name.")
            let key = try words.key()
            if words.isAtEnd {
                self = .resource(path, ResourceName(mode, type: ResourceType(type), name: name), key)
                return
            }
            guard mode == .managed, isKind(ResourceType(type)) else {
                throw words.fault("Resource instance key must be given in square brackets.", words.currentRange)
            }
            path = path.appending(.kind(type: ResourceType(type), name: name, key: key))
        }
    }

    /// Place of the first instance key that was written.
    func firstKey(in traversal: Traversal) -> SourceRange? {
        for step in traversal.steps {
            switch step {
            case .attribute: continue
            case .stringIndex(_, let range), .numberIndex(_, let range): return range
            }
        }
        return nil
    }
}

private struct Words {
    let traversal: Traversal
    let file: String
    /// -1: the root.
    var position = -1

    var isAtEnd: Bool { position >= traversal.steps.count }
    var currentRange: SourceRange {
        position < 0 ? traversal.root.range : position < traversal.steps.count ? traversal.steps[position].range : traversal.range
    }

    func fault(_ detail: String, _ range: SourceRange) -> DiagnosticError {
        DiagnosticError(.error("Invalid address", detail, at: SourceSpan(file: file, range: range)))
    }

    mutating func name(_ detail: String) throws(DiagnosticError) -> String {
        defer { position += 1 }
        if position < 0 { return traversal.root.name }
        guard position < traversal.steps.count, case .attribute(let name) = traversal.steps[position] else {
            throw fault(detail, currentRange)
        }
        return name.name
    }

    mutating func key() throws(DiagnosticError) -> InstanceKey {
        guard position < traversal.steps.count, let key = try traversal.steps[position].instanceKey(file: file) else { return .none }
        position += 1
        return key
    }
}
