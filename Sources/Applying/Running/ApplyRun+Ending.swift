import Addresses
import Diagnostics
import PlanModel
import StateModel

// The end of a run: the last append, and what is told of it.
extension ApplyRun {
    func finish() async -> ApplyResult {
        for task in tasks.values { task.cancel() }
        while journal.inFlight != nil {
            // Outcomes that come now are too late: their intents are open, and the next run looks for what they did.
            for case .appended(let result) in await inbox.next() {
                if let durable = journal.ended(result) { recordedLate.formUnion(durable.vertices) }
            }
        }
        var result = ApplyResult(version: journal.version)
        result.isInterrupted = interrupts > 0 || journal.failure != nil
        let isWritable = await writeRest(&result)
        gather(&result)
        if isWritable {
            let ending = StateEvent.runEnded(run.id, result: result.runResult, at: clock.now(), counts: result.counts)
            do throws(StateStoreError) {
                journal.version = try await store.append([ending], under: lock, expecting: journal.version)
            } catch {
                result.diagnostics.append(.error("State could not be written", error.message, hints: error.hints))
            }
        }
        result.version = journal.version
        result.outputs = facts.outputs
        result.diagnostics.insert(contentsOf: warnings, at: 0)
        tell()
        return result
    }

    /// Facts that are not written yet. After a failure this is their second chance: a disk that was full for a moment must not cost them.
    /// - Returns: whether the journal can be written to.
    private func writeRest(_ result: inout ApplyResult) async -> Bool {
        let neverBegun = Set(
            machine.phases.indices.filter { machine.phases[$0] == .notBegun && inHand[$0] != nil }.map { reading.intent(of: Int32($0)) })
        let failed = journal.failure
        do throws(StateStoreError) {
            if let failed, failed.code == .lockLost { throw failed }
            try await appendRest(without: neverBegun)
        } catch {
            result.diagnostics.append(
                .error(
                    "State could not be written",
                    "\(error.message)\nNothing more was begun. What was under way has ended; the next run looks for what is not recorded of it.",
                    hints: error.hints))
            return false
        }
        if let failed {
            result.diagnostics.append(
                .error(
                    "State could not be written for a while",
                    "\(failed.message)\nWhat was done has been recorded since; nothing more was begun.", hints: failed.hints))
        }
        return true
    }

    private func appendRest(without neverBegun: Set<String>) async throws(StateStoreError) {
        let before = journal
        let rest = journal.takeRest(withoutIntents: neverBegun)
        do throws(StateStoreError) {
            if !rest.events.isEmpty { journal.version = try await store.append(rest.events, under: lock, expecting: journal.version) }
        } catch {
            // An append may fail after its commit. Nobody else writes under this lock, so that the version tells.
            guard case .versionMismatch(_, let found) = error.code, before.failedCount > 0,
                found.serial == before.version.serial + Int64(before.failedCount)
            else { throw error }
            journal = before
            journal.version = found
            let rest = journal.takeRest(withoutIntents: neverBegun, committed: true)
            if !rest.events.isEmpty { journal.version = try await store.append(rest.events, under: lock, expecting: found) }
        }
        recordedLate.formUnion(rest.vertices)
    }

    private func gather(_ result: inout ApplyResult) {
        var doneEffects: [Int: Set<Vertex.Effect>] = [:]
        var failedChanges: Set<Int> = []
        var notBegunChanges: Set<Int> = []
        for vertex in 0..<Int32(reading.plan.vertices.count) {
            if case .join = reading.plan.vertices[Int(vertex)].kind { continue }
            var phase = machine.phases[Int(vertex)]
            if phase == .recording {
                phase = recordedLate.contains(vertex) ? machine.verdicts[Int(vertex)] : .abandoned
            }
            let step = reading.step(vertex)
            switch phase {
            case .done:
                if step.effect != nil { result.done.append(step) }
                if let change = step.change, let effect = step.effect, !didNothing.contains(vertex) {
                    doneEffects[change, default: []].insert(effect)
                }
            case .failed:
                result.failed.append(.init(step: step, diagnostics: diagnostics[vertex] ?? [], isOpen: isOpen.contains(vertex)))
                if let change = step.change { failedChanges.insert(change) }
            case .notBegun:
                if step.effect != nil { result.notBegun.append(step) }
                if let change = step.change { notBegunChanges.insert(change) }
            case .abandoned:
                result.abandoned.append(step)
                if let change = step.change { failedChanges.insert(change) }
            default: break
            }
        }
        // What a provisioner has kept from being whole, or from going, has been told by that.
        let held = Set(result.failed.filter { $0.step.effect == .provision || $0.step.effect == .deprovision }.compactMap(\.step.change))
        result.notBegun.removeAll { $0.change.map(held.contains) ?? false }
        for (change, effects) in doneEffects where !failedChanges.contains(change) && !notBegunChanges.contains(change) {
            switch reading.plan.changes[change].action {
            case .create where effects.contains(.create): result.counts.created += 1
            case .update where effects.contains(.update): result.counts.updated += 1
            case .deleteThenCreate, .createThenDelete: result.counts.replaced += 1
            case .delete where effects.contains(.delete): result.counts.deleted += 1
            default: break
            }
        }
        result.counts.failed = failedChanges.count
        result.counts.notBegun = notBegunChanges.subtracting(failedChanges).count
        let isStuck = interrupts == 0 && journal.failure == nil && result.failed.isEmpty && !result.notBegun.isEmpty
        if isStuck {
            result.diagnostics.append(
                .error("Plan has a cycle", "Some steps of the plan wait for each other, so that none of them can begin. Plan again."))
        }
    }
}
