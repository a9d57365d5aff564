public import Addresses
import ConfigModel
public import Diagnostics
public import Evaluation
public import PlanModel
public import ProviderKit
public import StateModel
public import Values

extension Planner: StepCompleting {
    /// From now on `timestamp` and its kind have values, and what was unknown is evaluated again when it is needed.
    public func beginApplying(functions: any FunctionCalling) {
        cells.beginApplying(functions: functions)
    }

    /// The configured provider for a step; configured now where its configuration waited for a fact. Asked for by several steps at a time:
    /// one of them has it configured, the others wait for that and get the same answer, or the same diagnostics.
    public func provider(for address: ProviderConfigAddress) async throws(DiagnosticError) -> any Provider {
        guard let known = providers.configured[address], known.hadUnknowns, let item = providerBlock(address) else {
            return try await provider(address, neededBy: nil)
        }
        if let underWay = finishing[address] { return try await underWay.value.get() }
        let task = Task { await finish(address, item) }
        finishing[address] = task
        return try await task.value.get()
    }

    private func providerBlock(_ address: ProviderConfigAddress) -> (module: Int, item: Int)? {
        guard let module = inputs.configuration.index(of: address.module),
            let item = inputs.configuration.modules[module].providers.firstIndex(where: {
                $0.name == address.name && $0.alias == address.alias
            })
        else { return nil }
        return (module, item)
    }

    private func finish(_ address: ProviderConfigAddress, _ block: (module: Int, item: Int)) async -> Result<any Provider, DiagnosticError>
    {
        guard let instance = cells.instances[block.module].first else {
            return .failure(DiagnosticError(.error("Provider not configured", "The module of \(address) has no instances.")))
        }
        do throws(DiagnosticError) {
            let made = try await configureBlock(block.item, in: instance)
            // Some of it waits for other facts than those of whoever asked: the next one to ask may have them.
            if made.hadUnknowns { finishing[address] = nil }
            return .success(made.provider)
        } catch {
            return .failure(error)
        }
    }

    public func complete(_ vertex: Int, facts: any Facts) async throws(DiagnosticError) -> CompletedStep {
        guard let layout, layout.draftOf.indices.contains(vertex), layout.draftOf[vertex] >= 0,
            case .effect(let effect, _) = layout.vertices[vertex].kind
        else { throw DiagnosticError(.error("Step is not an effect", "Vertex \(vertex) of the plan has nothing to be finished.")) }
        let index = layout.draftOf[vertex]
        let draft = drafts[index]
        switch effect {
        case .delete, .forget: return removal(draft, facts: facts)
        case .record, .noOp:
            return CompletedStep(
                action: .noOp, planned: draft.change.record, prior: facts.object(at: draft.change.address), provider: draft.change.provider,
                origin: draft.change.origin)
        case .read: return try dataStep(draft)
        case .create, .update: return try await changeStep(draft, effect: effect, facts: facts)
        }
    }

    private func removal(_ draft: ChangeDraft, facts: any Facts) -> CompletedStep {
        let prior = draft.prior
        return CompletedStep(
            action: .delete, planned: nil, prior: prior, provider: draft.change.provider,
            container: prior.flatMap { liveContainer($0.container, facts: facts) }, isShared: draft.isShared, origin: draft.change.origin)
    }

    /// How the container is to be reached now.
    private func liveContainer(_ address: ResourceInstanceAddress?, facts: any Facts) -> Value? {
        guard let address else { return nil }
        if let now = facts.object(at: ObjectAddress(address)) { return now.attributes }
        return inputs.base.objects[ObjectAddress(address)]?.attributes
    }

    private func dataStep(_ draft: ChangeDraft) throws(DiagnosticError) -> CompletedStep {
        let (block, type, instance, repetition, cell) = try source(of: draft)
        let isForCheck = declarations.indices[instance.module].checkData[block.name] != nil
        if isForCheck {
            // What it answered while planning is past; should it not answer now, nothing is known.
            cell.set(draft.number, .unknown(type.shape.impliedType))
            cells.open.advance()
        }
        try recheckPreconditions(draft, block, instance, repetition)
        let desired = try redecode(draft, block, type, repetition, cell, in: instance)
        var step = CompletedStep(
            action: .read, configuration: desired.configuration,
            planned: StateObject(address: draft.change.address, attributes: draft.change.after ?? .null, provider: draft.change.provider),
            provider: draft.change.provider, container: type.schema.containerAttribute.flatMap { desired.configuration[$0] },
            origin: draft.change.origin)
        step.isForCheck = isForCheck
        return step
    }

