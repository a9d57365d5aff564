import Addresses
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Values

/// A step that is finished and perhaps under way.
final class StepInHand {
    let completed: CompletedStep
    /// Nil: a provisioner, which needs none.
    let provider: (any Provider)?
    let target: ObjectAddress
    let intent: String
    /// The object before, as it is recorded now.
    var prior: StateObject?
    /// The current object made way, with this step's intent.
    var deposedKey: String?
    /// What was there before the first claim on the identity.
    var before: [UInt8]?
    var tries = 0
    var began: ContinuousClock.Instant?
    /// What is journalled if it ends here.
    var ending: [StateEvent] = []
    var object: StateObject?
    var diagnostics: [Diagnostic] = []
    /// Of a provisioner, whose failure may not matter.
    var hasSucceeded = false
    /// Nobody knows what it did.
    var isOpen = false

    init(completed: CompletedStep, provider: (any Provider)?, target: ObjectAddress, intent: String) {
        self.completed = completed
        self.provider = provider
        self.target = target
        self.intent = intent
    }

    var seconds: Double {
        guard let began else { return 0 }
        let elapsed = (ContinuousClock.now - began).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    }

    var action: ApplyAction? {
        switch completed.action {
        case .create: .create
        case .update: .update
        case .delete: .delete
        case .read, .noOp, .provision: nil
        }
    }

    // MARK: What an outcome means

    /// Closes the intent of a step that certainly did nothing; what made way for it comes back.
    var withdrawal: [StateEvent] {
        [.withdrawn(intent: intent)] + (deposedKey.map { [.restored(target.instance, key: $0)] } ?? [])
    }

    /// - Returns: nil where the provider's answer cannot be believed; nothing is known then.
    func succeeded(_ remote: RemoteObject?) -> ProviderFailure? {
        guard let action else { return nil }
        if action == .delete {
            object = nil
            ending = [.fact(intent: intent, address: target, object: nil)]
            return nil
        }
        guard let remote else {
            return ProviderFailure(
                .unexpectedAnswer, summary: "Provider gave no object",
                detail:
                    "The provider said that it had finished \(verb) \(target), and did not say what it is now. This is a fault of the provider."
            )
        }
        // Made, and not finished before its provisioners have run.
        var record = record(of: remote, status: action == .create ? completed.planned?.status ?? .ready : .ready)
        guard record.attributes.isWhollyKnown else {
            record.attributes = record.attributes.transformed { _, value in
                value.isUnknown ? .null(value.type).withMarks(value.marks) : value
            }
            if action == .create { record.status = .tainted }
            fail(
                ProviderFailure(
                    .unexpectedAnswer, summary: "Provider returned invalid result object after apply",
                    detail:
                        "After the apply operation, the provider still indicated an unknown value for \(target). All values must be known after apply, so this is always a bug in the provider and should be reported in the provider's own repository. What is known of the object was recorded."
                ),
                record: record)
            return nil
        }
        object = record
        ending = [.fact(intent: intent, address: target, object: record)]
        return nil
    }

    /// - Parameter remote: how far it got; nil: certainly nothing was done.
    func failed(_ failure: ProviderFailure, object remote: RemoteObject?) {
        guard let remote, let action else {
            ending = withdrawal
            diagnostics = [failure.diagnostic(of: self)]
            return
        }
        var status = prior?.status ?? .ready
        if action == .create { status = .tainted }
        var record = record(of: remote, status: status)
        if !record.attributes.isWhollyKnown {
            record.attributes = record.attributes.transformed { _, value in
                value.isUnknown ? .null(value.type).withMarks(value.marks) : value
            }
        }
        fail(failure, record: record)
        if action == .create {
            diagnostics[0].hints.append("What exists of it was recorded as tainted: the next plan replaces it, and destroy removes it.")
        }
    }

    private func fail(_ failure: ProviderFailure, record: StateObject) {
        object = record
        ending = [.fact(intent: intent, address: target, object: record)]
        diagnostics = [failure.diagnostic(of: self)]
    }

    func interrupted(_ failure: ProviderFailure) {
        ending = []
        isOpen = true
        var diagnostic = failure.diagnostic(of: self)
        diagnostic.hints.append("What it did is not known. The next run looks for it before anything else.")
        diagnostics = [diagnostic]
    }

    /// The record of an object as the provider describes it: with the plan's dependencies and the plan's and schema's marks.
    private func record(of remote: RemoteObject, status: StateObject.Status) -> StateObject {
        let pattern = action == .delete ? prior : completed.planned ?? prior
        var record =
            pattern
            ?? StateObject(address: target, attributes: remote.attributes, provider: completed.provider)
        record.address = target
        record.attributes = remote.attributes
        if let marked = pattern?.attributes, marked.holdsSensitive {
            record.attributes = remote.attributes.withMarks(at: marked.unmarkedDeep().1.map { ($0.0, $0.1.intersection(.sensitive)) })
        }
        record.privateBytes = remote.privateBytes
        record.schemaVersion = remote.schemaVersion
        record.status = status
        record.before = before
        if action == .create, before == nil, !record.identity.isEmpty, !remote.privateBytes.isEmpty {
            // The first claim: what its provider remembers is what was there before.
            record.before = remote.privateBytes
        }
        return record
    }

    var verb: String {
        switch completed.action {
        case .create: "creating"
        case .update: "updating"
        case .delete: "deleting"
        case .read: "reading"
        case .noOp: "checking"
        case .provision: "provisioning"
        }
    }
}

extension ProviderFailure {
    func diagnostic(of step: StepInHand) -> Diagnostic {
        diagnostic(address: step.target.description, subject: step.completed.origin)
    }
}
