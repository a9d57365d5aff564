import Addresses
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Values

// From messages to the machine's events.
extension ApplyRun {
    func read(_ messages: [Message]) async -> [ApplyMachine.Event] {
        var events: [ApplyMachine.Event] = []
        events.reserveCapacity(messages.count)
        for message in messages {
            switch message {
            case .finished(let vertices):
                beingFinished -= vertices.count
                for (vertex, finished) in vertices { events.append(.completed(vertex, await take(vertex, finished))) }
            case .outcome(let vertex, .waiting(let failure, let seconds)):
                if inHand[Int(vertex)] != nil { notices.append(.stepWaits(reading.step(vertex), failure, atMost: seconds)) }
            case .outcome(let vertex, let outcome): events.append(.outcome(vertex, await judge(vertex, outcome)))
            case .read(let vertex, let result): events.append(.outcome(vertex, await judge(vertex, result)))
            case .provisioned(let vertex, let outcome): events.append(.outcome(vertex, await judge(vertex, outcome)))
            case .groupEnded(let group):
                tasks[group] = nil
                provisioning[group] = nil
                requests[group] = nil
                events.append(.groupEnded(group))
            case .appended(let result): appended(result, &events)
            case .retryDue(let vertex): events.append(.retryDue(vertex))
            case .patienceEnded: isWaitingForPatience = false
            case .interrupt:
                interrupts += 1
                let underWay = machine.count(.applying)
                if interrupts == 1 {
                    interruption.raise()
                    notices.append(.interrupted(underWay: underWay))
                    events.append(.interrupt)
                } else {
                    notices.append(.abandoned(underWay: underWay))
                    events.append(.abandon)
                }
            }
        }
        return events
    }

    private func appended(_ result: Result<StateVersion, StateStoreError>, _ events: inout [ApplyMachine.Event]) {
        guard let durable = journal.ended(result) else {
            events.append(.journalFailed)
            return
        }
        for vertex in durable.vertices { ended(vertex) }
        if !durable.vertices.isEmpty { events.append(.recorded(durable.vertices)) }
        for group in durable.groups { events.append(.intentsDurable(group: group)) }
    }

    /// The vertex's end is durable: it is told, and let go.
    private func ended(_ vertex: Int32) {
        endings[vertex] = nil
        guard let step = inHand[Int(vertex)] else {
            if case .output(let index) = reading.plan.vertices[Int(vertex)].kind {
                let name = reading.plan.outputs[index].name
                notices.append(.output(name: name, facts.outputs[name]))
            } else if let (effect, change) = reading.effect(vertex), diagnostics[vertex] == nil {
                let object = effect == .importing ? change.importing?.object : nil
                notices.append(.stepEnded(reading.step(vertex), object: object, seconds: 0))
            }
            return
        }
        tellProvisioned(vertex, step)
        if let found = diagnostics[vertex] {
            notices.append(.stepFailed(reading.step(vertex), found, seconds: step.seconds))
        } else if step.completed.provisioning == nil, step.began != nil, machine.verdicts[Int(vertex)] == .done {
            notices.append(.stepEnded(reading.step(vertex), object: step.object, seconds: step.seconds))
        }
        inHand[Int(vertex)] = nil
    }

    // MARK: Finished

    private func take(_ vertex: Int32, _ finished: Finished) async -> ApplyMachine.Completion {
        switch finished {
        case .failed(let found):
            fail(vertex, found)
            return .failed
        case .condition(let found):
            warn(found.filter { $0.severity == .warning })
            let errors = found.filter { $0.severity == .error }
            if errors.isEmpty { return .nothing(record: false) }
            fail(vertex, errors)
            return .failed
        case .output(let value): return record(output: vertex, value)
        case .nothing(let step):
            warn(step.diagnostics)
            didNothing.insert(vertex)
            guard let target = reading.target(of: vertex) else { return .nothing(record: false) }
            await completing.settle(Int(vertex), object: facts.object(at: target))
            return .nothing(record: false)
        case .provisioning(let step):
            guard let target = reading.target(of: vertex) else { return .nothing(record: false) }
            inHand[Int(vertex)] = StepInHand(completed: step, provider: nil, target: target, intent: reading.intent(of: vertex))
            return .ready(key: number(of: BatchKey(provider: step.provider, key: "\u{0}provisioners")), limit: 0)
        case .step(let step, let provider):
            warn(step.diagnostics)
            guard let target = reading.target(of: vertex) else { return .nothing(record: false) }
            inHand[Int(vertex)] = StepInHand(completed: step, provider: provider, target: target, intent: reading.intent(of: vertex))
            let name = provider.batchKey(type: target.instance.type, container: step.container)
            let limit = provider.parallelism(of: name)
            return .ready(key: number(of: BatchKey(provider: step.provider, key: name)), limit: Int32(clamping: max(0, limit)))
        }
    }

    private func number(of key: BatchKey) -> Int32 {
        if let known = keys[key] { return known }
        let number = Int32(keys.count)
        keys[key] = number
        return number
    }

    private func record(output vertex: Int32, _ value: Value) -> ApplyMachine.Completion {
        guard case .output(let index) = reading.plan.vertices[Int(vertex)].kind else { return .nothing(record: false) }
        // What it comes from was left out of this run: it stays what it is.
        guard value.isWhollyKnown else { return .nothing(record: false) }
        let change = reading.plan.outputs[index]
        // A null output is nothing, as in the reference.
        let record = change.after == nil || value.isNull ? nil : OutputRecord(value: value, isSensitive: change.isSensitive)
        if facts.outputs[change.name] == record { return .nothing(record: false) }
        endings[vertex] = [.output(name: change.name, record)]
        return .nothing(record: true)
    }

