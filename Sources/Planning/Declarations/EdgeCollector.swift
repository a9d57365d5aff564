import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax

/// Finds what each declaration refers to, in static terms: both arms of a conditional included.
struct EdgeCollector {
    let configuration: Configuration
    let indices: [ModuleIndex]
    let offsets: [Int]
    private let imports: ImportTable
    private(set) var edges: [(from: Int, to: Int)] = []

    init(configuration: Configuration, indices: [ModuleIndex], offsets: [Int]) {
        self.configuration = configuration
        self.indices = indices
        self.offsets = offsets
        imports = ImportTable(configuration)
    }

    func place(_ span: SourceSpan) -> String {
        guard let bytes = configuration.sources.bytes(of: span.file) else { return span.file }
        let line = 1 + bytes.prefix(Int(span.range.start)).count { $0 == 0x0A }
        return "\(span.file):\(line)"
    }

    private func vertex(_ module: Int, _ declaration: Declaration) -> Int {
        DeclarationGraph.vertex(configuration.modules[module], offset: offsets[module], declaration)
    }

    mutating func collect(_ number: Int, _ vertex: DeclarationGraph.Vertex) {
        let index = vertex.module
        let module = configuration.modules[index]
        switch vertex.declaration {
        case .expansion:
            guard let (parent, call) = call(of: index) else { return }
            add(number, self.vertex(parent, .expansion))
            switch call.repetition {
            case .single: break
            case .count(let located), .forEach(let located), .enabled(let located):
                refer(number, traversals(in: located.expression), in: parent)
            }
        case .gate:
            guard let (parent, call) = call(of: index) else { return }
            add(number, self.vertex(parent, .gate))
            order(number, call.dependsOn, in: parent)
        case .variable(let item):
            add(number, self.vertex(index, .expansion))
            let variable = module.variables[item]
            if let (parent, call) = call(of: index), let argument = call.body.attribute(variable.name) {
                refer(number, traversals(in: argument.expression), in: parent)
            }
            for validation in variable.validations { condition(number, validation, in: index) }
        case .local(let item):
            add(number, self.vertex(index, .expansion))
            refer(number, traversals(in: module.locals[item].value.expression), in: index)
        case .output(let item):
            add(number, self.vertex(index, .expansion))
            let output = module.outputs[item]
            refer(number, traversals(in: output.value.expression), in: index)
            order(number, output.dependsOn, in: index)
            for block in output.preconditions { condition(number, block, in: index) }
        case .provider(let item):
            add(number, self.vertex(index, .expansion))
            let provider = module.providers[item]
            refer(number, traversals(in: provider.body), in: index)
            repeated(number, provider.repetition, in: index)
        case .resource(let item):
            add(number, self.vertex(index, .expansion))
            add(number, self.vertex(index, .gate))
            let resource = module.resources[item]
            refer(number, traversals(in: resource.body), in: index)
            repeated(number, resource.repetition, in: index)
            order(number, resource.dependsOn, in: index)
            for located in resource.lifecycle.replaceTriggeredBy { refer(number, traversals(in: located.expression), in: index) }
            for block in resource.lifecycle.preconditions { condition(number, block, in: index) }
            for block in resource.lifecycle.postconditions { condition(number, block, in: index, without: resource.name) }
            for reference in resource.provisioners.flatMap(\.references) + (resource.connection?.references ?? []) {
                refer(number, reference, in: index)
            }
            chooseProvider(number, resource.provider, in: index)
            // The name of an object to be taken over may follow from what is in the root module.
            for block in imports.blocks(of: resource.name, in: module.path) {
                for located in [block.id, block.forEach].compactMap({ $0 }) { refer(number, traversals(in: located.expression), in: 0) }
            }
        case .check(let item):
            add(number, self.vertex(index, .expansion))
            for reference in module.checks[item].references { refer(number, reference, in: index) }
            for block in module.checks[item].assertions { condition(number, block, in: index) }
        case .end:
            add(number, self.vertex(index, .expansion))
            add(number, self.vertex(index, .gate))
            for other in module.outputs.indices { add(number, self.vertex(index, .output(other))) }
            // What a check reads, it reads last: nothing waits for that.
            for other in module.resources.indices where indices[index].checkData[module.resources[other].name] == nil {
                add(number, self.vertex(index, .resource(other)))
            }
            for child in indices[index].children { add(number, self.vertex(child, .end)) }
        }
    }

    private func call(of module: Int) -> (parent: Int, call: ModuleCall)? {
        guard let parent = indices[module].parent, let call = indices[module].callInParent else { return nil }
        return (parent, configuration.modules[parent].calls[call])
    }

    private mutating func add(_ from: Int, _ to: Int) { if from != to { edges.append((from, to)) } }

    private mutating func repeated(_ number: Int, _ repetition: Repetition, in module: Int) {
        switch repetition {
        case .single: break
        case .count(let located), .forEach(let located), .enabled(let located):
            refer(number, traversals(in: located.expression), in: module)
        }
    }

    private mutating func condition(_ number: Int, _ block: ConditionBlock, in module: Int, without own: ResourceName? = nil) {
        for located in [block.condition, block.errorMessage] {
            for traversal in traversals(in: located.expression) {
                guard let reference = checkedReference(traversal, file: located.file) else { continue }
                if case .resource(let name) = reference.subject, name == own { continue }
                refer(number, reference, in: module)
            }
        }
    }

    private mutating func refer(_ number: Int, _ traversals: [Traversal], in module: Int) {
        for traversal in traversals {
            guard let reference = checkedReference(traversal, file: "") else { continue }
            refer(number, reference, in: module)
        }
    }

    /// A reference to a value.
    private mutating func refer(_ number: Int, _ reference: Reference, in module: Int) {
        let index = indices[module]
        switch reference.subject {
        case .variable(let name): if let item = index.variables[name] { add(number, vertex(module, .variable(item))) }
        case .local(let name): if let item = index.locals[name] { add(number, vertex(module, .local(item))) }
        case .resource(let name):
            if let item = index.resources[name] {
                add(number, vertex(module, .resource(item)))
            } else if let kind = index.kinds[name] {
                add(number, vertex(kind, .end))
            }
        case .module(let name, let output):
            guard let child = index.modules[name] else { return }
            add(number, vertex(child, .expansion))
            if let output, let item = indices[child].outputs[output] {
                add(number, vertex(child, .output(item)))
            } else {
                for item in configuration.modules[child].outputs.indices { add(number, vertex(child, .output(item))) }
            }
        case .path, .terraform, .count, .each, .self, .other: break
        }
    }

    /// `depends_on`: whatever is named, all of it.
    private mutating func order(_ number: Int, _ references: [Reference], in module: Int) {
        for reference in references {
            if case .module(let name, _) = reference.subject, let child = indices[module].modules[name] {
                add(number, vertex(child, .end))
            } else {
                refer(number, reference, in: module)
            }
        }
    }

    private mutating func chooseProvider(_ number: Int, _ reference: ProviderReference, in index: Int) {
        let choice = configuration.providerChoice(for: reference, in: configuration.modules[index])
        if let key = choice.key {
            let around = choice.call.flatMap { configuration.index(of: $0) }.flatMap { indices[$0].parent }
            refer(number, traversals(in: key.expression), in: choice.call == nil ? index : around ?? index)
        }
        guard let owner = configuration.index(of: choice.address.module) else { return }
        let blocks = configuration.modules[owner].providers
        guard let item = blocks.firstIndex(where: { $0.name == choice.address.name && $0.alias == choice.address.alias }) else { return }
        add(number, vertex(owner, .provider(item)))
    }
}
