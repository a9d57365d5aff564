public import Addresses
public import ConfigModel
import DependencyGraph
public import Diagnostics

/// What stands in a configuration and what each needs, to be drawn.
public struct DrawnGraph: Sendable {
    public struct Node: Sendable {
        public enum Kind: Sendable { case resource, data, provider, value, module, other }

        public var kind: Kind
        /// The module call that it stands in.
        public var module: ModuleCallPath
        /// Within its module: `terraform_data.a`.
        public var name: String
        /// From the root: `module.m.terraform_data.a`.
        public var address: String { module.steps.isEmpty ? name : "\(module).\(name)" }

        public init(kind: Kind, module: ModuleCallPath, name: String) {
            self.kind = kind
            self.module = module
            self.name = name
        }
    }

    /// The root module's first, then those of the modules it calls, by name.
    public var nodes: [Node]
    /// `edges[n]`: what node `n` needs, ascending.
    public var edges: [[Int]]

    public init(nodes: [Node], edges: [[Int]]) {
        self.nodes = nodes
        self.edges = edges
    }

    /// The same things, each needed by what it needs: the order in which they are destroyed.
    public var reversed: DrawnGraph {
        var result = DrawnGraph(nodes: nodes, edges: Array(repeating: [], count: nodes.count))
        for (node, targets) in edges.enumerated() { for target in targets { result.edges[target].append(node) } }
        return result
    }
}

extension DrawnGraph {
    /// Resources and data sources, with what they depend on through whatever is between; what follows from other edges is left out.
    ///
    /// - Throws: a cycle.
    public init(resourcesOf configuration: Configuration) throws(DiagnosticError) {
        let declarations = try DeclarationGraph(configuration)
        var found: [(vertex: Int, node: Node, key: (ModuleCallPath, Int, ResourceType, String))] = []
        for (number, vertex) in declarations.vertices.enumerated() {
            guard case .resource(let item) = vertex.declaration else { continue }
            let module = configuration.modules[vertex.module]
            let name = module.resources[item].name
            let isData = name.mode != .managed
            found.append(
                (
                    number, Node(kind: isData ? .data : .resource, module: module.path, name: name.description),
                    (module.path, isData ? 0 : 1, name.type, name.name)
                ))
        }
        found.sort { $0.key < $1.key }
        var numbers: [Int: Int] = [:]
        for (number, entry) in found.enumerated() { numbers[entry.vertex] = number }
        self.init(nodes: found.map(\.node), edges: Self.reduced(Self.between(numbers, declarations), count: found.count))
    }

    /// By resource: those it reaches without passing through another, for each once.
    private static func between(_ numbers: [Int: Int], _ declarations: DeclarationGraph) -> [[Int]] {
        // Dependencies come first in the order: what lies behind each is known when it is needed.
        var behind: [Set<Int>] = Array(repeating: [], count: declarations.vertices.count)
        var edges: [[Int]] = Array(repeating: [], count: numbers.count)
        for vertex in declarations.order {
            var reached: Set<Int> = []
            for target in declarations.graph.dependencies(of: vertex) {
                if let number = numbers[Int(target)] { reached.insert(number) } else { reached.formUnion(behind[Int(target)]) }
            }
            if let number = numbers[vertex] { edges[number] = reached.sorted() } else { behind[vertex] = reached }
        }
        return edges
    }

    /// Without the edges that others make superfluous.
    private static func reduced(_ edges: [[Int]], count: Int) -> [[Int]] {
        let graph = DependencyGraph(vertexCount: count, edges: edges.enumerated().flatMap { from, to in to.map { (from, $0) } })
        guard let order = graph.topologicalOrder() else { return edges }
        var reach: [Set<Int>] = Array(repeating: [], count: count)
        var result = edges
        for node in order {
            var all: Set<Int> = []
            for target in edges[node] { all.formUnion(reach[target]) }
            result[node] = edges[node].filter { !all.contains($0) }
            reach[node] = all.union(edges[node])
        }
        return result
    }

    /// Every declaration, as evaluation orders them.
    ///
    /// - Throws: a cycle.
    public init(declarationsOf configuration: Configuration) throws(DiagnosticError) {
        let declarations = try DeclarationGraph(configuration)
        let root = configuration.modules[0].path
        let nodes = declarations.vertices.map { vertex in
            let module = configuration.modules[vertex.module]
            let isCall = module.path != root
            switch vertex.declaration {
            case .expansion: return Node(kind: .module, module: module.path, name: isCall ? "(expand)" : "root (expand)")
            case .gate: return Node(kind: .module, module: module.path, name: "(depends_on)")
            case .end: return Node(kind: .module, module: module.path, name: isCall ? "(close)" : "root")
            case .variable(let item): return Node(kind: .value, module: module.path, name: "var.\(module.variables[item].name)")
            case .local(let item): return Node(kind: .other, module: module.path, name: "local.\(module.locals[item].name)")
            case .output(let item): return Node(kind: .other, module: module.path, name: "output.\(module.outputs[item].name)")
            case .provider(let item):
                let block = module.providers[item]
                return Node(kind: .provider, module: module.path, name: "provider.\(block.name)\(block.alias.map { ".\($0)" } ?? "")")
            case .resource(let item):
                let name = module.resources[item].name
                return Node(kind: name.mode == .managed ? .resource : .data, module: module.path, name: name.description)
            case .check(let item): return Node(kind: .other, module: module.path, name: "check.\(module.checks[item].name)")
            }
        }
        // What says nothing to anybody: that the root is there, and that modules without a depends_on wait for nothing.
        let silent = declarations.vertices.map { vertex in
            switch vertex.declaration {
            case .gate: declarations.graph.dependencies(of: declarations.vertex(vertex.module, .gate)).count <= 1
            case .expansion: configuration.modules[vertex.module].path == root
            default: false
            }
        }
        var numbers = [Int](repeating: -1, count: nodes.count)
        let kept = nodes.indices.filter { !silent[$0] }.sorted {
            (nodes[$0].module, nodes[$0].name, $0) < (nodes[$1].module, nodes[$1].name, $1)
        }
        for (number, vertex) in kept.enumerated() { numbers[vertex] = number }
        let edges = kept.map { vertex in
            Set(declarations.graph.dependencies(of: vertex).map { numbers[Int($0)] }.filter { $0 >= 0 }).sorted()
        }
        self.init(nodes: kept.map { nodes[$0] }, edges: edges)
    }
}
