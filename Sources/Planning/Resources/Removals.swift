import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import PlanModel
import ProviderKit
import StateModel
import Values

extension Planner {
    /// Plans the end of every recorded object that no configured instance stands for, deposed ones included.
    func planRemovals() async {
        guard inputs.mode != .refreshOnly else { return }
        let removed = removedWithoutDestroying()
        let dependants = inputs.mode == .destroy && selection.isTargeted ? dependantsOfTargets() : []
        var doomed: [StateObject] = []
        for address in inputs.base.objects.keys.sorted() where !claimed.contains(address) {
            guard let object = inputs.base.objects[address] else { continue }
            guard selection.includesOrphan(address.instance) || dependants.contains(address) else { continue }
            if object.address.instance.mode == .data {
                // Nothing asks for it any more: its result is no longer kept.
                observed.append(.init(kind: .data, address: address, object: nil))
                continue
            }
            doomed.append(object)
        }
        guard !doomed.isEmpty else { return }
        // Containers first: what they hold is read where they are now, and goes with them.
        var ready: [(StateObject, any Provider, TypeSchema)] = []
        for object in doomed {
            do throws(DiagnosticError) {
                let (provider, type) = try await removalProvider(of: object)
                ready.append((object, provider, type))
            } catch {
                report(error, address: object.address.description)
            }
        }
        guard !diagnostics.hasErrors else { return }
        beginReadingRemovals(ready)
        for (object, provider, type) in ready { await planRemoval(of: object, provider, type, forgetting: removed) }
        forgetWithWhatHeldThem()
    }

    /// What has moved off a container that turns out to go needs no removal of its own.
    private func forgetWithWhatHeldThem() {
        for index in drafts.indices {
            let draft = drafts[index]
            guard draft.change.action == .createThenDelete, draft.change.reason == .containerReplaced, draft.isForgottenWith == nil,
                let prior = draft.prior, let source = providers.knownSource(prior.provider),
                let type = providers.type(prior.address.instance.type, mode: .managed, of: source), !type.schema.outlivesContainer
            else { continue }
            drafts[index].isForgottenWith = outermostDoomedContainer(of: prior)
        }
    }

    private func removalProvider(of object: StateObject) async throws(DiagnosticError) -> (any Provider, TypeSchema) {
        let address = object.provider
        let source = try await providers.source(address, from: catalog)
        guard let type = providers.type(object.address.instance.type, mode: .managed, of: source) else {
            throw DiagnosticError(
                .error(
                    "Invalid resource type",
                    "The state has \(object.address), but the provider \(source.schema.name) has no resource type \"\(object.address.instance.type.rawValue)\" any more.",
                    hints: ["Use a version of the provider that has it, or forget the object: ashlar state rm '\(object.address.instance)'"]
                ))
        }
        if providers.configured[address] == nil, source.schema.configuration.attributes.contains(where: \.isRequired) {
            throw DiagnosticError(
                .error(
                    "Provider configuration not present",
                    "To work with \(object.address) its original provider configuration at \(address) is required, but it has been removed. This occurs when a provider configuration is removed while objects created by that provider still exist in the state.",
                    hints: [
                        "Re-add the provider configuration to destroy \(object.address), after which you can remove the provider configuration again."
                    ]))
        }
        return (try await provider(address, neededBy: nil), type)
    }

    private func beginReadingRemovals(_ ready: [(StateObject, any Provider, TypeSchema)]) {
        guard inputs.options.refresh else { return }
        for (object, provider, type) in ready where type.schema.isContainer && object.address.generation == .current {
            var requests = [
                (object.address, ReadRequest(object: object.remote, address: object.address, container: containerValue(object)))
            ]
            for held in refresh.contents(of: object.address.instance, provider: object.provider) {
                guard let record = inputs.base.objects[held] else { continue }
                requests.append((held, ReadRequest(object: record.remote, address: held, container: object.attributes)))
            }
            refresh.startTogether(requests, with: provider)
        }
        for (object, provider, type) in ready where !refresh.isStarted(object.address) {
            if object.container == nil, !type.schema.isContainer { refresh.startFree(object.provider, with: provider) }
            if !refresh.isStarted(object.address) {
                let group = ready.filter {
                    $0.0.provider == object.provider && $0.0.container == object.container && !refresh.isStarted($0.0.address)
                }
                refresh.start(
                    group.map {
                        ($0.0.address, ReadRequest(object: $0.0.remote, address: $0.0.address, container: containerValue($0.0)))
                    },
                    with: provider)
            }
        }
    }

    /// What holds a recorded object, as planned now, else as recorded.
    func containerValue(_ object: StateObject) -> Value? {
        guard let container = object.container else { return nil }
        if let index = draftByAddress[ObjectAddress(container)], let now = drafts[index].change.before ?? drafts[index].change.after {
            return now
        }
        return inputs.base.objects[ObjectAddress(container)]?.attributes
    }

    /// The block that the configuration still has for it.
    private func origin(of object: StateObject) -> SourceSpan? {
        resourceItem(object.address.instance).map { inputs.configuration.modules[$0.module].resources[$0.item].span }
    }

