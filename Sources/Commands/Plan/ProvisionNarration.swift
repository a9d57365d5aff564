import Applying
import PlanModel
import StateModel

/// Tells provisioners as parts of the step that they belong to: an object's creation is complete when the last of them has run, and its
/// destruction begins with the first of them.
struct ProvisionNarration: Sendable {
    private struct Entry {
        var create: Int?
        var delete: Int?
        /// Provisioners after the create that have not ended.
        var after = 0
        var hasBefore = false
        var began: ContinuousClock.Instant?
        var made: (step: ApplyStep, object: StateObject?)?
    }

    /// Changes that have provisioners.
    private var entries: [Int: Entry] = [:]

    init(_ plan: Plan) {
        guard plan.vertices.contains(where: { $0.provisioner != nil }) else { return }
        for vertex in plan.vertices {
            guard vertex.provisioner != nil, case .effect(let effect, let change) = vertex.kind else { continue }
            if effect == .provision {
                entries[change, default: Entry()].after += 1
            } else {
                entries[change, default: Entry()].hasBefore = true
            }
        }
        for (number, vertex) in plan.vertices.enumerated() {
            guard case .effect(let effect, let change) = vertex.kind, entries[change] != nil else { continue }
            if effect == .create { entries[change]?.create = number }
            if effect == .delete { entries[change]?.delete = number }
        }
    }

    /// The notices in which what is said of a change is said of its create and its delete.
    mutating func told(_ notices: [ApplyNotice]) -> [ApplyNotice] {
        entries.isEmpty ? notices : notices.flatMap { told($0) }
    }

    private mutating func told(_ notice: ApplyNotice) -> [ApplyNotice] {
        switch notice {
        case .stepBegan(let step):
            guard let change = step.change, let entry = entries[change] else { return [notice] }
            if step.effect == .delete, entry.began != nil { return [] }
            if step.effect == .create { entries[change]?.began = .now }
            return [notice]
        case .stepEnded(let step, let object, _):
            guard let change = step.change, let entry = entries[change] else { return [notice] }
            if step.effect == .create, entry.after > 0 {
                entries[change]?.made = (step, object)
                return []
            }
            guard step.effect == .delete, entry.hasBefore else { return [notice] }
            return [.stepEnded(step, object: object, seconds: seconds(entry))]
        case .stepFailed(let step, let diagnostics, let seconds):
            guard step.effect == .provision || step.effect == .deprovision else { return [notice] }
            let began = step.change.flatMap { entries[$0] }
            return [.stepFailed(owner(of: step), diagnostics, seconds: began.map { self.seconds($0) } ?? seconds)]
        case .provisionBegan(let step, _):
            guard let change = step.change, step.effect == .deprovision, entries[change]?.began == nil else { return [notice] }
            entries[change]?.began = .now
            return [.stepBegan(owner(of: step)), notice]
        case .provisionEnded(let step, _, _, let goesOn):
            guard let change = step.change, step.effect == .provision, goesOn else { return [notice] }
            entries[change]?.after -= 1
            guard let entry = entries[change], entry.after == 0, let made = entry.made else { return [notice] }
            // What goes afterwards, of a replacement, begins anew.
            entries[change]?.began = nil
            return [notice, .stepEnded(made.step, object: made.object, seconds: seconds(entry))]
        default: return [notice]
        }
    }

    private func seconds(_ entry: Entry) -> Double {
        guard let began = entry.began else { return 0 }
        return Double((ContinuousClock.now - began) / .milliseconds(1)) / 1000
    }

    /// The create or delete to which a provisioner belongs.
    private func owner(of step: ApplyStep) -> ApplyStep {
        var owner = step
        let entry = step.change.flatMap { entries[$0] }
        if step.effect == .provision {
            owner.effect = .create
            owner.vertex = entry?.create ?? step.vertex
        } else {
            owner.effect = .delete
            owner.vertex = entry?.delete ?? step.vertex
        }
        return owner
    }
}
