import Applying
import Foundation
import Synchronization

/// Says every ten seconds, where lines cannot be written anew, that a step still runs: a log that says nothing for minutes looks dead,
/// and is taken for it by some that run programs.
final class StillRunning: Sendable {
    private struct State {
        var running: [Int: (step: ApplyStep, since: Double, told: Int)] = [:]
        var timer: Task<Void, Never>?
    }

    private let state = Mutex(State())

    /// - Parameter tell: is given the step and for how many seconds it has run; called on no particular thread.
    init(_ tell: @escaping @Sendable (ApplyStep, Int) -> Void) {
        let timer = Task.detached { [weak self] in
            while !Task.isCancelled {
                // Cancelled: the loop ends.
                try? await Task.sleep(for: .seconds(1))
                for (step, seconds) in self?.due() ?? [] { tell(step, seconds) }
            }
        }
        state.withLock { $0.timer = timer }
    }

    func began(_ step: ApplyStep) { state.withLock { $0.running[step.vertex] = (step, Date().timeIntervalSince1970, 0) } }
    func ended(_ step: ApplyStep) { state.withLock { _ = $0.running.removeValue(forKey: step.vertex) } }
    func stop() { state.withLock { $0.timer?.cancel() } }

    private func due() -> [(ApplyStep, Int)] {
        state.withLock { state in
            let now = Date().timeIntervalSince1970
            var due: [(ApplyStep, Int)] = []
            for vertex in state.running.keys.sorted() {
                guard var entry = state.running[vertex] else { continue }
                let tens = Int((now - entry.since) / 10)
                guard tens > entry.told else { continue }
                entry.told = tens
                state.running[vertex] = entry
                due.append((entry.step, tens * 10))
            }
            return due
        }
    }
}
