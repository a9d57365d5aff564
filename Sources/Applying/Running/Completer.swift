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
    /// A provisioner, ready to run.
    case provisioning(CompletedStep)
    /// Nothing needs to be carried out.
    case nothing(CompletedStep)
    case output(Value)
    case condition([Diagnostic])
    case failed([Diagnostic])
}

/// Finishes vertices beside the run's own actor: a few workers take them off one list, so that a hundred thousand quick ones need no task
/// each. A slow one holds up nobody but its worker; one that has to be read first may be on a host that does not answer, and has a task
/// of its own.
final class Completer: Sendable {
    private struct State {
        var backlog: [Int32] = []
        var head = 0
        var workers = 0
        var isCancelled = false
        /// Told together: each answer wakes the run.
        var finished: [(Int32, Finished)] = []
        var since = ContinuousClock.now
    }

    /// How long what is finished may wait for more.
    private static let patience: Duration = .milliseconds(1)

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
        let (slow, quick) = vertices.reduce(into: ([Int32](), [Int32]())) { result, vertex in
            if reading.effect(vertex)?.1.isUnread == true { result.0.append(vertex) } else { result.1.append(vertex) }
        }
        for vertex in slow {
            Task.detached {
                if self.state.withLock({ $0.isCancelled }) { return }
                self.answer([(vertex, await self.finish(vertex))])
            }
        }
        let starting = state.withLock { state in
            state.backlog.append(contentsOf: quick)
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
        while let vertex = take() {
            let finished = await finish(vertex)
            let told = state.withLock { state -> [(Int32, Finished)] in
                if state.finished.isEmpty { state.since = .now }
                state.finished.append((vertex, finished))
                guard state.head == state.backlog.count || ContinuousClock.now - state.since >= Self.patience else { return [] }
                defer { state.finished = [] }
                return state.finished
            }
            if !told.isEmpty { answer(told) }
        }
    }

    private func take() -> Int32? {
        state.withLock { state in
            guard state.head < state.backlog.count, !state.isCancelled else {
                state.workers -= 1
                return nil
            }
            let vertex = state.backlog[state.head]
            state.head += 1
            if state.head == state.backlog.count {
                state.backlog.removeAll(keepingCapacity: true)
                state.head = 0
            }
            return vertex
        }
    }

    private func finish(_ vertex: Int32) async -> Finished {
        do throws(DiagnosticError) {
            switch reading.plan.vertices[Int(vertex)].kind {
            case .output(let index): return .output(try await completing.output(index, facts: facts))
            case .condition(let index): return .condition(await completing.check(index, facts: facts))
            case .open: return .condition(await completing.open(Int(vertex)))
            case .join: return .condition([])
            case .effect:
                let step = try await completing.complete(Int(vertex), facts: facts)
                if step.action == .noOp { return .nothing(step) }
                if step.action == .provision { return .provisioning(step) }
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
