import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import PlanModel
import ProviderKit
import StateModel
import Values

extension Planner {
    func plan(
        _ given: InstanceWork, block: ResourceBlock, type: TypeSchema, provider: any Provider, providerAddress: ProviderConfigAddress,
        cell: ResourceCell, id: Cells.CellID, in instance: ModuleInstance
    ) async {
        var work = given
        let recorded = work.prior
        await refreshed(&work, type, block)
        let object = ObjectAddress(work.address)
        var draft = ChangeDraft(
            change: Change(address: object, provider: providerAddress, action: .noOp, origin: block.span), cell: id, number: work.number,
            prior: work.prior ?? recorded)
        draft.schemaIsContainer = type.schema.isContainer
        draft.change.before = work.prior?.attributes
        draft.change.isUnread = work.isUnread
        if !inputs.imports.isEmpty, let wanted = work.importing, let prior = work.prior {
            draft.change.importing = Change.Import(id: wanted.id, object: record(ofTaken: prior, block, type, id, in: instance))
        }
        if inputs.mode == .refreshOnly || !inputs.imports.isEmpty {
            draft.change.after = work.prior?.attributes
            // What is not there is not planned here; what it would be is not known.
            cell.set(work.number, work.prior?.attributes ?? .unknown(type.shape.impliedType))
            draft.change.record = work.prior
            append(draft)
            return
        }
        let own = work.prior?.attributes
        guard
            let open = conditions(
                block.lifecycle.preconditions, of: work.address, id: id, number: work.number, in: instance, repetition: work.repetition,
                own: nil)
        else {
            cell.set(work.number, .unknown(type.shape.impliedType))
            return
        }
        work.hasOpenPreconditions = !open.isEmpty
        do throws(DiagnosticError) {
            try await decide(&draft, work: work, block: block, type: type, provider: provider, id: id, in: instance)
        } catch {
            report(error, address: work.address.description)
            cell.set(work.number, own ?? .unknown(type.shape.impliedType))
            return
        }
        if work.wasGone, draft.change.action == .create { draft.change.reason = .none }
        if type.schema.isContainer { draft.change.after = draft.change.after.map(Holders.tagged) }
        let value = draft.change.after ?? .null(type.shape.impliedType)
        cell.set(work.number, value)
        // What is not touched has no step before which they would be looked at.
        if draft.change.action == .noOp || draft.change.action == .record { draft.openConditions = open }
        draft.openConditions +=
            conditions(
                block.lifecycle.postconditions, of: work.address, id: id, number: work.number, in: instance, repetition: work.repetition,
                own: value) ?? []
        append(draft)
    }

    func append(_ given: ChangeDraft) {
        var draft = given
        draft.change.previousAddress = previousAddresses[draft.change.address.instance]
        let index = drafts.count
        drafts.append(draft)
        draftByAddress[draft.change.address] = index
        if let cell = draft.cell {
            draftsByCell[cell, default: []].append(index)
            if draft.schemaIsContainer { holders.note(draft.change) }
        }
    }

