import Addresses
import PlanModel
import StateModel

extension Planner {
    /// Recorded objects that are to go, by address. What a data source said that nobody asks for any more is merely no longer kept.
    func doomedObjects(forgetting: [AddressPattern]) -> [StateObject] {
        let kept = keptForWhatIsExcluded()
        let dependants = inputs.mode == .destroy && selection.isTargeted ? dependantsOfTargets() : []
        var found: Set<ObjectAddress> = []
        for address in inputs.base.objects.keys.sorted() where !claimed.contains(address) && !kept.contains(address) {
            guard selection.includesOrphan(address.instance) || dependants.contains(address) else { continue }
            if address.instance.mode == .data {
                observed.append(.init(kind: .data, address: address, object: nil))
            } else {
                found.insert(address)
            }
        }
        // A container does not go without what it holds, whatever is targeted.
        var stack = found.filter { address in address.generation == .current && !forgetting.contains { $0.matches(address.instance) } }
        while let container = stack.popFirst() {
            for held in refresh.contents(of: container.instance) where !claimed.contains(held) && !kept.contains(held) {
                if found.insert(held).inserted { stack.insert(held) }
            }
        }
        return found.sorted().compactMap { inputs.base.objects[$0] }
    }

    /// What is excluded, and what that depends on or stands on: it would not be left as it is without those.
    private func keptForWhatIsExcluded() -> Set<ObjectAddress> {
        guard !selection.excludes.isEmpty else { return [] }
        var objects: [ResourceAddress: [ObjectAddress]] = [:]
        for address in inputs.base.objects.keys { objects[address.instance.resource, default: []].append(address) }
        var stack = inputs.base.objects.keys.filter { address in selection.excludes.contains { $0.matches(address.instance) } }
        stack += recordedAndHeldBack()
        var kept = Set(stack)
        while let address = stack.popLast() {
            guard let object = inputs.base.objects[address] else { continue }
            let needed = object.dependencies.flatMap { objects[$0] ?? [] } + (object.container.map { [ObjectAddress($0)] } ?? [])
            for other in needed where kept.insert(other).inserted { stack.append(other) }
        }
        return kept
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
}