    private func changeStep(_ draft: ChangeDraft, effect: Vertex.Effect, facts: any Facts) async throws(DiagnosticError) -> CompletedStep {
        let (block, type, instance, repetition, cell) = try source(of: draft)
        var prior: StateObject? = effect == .update ? facts.object(at: draft.change.address) ?? draft.prior : nil
        var desired: Desired
        var planned: Value
        var privateBytes: [UInt8]
        var container: Value?
        if draft.isSelfContained, !draft.change.isUnread, let asked = draft.configuration, let known = draft.change.after {
            // Everything it asks for was known: what was planned is what is done. Not evaluated again, for some of what stands in the
            // same locals may not be a fact yet.
            desired = Desired(configuration: asked, writeOnly: .emptyObject)
            if let prior { desired.configuration = ignoring(block.lifecycle.ignoreChanges, desired.configuration, prior.attributes) }
            planned = known
            privateBytes = draft.change.plannedPrivate
        } else {
            try recheckPreconditions(draft, block, instance, repetition)
            desired = try redecode(draft, block, type, repetition, cell, in: instance)
            let provider = try await provider(for: draft.change.provider)
            // What is made in place of another does not depend on how that one was.
            if draft.change.isUnread, effect == .update, let old = prior {
                prior = try await readAgain(old, draft, desired, type, provider)
            }
            if let prior { desired.configuration = ignoring(block.lifecycle.ignoreChanges, desired.configuration, prior.attributes) }
            let proposal = try await propose(
                desired, from: prior?.remote, type, provider, span: block.span, address: draft.change.address.instance)
            planned = type.shape.markingSensitive(
                (proposal.planned ?? .null(type.shape.impliedType)).withMarks(at: desired.configuration.unmarkedDeep().1))
            privateBytes = proposal.privateBytes
            if let prior, !proposal.replaces.isEmpty, draft.change.action == .update {
                throw nonconforming(
                    draft,
                    "It would now have to be replaced, since \(proposal.replaces.map(\.description).joined(separator: ", ")) changed.",
                    prior)
            }
            try conform(planned, to: draft)
            if let prior, effect == .update, sameApartFromContainer(planned, prior.attributes, type),
                desired.writeOnly.entries?.isEmpty ?? true
            {
                return CompletedStep(
                    action: .noOp, planned: prior, prior: prior, provider: draft.change.provider, origin: draft.change.origin)
            }
        }
        if let slot = type.containerSlot, case .object(let object) = desired.configuration.node { container = object.slots[slot] }
        var record = draft.change.record ?? StateObject(address: draft.change.address, attributes: planned, provider: draft.change.provider)
        record.attributes = planned
        record.privateBytes = privateBytes
        record.identity = identity(of: planned, type, container: record.container)
        record.isGuarded = isGuarded(planned, type)
        return CompletedStep(
            action: effect == .update ? .update : .create, configuration: desired.configuration, writeOnly: desired.writeOnly,
            planned: record,
            plannedPrivate: privateBytes, prior: prior, provider: draft.change.provider, container: container, isShared: draft.isShared,
            origin: draft.change.origin)
    }

    private func readAgain(
        _ old: StateObject, _ draft: ChangeDraft, _ desired: Desired, _ type: TypeSchema, _ provider: any Provider
    ) async throws(DiagnosticError) -> StateObject {
        let container = type.schema.containerAttribute.flatMap { desired.configuration[$0] }
        // What its host did to one, it would do to all: it is asked once a run.
        if let holder = old.container, let first = lostHolders[holder] {
            throw DiagnosticError(.outOfReach(draft.change.address.description, after: first))
        }
        for await (_, outcome) in provider.read([
            ReadRequest(object: old.remote, address: draft.change.address, container: container)
        ]) {
            switch outcome {
            case .found(let remote):
                var now = old
                now.attributes = type.shape.marking(remote.attributes, asRecorded: old.attributes)
                now.privateBytes = remote.privateBytes
                return now
            case .gone:
                throw nonconforming(draft, "It could not be read while planning, and turns out to be gone.", old)
            case .unreachable(let failure, _):
                if let holder = old.container {
                    // Several may have asked before the first of them heard that there is no answer.
                    if let first = lostHolders[holder] {
                        throw DiagnosticError(.outOfReach(draft.change.address.description, after: first))
                    }
                    lostHolders[holder] = draft.change.address.description
                }
                throw DiagnosticError(failure.diagnostic(address: draft.change.address.description, subject: draft.change.origin))
            case .failed(let failure):
                throw DiagnosticError(failure.diagnostic(address: draft.change.address.description, subject: draft.change.origin))
            }
        }
        return old
    }

    // MARK: Evaluating again

