import Addresses
import DependencyGraph
import Diagnostics
import PlanModel
import StateModel

extension Planner {
    /// Takes out of the plan what would delete or replace guarded data, and everything that waits for it: deletes of what it
    /// depends on, whatever would read its new value; and of a kind whose data stays, every part. The rest goes on.
    func withhold(_ layout: inout PlanLayout, _ graph: DependencyGraph) -> [Plan.Withheld] {
        var blocked: [Int] = []
        for (index, draft) in drafts.enumerated() where draft.prior?.isGuarded == true {
            switch draft.change.action {
            case .delete, .deleteThenCreate, .createThenDelete: break
            case .forget where draft.isForgottenWith != nil: break
            default: continue
            }
            if selection.unprotects(draft.change.address.instance) { continue }
            blocked.append(index)
        }
        guard !blocked.isEmpty else { return [] }
        var because = [Int](repeating: -1, count: layout.vertices.count)
        var stack: [Int] = []
        for index in blocked {
            for vertex in [layout.effectOf[index], layout.removalOf[index]] where vertex >= 0 {
                because[Int(vertex)] = index
                stack.append(Int(vertex))
            }
            // Forgotten with its container: then the container may not go.
            if let holder = drafts[index].isForgottenWith.flatMap({ draftByAddress[ObjectAddress($0)] }) {
                for vertex in [layout.effectOf[holder], layout.removalOf[holder]] where vertex >= 0 && because[Int(vertex)] < 0 {
                    because[Int(vertex)] = index
                    stack.append(Int(vertex))
                }
            }
        }
        // What makes guarded data usable stays with it: of a kind whose data may not go, no other part goes either.
        var keepers: [ModulePath: Int] = [:]
        for index in blocked where drafts[index].change.action == .delete {
            if let kind = drafts[index].change.address.instance.module.kind, keepers[kind] == nil { keepers[kind] = index }
        }
        if !keepers.isEmpty {
            for (index, draft) in drafts.enumerated() where draft.change.action == .delete {
                guard let keeper = draft.change.address.instance.module.kind.flatMap({ keepers[$0] }) else { continue }
                for vertex in [layout.effectOf[index], layout.removalOf[index]] where vertex >= 0 && because[Int(vertex)] < 0 {
                    because[Int(vertex)] = keeper
                    stack.append(Int(vertex))
                }
            }
        }
        let dependants = graph.reversed()
        while let vertex = stack.popLast() {
            // Both halves of a replacement stay away together.
            var next = dependants.dependencies(of: vertex).map { Int($0) }
            let draft = layout.draftOf[vertex]
            if draft >= 0 { next += [layout.effectOf[draft], layout.removalOf[draft]].filter { $0 >= 0 }.map(Int.init) }
            for other in next where because[other] < 0 {
                because[other] = because[vertex]
                stack.append(other)
            }
        }
        return remove(because, blocked: Set(blocked), &layout)
    }

    private func remove(_ because: [Int], blocked: Set<Int>, _ layout: inout PlanLayout) -> [Plan.Withheld] {
        var withheld: [Plan.Withheld] = []
        var seen: Set<Int> = []
        for vertex in layout.vertices.indices where because[vertex] >= 0 {
            let draft = layout.draftOf[vertex]
            guard draft >= 0, seen.insert(draft).inserted else { continue }
            let change = drafts[draft].change
            let cause = drafts[because[vertex]].change.address
            let reason: String
            if blocked.contains(draft) {
                reason =
                    "\(change.address) holds data and is protected: to \(change.action == .delete ? "delete" : "replace") it would lose that data. To go on, set protect = false and apply that first, or allow it for one run with -unprotect='\(change.address.instance)'."
            } else {
                reason =
                    change.action == .delete && change.address.instance.module.kind.map { $0 == cause.instance.module.kind } == true
                    ? "\(change.address) belongs to the same kind as \(cause), which is protected."
                    : "\(change.address) depends on \(cause), which is protected."
            }
            withheld.append(
                .init(address: change.address, action: change.action, reason: reason, because: blocked.contains(draft) ? nil : cause))
            drafts[draft].change.action = .noOp
            drafts[draft].change.after = change.before
        }
        // Vertices keep their numbers out of the plan: what is left is renumbered once.
        var number = [Int32](repeating: -1, count: layout.vertices.count)
        var kept = PlanLayout(drafts: drafts.count)
        // An output that comes from something withheld stays what it is.
        var keptOutputs: [OutputChange] = []
        for vertex in layout.vertices.indices where because[vertex] < 0 {
            var own = layout.vertices[vertex]
            if case .output(let index) = own.kind {
                own.kind = .output(keptOutputs.count)
                keptOutputs.append(outputs[index])
            }
            number[vertex] = kept.add(own, draft: layout.draftOf[vertex])
        }
        for vertex in layout.vertices.indices where number[vertex] >= 0 {
            for target in layout.edges[vertex] where number[Int(target)] >= 0 { kept.wait(number[vertex], for: number[Int(target)]) }
        }
        for draft in drafts.indices {
            if layout.effectOf[draft] >= 0 { kept.effectOf[draft] = number[Int(layout.effectOf[draft])] }
            if layout.importOf[draft] >= 0 { kept.importOf[draft] = number[Int(layout.importOf[draft])] }
            if layout.removalOf[draft] >= 0 { kept.removalOf[draft] = number[Int(layout.removalOf[draft])] }
        }
        layout = kept
        outputs = keptOutputs
        return withheld.sorted { $0.address < $1.address }
    }
}
