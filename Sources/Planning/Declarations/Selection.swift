import Addresses
import ConfigModel
import DependencyGraph
import Diagnostics
import PlanModel

/// What `-target`, `-exclude` and `-replace` name: parsed once, asked for each instance.
struct Selection {
    let targets: [AddressPattern]
    let excludes: [AddressPattern]
    let replaced: [AddressPattern]
    /// Declarations that targets need; nil: all.
    private let included: [Bool]?
    private let declarations: DeclarationGraph

    init(_ options: Plan.Options, declarations: DeclarationGraph) throws(DiagnosticError) {
        func patterns(_ texts: [String], _ flag: String) throws(DiagnosticError) -> [AddressPattern] {
            var result: [AddressPattern] = []
            for text in texts {
                guard let pattern = AddressPattern(text) else {
                    throw DiagnosticError(
                        .error(
                            "Invalid target \"\(text)\"",
                            "\(flag)=\(text) is not an address: a resource such as aws_instance.web or aws_instance.web[\"a\"], or a module such as module.network."
                        ))
                }
                result.append(pattern)
            }
            return result
        }
        targets = try patterns(options.targets, "-target")
        excludes = try patterns(options.excludes, "-exclude")
        replaced = try patterns(options.replace, "-replace")
        self.declarations = declarations
        guard !targets.isEmpty else {
            included = nil
            return
        }
        var roots: [Int] = []
        for (number, vertex) in declarations.vertices.enumerated() {
            guard case .resource(let item) = vertex.declaration else { continue }
            let module = declarations.configuration.modules[vertex.module]
            if targets.contains(where: { $0.mayMatch(call: module.path, resource: module.resources[item].name) }) { roots.append(number) }
        }
        included = declarations.graph.reachable(from: roots)
    }

    var isTargeted: Bool { included != nil }

    /// Whether a resource instance is to be planned: named by a target, or needed by one.
    func includes(_ address: ResourceInstanceAddress, vertex: Int) -> Bool {
        if excludes.contains(where: { $0.matches(address) }) { return false }
        guard let included else { return true }
        guard included[vertex] else { return false }
        // The targeted resource itself: only the instances named.
        let own = targets.filter { $0.mayMatch(call: address.module.call, resource: address.resource.resource) }
        if own.isEmpty { return true }
        return own.contains { $0.matches(address) }
    }

    /// Whether the object of a resource that is no longer configured is to be removed.
    func includesOrphan(_ address: ResourceInstanceAddress) -> Bool {
        if excludes.contains(where: { $0.matches(address) }) { return false }
        return included == nil || targets.contains { $0.matches(address) }
    }

    /// Named by itself, or what a kind's composition marks as that which is replaced with the kind.
    func isReplaced(_ address: ResourceInstanceAddress, isPrincipal: Bool) -> Bool {
        replaced.contains { isPrincipal || address.module.kind == nil ? $0.matches(address) : $0.names(address) }
    }
}