    private func source(of draft: ChangeDraft) throws(DiagnosticError) -> (
        ResourceBlock, TypeSchema, ModuleInstance, RepetitionValues, ResourceCell
    ) {
        guard let id = draft.cell, case .resource(let item) = declarations.vertices[id.vertex].declaration else {
            throw DiagnosticError(.error("Step has no configuration", "\(draft.change.address) is not in the configuration any more."))
        }
        let module = declarations.vertices[id.vertex].module
        let instance = cells.instances[module][id.instance]
        let block = inputs.configuration.modules[module].resources[item]
        guard let cell = instance.resources[item], let source = providers.knownSource(draft.change.provider),
            let type = providers.type(block.name.type, mode: block.name.mode, of: source)
        else { throw DiagnosticError(.error("Step has no configuration", "\(draft.change.address) was not planned.")) }
        return (block, type, instance, repetition(draft.number, of: cell, block, in: instance), cell)
    }

    /// `each` and `count` of one instance of a resource as they are now.
    func repetition(
        _ number: Int, of cell: ResourceCell, _ block: ResourceBlock, in instance: ModuleInstance
    ) -> RepetitionValues {
        cells.applied(
            RepetitionValues(key: cell.keys[number], eachValue: cell.eachValues[number]), of: block.repetition, in: instance, cell)
    }

    private func redecode(
        _ draft: ChangeDraft, _ block: ResourceBlock, _ type: TypeSchema, _ repetition: RepetitionValues, _ cell: ResourceCell,
        in instance: ModuleInstance
    ) throws(DiagnosticError) -> Desired {
        cell.shared?.renew(asOf: cells.open.progress)
        var decoder = BodyDecoder { [cells] file in
            cells.evaluator(file, in: instance, repetition: repetition, shared: cell.shared)
        }
        let desired = decoder.decode(block.body, type.shape, files: block.attributeFiles)
        guard !decoder.diagnostics.hasErrors else { throw DiagnosticError(decoder.diagnostics) }
        guard desired.configuration.isWhollyKnown else {
            throw DiagnosticError(
                .error(
                    "Configuration contains unknown value",
                    "Everything that \(draft.change.address) waits for is done, and its configuration still holds a value that is not known. This is a fault of the program or of a provider, not of the configuration.",
                    at: block.span, address: draft.change.address.description))
        }
        return desired
    }

    private func recheckPreconditions(
        _ draft: ChangeDraft, _ block: ResourceBlock, _ instance: ModuleInstance, _ repetition: RepetitionValues
    ) throws(DiagnosticError) {
        for condition in block.lifecycle.preconditions {
            let (status, problems) = evaluate(
                condition, in: instance, repetition: repetition, own: nil, summary: "Resource precondition failed",
                address: draft.change.address.description)
            if status == .fail || status == .error { throw DiagnosticError(problems) }
        }
    }

    /// Known leaves equal, unknown ones within what was known of them: anything else is not what was approved.
    private func conform(_ planned: Value, to draft: ChangeDraft) throws(DiagnosticError) {
        guard let promised = draft.change.after, let path = promised.departure(of: planned) else { return }
        let made = planned.value(at: path)
        var what =
            "\(path) was planned \(promised.value(at: path)?.shortDescription ?? "otherwise") and now \(made?.shortDescription ?? "is absent")."
        if made?.isNull == true, promised.value(at: path)?.isUnknown == true {
            what = "\(path) was planned to have a value, and now is null."
        }
        throw nonconforming(draft, what, nil)
    }

    private func nonconforming(_ draft: ChangeDraft, _ what: String, _ prior: StateObject?) -> DiagnosticError {
        DiagnosticError(
            .error(
                "Step differs from the plan", "\(draft.change.address) is not done, because it would not be what the plan showed. \(what)",
                at: draft.change.origin, address: draft.change.address.description,
                hints: ["Plan again: the new plan shows what it is now."]))
    }

    // MARK: What has become true

    public func settle(_ vertex: Int, object: StateObject?) async {
        guard let layout, layout.draftOf.indices.contains(vertex), layout.draftOf[vertex] >= 0 else { return }
        let draft = drafts[layout.draftOf[vertex]]
        guard case .effect(let effect, _) = layout.vertices[vertex].kind, effect != .delete, effect != .forget else { return }
        guard let id = draft.cell, case .resource(let item) = declarations.vertices[id.vertex].declaration, let object else { return }
        let instance = cells.instances[declarations.vertices[id.vertex].module][id.instance]
        instance.resources[item]?.set(draft.number, object.attributes)
        cells.open.advance()
    }

    public func output(_ index: Int, facts: any Facts) async throws(DiagnosticError) -> Value {
        let change = outputs[index]
        guard let item = declarations.indices[0].outputs[change.name], change.after != nil else { return .null }
        let value = try cells.value(.output(item), in: cells.root)
        if let fault = Self.infinityFault(in: value, of: inputs.configuration.modules[0].outputs[item]) { throw DiagnosticError([fault]) }
        return value
    }
}
