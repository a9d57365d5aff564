import Addresses
import ConfigModel
import DependencyGraph
import Diagnostics
import Evaluation

/// What stands in a module, each a vertex of the declaration graph: one a module *call*, whatever its instances.
enum Declaration: Hashable {
    /// Which instances the module call has.
    case expansion
    /// What `depends_on` of the call, and of calls around it, waits for.
    case gate
    case variable(Int)
    case local(Int)
    case output(Int)
    case provider(Int)
    case resource(Int)
    case check(Int)
    /// Everything in the module, and in modules it calls, is done.
    case end
}

/// The declarations of a configuration and what each refers to. Everything that needs an order takes it from here: evaluation,
/// targets, deferral, destruction, recorded dependencies.
struct DeclarationGraph {
    struct Vertex {
        let module: Int
        let declaration: Declaration
    }

    let configuration: Configuration
    let indices: [ModuleIndex]
    let vertices: [Vertex]
    let graph: DependencyGraph
    /// Dependencies first.
    let order: [Int]
    /// Place of each vertex in `order`.
    let rank: [Int]
    private let offsets: [Int]

    /// - Throws: the shortest cycle, with file and line of each step.
    init(_ configuration: Configuration) throws(DiagnosticError) {
        self.configuration = configuration
        let indices = ModuleIndex.all(of: configuration)
        var vertices: [Vertex] = []
        var offsets: [Int] = []
        for (index, module) in configuration.modules.enumerated() {
            offsets.append(vertices.count)
            func add(_ declaration: Declaration) { vertices.append(Vertex(module: index, declaration: declaration)) }
            add(.expansion)
            add(.gate)
            for item in module.variables.indices { add(.variable(item)) }
            for item in module.locals.indices { add(.local(item)) }
            for item in module.outputs.indices { add(.output(item)) }
            for item in module.providers.indices { add(.provider(item)) }
            for item in module.resources.indices { add(.resource(item)) }
            for item in module.checks.indices { add(.check(item)) }
            add(.end)
        }
        self.indices = indices
        self.vertices = vertices
        self.offsets = offsets
        var edges = EdgeCollector(configuration: configuration, indices: indices, offsets: offsets)
        for (number, vertex) in vertices.enumerated() { edges.collect(number, vertex) }
        graph = DependencyGraph(vertexCount: vertices.count, edges: edges.edges)
        guard let order = graph.topologicalOrder() else {
            throw DeclarationGraph.cycleFault(graph, vertices: vertices, configuration: configuration, edges: edges)
        }
        self.order = order
        var rank = [Int](repeating: 0, count: order.count)
        for (place, vertex) in order.enumerated() { rank[vertex] = place }
        self.rank = rank
    }

    func vertex(_ module: Int, _ declaration: Declaration) -> Int {
        Self.vertex(configuration.modules[module], offset: offsets[module], declaration)
    }

    static func vertex(_ module: Module, offset: Int, _ declaration: Declaration) -> Int {
        let locals = 2 + module.variables.count
        let outputs = locals + module.locals.count
        let providers = outputs + module.outputs.count
        let resources = providers + module.providers.count
        let checks = resources + module.resources.count
        switch declaration {
        case .expansion: return offset
        case .gate: return offset + 1
        case .variable(let item): return offset + 2 + item
        case .local(let item): return offset + locals + item
        case .output(let item): return offset + outputs + item
        case .provider(let item): return offset + providers + item
        case .resource(let item): return offset + resources + item
        case .check(let item): return offset + checks + item
        case .end: return offset + checks + module.checks.count
        }
    }

    /// In whose instances a vertex has its cells: a call's expansion and gate are evaluated by its caller.
    func instanceModule(of vertex: Int) -> Int {
        let place = vertices[vertex]
        switch place.declaration {
        case .expansion, .gate: return indices[place.module].parent ?? place.module
        default: return place.module
        }
    }

    static func name(of vertex: Vertex, in configuration: Configuration) -> (name: String, span: SourceSpan?) {
        let module = configuration.modules[vertex.module]
        let prefix = module.path.isRoot ? "" : "\(module.path)."
        switch vertex.declaration {
        case .expansion: return ("\(module.path) (expand)", nil)
        case .gate: return ("\(module.path) (depends_on)", nil)
        case .end: return ("\(module.path) (close)", nil)
        case .variable(let item): return (prefix + "var.\(module.variables[item].name)", module.variables[item].span)
        case .local(let item): return (prefix + "local.\(module.locals[item].name)", module.locals[item].span)
        case .output(let item): return (prefix + "output.\(module.outputs[item].name)", module.outputs[item].span)
        case .provider(let item): return (prefix + "provider.\(module.providers[item].name)", module.providers[item].span)
        case .resource(let item): return (prefix + module.resources[item].name.description, module.resources[item].span)
        case .check(let item): return (prefix + "check.\(module.checks[item].name)", module.checks[item].span)
        }
    }
}

/// Names of one module's declarations, to their places.
struct ModuleIndex {
    let parent: Int?
    /// The call in the parent.
    let callInParent: Int?
    let variables: [String: Int]
    let locals: [String: Int]
    let outputs: [String: Int]
    let resources: [ResourceName: Int]
    /// To indices of `Configuration.modules`.
    let modules: [String: Int]
    let kinds: [ResourceName: Int]
    let children: [Int]
    /// Data sources that a check block holds, to the check.
    let checkData: [ResourceName: Int]

    static func all(of configuration: Configuration) -> [ModuleIndex] {
        var byPath: [ModuleCallPath: Int] = [:]
        var calls: [ModuleCallPath: Int] = [:]
        for (index, module) in configuration.modules.enumerated() {
            byPath[module.path] = index
            for (item, call) in module.calls.enumerated() where calls[call.path] == nil { calls[call.path] = item }
        }
        return configuration.modules.map { module in
            var modules: [String: Int] = [:]
            var kinds: [ResourceName: Int] = [:]
            var children: [Int] = []
            for call in module.calls {
                guard let index = byPath[call.path] else { continue }
                children.append(index)
                switch call.callee {
                case .module(let name): modules[name] = index
                case .kind(let type, let name): kinds[ResourceName(type: type, name: name)] = index
                }
            }
            let parent = module.path.isRoot ? nil : byPath[ModuleCallPath(Array(module.path.steps.dropLast()))]
            return ModuleIndex(
                parent: parent, callInParent: parent == nil ? nil : calls[module.path],
                variables: positions(module.variables.map(\.name)), locals: positions(module.locals.map(\.name)),
                outputs: positions(module.outputs.map(\.name)), resources: positions(module.resources.map(\.name)), modules: modules,
                kinds: kinds, children: children,
                checkData: Dictionary(
                    module.checks.enumerated().compactMap { check in check.element.dataSource.map { ($0, check.offset) } }
                ) {
                    first, _ in first
                })
        }
    }

    private static func positions<Name: Hashable>(_ names: [Name]) -> [Name: Int] {
        Dictionary(names.enumerated().map { ($0.element, $0.offset) }) { first, _ in first }
    }
}
