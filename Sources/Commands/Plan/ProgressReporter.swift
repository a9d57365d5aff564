import Addresses
import Applying
import Diagnostics
import Foundation
import PlanModel
import ProviderKit
import StateModel
import Synchronization
import Values

/// Tells how an apply goes: plain lines off a terminal, one line a running step on it.
final class ProgressReporter: ApplyObserver {
    private let session: Session
    private let live: LiveDisplay?
    private let still: StillRunning?
    private let plan: Plan
    private let progress: Mutex<KindProgress>
    private let narration: Mutex<ProvisionNarration>

    /// How far the kinds are.
    var kinds: KindProgress { progress.withLock { $0 } }

    init(session: Session, plan: Plan) {
        self.session = session
        self.plan = plan
        progress = Mutex(KindProgress(plan))
        narration = Mutex(ProvisionNarration(plan))
        live =
            session.terminal.isInteractive && session.messages == nil
            ? LiveDisplay(
                terminal: session.terminal,
                total: plan.vertices.count { if case .effect = $0.kind { $0.provisioner == nil } else { false } })
            : nil
        still =
            live != nil
            ? nil
            : StillRunning { step, seconds in
                guard let verb = step.effect?.beginning else { return }
                let text = "\(step.label): Still \(verb.lowercased())... [\(elapsed(Double(seconds))) elapsed]"
                if let stream = session.messages {
                    stream.step("apply_progress", text, step, seconds: Double(seconds))
                } else {
                    session.terminal.write(text + "\n")
                }
            }
    }

    func observe(_ given: [ApplyNotice]) {
        let notices = narration.withLock { $0.told(given) }
        for notice in notices {
            switch notice {
            case .stepBegan(let step): still?.began(step)
            case .stepEnded(let step, _, _), .stepFailed(let step, _, _): still?.ended(step)
            default: break
            }
        }
        if let stream = session.messages {
            for notice in notices {
                _ = turn(notice)
                tell(notice, stream)
            }
            return
        }
        var text = ""
        for notice in notices {
            // A kind's first line comes before its first part's, its last one after the last part's.
            switch turn(notice) {
            case .began(let kind)?:
                let line = "\(kind.path): \(kind.action.beginning)"
                live?.began(kind.path, line)
                if live == nil { text += "\(line) (\(kind.parts) part\(kind.parts == 1 ? "" : "s"))...\n" }
                describe(notice, into: &text)
            case .ended(let kind, let seconds)?:
                describe(notice, into: &text)
                live?.ended(kind.path)
                text += session.paint.bold("\(kind.path): \(kind.action.ending) after \(elapsed(seconds))") + "\n"
            case nil: describe(notice, into: &text)
            }
        }
        if let live { live.print(text) } else if !text.isEmpty { session.terminal.write(text) }
    }

    func finish() {
        live?.stop()
        still?.stop()
    }

    private func turn(_ notice: ApplyNotice) -> KindProgress.Turn? {
        progress.withLock { progress in
            switch notice {
            case .stepBegan(let step): return progress.began(step)
            case .stepEnded(let step, _, _):
                let turn = progress.ended(step)
                if let kind = step.address?.instance.module.kind, let count = progress.count(kind) { live?.count(kind, count) }
                return turn
            case .stepFailed(let step, _, _):
                progress.failed(step)
                return nil
            default: return nil
            }
        }
    }

    /// Parts stand beneath their kind.
    private func indent(_ step: ApplyStep) -> String { step.address?.instance.module.kind == nil ? "" : "  " }

    private func tell(_ notice: ApplyNotice, _ stream: MessageStream) {
        switch notice {
        case .stepBegan(let step):
            guard let verb = step.effect?.beginning else { return }
            let before = step.effect == .create ? nil : step.change.flatMap { plan.changes[$0].before }
            stream.step("apply_start", "\(step.label): \(verb)...\(Self.id(before))", step, object: before)
        case .stepEnded(let step, let object, let seconds):
            guard let verb = step.effect?.ending else { return }
            let after = object?.attributes
            stream.step(
                "apply_complete", "\(step.label): \(verb) after \(elapsed(seconds))\(Self.id(after))", step, object: after, seconds: seconds
            )
        case .stepFailed(let step, _, let seconds):
            // A condition or an output that failed is no resource: its diagnostics say what there is to say.
            guard step.address != nil else { return }
            stream.step("apply_errored", "\(step.label): failed after \(elapsed(seconds))", step, seconds: seconds)
        case .stepRetried(let step, let tries, _, let failure):
            guard step.address != nil else { return }
            stream.step("apply_progress", "\(step.label): \(failure.summary); tried \(tries) time\(tries == 1 ? "" : "s")", step)
        case .stepWaits(let step, let failure, let seconds):
            stream.step("apply_progress", Self.waiting(step, failure, seconds), step)
        case .provisionBegan(let step, let provisioner):
            stream.provisioner("provision_start", "\(step.label): Provisioning with '\(provisioner)'...", step, provisioner)
        case .provisionOutput(let step, let provisioner, let line):
            stream.provisioner("provision_progress", "\(step.label): (\(provisioner)): \(line)", step, provisioner, output: line)
        case .provisionEnded(let step, let provisioner, let succeeded, _):
            stream.provisioner(
                succeeded ? "provision_complete" : "provision_errored",
                "\(step.label): (\(provisioner)) Provisioning \(succeeded ? "complete" : "errored")", step, provisioner)
        // Warnings are told at the end, with the lines that they are about.
        case .output, .warnings, .interrupted, .abandoned: break
        }
    }

