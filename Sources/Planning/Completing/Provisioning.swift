import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import PlanModel
import ProviderKit
import StateModel
import Values

/// The provisioners of one object, from the configuration as it is when the object is planned.
struct ProvisionerSource {
    let module: Int
    let provisioners: [ProvisionerBlock]
    let connection: ConnectionBlock?

    func numbers(_ when: ProvisionerBlock.When) -> [Int] { provisioners.indices.filter { provisioners[$0].when == when } }
}

extension Planner {
    // MARK: Which are run

    /// Until those of a create have run, its object is not finished: whatever cuts it off in between leaves it tainted.
    func attachProvisioners(_ draft: inout ChangeDraft, of block: ResourceBlock, in instance: ModuleInstance) {
        guard !block.provisioners.isEmpty else { return }
        draft.provisioners = ProvisionerSource(
            module: instance.module, provisioners: block.provisioners, connection: block.connection)
        if draft.makes, draft.provisioners?.numbers(.create).isEmpty == false { draft.change.record?.status = .tainted }
    }

    /// Of what is no longer configured: those of its resource's block, or of the `removed` block that names it.
    func attachProvisionersOfRemoval(_ draft: inout ChangeDraft) {
        let address = draft.change.address
        if draft.change.action == .delete, address.generation == .current {
            draft.provisioners = removalProvisioners(of: address.instance)
        }
    }

    /// Those that run after the object has been made, and before it goes. What was never finished goes without them, as does what makes
    /// way for its successor, and what goes with the thing that holds it.
    func provisioners(of draft: ChangeDraft) -> (after: [Int], before: [Int]) {
        guard let source = draft.provisioners else { return ([], []) }
        let isDestroyed = draft.change.action == .delete || draft.change.action == .deleteThenCreate
        let hasBefore = isDestroyed && draft.isForgottenWith == nil && draft.prior?.status != .tainted
        return (draft.makes ? source.numbers(.create) : [], hasBefore ? source.numbers(.destroy) : [])
    }

    private func removalProvisioners(of address: ResourceInstanceAddress) -> ProvisionerSource? {
        if let module = inputs.configuration.index(of: address.module.call),
            let item = declarations.indices[module].resources[address.resource.resource]
        {
            let block = inputs.configuration.modules[module].resources[item]
            return ProvisionerSource(module: module, provisioners: block.provisioners, connection: block.connection)
        }
        for (number, module) in inputs.configuration.modules.enumerated() {
            for block in module.removed where block.destroys && !block.provisioners.isEmpty {
                guard block.address.pattern(within: module.path).matches(address) else { continue }
                return ProvisionerSource(module: number, provisioners: block.provisioners, connection: block.connection)
            }
        }
        return nil
    }

    // MARK: What they are

    func provisionStep(_ draft: ChangeDraft, number: Int, facts: any Facts) throws(DiagnosticError) -> CompletedStep {
        guard let source = draft.provisioners, source.provisioners.indices.contains(number) else {
            throw DiagnosticError(
                .error("Step has no configuration", "A provisioner of \(draft.change.address) is not in the configuration any more."))
        }
        let block = source.provisioners[number]
        let address = draft.change.address.instance
        let object = facts.object(at: ObjectAddress(address)) ?? draft.prior
        var own = object?.attributes ?? .null
        if let known = providers.knownSource(draft.change.provider), let type = providers.type(address.type, mode: .managed, of: known) {
            own = type.shape.markingSensitive(own)
        }
        var repetition = RepetitionValues(key: address.key)
        let instance: ModuleInstance
        if let id = draft.cell, case .resource(let item) = declarations.vertices[id.vertex].declaration, block.when == .create {
            instance = cells.instances[source.module][id.instance]
            if let cell = instance.resources[item] {
                let resource = inputs.configuration.modules[source.module].resources[item]
                repetition = self.repetition(draft.number, of: cell, resource, in: instance)
            }
        } else {
            instance = self.instance(at: address.module, of: source.module)
        }
        let evaluator = { [cells] (file: String) in
            cells.evaluator(file, in: instance, repetition: repetition, own: own)
        }
        let (configuration, connection, found) = decode(block, source.connection, evaluator: evaluator)
        if found.hasErrors { throw DiagnosticError(found) }
        for value in [configuration, connection ?? .null] where !value.isWhollyKnown {
            throw DiagnosticError(
                .error(
                    "Configuration contains unknown value",
                    "A provisioner of \(address) holds a value that is not known, though everything that it waits for is done.",
                    at: block.span, address: address.description))
        }
        let phase: ProvisioningStep.Phase =
            block.when == .create ? .afterCreate(isLast: number == source.numbers(.create).last) : .beforeDelete
        var step = CompletedStep(action: .provision, prior: object, provider: draft.change.provider, origin: block.span)
        step.provisioning = ProvisioningStep(
            phase: phase, type: block.type, configuration: configuration, connection: connection,
            continuesOnFailure: block.continuesOnFailure, span: block.span)
        return step
    }

