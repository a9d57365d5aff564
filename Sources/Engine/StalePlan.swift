import Addresses
import Diagnostics
import PlanModel
import StateModel

extension Engine {
    /// Says what has happened to the state since a plan was made.
    func stale(_ saved: SavedPlan, _ now: StateVersion, _ store: any StateStore) async -> Diagnostic {
        let plan = saved.plan
        let hints = ["Plan again, and look at what it shows now."]
        let summary = "Saved plan is stale"
        // Before the first event there is no lineage yet.
        guard plan.base.lineage == now.lineage || plan.base.serial == 0, plan.base.serial <= now.serial else {
            return .error(
                summary, "The given plan file cannot be applied here: it was made against another state than the one that is here now.",
                hints: hints)
        }
        do throws(StateStoreError) {
            let difference = StateDifference(try await store.events(since: plan.base.serial + 1, limit: .max).map(\.event))
            return .error(
                summary,
                "The given plan file can no longer be applied because \(difference.reason(applying: saved.digest)). Since it was made:\n\(difference.text(applying: saved.digest))",
                hints: hints)
        } catch {
            // The plan is refused whether or not it can be said what has changed.
            return .error(
                summary,
                "The given plan file can no longer be applied because the state was changed after the plan was created. What has changed could not be read: \(error.message)",
                hints: hints)
        }
    }
}

/// What events have done to a state, for people: who ran what, and what became of each object.
struct StateDifference {
    private var runs: [RunRecord] = []
    private var order: [String] = []
    private var words: [String: String] = [:]
    private var actions: [String: Intent.Action] = [:]

    init(_ events: [StateEvent]) {
        for event in events { note(event) }
    }

    private mutating func note(_ event: StateEvent) {
        switch event {
        case .runBegan(let run): runs.append(run)
        case .intent(let intent):
            actions[intent.id] = intent.action
            say(intent.address.description, "was begun, and how it ended is not recorded")
        case .fact(let intent, let address, let object):
            let isNew = actions[intent] == .create
            say(address.description, object == nil ? "was deleted" : isNew ? "was created" : "was changed")
        case .withdrawn: break
        case .observed(let address, let object):
            say(address.description, object == nil ? "was found to be gone" : "was found to be changed")
        case .imported(let object, _): say(object.address.description, "was imported")
        case .recorded(let object): say(object.address.description, "was recorded anew")
        case .deposed(let instance, _): say(instance.description, "made way for its replacement")
        case .restored(let instance, _): say(instance.description, "was put back in its place")
        case .forgotten(let address): say(address.description, "was forgotten")
        case .moved(let from, let to): say(from.description, "became \(to)")
        case .output(let name, let record): say("output.\(name)", record == nil ? "was removed" : "was changed")
        case .runEnded(let id, let result, _, _):
            if let index = runs.lastIndex(where: { $0.id == id }) { runs[index].result = result }
        }
    }

    /// The last word on an object stands.
    private mutating func say(_ subject: String, _ what: String) {
        if words.updateValue(what, forKey: subject) == nil { order.append(subject) }
    }

    /// At most so many objects are named.
    private static let limit = 20

    /// Why a plan of this digest is stale, as a clause: whether by a run of its own or by another.
    func reason(applying digest: String) -> String {
        let isChangedByAnother = runs.contains { $0.planDigest != digest && $0.command != .recover }
        guard let own = runs.first(where: { $0.planDigest == digest }) else {
            return "the state was changed by another operation after the plan was created"
        }
        let ending =
            switch own.result {
            case .done: "it has been applied already"
            case .failed: "it has been applied already, and that run failed before all was done"
            case .interrupted: "it has been applied already, and that run was interrupted before all was done"
            case nil: "it has been applied already, and that run was cut off: how it ended is not recorded"
            }
        return ending + (isChangedByAnother ? "; other operations have changed the state too" : "")
    }

    func text(applying digest: String) -> String {
        var lines = runs.map { run in
            let ending =
                switch run.result {
                case .done: ""
                case .failed: ", which failed"
                case .interrupted: ", which was interrupted"
                case nil: ", of which no end is recorded"
                }
            return
                "  \(run.command.rawValue)\(run.planDigest == digest ? " of this plan" : "") by \(run.holder.user) on \(run.holder.host)\(ending)"
        }
        lines += order.prefix(Self.limit).map { "  - \($0) \(words[$0] ?? "")" }
        if order.count > Self.limit { lines.append("  - and \(order.count - Self.limit) more") }
        return lines.joined(separator: "\n")
    }
}