    /// ` [id=…]`, where the object has one that is no secret.
    private static func id(_ object: Value?) -> String {
        guard let id = object?["id"], !id.holdsSensitive, let text = id.stringValue else { return "" }
        return " [id=\(text)]"
    }

    /// What it waits for, and for how long, before anybody wonders.
    private static func waiting(_ step: ApplyStep, _ failure: ProviderFailure, _ seconds: Double) -> String {
        let what = failure.detail.hasSuffix(".") ? String(failure.detail.dropLast()) : failure.detail
        return "\(step.label): \(what); waiting for it, \(elapsed(seconds)) more at most"
    }

    private func describe(_ notice: ApplyNotice, into text: inout String) {
        let paint = session.paint
        switch notice {
        case .stepBegan(let step):
            guard let verb = step.effect?.beginning else { return }
            live?.began(step.vertex, "\(step.label): \(verb)...", in: step.address?.instance.module.kind)
            if live == nil { text += "\(indent(step))\(step.label): \(verb)...\n" }
        case .stepEnded(let step, let object, let seconds):
            live?.ended(step.vertex)
            guard let verb = step.effect?.ending else { return }
            let line = "\(step.label): \(verb) after \(elapsed(seconds))\(Self.id(object?.attributes))"
            text += indent(step) + (indent(step).isEmpty ? paint.bold(line) : line) + "\n"
        case .stepFailed(let step, _, let seconds):
            live?.ended(step.vertex)
            text += indent(step) + paint.red("\(step.label): failed after \(elapsed(seconds))") + "\n"
        case .stepRetried(let step, let tries, let delay, let failure):
            text +=
                indent(step)
                + paint.yellow("\(step.label): \(failure.summary); tried \(tries) time\(tries == 1 ? "" : "s"), again in \(elapsed(delay))")
                + "\n"
        case .stepWaits(let step, let failure, let seconds):
            text += indent(step) + paint.yellow(Self.waiting(step, failure, seconds)) + "\n"
        case .provisionBegan(let step, let provisioner):
            text += indent(step) + paint.bold("\(step.label): Provisioning with '\(provisioner)'...") + "\n"
        case .provisionOutput(let step, let provisioner, let line):
            text += line.isEmpty ? "\n" : indent(step) + paint.bold("\(step.label) (\(provisioner)):") + " \(line)\n"
        // Warnings are told at the end, with the lines that they are about.
        case .output, .warnings, .provisionEnded: break
        case .interrupted(let underWay):
            text +=
                "\n"
                + paint.yellow(
                    "Interrupted. Waiting for \(underWay) step\(underWay == 1 ? "" : "s") under way; nothing new begins. Interrupt again to abandon them."
                ) + "\n"
        case .abandoned(let underWay):
            text +=
                "\n" + paint.red("Abandoned \(underWay) step\(underWay == 1 ? "" : "s") under way. The next run looks for what they did.")
                + "\n"
        }
    }
}

/// `0s`, `1m20s`, as the reference writes it.
func elapsed(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return "\(whole / 60)m\(whole % 60)s" }
    return "\(whole / 3600)h\(whole % 3600 / 60)m\(whole % 60)s"
}

extension Vertex.Effect {
    var beginning: String? {
        switch self {
        case .create: "Creating"
        case .update: "Modifying"
        case .delete: "Destroying"
        case .read: "Reading"
        case .importing: "Importing"
        case .forget, .record, .noOp, .provision, .deprovision: nil
        }
    }

    var ending: String? {
        switch self {
        case .create: "Creation complete"
        case .update: "Modifications complete"
        case .delete: "Destruction complete"
        case .read: "Read complete"
        case .importing: "Import complete"
        case .forget, .record, .noOp, .provision, .deprovision: nil
        }
    }
}
