import Dispatch
import Glibc
import Synchronization

/// Threads for work that blocks or computes for long.
///
/// On Linux the tasks of Swift and the queues of Dispatch draw on the same few threads: whoever blocks one, in a queue of his own or not, holds up
/// everybody. These are the system's own; one that has nothing to do waits for the next piece of work.
public final class BlockingThreads: Sendable {
    public static let shared = BlockingThreads(limit: 1024)

    private struct State {
        var work: [@Sendable () -> Void] = []
        var first = 0
        var threads = 0
        var idle = 0
    }

    private let limit: Int
    private let state = Mutex(State())
    private let wake = DispatchSemaphore(value: 0)

    /// - Parameter limit: threads at most; what comes then waits for one of them.
    init(limit: Int) { self.limit = limit }

    /// Does the work on one of the threads, and waits for it without blocking.
    public func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            begin { continuation.resume(returning: work()) }
        }
    }

    /// Has the work done on one of the threads.
    public func begin(_ work: @escaping @Sendable () -> Void) {
        enum Need { case nothing, signal, thread }
        let need = state.withLock { state -> Need in
            state.work.append(work)
            if state.idle > 0 {
                state.idle -= 1
                return .signal
            }
            guard state.threads < limit else { return .nothing }
            state.threads += 1
            return .thread
        }
        switch need {
        case .nothing: break
        case .signal: wake.signal()
        case .thread: startThread()
        }
    }

    private func startThread() {
        let retained = Unmanaged.passRetained(self)
        var thread = pthread_t()
        let failed = pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<BlockingThreads>.fromOpaque(argument).takeRetainedValue().serve() }
                return nil
            }, retained.toOpaque())
        if failed == 0 {
            pthread_detach(thread)
            return
        }
        retained.release()
        // The system gives no more threads: those that there are do it, or, where there is none, one of Dispatch's.
        let isAlone = state.withLock { state in
            state.threads -= 1
            return state.threads == 0
        }
        if isAlone { DispatchQueue.global().async { [self] in while let work = next() { work() } } }
    }

    private func next() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard state.first < state.work.count else { return nil }
            let work = state.work[state.first]
            state.first += 1
            // Taken from the front without moving the rest each time.
            if state.first == state.work.count {
                state.work.removeAll(keepingCapacity: true)
                state.first = 0
            }
            return work
        }
    }

    private func serve() -> Never {
        while true {
            while let work = next() { work() }
            let isIdle = state.withLock { state in
                guard state.first == state.work.count else { return false }
                state.idle += 1
                return true
            }
            if isIdle { wake.wait() }
        }
    }
}
