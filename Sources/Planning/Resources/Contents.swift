import Addresses
import PlanModel
import ProviderKit
import StateModel

extension Planner {
    /// What a container holds goes with it, and is not taken down piece by piece: forgotten when the container is gone. Decided when
    /// everything that goes is known; a container that merely is not looked at, or is forgotten itself, takes nothing along. What has
    /// moved off one that goes needs no removal of its own either.
    func forgetWithWhatHeldThem() {
        for index in drafts.indices {
            let draft = drafts[index]
            let isRemoval = draft.change.action == .delete
            guard isRemoval || (draft.change.action == .createThenDelete && draft.change.reason == .containerReplaced),
                draft.isForgottenWith == nil, let prior = draft.prior, let type = recordedType(prior), !type.schema.outlivesContainer,
                let container = endingContainer(of: prior)
            else { continue }
            drafts[index].isForgottenWith = container
            if isRemoval {
                drafts[index].change.action = .forget
                drafts[index].change.reason = .containerDeleted
            }
        }
    }

    /// The outermost of the containers around a recorded object that this plan ends, and all that they hold with them.
    private func endingContainer(of object: StateObject) -> ResourceInstanceAddress? {
        var found: ResourceInstanceAddress?
        var next = object.container
        while let container = next {
            if let index = draftByAddress[ObjectAddress(container)], ends(drafts[index]) { found = container }
            next = inputs.base.objects[ObjectAddress(container)]?.container
        }
        return found
    }

    /// Whether a container is no more after its change. A machine that one already had stays when its record goes: only what its
    /// provider makes takes its contents along.
    private func ends(_ draft: ChangeDraft) -> Bool {
        if draft.change.action.isReplace { return true }
        guard draft.change.action == .delete, let prior = draft.prior, let type = recordedType(prior) else { return false }
        return !type.schema.keepsContents
    }

    private func recordedType(_ record: StateObject) -> TypeSchema? {
        providers.knownSource(record.provider).flatMap { providers.type(record.address.instance.type, mode: .managed, of: $0) }
    }
}
