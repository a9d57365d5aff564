import Addresses
import PlanModel
import StateModel
import Values

extension Planner {
    /// What goes, and what each delete has to wait for: who depends on it goes, or is changed, before it; what a container holds goes with it.
    func addRemovals(_ layout: inout PlanLayout) {
        let removing = drafts.indices.filter { drafts[$0].removes }
        guard !removing.isEmpty else { return }
        for index in removing {
            let draft = drafts[index]
            let effect: Vertex.Effect = draft.change.action == .forget || draft.isForgottenWith != nil ? .forget : .delete
            var vertex = Vertex(
                kind: .effect(effect, change: index), identity: draft.prior?.identity ?? draft.identity,
                group: draft.removalGroup ?? draft.group)
            vertex.isSelfContained = true
            let imported = layout.importOf[index]
            layout.removalOf[index] = layout.add(vertex, draft: index, waitsFor: imported >= 0 ? [imported] : [])
        }
        var gone: [ResourceAddress: Int32] = [:]
        var changed: [ResourceAddress: [Int32]] = [:]
        let removedResources = Set(removing.map { drafts[$0].change.address.instance.resource })
        // What depended on a resource goes before it; what goes on depending on it is changed before.
        for (index, draft) in drafts.enumerated() {
            let old = draft.prior?.dependencies ?? []
            if draft.removes, draft.isForgottenWith == nil {
                for resource in old where removedResources.contains(resource) {
                    let join = gone[resource] ?? layout.add(Vertex(kind: .join(label: "dependants of \(resource) are gone")))
                    gone[resource] = join
                    if isMoving(draft) {
                        layout.prefer(join, after: layout.removalOf[index], .movedDependantGone)
                    } else {
                        layout.wait(join, for: layout.removalOf[index])
                    }
                }
            }
            if layout.effectOf[index] >= 0 {
                for resource in old where removedResources.contains(resource) {
                    changed[resource, default: []].append(layout.effectOf[index])
                }
            }
        }
        var moved: [ResourceAddress: Int32] = [:]
        var mayMove: [ResourceAddress: Int32] = [:]
        // Dependants of what has a successor by then are with that one first; of what just goes, they may have to come after it, where
        // something takes its name and they use that.
        func movedOn(_ resource: ResourceAddress, isSucceeded: Bool, _ layout: inout PlanLayout) -> Int32? {
            guard let dependants = changed[resource] else { return nil }
            if let known = isSucceeded ? moved[resource] : mayMove[resource] { return known }
            let join = layout.add(Vertex(kind: .join(label: "dependants of \(resource) have changed")))
            for dependant in dependants {
                if isSucceeded { layout.wait(join, for: dependant) } else { layout.prefer(join, after: dependant, .dependantFirst) }
            }
            if isSucceeded { moved[resource] = join } else { mayMove[resource] = join }
            return join
        }
        var successors: [ResourceAddress: [Int32]] = [:]
        for (index, draft) in drafts.enumerated() where layout.effectOf[index] >= 0 {
            for resource in draft.change.record?.dependencies ?? [] where removedResources.contains(resource) {
                successors[resource, default: []].append(layout.effectOf[index])
            }
        }
        var newDependants: [ResourceAddress: Int32] = [:]
        for index in removing {
            let draft = drafts[index]
            let removal = layout.removalOf[index]
            let resource = draft.change.address.instance.resource
            if let container = draft.isForgottenWith {
                if let holder = draftByAddress[ObjectAddress(container)], layout.removalOf[holder] >= 0 {
                    layout.wait(removal, for: layout.removalOf[holder])
                    if draft.change.action == .forget, drafts[holder].change.action == .delete {
                        // It goes at the moment that its container does: what waits for it to be left alone waits for that.
                        if let join = gone[resource] { layout.wait(layout.removalOf[holder], for: join) }
                        if let join = movedOn(resource, isSucceeded: false, &layout) {
                            layout.wait(layout.removalOf[holder], for: join)
                        }
                    }
                }
            }
            switch draft.change.action {
            case .deleteThenCreate:
                if !draft.isForcedInPlace, draft.isForgottenWith == nil, let join = gone[resource] { layout.wait(removal, for: join) }
                layout.wait(layout.effectOf[index], for: removal)
            case .createThenDelete:
                if let join = gone[resource] { layout.wait(removal, for: join) }
                layout.wait(removal, for: layout.effectOf[index])
                if let waiting = successors[resource] {
                    let join =
                        newDependants[resource]
                        ?? layout.add(Vertex(kind: .join(label: "readers of \(resource) have changed")), waitsFor: waiting)
                    newDependants[resource] = join
                    layout.wait(removal, for: join)
                }
                if let join = movedOn(resource, isSucceeded: true, &layout) { layout.wait(removal, for: join) }
            default:
                if let join = gone[resource] { layout.wait(removal, for: join) }
                if draft.isForgottenWith == nil, let join = movedOn(resource, isSucceeded: false, &layout) {
                    layout.wait(removal, for: join)
                }
            }
        }
    }

    /// What takes an identity waits until what had it has given it up, by going or by getting another one: or it would be refused, or
    /// removed with it. Shared identities are the other way round, where that can be: the new claim first, so that nothing is taken away
    /// and put back.
    func orderByIdentity(_ layout: inout PlanLayout) {
        var givers: [String: [Int32]] = [:]
        for (index, draft) in drafts.enumerated() {
            guard let old = draft.prior?.identity, !old.isEmpty, draft.isForgottenWith == nil else { continue }
            switch draft.change.action {
            case .delete: givers[old, default: []].append(layout.removalOf[index])
            case .deleteThenCreate, .createThenDelete:
                if draft.identity != old { givers[old, default: []].append(layout.removalOf[index]) }
            case .update:
                if draft.identity != old { givers[old, default: []].append(layout.effectOf[index]) }
            case .noOp, .create, .read, .forget, .record: break
            }
        }
        guard !givers.isEmpty else { return }
        for (index, draft) in drafts.enumerated() where !draft.identity.isEmpty && layout.effectOf[index] >= 0 {
            switch draft.change.action {
            case .create, .deleteThenCreate, .createThenDelete: break
            case .update where draft.identity != draft.prior?.identity: break
            default: continue
            }
            let taker = layout.effectOf[index]
            // One but where it is shared, and then as many as there are claims on one thing.
            for giver in givers[draft.identity] ?? [] where giver != layout.removalOf[index] {
                if draft.isShared {
                    layout.prefer(giver, after: taker, .newClaimFirst)
                } else {
                    layout.wait(taker, for: giver)
                }
            }
        }
    }
}