    private func fail(_ vertex: Int32, _ found: [Diagnostic]) {
        diagnostics[vertex] = found
        notices.append(.stepFailed(reading.step(vertex), found, seconds: 0))
    }

    private func warn(_ found: [Diagnostic]) {
        if found.isEmpty { return }
        warnings.append(contentsOf: found)
        notices.append(.warnings(found))
    }

    // MARK: Outcomes

    private func judge(_ vertex: Int32, _ outcome: ApplyOutcome) async -> ApplyMachine.Outcome {
        guard let step = inHand[Int(vertex)] else { return .interrupted }
        switch outcome {
        case .done(let remote):
            if let failure = step.succeeded(remote) { return interrupted(vertex, step, failure) }
            if !step.diagnostics.isEmpty { return failed(vertex, step) }
            endings[vertex] = step.ending
            await completing.settle(Int(vertex), object: step.object)
            return .done
        case .failed(let failure, let remote):
            if failure.code == .unreachable, remote == nil, let first = lost[batchKey(of: step)] {
                step.failed(failure, object: nil)
                step.diagnostics = [.outOfReach(step.target.description, after: first)]
                return failed(vertex, step)
            }
            step.failed(failure, object: remote)
            if remote == nil, postpone(vertex, step, failure) { return .postponed }
            if remote == nil { noteLost(step, failure) }
            return failed(vertex, step)
        case .interrupted(let failure): return interrupted(vertex, step, failure)
        case .notBegun, .waiting: return .notBegun
        }
    }

    private func judge(_ vertex: Int32, _ result: Result<Value, ProviderFailure>) async -> ApplyMachine.Outcome {
        guard let step = inHand[Int(vertex)] else { return .interrupted }
        switch result {
        case .success(let value):
            guard value.isWhollyKnown else {
                let failure = ProviderFailure(
                    .unexpectedAnswer, summary: "Provider produced invalid object",
                    detail:
                        "The provider answered the data source \(step.target) with a value that is not known. This is a fault of the provider."
                )
                return unread(vertex, step, failure.diagnostic(of: step))
            }
            var record = step.completed.planned ?? StateObject(address: step.target, attributes: value, provider: step.completed.provider)
            record.address = step.target
            let marks = record.attributes.holdsSensitive ? record.attributes.unmarkedDeep().1 : []
            record.attributes = marks.isEmpty ? value : value.withMarks(at: marks)
            step.object = record
            endings[vertex] = [.observed(address: step.target, object: record)]
            await completing.settle(Int(vertex), object: record)
            return .done
        case .failure(let failure):
            step.diagnostics = [failure.diagnostic(of: step)]
            step.ending = []
            return postpone(vertex, step, failure) ? .postponed : unread(vertex, step, failure.diagnostic(of: step))
        }
    }

    /// A check goes on without what it asked for, with a warning; it does not hold, and stops nothing.
    private func unread(_ vertex: Int32, _ step: StepInHand, _ problem: Diagnostic) -> ApplyMachine.Outcome {
        step.diagnostics = [problem]
        guard step.completed.isForCheck else { return failed(vertex, step) }
        step.diagnostics = [problem.asWarning]
        warn(step.diagnostics)
        _ = failed(vertex, step)
        return .done
    }

    /// What its host or endpoint did to a step, it would do to every other step there: they are not tried.
    private func noteLost(_ step: StepInHand, _ failure: ProviderFailure) {
        guard [.unreachable, .unauthenticated, .trust].contains(failure.code) else { return }
        let key = batchKey(of: step)
        if lost[key] == nil { lost[key] = step.target.description }
        if failure.code == .unreachable, step.action == .delete, let host = (step.prior ?? step.completed.prior)?.container {
            step.diagnostics[0].hints.append(ProviderFailure.goneForGood(host.description))
        }
    }

    func batchKey(of step: StepInHand) -> BatchKey {
        BatchKey(
            provider: step.completed.provider,
            key: step.provider?.batchKey(type: step.target.instance.type, container: step.completed.container) ?? "")
    }

    func failed(_ vertex: Int32, _ step: StepInHand) -> ApplyMachine.Outcome {
        endings[vertex] = step.ending
        diagnostics[vertex] = step.diagnostics
        return .failed
    }

    func interrupted(_ vertex: Int32, _ step: StepInHand, _ failure: ProviderFailure) -> ApplyMachine.Outcome {
        step.interrupted(failure)
        endings[vertex] = nil
        diagnostics[vertex] = step.diagnostics
        isOpen.insert(vertex)
        tellProvisioned(vertex, step)
        notices.append(.stepFailed(reading.step(vertex), step.diagnostics, seconds: step.seconds))
        return .interrupted
    }

    /// A failure that passes: the step is tried again after a pause that grows.
    private func postpone(_ vertex: Int32, _ step: StepInHand, _ failure: ProviderFailure) -> Bool {
        step.tries += 1
        guard failure.isTransient, interrupts == 0, journal.failure == nil, let delay = limits.retries.delay(after: step.tries) else {
            return false
        }
        // Should nothing come of it, this is how it ended.
        endings[vertex] = step.ending
        diagnostics[vertex] = step.diagnostics
        notices.append(.stepRetried(reading.step(vertex), tries: step.tries, delay: delay, failure))
        Task.detached { [clock, inbox] in
            await clock.sleep(delay)
            inbox.post(.retryDue(vertex))
        }
        return true
    }
}
