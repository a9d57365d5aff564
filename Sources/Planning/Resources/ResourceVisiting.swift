import Addresses
import ConfigModel
import DependencyGraph
import Diagnostics
import Evaluation
import HCLSyntax
import PlanModel
import ProviderKit
import StateModel
import Values

/// One instance of a resource on its way through a visit.
private struct InstanceWork {
    let number: Int
    let address: ResourceInstanceAddress
    let repetition: RepetitionValues
    var desired: Desired
    var prior: StateObject?
    var container: Value?
    var containerAddress: ResourceInstanceAddress?
    /// Arguments written in place of recorded ones so that a container is read where it is now.
    var overlay: [String] = []
    var isUnread = false
    var wasGone = false
    var hasOpenPreconditions = false
}

extension Planner {
    /// Plans every instance of a resource in one module instance: evaluates all, begins to read all, then decides one by one.
    func visitResource(_ item: Int, vertex: Int, in instance: ModuleInstance) async {
        let module = inputs.configuration.modules[instance.module]
        let block = module.resources[item]
        let id = Cells.CellID(vertex: vertex, instance: instance.number)
        let resource = ResourceAddress(module: instance.path, resource: block.name)
        let providerAddress = inputs.configuration.providerConfiguration(for: block.provider, in: module)
        let mode: RepetitionMode
        let repetitions: [RepetitionValues]
        let type: TypeSchema
        do throws(DiagnosticError) {
            (mode, repetitions) =
                try isValidating
                ? cells.expandForValidation(block.repetition, in: instance) : cells.expand(block.repetition, in: instance)
            type = try await schema(of: block, provider: providerAddress)
        } catch {
            report(error, address: resource.description)
            return
        }
        let shared: SharedValues?
        switch block.repetition {
        case .single: shared = nil
        default: shared = SharedValues(body: block.body, except: block.attributeFiles.keys)
        }
        let cell = ResourceCell(
            mode: mode, keys: repetitions.map(\.key), eachValues: repetitions.map(\.eachValue), shared: shared,
            isOpen: repetitions.first?.isOpen ?? false)
        instance.resources[item] = cell
        if isValidating {
            for (number, repetition) in repetitions.enumerated() {
                let address = resource.instance(repetition.key)
                let desired = decode(block, type, repetition, shared: shared, in: instance, address: address)
                cell.set(number, desired.map { validated($0.configuration, type) } ?? .unknown(type.shape.impliedType))
                await validate(desired, block, providerAddress, address)
            }
            return
        }
        if isConfiguringOnly {
            for (number, key) in cell.keys.enumerated() {
                let recorded = inputs.base.objects[ObjectAddress(resource.instance(key))]?.attributes
                cell.set(number, recorded.map(type.shape.markingSensitive) ?? .unknown(type.shape.impliedType))
            }
            return
        }
        let behind = resourcesReached(from: vertex, instance)
        reached[id] = behind
        if block.name.mode == .data {
            await visitData(block, type, providerAddress, cell: cell, id: id, in: instance, repetitions)
            return
        }
        let mayHold = type.containerSlot == nil ? [] : Set(behind)
        var works: [InstanceWork] = []
        works.reserveCapacity(repetitions.count)
        for (number, repetition) in repetitions.enumerated() {
            let address = resource.instance(repetition.key)
            claimed.insert(ObjectAddress(address))
            let prior = inputs.base.objects[ObjectAddress(address)]
            guard selection.includes(address, vertex: vertex), inputs.mode != .destroy else {
                cell.set(number, prior.map { type.shape.markingSensitive($0.attributes) } ?? .unknown(type.shape.impliedType))
                if inputs.mode == .destroy { claimed.remove(ObjectAddress(address)) }
                continue
            }
            guard let desired = decode(block, type, repetition, shared: shared, in: instance, address: address) else {
                cell.set(number, .unknown(type.shape.impliedType))
                continue
            }
            var work = InstanceWork(number: number, address: address, repetition: repetition, desired: desired, prior: prior)
            resolveContainer(&work, type, reached: mayHold)
            works.append(work)
        }
        if works.isEmpty, inputs.mode == .destroy { await configureForDestroy(providerAddress, span: block.span) }
        guard !works.isEmpty else { return }
        let provider: any Provider
        do throws(DiagnosticError) {
            provider = try await self.provider(providerAddress, neededBy: block.span)
        } catch {
            report(error, address: resource.description)
            for work in works { cell.set(work.number, .unknown(type.shape.impliedType)) }
            return
        }
        beginReading(&works, type, providerAddress, provider)
        for work in works {
            await plan(
                work, block: block, type: type, provider: provider, providerAddress: providerAddress, cell: cell, id: id, in: instance)
        }
    }

