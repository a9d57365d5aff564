import Addresses
import ConfigModel
import DependencyGraph
import Diagnostics
import PlanModel

/// What `-target`, `-exclude`, `-replace` and `-unprotect` name: parsed once, asked for each instance.
struct Selection {
    let targets: [AddressPattern]
    let excludes: [AddressPattern]
    let replaced: [AddressPattern]
    private let unprotected: [AddressPattern]
    /// Declarations that targets need; nil: all.
    private let included: [Bool]?
    /// Declarations that targets need, and root outputs that come from nothing else with what they need; empty where there are no targets.
    private let visited: [Bool]
    private let declarations: DeclarationGraph

    init(_ options: Plan.Options, declarations: DeclarationGraph, recorded: some Collection<ObjectAddress>) throws(DiagnosticError) {
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
        unprotected = try patterns(options.unprotect, "-unprotect")
        for pattern in replaced {
            if pattern.isModule {
                throw DiagnosticError(
                    .error(
                        "Invalid force-replace address \"\(pattern.description)\"",
                        "\(pattern.description) is a module: what is to be replaced in it is to be named, one resource at a time."))
            }
            guard let instance = pattern.instance, instance.mode != .managed else { continue }
            throw DiagnosticError(
                .error(
                    "Invalid force-replace address \"\(pattern.description)\"",
                    "Only managed resources can be replaced; \(pattern.description) is none."))
        }
        self.declarations = declarations
        guard !targets.isEmpty else {
            included = nil
            visited = []
            return
        }
        var roots: [Int] = []
        for (number, vertex) in declarations.vertices.enumerated() {
            guard case .resource(let item) = vertex.declaration else { continue }
            let module = declarations.configuration.modules[vertex.module]
            if targets.contains(where: { $0.mayMatch(call: module.path, resource: module.resources[item].name) }) { roots.append(number) }
        }
        let included = declarations.graph.reachable(from: roots)
        self.included = included
        var seen = roots + Self.servedOutputs(declarations, included)
        // An object that nothing declares any more is removed by a provider, which nothing that is targeted names.
        let declared = Set(declarations.configuration.modules.flatMap { module in module.resources.map { [module.path: $0.name] } })
        let targets = targets
        if recorded.contains(where: { address in
            let instance = address.instance
            return targets.contains { $0.matches(instance) } && !declared.contains([instance.module.call: instance.resource.resource])
        }) {
            for (number, vertex) in declarations.vertices.enumerated() {
                if case .provider = vertex.declaration { seen.append(number) }
            }
        }
        visited = declarations.graph.reachable(from: seen)
    }

    /// Whether what this run may delete or replace, though it is protected, is this.
    func unprotects(_ address: ResourceInstanceAddress) -> Bool { unprotected.contains { $0.matches(address) } }

    /// All that was given, each with its flag.
    func given(_ options: Plan.Options) -> [(flag: String, text: String, pattern: AddressPattern)] {
        [
            ("-target", options.targets, targets), ("-exclude", options.excludes, excludes), ("-replace", options.replace, replaced),
            ("-unprotect", options.unprotect, unprotected),
        ].flatMap { flag, texts, patterns in zip(texts, patterns).map { (flag, $0, $1) } }
    }

    /// Root outputs that come from resources, and from no other than those included.
    private static func servedOutputs(_ declarations: DeclarationGraph, _ included: [Bool]) -> [Int] {
        var needsResource = Array(repeating: false, count: declarations.vertices.count)
        var isServed = Array(repeating: true, count: declarations.vertices.count)
        var outputs: [Int] = []
        // Dependencies come first in the order.
        for vertex in declarations.order {
            let place = declarations.vertices[vertex]
            if case .resource = place.declaration {
                needsResource[vertex] = true
                isServed[vertex] = included[vertex]
            }
            for target in declarations.graph.dependencies(of: vertex) {
                if needsResource[Int(target)] { needsResource[vertex] = true }
                if !isServed[Int(target)] { isServed[vertex] = false }
            }
            if case .output = place.declaration, place.module == 0, needsResource[vertex], isServed[vertex] { outputs.append(vertex) }
        }
        return outputs
    }

    var isTargeted: Bool { included != nil }

    /// Whether a declaration is looked at. With targets, what they do not need cannot always be worked out, and must not stop what can.
    func includes(vertex: Int) -> Bool { included == nil || visited[vertex] }

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

    /// Of a kind named as a whole only what its composition calls principal is replaced: not the package with the site. Of a resource that is
    /// repeated each instance is to be named: nobody replaces a dozen databases by leaving out a key.
    func isReplaced(_ address: ResourceInstanceAddress, isPrincipal: Bool) -> Bool {
        replaced.contains { pattern in
            guard pattern.matches(address) else { return false }
            return pattern.isAround(address) ? isPrincipal : pattern.instance?.key == address.key
        }
    }
}
