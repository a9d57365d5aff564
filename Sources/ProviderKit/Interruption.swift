import Synchronization

/// The first interrupt of a run, for those of a provider's waits during which nothing is under way outside: for a host to answer, for time to
/// pass. They end at once; everything else ends in its own time.
public final class Interruption: Sendable {
    /// That of the run that the calling task works for.
    @TaskLocal public static var current: Interruption?

    private struct State {
        var isRaised = false
        var next = 0
        var waits: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    public func raise() {
        let waits = state.withLock { state in
            state.isRaised = true
            defer { state.waits = [:] }
            return Array(state.waits.values)
        }
        for end in waits { end() }
    }

    /// Carries out a wait that is cancelled, as a task is, as soon as the run is interrupted.
    public static func ending<Outcome: Sendable>(_ wait: @escaping @Sendable () async -> Outcome) async -> Outcome {
        guard let current else { return await wait() }
        let task = Task { await wait() }
        let number = current.add { task.cancel() }
        defer { current.remove(number) }
        return await withTaskCancellationHandler {
            await task.value
        } onCancel: {
            task.cancel()
        }
    }

    private func add(_ end: @escaping @Sendable () -> Void) -> Int {
        let number = state.withLock { state -> Int? in
            if state.isRaised { return nil }
            state.next += 1
            state.waits[state.next] = end
            return state.next
        }
        guard let number else {
            end()
            return 0
        }
        return number
    }

    private func remove(_ number: Int) { state.withLock { $0.waits[number] = nil } }
}