    private func configureForDestroy(_ address: ProviderConfigAddress, span: SourceSpan) async {
        // Only asked so that a provider without a block is ready; its faults are told by whatever needs it.
        _ = try? await provider(address, neededBy: span)
    }

    func schema(of block: ResourceBlock, provider: ProviderConfigAddress) async throws(DiagnosticError) -> TypeSchema {
        let source: any ProviderSource
        do throws(DiagnosticError) {
            source = try await providers.source(provider, from: catalog)
        } catch {
            throw DiagnosticError(
                error.diagnostics.map { diagnostic in
                    var located = diagnostic
                    if located.subject == nil { located.subject = block.span }
                    return located
                })
        }
        if let type = providers.type(block.name.type, mode: block.name.mode, of: source) { return type }
        let what = block.name.mode == .data ? "data source" : "resource type"
        let known = (block.name.mode == .data ? source.schema.dataSources : source.schema.resources).keys.map(\.rawValue).sorted()
        var hints: [String] = []
        if let near = nearestName(block.name.type.rawValue, among: known) { hints.append("Did you mean \"\(near)\"?") }
        throw DiagnosticError(
            .error(
                block.name.mode == .data ? "Invalid data source" : "Invalid resource type",
                "The provider \(source.schema.name) does not support \(what) \"\(block.name.type.rawValue)\".", at: block.span, hints: hints
            ))
    }

    /// The desired value of one instance; nil after reporting faults.
    func decode(
        _ block: ResourceBlock, _ type: TypeSchema, _ repetition: RepetitionValues, shared: SharedValues?, in instance: ModuleInstance,
        address: ResourceInstanceAddress
    ) -> Desired? {
        var decoder = BodyDecoder { [cells] file in
            cells.evaluator(file, in: instance, repetition: repetition, shared: shared)
        }
        let desired = decoder.decode(block.body, type.shape, files: block.attributeFiles)
        for var diagnostic in decoder.diagnostics {
            if diagnostic.address == nil { diagnostic.address = address.description }
            diagnostics.append(diagnostic)
        }
        return decoder.diagnostics.hasErrors ? nil : desired
    }

    // MARK: Containers

    /// Which instance holds the object: the one whose `id` the container argument carries.
    private func resolveContainer(_ work: inout InstanceWork, _ type: TypeSchema, reached: Set<ResourceAddress>) {
        guard let slot = type.containerSlot, case .object(let object) = work.desired.configuration.node else { return }
        let value = object.slots[slot]
        work.container = value
        work.containerAddress = holders.holder(of: value, among: reached)
    }

    // MARK: Reading

    private func beginReading(
        _ works: inout [InstanceWork], _ type: TypeSchema, _ address: ProviderConfigAddress, _ provider: any Provider
    ) {
        guard inputs.options.refresh else { return }
        var requests: [(ObjectAddress, ReadRequest)] = []
        for index in works.indices {
            guard let prior = works[index].prior, !hasNewContainer(works[index]) else { continue }
            let object = ObjectAddress(works[index].address)
            if type.schema.isContainer {
                let (now, overlay) = overlaid(prior.attributes, with: works[index].desired.configuration, type)
                works[index].overlay = overlay
                var remote = prior.remote
                remote.attributes = now
                // Each container by itself: one that does not answer holds up no other.
                var own = [(object, ReadRequest(object: remote, address: object, container: works[index].container))]
                for held in refresh.contents(of: works[index].address, provider: address) {
                    guard let record = inputs.base.objects[held] else { continue }
                    own.append((held, ReadRequest(object: record.remote, address: held, container: now)))
                }
                refresh.startTogether(own, with: provider)
            } else if type.containerSlot != nil {
                // What it is to be held by says nothing of where the recorded object is.
                let recorded = prior.container.flatMap { $0 == works[index].containerAddress ? nil : containerValue(prior) }
                guard !refresh.isStarted(object), let container = recorded ?? works[index].container,
                    container["id"]?.isWhollyKnown ?? container.isWhollyKnown
                else { continue }
                requests.append((object, ReadRequest(object: prior.remote, address: object, container: container)))
            } else {
                refresh.startFree(address, with: provider)
            }
        }
        refresh.start(requests, with: provider)
    }