    private func decide(
        _ draft: inout ChangeDraft, work: InstanceWork, block: ResourceBlock, type: TypeSchema, provider: any Provider, id: Cells.CellID,
        in instance: ModuleInstance
    ) async throws(DiagnosticError) {
        var desired = work.desired
        let prior = work.prior
        if let prior { desired.configuration = ignoring(block.lifecycle.ignoreChanges, desired.configuration, prior.attributes) }
        let source = try await providers.source(draft.change.provider, from: catalog)
        let faults = source.validate(desired.configuration, of: block.name.type, mode: .managed).map { diagnostic in
            located(diagnostic, in: block, of: work.address)
        }
        diagnostics.append(contentsOf: faults.filter { isNews($0) })
        if faults.hasErrors { throw DiagnosticError([]) }

        let outcome = try await propose(desired, from: prior?.remote, type, provider, span: block.span, address: work.address)
        // What is ignored is as sensitive as it is recorded, not as it is written.
        func marked(_ planned: Value?) -> Value {
            type.shape.markingSensitive((planned ?? .null(type.shape.impliedType)).withMarks(at: desired.configuration.unmarkedDeep().1))
        }
        var planned = marked(outcome.planned)
        var privateBytes = outcome.privateBytes
        var action = Change.Action.update
        var reason = Change.Reason.none
        var paths: [Path] = []
        let triggers = try triggered(block, in: instance, repetition: work.repetition)
        let containerMoved = prior.map { containerDiffers(planned, $0.attributes, type) } ?? false
        if prior == nil {
            action = .create
            // As the reference publishes it.
            if triggers { reason = .triggeredBy }
        } else if containerMoved {
            action = .deleteThenCreate
            reason = .containerReplaced
            paths = [[.attribute(type.schema.containerAttribute ?? "")]]
        } else if prior?.status == .tainted {
            action = .deleteThenCreate
            reason = .tainted
        } else if triggers {
            action = .deleteThenCreate
            reason = .triggeredBy
            paths = outcome.replaces
        } else if selection.isReplaced(work.address, isPrincipal: isPrincipal(block, in: instance)) {
            action = .deleteThenCreate
            reason = .requested
            paths = outcome.replaces
        } else if !outcome.replaces.isEmpty {
            action = .deleteThenCreate
            reason = .cannotUpdate
            paths = outcome.replaces
        } else if let prior, sameApartFromContainer(planned, prior.attributes, type), desired.writeOnly.entries?.isEmpty ?? true {
            action = .noOp
            planned = prior.attributes
            if let slot = type.containerSlot, let container = work.container, case .object(let object) = planned.node {
                // How the container is reached may have changed; that is no change of what it holds.
                var slots = object.slots
                slots[slot] = container
                planned = .object(shape: object.shape, slots: slots)
            }
        }
        if action == .deleteThenCreate {
            // What is ignored is ignored on the object that goes, not on the one that comes.
            desired = work.desired
            let fresh = try await propose(desired, from: nil, type, provider, span: block.span, address: work.address)
            planned = marked(fresh.planned)
            privateBytes = fresh.privateBytes
            if declarations.preventsDestroy(block, in: instance.module) {
                throw DiagnosticError(preventedDestroy(of: work.address, at: block.span))
            }
        }
        let identity = identity(of: planned, type, container: work.containerAddress)
        if action == .deleteThenCreate, createBeforeDestroy[id.vertex] || (containerMoved && comesFirst(work, prior)) {
            if !identity.isEmpty, identity == prior?.identity {
                draft.isForcedInPlace = true
            } else {
                action = .createThenDelete
            }
        }
        if action.isReplace, reason == .containerReplaced, let prior, let old = prior.container {
            if let index = draftByAddress[ObjectAddress(old)], drafts[index].removes || drafts[index].change.action == .create {
                draft.isForgottenWith = old
            }
            draft.removalGroup = provider.batchKey(type: block.name.type, container: containerValue(prior))
        }
        var record = StateObject(
            address: draft.change.address, attributes: .null, schemaVersion: type.schema.version, provider: draft.change.provider,
            container: work.containerAddress, dependencies: reached[id] ?? [], createBeforeDestroy: createBeforeDestroy[id.vertex],
            isGuarded: isGuarded(planned, type), preventsDestroy: declarations.preventsDestroy(block, in: instance.module),
            identity: identity, before: prior?.before)
        if action == .noOp, let prior {
            record.privateBytes = prior.privateBytes
            record.attributes = prior.attributes
            record.schemaVersion = prior.schemaVersion
            record.status = prior.status
            record.hostKeys = prior.hostKeys
            if record != prior, work.importing == nil { action = .record }
        }
        draft.identity = identity
        draft.isShared = type.schema.isShared
        draft.claim = claim(of: planned, type, container: work.containerAddress)
        draft.priorClaim = prior.map { claim(of: $0.attributes, type, container: $0.container) } ?? ""
        draft.place = Place(planned, type.schema, container: work.containerAddress)
        draft.priorPlace = prior.flatMap { Place($0.attributes, type.schema, container: $0.container) }
        draft.group = provider.batchKey(type: block.name.type, container: work.container)
        draft.isSelfContained =
            work.desired.configuration.isWhollyKnown && (desired.writeOnly.entries?.isEmpty ?? true) && !work.hasOpenPreconditions
        if draft.isSelfContained, action != .noOp, action != .record { draft.configuration = work.desired.configuration }
        draft.change.action = action
        draft.change.reason = reason
        draft.change.replacePaths = paths
        draft.change.after = planned
        draft.change.plannedPrivate = privateBytes
        if action == .update { record.hostKeys = prior?.hostKeys ?? [:] }
        draft.change.record = record
        if let wanted = work.importing, let prior {
            draft.change.importing = Change.Import(
                id: wanted.id, object: self.record(ofTaken: prior, block, type, id, in: instance), generated: inputs.generated[block.name])
        }
        attachProvisioners(&draft, of: block, in: instance)
    }

    /// Whether an object that another container is to hold is made there before it goes here: parts of a kind that moves to another
    /// target, and what stands on something whose own successor comes first.
    private func comesFirst(_ work: InstanceWork, _ prior: StateObject?) -> Bool {
        guard let old = prior?.container else { return false }
        if let index = draftByAddress[ObjectAddress(old)], drafts[index].change.action == .createThenDelete { return true }
        return work.address.module.kind != nil && old != work.containerAddress
    }

    func propose(
        _ desired: Desired, from prior: RemoteObject?, _ type: TypeSchema, _ provider: any Provider, span: SourceSpan,
        address: ResourceInstanceAddress
    ) async throws(DiagnosticError) -> Proposal {
        do throws(ProviderFailure) {
            if let provider = provider as? any AddressedProposing {
                return try await provider.propose(desired, from: prior, of: type.schema.type, at: address)
            }
            return try await provider.propose(desired, from: prior, of: type.schema.type)
        } catch {
            throw DiagnosticError(error.diagnostic(address: address.description, subject: span))
        }
    }
}
