import DependencyGraph
import PlanModel

/// An order that is kept where it can be, and given up where steps would otherwise wait for each other in a circle.
enum Wish: Int, CaseIterable {
    // In the order in which they are given up.
    /// What several may claim is claimed anew before the old claim goes: or it is taken away and put back.
    case newClaimFirst
    /// What used something changes before that goes.
    case dependantFirst
    /// What a kind that moves leaves behind goes before what that used: or it is up to its end without it, while its successor, which uses
    /// what comes in the place of that, is made.
    case movedDependantGone
}

extension PlanLayout {
    /// Makes edges of the wishes that can be kept. Of those that cannot, only what runs within a circle is dropped, the lesser wish first.
    ///
    /// An object that takes over the name of one that goes has to wait for that, and what comes after it does too. If that is what the old
    /// one would wait for in turn, the old one goes first, with what depends on it, and the new one comes in its place.
    ///
    /// Linear in vertices and edges.
    mutating func settleWishes() {
        guard !wishes.isEmpty else { return }
        for lesser in Wish.allCases {
            let tangles = graph(with: wishes).tangles()
            if tangles.isEmpty { break }
            var tangle = [Int](repeating: -1, count: vertices.count)
            for (number, members) in tangles.enumerated() { for vertex in members { tangle[vertex] = number } }
            wishes.removeAll { wish in
                let own = tangle[Int(wish.vertex)]
                return wish.wish == lesser && own >= 0 && own == tangle[Int(wish.other)]
            }
        }
        for wish in wishes { wait(wish.vertex, for: wish.other) }
        wishes = []
    }

    private func graph(with wishes: [(vertex: Int32, other: Int32, wish: Wish)]) -> DependencyGraph {
        DependencyGraph(
            vertexCount: vertices.count,
            edges: edges.enumerated().flatMap { vertex, targets in targets.map { (from: vertex, to: Int($0)) } }
                + wishes.map { (from: Int($0.vertex), to: Int($0.other)) })
    }
}