    /// A container's recorded attributes with the arguments that are written and known now: how to reach it today.
    private func overlaid(_ recorded: Value, with desired: Value, _ type: TypeSchema) -> (Value, [String]) {
        guard case .object(let old) = recorded.node, case .object(let new) = desired.node, old.slots.count == new.slots.count else {
            return (recorded, [])
        }
        var slots = old.slots
        var names: [String] = []
        for (slot, member) in type.shape.members.enumerated() {
            guard case .attribute(let schema) = member, schema.isSettable, !schema.isContainer else { continue }
            let value = new.slots[slot]
            if !value.isNull, value.isWhollyKnown, value != slots[slot] {
                slots[slot] = value
                names.append(schema.name)
            }
        }
        return (.object(shape: old.shape, slots: slots), names)
    }

    /// Whether what holds the recorded object is gone and made anew: nothing of the old is there to be read.
    private func hasNewContainer(_ work: InstanceWork) -> Bool {
        guard let recorded = work.prior?.container, recorded == work.containerAddress, inputs.base.objects[ObjectAddress(recorded)] != nil,
            let index = draftByAddress[ObjectAddress(recorded)]
        else { return false }
        return drafts[index].change.action == .create && drafts[index].change.before == nil
    }

    /// The object as it is now, and whether that differs from the record.
    private func refreshed(_ work: inout InstanceWork, _ type: TypeSchema, _ block: ResourceBlock) async {
        guard let prior = work.prior else { return }
        let object = ObjectAddress(work.address)
        if hasNewContainer(work) {
            work.prior = nil
            work.wasGone = true
            observed.append(.init(kind: .object, address: object, object: nil))
            return
        }
        switch await refresh.outcome(object) {
        case nil:
            work.isUnread = inputs.options.refresh
        case .found(let remote):
            var now = prior
            var attributes = remote.attributes
            for name in work.overlay {
                if let old = prior.attributes[name] { attributes = attributes.replacing(at: [.attribute(name)], with: old) ?? attributes }
            }
            now.attributes = type.shape.marking(attributes, asRecorded: prior.attributes)
            now.privateBytes = remote.privateBytes
            now.schemaVersion = remote.schemaVersion
            if now.attributes != prior.attributes || now.privateBytes != prior.privateBytes {
                observed.append(.init(kind: .object, address: object, object: now))
            }
            work.prior = now
        case .gone:
            work.prior = nil
            work.wasGone = true
            observed.append(.init(kind: .object, address: object, object: nil))
        case .unreachable(let failure, let group):
            refresh.noteUnreachable(failure, group: group, address: object, origin: block.span)
            work.isUnread = true
        case .failed(let failure):
            report(DiagnosticError(failure.diagnostic(address: object.description, subject: block.span)))
            work.isUnread = true
        }
    }

    // MARK: Deciding

    private func plan(
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
        if inputs.mode == .refreshOnly {
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
        let marks = work.desired.configuration.unmarkedDeep().1
        func marked(_ planned: Value?) -> Value {
            type.shape.markingSensitive((planned ?? .null(type.shape.impliedType)).withMarks(at: marks))
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
        } else if containerMoved {
            action = .deleteThenCreate
            reason = .containerReplaced
            paths = [[.attribute(type.schema.containerAttribute ?? "")]]
        } else if prior?.status == .tainted {
            action = .deleteThenCreate
            reason = .tainted
        } else if selection.isReplaced(work.address, isPrincipal: isPrincipal(block, in: instance)) {
            action = .deleteThenCreate
            reason = .requested
        } else if triggers {
            action = .deleteThenCreate
            reason = .triggeredBy
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
            if record != prior { action = .record }
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
        draft.change.record = record
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
            return try await provider.propose(desired, from: prior, of: type.schema.type)
        } catch {
            throw DiagnosticError(error.diagnostic(address: address.description, subject: span))
        }
    }
}