    private func planRemoval(
        of object: StateObject, _ provider: any Provider, _ type: TypeSchema, forgetting: [AddressPattern]
    ) async {
        var now = object
        var isUnread = false
        if inputs.options.refresh {
            // What a machine held is gone with it, and is not asked for.
            if await isContainerGone(of: object) {
                observed.append(.init(kind: .object, address: object.address, object: nil))
                return
            }
            switch await refresh.outcome(object.address) {
            case .found(let remote)?:
                now.attributes = type.shape.marking(remote.attributes, asRecorded: object.attributes)
                now.privateBytes = remote.privateBytes
                if now.attributes != object.attributes || now.privateBytes != object.privateBytes {
                    observed.append(.init(kind: .object, address: object.address, object: now))
                }
            case .gone?:
                observed.append(.init(kind: .object, address: object.address, object: nil))
                return
            case .unreachable(let failure, let group)?:
                refresh.noteUnreachable(failure, group: group, address: object.address, origin: origin(of: object))
                isUnread = true
            case .failed(let failure)?:
                report(DiagnosticError(failure.diagnostic(address: object.address.description, subject: origin(of: object))))
                return
            case nil: isUnread = true
            }
        }
        var action = Change.Action.delete
        if forgetting.contains(where: { $0.matches(object.address.instance) }) { action = .forget }
        let reason =
            inputs.mode == .destroy
            ? Change.Reason.destroyMode : object.address.generation == .current ? removalReason(object.address.instance) : .leftOver
        if let item = resourceItem(object.address.instance), inputs.mode == .destroy || reason == .countIndex || reason == .eachKey,
            declarations.preventsDestroy(inputs.configuration.modules[item.module].resources[item.item], in: item.module)
        {
            report(
                DiagnosticError(
                    .error(
                        "Instance cannot be destroyed",
                        "Resource \(object.address.instance) has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. To avoid this error and continue with the plan, either disable lifecycle.prevent_destroy or reduce the scope of the plan using the -target option.",
                        at: inputs.configuration.modules[item.module].resources[item.item].span)))
            return
        }
        var draft = ChangeDraft(
            change: Change(
                address: object.address, provider: object.provider, action: action, reason: reason,
                origin: origin(of: object),
                before: now.attributes, after: nil, record: nil, isUnread: isUnread), cell: nil, prior: now)
        draft.identity = object.identity
        draft.isShared = type.schema.isShared
        draft.priorPlace = Place(now.attributes, type.schema, container: object.container)
        draft.schemaIsContainer = type.schema.isContainer
        draft.group = provider.batchKey(type: object.address.instance.type, container: containerValue(object))
        draft.isSelfContained = true
        if action == .delete, !type.schema.outlivesContainer, let container = outermostDoomedContainer(of: object) {
            draft.isForgottenWith = container
            draft.change.action = .forget
            draft.change.reason = .containerDeleted
        }
        append(draft)
    }

    /// Whether what holds a recorded object, or what holds that, was found to be gone.
    private func isContainerGone(of object: StateObject) async -> Bool {
        guard let container = object.container, let record = inputs.base.objects[ObjectAddress(container)] else { return false }
        if await isContainerGone(of: record) { return true }
        // A host that does not answer may be slow to say so: only what holds it can tell that it is gone.
        guard record.container == nil else { return false }
        if case .gone? = await refresh.outcome(ObjectAddress(container)) { return true }
        return false
    }

    /// The container that goes away with this object in it, if one does.
    private func outermostDoomedContainer(of object: StateObject) -> ResourceInstanceAddress? {
        guard let container = object.container else { return nil }
        guard let record = inputs.base.objects[ObjectAddress(container)] else { return nil }
        // A machine that one already had stays when its record goes: only what is made by its provider takes its contents along.
        if claimed.contains(ObjectAddress(container)) {
            guard let index = draftByAddress[ObjectAddress(container)], drafts[index].change.action.isReplace else { return nil }
            return container
        }
        if record.container != nil { return outermostDoomedContainer(of: record) ?? nil }
        return isMade(record) ? container : nil
    }

    /// Whether deleting the record of a container ends the container itself. A `host` without a container is somebody's own.
    private func isMade(_ record: StateObject) -> Bool {
        guard let source = providers.knownSource(record.provider),
            let type = providers.type(record.address.instance.type, mode: .managed, of: source)
        else { return false }
        return !type.schema.keepsContents
    }

    /// Where in the configuration a recorded instance's resource stands, whatever its keys.
    private func resourceItem(_ address: ResourceInstanceAddress) -> (module: Int, item: Int)? {
        guard let module = inputs.configuration.index(of: address.module.call),
            let item = declarations.indices[module].resources[address.resource.resource]
        else { return nil }
        return (module, item)
    }

    /// Everything recorded that depends on what is to be destroyed: it goes first.
    private func dependantsOfTargets() -> Set<ObjectAddress> {
        var readers: [ResourceAddress: [ObjectAddress]] = [:]
        for (address, object) in inputs.base.objects {
            for dependency in object.dependencies { readers[dependency, default: []].append(address) }
        }
        var found: Set<ObjectAddress> = []
        var stack = inputs.base.objects.keys.filter { selection.includesOrphan($0.instance) }.map(\.instance.resource)
        var seen = Set(stack)
        while let resource = stack.popLast() {
            for reader in readers[resource] ?? [] {
                found.insert(reader)
                if seen.insert(reader.instance.resource).inserted { stack.append(reader.instance.resource) }
            }
        }
        return found
    }

    func removalReason(_ address: ResourceInstanceAddress) -> Change.Reason {
        guard let module = inputs.configuration.index(of: address.module.call),
            let instance = cells.instance(at: address.module)
        else { return .noModule }
        guard let item = declarations.indices[module].resources[address.resource.resource], let cell = instance.resources[item] else {
            return .noResourceConfig
        }
        switch (cell.mode, address.key) {
        case (.count, .index): return .countIndex
        case (.forEach, .key): return .eachKey
        default: return .wrongRepetition
        }
    }

    /// `removed` blocks with `destroy = false`: their objects are forgotten.
    private func removedWithoutDestroying() -> [AddressPattern] {
        inputs.configuration.modules.flatMap { module in
            module.removed.filter { !$0.destroys }.map { $0.address.pattern(within: module.path) }
        }
    }
}
