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
        let removed = removedPatterns(destroying: false)
        let doomed = doomedObjects(forgetting: removed)
        guard !doomed.isEmpty else { return }
        var ready: [(StateObject, any Provider, TypeSchema)] = []
        for object in doomed {
            do throws(DiagnosticError) {
                let (provider, type) = try await removalProvider(of: object)
                if let fault = newer(object, type), !removed.contains(where: { $0.matches(object.address.instance) }) {
                    diagnostics.append(fault)
                    continue
                }
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
        if action == .delete, let refusal = protection(of: object) {
            report(DiagnosticError(refusal))
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
        attachProvisionersOfRemoval(&draft)
        append(draft)
    }

    func removalReason(_ address: ResourceInstanceAddress) -> Change.Reason {
        guard let module = inputs.configuration.index(of: address.module.call),
            let instance = cells.instance(at: address.module)
        else { return isDisabled(address.module) ? .moduleDisabled : .noModule }
        guard let item = declarations.indices[module].resources[address.resource.resource], let cell = instance.resources[item] else {
            return .noResourceConfig
        }
        switch (cell.mode, address.key) {
        case (.count, .index): return .countIndex
        case (.forEach, .key): return .eachKey
        case (.single, .none): return .disabled
        default: return .wrongRepetition
        }
    }

    /// Whether the outermost module of the path that has no instance is one that is not enabled.
    private func isDisabled(_ path: ModulePath) -> Bool {
        var around = cells.root
        for count in 1...max(1, path.steps.count) {
            let inner = ModulePath(Array(path.steps.prefix(count)))
            if let instance = cells.instance(at: inner) {
                around = instance
                continue
            }
            guard let step = inner.call.steps.last, let call = inputs.configuration.modules[around.module].call(step),
                case .enabled = call.repetition, inner.steps.last?.key == InstanceKey.none
            else { return false }
            return true
        }
        return false
    }
}
