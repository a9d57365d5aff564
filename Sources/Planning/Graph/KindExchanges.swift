import Addresses
import DependencyGraph
import PlanModel
import StateModel

extension Planner {
    /// A kind that moves comes before it goes. Kinds that move into each other's places cannot: each would wait until the other has
    /// given up its names (files of one path, a port) and would itself go on holding what the other waits for. Their old parts go first.
    ///
    /// Linear in drafts and what they depended on; nothing where no kind moves.
    func goFirstWhereKindsExchange() {
        let moving = drafts.indices.filter { isMoving(drafts[$0]) }
        guard !moving.isEmpty else { return }
        var numbers: [ModulePath: Int] = [:]
        func number(_ draft: ChangeDraft) -> Int? {
            guard let kind = draft.change.address.instance.module.kind else { return nil }
            if let known = numbers[kind] { return known }
            let next = numbers.count
            numbers[kind] = next
            return next
        }
        var holders: [String: Int] = [:]
        for index in moving {
            let draft = drafts[index]
            guard let kind = number(draft) else { continue }
            for name in [draft.isShared ? "" : draft.prior?.identity ?? "", draft.priorClaim] where !name.isEmpty { holders[name] = kind }
        }
        var edges: [(from: Int, to: Int)] = []
        for index in moving {
            let draft = drafts[index]
            guard let kind = number(draft) else { continue }
            for name in [draft.isShared ? "" : draft.identity, draft.claim] {
                if let holder = holders[name] { edges.append((from: kind, to: holder)) }
            }
        }
        let exchanging = Set(DependencyGraph(vertexCount: numbers.count, edges: edges).tangles().joined())
        guard !exchanging.isEmpty else { return }
        goFirst(moving.filter { index in number(drafts[index]).map(exchanging.contains) ?? false }, among: moving)
    }

    /// A kind that comes to where another leaves waits for it, and that one would wait for what uses both: the one that leaves goes first.
    ///
    /// - Returns: false where nothing that moves is in a circle.
    func goFirstWhereKindsStandInTheWay(_ layout: PlanLayout, _ graph: DependencyGraph) -> Bool {
        var leaving: Set<ModulePath> = []
        for vertex in graph.tangles().joined() {
            let index = layout.draftOf[vertex]
            guard index >= 0, layout.removalOf[index] == vertex, isMoving(drafts[index]) else { continue }
            if let kind = drafts[index].change.address.instance.module.kind { leaving.insert(kind) }
        }
        let moving = drafts.indices.filter { isMoving(drafts[$0]) }
        goFirst(moving.filter { drafts[$0].change.address.instance.module.kind.map(leaving.contains) ?? false }, among: moving)
        return !leaving.isEmpty
    }

    private func goFirst(_ first: [Int], among moving: [Int]) {
        var readers: [ResourceAddress: [Int]] = [:]
        for index in moving {
            for resource in drafts[index].prior?.dependencies ?? [] { readers[resource, default: []].append(index) }
        }
        var waiting = first
        while let index = waiting.popLast() {
            guard drafts[index].change.action == .createThenDelete else { continue }
            drafts[index].change.action = .deleteThenCreate
            // What stood on it goes before it, and so cannot be there anew by then.
            waiting += readers.removeValue(forKey: drafts[index].change.address.instance.resource) ?? []
        }
    }

    /// A part of a kind that comes first only because the kind moves, not because somebody wrote so.
    func isMoving(_ draft: ChangeDraft) -> Bool {
        draft.change.action == .createThenDelete && draft.change.reason == .containerReplaced && draft.isForgottenWith == nil
            && draft.change.record?.createBeforeDestroy == false
    }
}
