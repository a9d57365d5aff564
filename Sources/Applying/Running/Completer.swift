import Addresses
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Synchronization
import Values

/// What finishing a vertex gave.
enum Finished: Sendable {
    case step(CompletedStep, provider: any Provider)
    /// Nothing needs to be carried out.
    case nothing(CompletedStep)
    case output(Value)
    case condition([Diagnostic])
    case failed([Diagnostic])
}

/// Finishes vertices beside the run's own actor: a few workers take them off one list, so that a slow one holds up few, and a hundred
/// thousand quick ones need no task each.
final class Completer: Sendable {
    private struct State {
        var backlog: [Int32] = []
        var head = 0
        var workers = 0
        var isCancelled = false
    }

    private let state = Mutex(State())
    private let reading: PlanReading
    private let completing: any StepCompleting
    private let providers: any ProviderPool
    private let facts: RunFacts
    private let answer: @Sendable ([(Int32, Finished)]) -> Void

    init(
        reading: PlanReading, completing: any StepCompleting, providers: any ProviderPool, facts: RunFacts,
        answer: @escaping @Sendable ([(Int32, Finished)]) -> Void
    ) {
        self.reading = reading
        self.completing = completing
        self.providers = providers
        self.facts = facts
        self.answer = answer
    }

    func complete(_ vertices: [Int32]) {
        let starting = state.withLock { state in
            state.backlog.append(contentsOf: vertices)
            let waiting = state.backlog.count - state.head
            // A long list is work, for which two cores' worth of workers do; a short one may be waiting for something slow each.
            let wanted = waiting > 256 ? 4 : min(8, waiting)
            let starting = max(0, wanted - state.workers)
            state.workers += starting
            return starting
        }
        for _ in 0..<starting { Task.detached { await self.work() } }
    }

    func cancel() { state.withLock { $0.isCancelled = true } }

    private func work() async {
        while let batch = take() {
            var finished: [(Int32, Finished)] = []
            finished.reserveCapacity(batch.count)
            for vertex in batch { finished.append((vertex, await finish(vertex))) }
            answer(finished)
        }
    }

    private func take() -> [Int32]? {
        state.withLock { state in
            let waiting = state.backlog.count - state.head
            guard waiting > 0, !state.isCancelled else {
                state.workers -= 1
                return nil
            }
            let size = min(waiting, max(1, min(256, waiting / 8)))
            let batch = Array(state.backlog[state.head..<(state.head + size)])
            state.head += size
            if state.head == state.backlog.count {
                state.backlog.removeAll(keepingCapacity: true)
                state.head = 0
            }
            return batch
        }
    }

    private func finish(_ vertex: Int32) async -> Finished {
        do throws(DiagnosticError) {
            switch reading.plan.vertices[Int(vertex)].kind {
            case .output(let index): return .output(try await completing.output(index, facts: facts))
            case .condition(let index): return .condition(await completing.check(index, facts: facts))
            case .join: return .condition([])
            case .effect:
                let step = try await completing.complete(Int(vertex), facts: facts)
                if step.action == .noOp { return .nothing(step) }
                return .step(step, provider: try await providers.provider(step.provider))
            }
        } catch {
            let step = reading.step(vertex)
            let origin = reading.effect(vertex)?.1.origin
            // Whatever is wrong, the person is told where.
            return .failed(
                error.diagnostics.map { diagnostic in
                    var diagnostic = diagnostic
                    if diagnostic.address == nil { diagnostic.address = step.address?.description }
                    if diagnostic.subject == nil { diagnostic.subject = origin }
                    return diagnostic
                })
        }
    }
}
