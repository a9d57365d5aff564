import Addresses
import Diagnostics
import PlanModel

/// Warnings of what a plan leaves alone, though its configuration moved it or let go of it.
extension Planner {
    /// Moves that found their place taken: what was to move stays, and is removed where nothing declares it.
    func unresolvedMoves() -> [Diagnostic] {
        guard !blockedMoves.isEmpty else { return [] }
        return [
            .warning(
                "Unresolved resource instance address changes",
                "What these moved blocks name could not move, because there is an object already where it was to go:\n"
                    + lines(blockedMoves.map { "\($0.from) could not move to \($0.to)" })
                    + "\nObjects that nothing declares under their old address are planned to be destroyed.",
                hints: ["Before this plan is applied, take one of the two out of the state: ashlar state rm ADDRESS"])
        ]
    }

    /// Objects that will be there when nobody knows of them any more.
    func forgottenObjects() -> [Diagnostic] {
        let forgotten = drafts.lazy.map(\.change).filter { $0.action == .forget }.map(\.address.description).sorted()
        guard !forgotten.isEmpty else { return [] }
        return [
            .warning(
                "Some objects will no longer be managed by Ashlar",
                "When this plan is applied, the state forgets these objects. They are not destroyed:\n" + lines(forgotten)
                    + "\nTo manage one again it has to be imported.")
        ]
    }

    private func lines(_ items: [String]) -> String {
        items.prefix(50).map { "  - \($0)\n" }.joined() + (items.count > 50 ? "  … and \(items.count - 50) more\n" : "")
    }
}
