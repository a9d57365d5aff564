import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import PlanModel
import Values

/// `relevant_attributes` of a published plan: the attributes of resources that what is planned may have come from, found by following
/// references from everything that changes, through variables, locals and outputs. Nothing is evaluated: where an expression takes one
/// member of what it refers to, only that is followed.
struct RelevantAttributes {
    private struct Place: Hashable {
        var module: ModulePath
        var subject: Reference.Subject
        var key: InstanceKey?
        var steps: [String]
    }

    private let configuration: Configuration
    private var resources: [ResourceKey: ResourceBlock] = [:]
    private var locals: [ModuleCallPath: [String: Local]] = [:]
    private var seen: Set<Place> = []
    private var pending: [(reference: Reference, module: ModulePath)] = []
    /// In the order in which they were found.
    private(set) var found: [(resource: String, steps: [TraversalStep])] = []
    private var told: Set<String> = []

    private struct ResourceKey: Hashable {
        var module: ModuleCallPath
        var name: ResourceName
    }

    init(_ plan: Plan, _ configuration: Configuration) {
        self.configuration = configuration
        for module in configuration.modules {
            for resource in module.resources { resources[ResourceKey(module: module.path, name: resource.name)] = resource }
            locals[module.path] = Dictionary(module.locals.map { ($0.name, $0) }) { first, _ in first }
        }
        for change in plan.changes where change.action != .noOp && change.action != .record {
            let address = change.address.instance
            guard let block = resources[ResourceKey(module: address.module.call, name: address.resource.resource)] else { continue }
            push(body: block, in: address.module)
        }
        // Outputs of called modules are not recorded: each one is as new.
        let instances = Set(plan.changes.filter { $0.after != nil }.map(\.address.instance.module)).sorted()
        for instance in instances where !instance.isRoot {
            for output in configuration.module(at: instance.call)?.outputs ?? [] { push(output.value.references, in: instance) }
        }
        for change in plan.outputs {
            guard let output = configuration.modules[0].outputs.first(where: { $0.name == change.name }) else { continue }
            push(output.value.references, in: .root)
        }
        while let (reference, module) = pending.popLast() { follow(reference, in: module) }
    }

    private mutating func push(_ references: [Reference], in module: ModulePath) {
        for reference in references { pending.append((reference, module)) }
    }

    /// What a resource's arguments and repetition refer to.
    private mutating func push(body block: ResourceBlock, in module: ModulePath) {
        switch block.repetition {
        case .single: break
        case .count(let located), .forEach(let located), .enabled(let located): push(located.references, in: module)
        }
        for attribute in block.body.attributes {
            let file = block.attributeFiles[attribute.name.name] ?? block.body.file
            push(LocatedExpression(attribute.expression, file: file).references, in: module)
        }
        for nested in block.body.blocks {
            // What is no reference has been reported on loading.
            push(traversals(in: nested.body).compactMap { try? Reference($0, file: nested.body.file) }, in: module)
        }
    }

    /// What an expression refers to, as far as a member of its value comes from it.
    private mutating func push(_ located: LocatedExpression, member steps: ArraySlice<TraversalStep>, in module: ModulePath) {
        var expression = located.expression
        var steps = steps
        while true {
            switch expression.kind {
            case .parenthesized(let inner):
                expression = inner
                continue
            case .object(let items):
                guard let name = steps.first?.memberName else { break }
                let item = items.last { item in
                    switch item.key {
                    case .name(let key): key.name == name
                    case .expression(let key): key.literalText == name
                    }
                }
                if let item {
                    expression = item.value
                    steps = steps.dropFirst()
                    continue
                }
                // A literal key that is not there gives nothing; a computed one may be it.
                if items.allSatisfy({ $0.isLiteral }) { return }
            case .tuple(let items):
                guard case .numberIndex(let digits, _)? = steps.first, let index = Int(digits), items.indices.contains(index) else { break }
                expression = items[index]
                steps = steps.dropFirst()
                continue
            case .traversal:
                var references = LocatedExpression(expression, file: located.file).references
                for index in references.indices { references[index].remaining += steps }
                push(references, in: module)
                return
            default: break
            }
            push(LocatedExpression(expression, file: located.file).references, in: module)
            return
        }
    }

