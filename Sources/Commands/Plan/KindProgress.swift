import Addresses
import Applying
import PlanModel

/// How far each kind of a plan is: it begins with its first part and is done with its last.
struct KindProgress: Sendable {
    private struct Entry {
        var change: KindChange
        var steps: Int
        var ended = 0
        var failed = 0
        var began: ContinuousClock.Instant?
    }

    /// A kind that has just begun, or ended, to be told.
    enum Turn {
        case began(KindChange)
        case ended(KindChange, seconds: Double)
    }

    private var entries: [ModulePath: Entry] = [:]

    init(_ plan: Plan) {
        for kind in plan.kindChanges where kind.action != .read { entries[kind.path] = Entry(change: kind, steps: 0) }
        guard !entries.isEmpty else { return }
        for vertex in plan.vertices {
            // Provisioners belong to the step that they follow, or go before.
            guard case .effect(let effect, let change) = vertex.kind, effect != .provision, effect != .deprovision,
                let kind = plan.changes[change].address.instance.module.kind
            else { continue }
            entries[kind]?.steps += 1
        }
    }

    mutating func began(_ step: ApplyStep, at now: ContinuousClock.Instant = .now) -> Turn? {
        guard let kind = step.address?.instance.module.kind, let entry = entries[kind], entry.began == nil else { return nil }
        entries[kind]?.began = now
        return .began(entry.change)
    }

    mutating func ended(_ step: ApplyStep, at now: ContinuousClock.Instant = .now) -> Turn? {
        guard let kind = step.address?.instance.module.kind, entries[kind] != nil else { return nil }
        entries[kind]?.ended += 1
        guard let entry = entries[kind], entry.ended == entry.steps, entry.failed == 0 else { return nil }
        return .ended(entry.change, seconds: entry.began.map { Double((now - $0) / .milliseconds(1)) / 1000 } ?? 0)
    }

    mutating func failed(_ step: ApplyStep) {
        guard let kind = step.address?.instance.module.kind else { return }
        entries[kind]?.failed += 1
    }

    /// Of a kind that is under way: `3 of 6 steps`.
    func count(_ kind: ModulePath) -> String? { entries[kind].map { "\($0.ended) of \($0.steps) steps" } }

    /// `2 added, 1 changed, 0 destroyed`; nil where no kind was planned.
    var summary: String? {
        guard !entries.isEmpty else { return nil }
        func count(_ actions: Set<KindChange.Action>) -> Int {
            entries.values.count { actions.contains($0.change.action) && $0.ended == $0.steps && $0.failed == 0 }
        }
        return "\(count([.create])) added, \(count([.update, .move])) changed, \(count([.delete])) destroyed"
    }

    /// Kinds of which something failed or was not begun, with how far they came.
    var incomplete: [String] {
        entries.values.filter { $0.ended < $0.steps }.sorted { $0.change.path < $1.change.path }
            .map { "\($0.change.path) (\($0.ended) of \($0.steps) steps done\($0.failed > 0 ? ", \($0.failed) failed" : ""))" }
    }
}

extension KindChange.Action {
    var beginning: String {
        switch self {
        case .create: "Creating"
        case .update: "Modifying"
        case .move: "Moving"
        case .delete: "Destroying"
        case .forget: "Forgetting"
        case .read: "Reading"
        }
    }

    var ending: String {
        switch self {
        case .create: "Creation complete"
        case .update: "Modifications complete"
        case .move: "Move complete"
        case .delete: "Destruction complete"
        case .forget: "Forgotten"
        case .read: "Read complete"
        }
    }
}