    /// The module instance of an object that goes; where that is no longer there, one in its place: such expressions know nothing but
    /// the object and where the module's files are.
    private func instance(at path: ModulePath, of module: Int) -> ModuleInstance {
        if let known = cells.instance(at: path), known.module == module { return known }
        return ModuleInstance(
            module: module, source: inputs.configuration.modules[module], path: path, parent: nil, number: 0, repetition: .none)
    }

    private func decode(
        _ block: ProvisionerBlock, _ connection: ConnectionBlock?, evaluator: @escaping (String) -> Evaluator
    ) -> (configuration: Value, connection: Value?, found: [Diagnostic]) {
        guard let schema = ProvisionerSchema.named(block.type) else {
            return (.null, nil, [unknownProvisioner(block)])
        }
        var decoder = BodyDecoder(evaluator: evaluator)
        decoder.allowsEphemeral = true
        decoder.require(schema.required, in: block.body)
        let configuration = decoder.decode(block.body, BodyShape(schema.block)).configuration
        var reached: Value?
        if let base = connection ?? block.connection {
            decoder.require(ProvisionerSchema.connection.required, in: base.body)
            var body = base.body
            var files: [String: String] = [:]
            if connection != nil, let own = block.connection {
                for attribute in own.body.attributes {
                    body.attributes.removeAll { $0.name.name == attribute.name.name }
                    body.attributes.append(attribute)
                    files[attribute.name.name] = own.body.file
                }
                body.blocks += own.body.blocks
            }
            reached = decoder.decode(body, BodyShape(ProvisionerSchema.connection.block), files: files).configuration
        }
        return (configuration, reached, decoder.diagnostics)
    }

    private func unknownProvisioner(_ block: ProvisionerBlock) -> Diagnostic {
        var hints = ["Built in are: \(ProvisionerSchema.names.joined(separator: ", "))."]
        if let near = nearestName(block.type, among: ProvisionerSchema.names) { hints = ["Did you mean \"\(near)\"?"] }
        return .error(
            "Missing required provisioner plugin",
            "This configuration requires provisioner plugin \"\(block.type)\", which isn't available: there are no provisioners besides those built in.",
            at: block.span, hints: hints)
    }

    // MARK: Checking

    /// What can be said of a resource's provisioners before anything of it is made: `self` is not known, nor which instance it is.
    func checkProvisioners(of block: ResourceBlock, _ type: TypeSchema, in instance: ModuleInstance) {
        guard !block.provisioners.isEmpty else { return }
        let repetition: RepetitionValues =
            switch block.repetition {
            case .single, .enabled: .none
            case .count: RepetitionValues(key: .index(0), isOpen: true)
            case .forEach: RepetitionValues(key: .key(""), eachValue: .unknown, isOpen: true)
            }
        let own = Value.unknown(type.shape.impliedType)
        let evaluator = { [cells] (file: String) in
            cells.evaluator(file, in: instance, repetition: repetition, own: own)
        }
        let address = ResourceAddress(module: instance.path, resource: block.name).description
        for provisioner in block.provisioners {
            let (configuration, _, found) = decode(provisioner, block.connection, evaluator: evaluator)
            let faults = ProvisionerSchema.validate(configuration, of: provisioner.type)
            for var diagnostic in found + faults {
                if diagnostic.address == nil { diagnostic.address = address }
                if diagnostic.subject == nil { diagnostic.subject = provisioner.span }
                diagnostics.append(diagnostic)
            }
        }
    }
}

extension BodyDecoder {
    /// Reports what has to be written and is not; what its value is, is another matter.
    fileprivate mutating func require(_ names: [String], in body: Body) {
        for name in names where body.attribute(name) == nil {
            diagnostics.append(
                .error(
                    "Missing required argument", "The argument \"\(name)\" is required, but no definition was found.",
                    at: body.span(SourceRange(start: body.range.start, end: body.range.start))))
        }
    }
}