    private mutating func follow(_ reference: Reference, in module: ModulePath) {
        let place = Place(module: module, subject: reference.subject, key: reference.key, steps: reference.remaining.map(\.text))
        guard seen.insert(place).inserted else { return }
        switch reference.subject {
        case .local(let name):
            guard let local = locals[module.call]?[name] else { return }
            push(local.value, member: reference.remaining[...], in: module)
        case .variable(let name):
            guard let last = module.steps.last, let parent = module.parent,
                let call = configuration.module(at: parent.call)?.call(last.callStep), let argument = call.body.attribute(name)
            else { return }
            let file = call.attributeFiles[name] ?? call.body.file
            push(LocatedExpression(argument.expression, file: file), member: reference.remaining[...], in: parent)
        case .module(let name, let output): follow(call: .module(name: name, key: reference.key ?? .none), output, reference, in: module)
        case .resource(let name): follow(resource: name, reference, in: module)
        case .path, .terraform, .count, .each, .self, .other: return
        }
    }

    private mutating func follow(call step: ModuleStep, _ output: String?, _ reference: Reference, in module: ModulePath) {
        let path = module.appending(step)
        for candidate in configuration.module(at: path.call)?.outputs ?? [] where output == nil || candidate.name == output {
            push(candidate.value, member: output == nil ? [] : reference.remaining[...], in: path)
        }
    }

    private mutating func follow(resource name: ResourceName, _ reference: Reference, in module: ModulePath) {
        // A kind's instance is the call of a module: its attributes are outputs.
        let kind = ModuleStep.kind(type: name.type, name: name.name, key: reference.key ?? .none)
        if configuration.module(at: module.appending(kind).call) != nil {
            let output = reference.remaining.first?.memberName
            var inner = reference
            inner.remaining = Array(reference.remaining.dropFirst())
            follow(call: kind, output, inner, in: module)
            return
        }
        guard let block = resources[ResourceKey(module: module.call, name: name)] else { return }
        let address = ResourceAddress(module: module, resource: name).instance(reference.key ?? .none).publishedDescription
        if told.insert(address + reference.remaining.map(\.text).joined()).inserted { found.append((address, reference.remaining)) }
        // Arguments are what was written for them; what the provider makes comes from all of them, and says no more.
        guard let attribute = reference.remaining.first?.memberName, let argument = block.body.attribute(attribute) else { return }
        let file = block.attributeFiles[attribute] ?? block.body.file
        push(LocatedExpression(argument.expression, file: file), member: reference.remaining.dropFirst(), in: module)
    }

    func write(_ json: inout JSONText) {
        guard !found.isEmpty else { return }
        json.key("relevant_attributes")
        json.array { json in
            for (resource, steps) in found.sorted(by: { $0.resource.precedesByBytes($1.resource) }) {
                json.object { json in
                    json.pair("resource", resource)
                    json.key("attribute")
                    json.array { json in
                        for step in steps {
                            switch step {
                            case .attribute(let name): json.string(name.name)
                            case .stringIndex(let key, _): json.string(key)
                            case .numberIndex(let digits, _): json.raw(digits)
                            }
                        }
                    }
                }
            }
        }
    }
}

extension TraversalStep {
    /// `.name` or `["name"]`.
    fileprivate var memberName: String? {
        switch self {
        case .attribute(let name): name.name
        case .stringIndex(let key, _): key
        case .numberIndex: nil
        }
    }
}

extension ObjectItem {
    fileprivate var isLiteral: Bool {
        switch key {
        case .name: true
        case .expression(let expression): expression.literalText != nil
        }
    }
}

extension ModuleStep {
    fileprivate var callStep: ModuleCallPath.Step {
        switch self {
        case .module(let name, _): .module(name: name)
        case .kind(let type, let name, _): .kind(type: type, name: name)
        }
    }
}
