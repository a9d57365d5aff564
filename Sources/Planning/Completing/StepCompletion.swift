import Addresses
import ConfigModel
public import Diagnostics
public import Evaluation
public import PlanModel
import ProviderKit
public import StateModel
public import Values

extension Planner: StepCompleting {
    /// From now on `timestamp` and its kind have values, and what was unknown is evaluated again when it is needed.
    public func beginApplying(functions: any FunctionCalling) {
        cells.beginApplying(functions: functions)
    }

    public func complete(_ vertex: Int, facts: any Facts) async throws(DiagnosticError) -> CompletedStep {
        guard let layout, layout.draftOf.indices.contains(vertex), layout.draftOf[vertex] >= 0,
            case .effect(let effect, _) = layout.vertices[vertex].kind
        else { throw DiagnosticError(.error("Step is not an effect", "Vertex \(vertex) of the plan has nothing to be finished.")) }
        let index = layout.draftOf[vertex]
        let draft = drafts[index]
        switch effect {
        case .delete, .forget: return removal(draft, facts: facts)
        case .provision, .deprovision:
            return try provisionStep(draft, number: layout.vertices[vertex].provisioner ?? 0, facts: facts)
        case .record, .noOp, .importing:
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
            if prior != nil, !proposal.replaces.isEmpty, draft.change.action == .update {
                let paths = proposal.replaces.map(\.description).joined(separator: ", ")
                throw nonconforming(draft, "It would now have to be replaced, since \(paths) changed.")
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

    // MARK: What has become true

    public func settle(_ vertex: Int, object: StateObject?) async {
        guard let layout, layout.draftOf.indices.contains(vertex), layout.draftOf[vertex] >= 0 else { return }
        let draft = drafts[layout.draftOf[vertex]]
        guard case .effect(let effect, _) = layout.vertices[vertex].kind else { return }
        switch effect {
        // Nothing of them, and nothing that goes, is what the resource is from now on.
        case .delete, .forget, .provision, .deprovision: return
        default: break
        }
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
