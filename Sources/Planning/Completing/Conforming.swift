import Addresses
import Diagnostics
import Evaluation
import PlanModel
import ProviderKit
import StateModel
import Values

/// What a step turns out to be, against what was approved.
extension Planner {
    /// Known leaves equal, unknown ones within what was known of them: anything else is not what was approved.
    func conform(_ planned: Value, to draft: ChangeDraft) throws(DiagnosticError) {
        guard let promised = draft.change.after, let path = promised.departure(of: planned) else { return }
        let made = planned.value(at: path)
        var what =
            "\(path) was planned \(promised.value(at: path)?.shortDescription ?? "otherwise") and now \(made?.shortDescription ?? "is absent")."
        if made?.isNull == true, promised.value(at: path)?.isUnknown == true {
            what = "\(path) was planned to have a value, and now is null."
        }
        throw nonconforming(draft, what)
    }

    func nonconforming(_ draft: ChangeDraft, _ what: String) -> DiagnosticError {
        DiagnosticError(
            .error(
                "Step differs from the plan", "\(draft.change.address) is not done, because it would not be what the plan showed. \(what)",
                at: draft.change.origin, address: draft.change.address.description,
                hints: ["Plan again: the new plan shows what it is now."]))
    }

    /// What could not be read while planning, as it is now.
    func readAgain(
        _ old: StateObject, _ draft: ChangeDraft, _ desired: Desired, _ type: TypeSchema, _ provider: any Provider
    ) async throws(DiagnosticError) -> StateObject {
        let container = type.schema.containerAttribute.flatMap { desired.configuration[$0] }
        // What its host did to one, it would do to all: it is asked once a run.
        if let holder = old.container, let first = lostHolders[holder] {
            throw DiagnosticError(.outOfReach(draft.change.address.description, after: first))
        }
        let request = ReadRequest(object: old.remote, address: draft.change.address, container: container)
        switch await gatheredReads.outcome(of: request, from: provider, at: draft.change.provider) {
        case .found(let remote)?:
            var now = old
            now.attributes = type.shape.marking(remote.attributes, asRecorded: old.attributes)
            now.privateBytes = remote.privateBytes
            return now
        case .gone?: throw nonconforming(draft, "It could not be read while planning, and turns out to be gone.")
        case .unreachable(let failure, _)?:
            if let holder = old.container {
                // Several may have asked before the first of them heard that there is no answer.
                if let first = lostHolders[holder] {
                    throw DiagnosticError(.outOfReach(draft.change.address.description, after: first))
                }
                lostHolders[holder] = draft.change.address.description
            }
            throw DiagnosticError(failure.diagnostic(address: draft.change.address.description, subject: draft.change.origin))
        case .failed(let failure)?:
            throw DiagnosticError(failure.diagnostic(address: draft.change.address.description, subject: draft.change.origin))
        case nil: return old
        }
    }
}
