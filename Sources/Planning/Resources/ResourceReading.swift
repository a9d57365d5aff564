import Addresses
import ConfigModel
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Values

extension Planner {
    /// Which instance holds the object: the one whose `id` the container argument carries.
    func resolveContainer(_ work: inout InstanceWork, _ type: TypeSchema, reached: Set<ResourceAddress>) {
        guard let slot = type.containerSlot, case .object(let object) = work.desired.configuration.node else { return }
        let value = object.slots[slot]
        work.container = value
        work.containerAddress = holders.holder(of: value, among: reached)
    }

    func beginReading(
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
                // Made by another configuration, and read by this one now.
                if !refresh.isStarted(object) { requests.append((object, ReadRequest(object: prior.remote, address: object))) }
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
    func refreshed(_ work: inout InstanceWork, _ type: TypeSchema, _ block: ResourceBlock) async {
        guard work.importing == nil, let prior = work.prior else { return }
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
}
