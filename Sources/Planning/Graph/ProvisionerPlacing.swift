import PlanModel

extension Planner {
    /// Puts provisioners where they belong, between an object's making and whatever waits for it, and between whatever an object's end waits
    /// for and that end. Done last: nothing else in the order of a plan has to know of them.
    func placeProvisioners(_ layout: inout PlanLayout) {
        guard drafts.contains(where: { $0.provisioners != nil }) else { return }
        // Where what waits for a create has to wait now.
        var finished: [Int32: Int32] = [:]
        var isAfter: Set<Int> = []
        for (index, draft) in drafts.enumerated() where draft.provisioners != nil {
            let (after, before) = provisioners(of: draft)
            let effect = layout.effectOf[index]
            if effect >= 0, !after.isEmpty {
                var last = effect
                for number in after {
                    last = layout.add(
                        Vertex(kind: .effect(.provision, change: index), provisioner: number), draft: index, waitsFor: [last])
                    isAfter.insert(Int(last))
                }
                finished[effect] = last
            }
            let removal = layout.removalOf[index]
            if removal >= 0, !before.isEmpty {
                var waits = layout.edges[Int(removal)]
                for number in before {
                    waits = [
                        layout.add(
                            Vertex(kind: .effect(.deprovision, change: index), provisioner: number), draft: index, waitsFor: waits)
                    ]
                }
                layout.replaceEdges(of: removal, with: waits)
            }
        }
        for vertex in layout.vertices.indices where !isAfter.contains(vertex) {
            guard layout.edges[vertex].contains(where: { finished[$0] != nil }) else { continue }
            layout.replaceEdges(of: Int32(vertex), with: layout.edges[vertex].map { finished[$0] ?? $0 })
        }
        layout.tidy()
    }
}
