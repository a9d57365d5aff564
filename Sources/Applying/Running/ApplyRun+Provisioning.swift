import Addresses
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Values

// Provisioners: an intent, what they do, and what has become of their object.
extension ApplyRun {
    func beginProvisioning(_ group: Int32, _ vertex: Int32, _ step: StepInHand, isNew: Bool) {
        guard let provisioning = step.completed.provisioning else { return }
        self.provisioning[group] = vertex
        guard isNew else { return }
        step.prior = facts.object(at: step.target)
        let action: Intent.Action = provisioning.phase == .beforeDelete ? .deprovision : .provision
        journal.add(
            [
                .intent(
                    Intent(id: step.intent, action: action, address: step.target, planned: nil, run: run.id, vertex: Int(vertex)))
            ], group: group)
    }

    func provision(_ group: Int32, _ vertex: Int32) {
        guard let step = inHand[Int(vertex)], let work = step.completed.provisioning else { return inbox.post(.groupEnded(group)) }
        step.began = .now
        let told = reading.step(vertex)
        notices.append(.provisionBegan(told, provisioner: work.type))
        let request = ProvisionRequest(
            type: work.type, address: step.target.instance, configuration: work.configuration.unmarkedDeep().0,
            connection: work.connection?.unmarkedDeep().0,
            secrecy: work.configuration.holdsSensitive ? .sensitive : work.configuration.holdsEphemeral ? .ephemeral : nil,
            hostKeys: step.prior?.hostKeys ?? [:])
        // What is told before must be told before its first line.
        tell()
        tasks[group] = Task.detached { [inbox, observer, provisioners, interruption, told] in
            let outcome: ProvisionOutcome
            if let provisioners {
                outcome = await Interruption.$current.withValue(interruption) {
                    await provisioners.provision(request) { line in
                        observer?.observe([.provisionOutput(told, provisioner: work.type, line: line)])
                    }
                }
            } else {
                outcome = ProvisionOutcome(
                    failure: ProviderFailure(.other, summary: "\(work.type) provisioner error", detail: "No provisioner can be run here."))
            }
            inbox.post(.provisioned(vertex, outcome))
            inbox.post(.groupEnded(group))
        }
    }

    /// Its end is durable; an end that nobody knows is told at once.
    func tellProvisioned(_ vertex: Int32, _ step: StepInHand) {
        guard let work = step.completed.provisioning, step.began != nil else { return }
        notices.append(
            .provisionEnded(
                reading.step(vertex), provisioner: work.type, succeeded: step.hasSucceeded, goesOn: diagnostics[vertex] == nil))
    }

    func judge(_ vertex: Int32, _ outcome: ProvisionOutcome) async -> ApplyMachine.Outcome {
        guard let step = inHand[Int(vertex)], let work = step.completed.provisioning else { return .interrupted }
        if let failure = outcome.failure, failure.code == .cancelled { return interrupted(vertex, step, failure) }
        var record = facts.object(at: step.target)
        record?.hostKeys.merge(outcome.hostKeys) { _, new in new }
        step.hasSucceeded = outcome.failure == nil
        let failure = work.continuesOnFailure ? nil : outcome.failure
        if case .afterCreate(let isLast) = work.phase {
            if failure != nil { record?.status = .tainted } else if isLast { record?.status = .ready }
        }
        step.ending = record.map { [.fact(intent: step.intent, address: step.target, object: $0)] } ?? [.withdrawn(intent: step.intent)]
        step.object = record
        guard let failure else {
            endings[vertex] = step.ending
            return .done
        }
        var diagnostic = failure.diagnostic(address: step.target.description, subject: work.span)
        switch work.phase {
        case .afterCreate:
            diagnostic.hints.append("\(step.target) is recorded as tainted: the next plan replaces it.")
        case .beforeDelete:
            diagnostic.hints.append("\(step.target) was not destroyed; its provisioners run again when that is tried again.")
        }
        step.diagnostics = [diagnostic]
        return failed(vertex, step)
    }
}
