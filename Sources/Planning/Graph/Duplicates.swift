import Addresses
import ConfigModel
import Diagnostics
import PlanModel

extension Planner {
    /// Two addresses for one thing in nature, unless the type is made to be claimed by several; and two that want what only one can have,
    /// such as a port. Asked of what the plan leaves behind: what is given up on the way is free.
    func refuseDuplicates() throws(DiagnosticError) {
        var faults: [Diagnostic] = []
        for (first, second) in pairs(by: { $0.isShared ? "" : $0.identity }) {
            faults.append(
                duplicate(
                    first, second, "Two resources for one object",
                    "both stand for the same object: \(second.identity.replacing("|", with: ", ")). Each would undo what the other does.",
                    hint: "Remove one of the two, or give them different names."))
        }
        for (first, second) in pairs(by: \.claim) {
            let claim = second.claim.split(separator: "|").dropFirst().joined(separator: ", ")
            if second.schemaIsContainer {
                faults.append(
                    duplicate(
                        first, second, "Two resources for one object",
                        "are one and the same, reached in two ways (\(claim)). What one of them puts there the other would undo.",
                        hint: "Remove one of the two, and let what stands on it name the other."))
                continue
            }
            faults.append(
                duplicate(
                    first, second, "Two resources claim one thing", "both want what only one of them can have: \(claim).",
                    hint: "Remove one of the two, or let it want something else."))
        }
        if !faults.isEmpty { throw DiagnosticError(faults) }
    }

    /// Configured objects with the name of an earlier one, each with that one.
    private func pairs(by name: (ChangeDraft) -> String) -> [(first: ChangeDraft, second: ChangeDraft)] {
        var owners: [String: Int] = [:]
        var pairs: [(ChangeDraft, ChangeDraft)] = []
        for (index, draft) in drafts.enumerated() where draft.cell != nil {
            let name = name(draft)
            guard !name.isEmpty else { continue }
            if let other = owners[name] { pairs.append((drafts[other], draft)) } else { owners[name] = index }
        }
        return pairs
    }

    private func duplicate(
        _ first: ChangeDraft, _ second: ChangeDraft, _ summary: String, _ what: String, hint: String
    ) -> Diagnostic {
        let place = written(first.change).map { " (\(inputs.configuration.sources.placeText(of: $0)))" } ?? ""
        return .error(
            summary, "\(second.change.address) and \(first.change.address)\(place) \(what)", at: written(second.change),
            address: second.change.address.description, hints: [hint])
    }

    /// Where a change comes from in the user's own files: the block of the outermost kind that it is a part of, else its own.
    private func written(_ change: Change) -> SourceSpan? {
        let steps = change.address.instance.module.call.steps
        guard
            let kind = steps.firstIndex(where: { step in
                if case .kind = step { return true }
                return false
            }),
            let module = inputs.configuration.module(at: ModuleCallPath(Array(steps[..<kind]))), let call = module.call(steps[kind])
        else { return change.origin }
        return call.span
    }
}
