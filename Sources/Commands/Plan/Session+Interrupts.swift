import Foundation
import Processes
import StateModel
import Synchronization

extension Session {
    /// Ctrl-C ends `body` and the program, and gives the lock back: what is under way only looks. What does more says so with `whileActing`.
    func interruptible<Result>(holding lock: StateLock? = nil, _ body: () async throws -> Result) async throws -> Result {
        let end = ending(lock)
        if let outer = interrupts.withLock({ $0 }) {
            guard let before = outer.replace(with: end) else { throw CommandFailure.failed }
            defer { outer.restore(before) }
            return try await body()
        }
        let handler = InterruptHandler(end)
        interrupts.withLock { $0 = handler }
        defer {
            interrupts.withLock { $0 = nil }
            handler.stop()
        }
        return try await body()
    }

    /// While `body` acts, an interrupt is for it to deal with.
    func whileActing<Result>(
        onInterrupt: @escaping @Sendable () -> Void, _ body: () async -> Result
    ) async throws(CommandFailure) -> Result {
        guard let handler = interrupts.withLock({ $0 }) else { return await body() }
        guard let before = handler.replace(with: onInterrupt) else { throw .failed }
        let result = await body()
        handler.restore(before)
        return result
    }

    private func ending(_ lock: StateLock?) -> @Sendable () -> Void {
        let isEnding = Mutex(false)
        return { [self] in
            // Whoever insists does not wait for the lock.
            let isSecond = isEnding.withLock { isEnding in
                defer { isEnding = true }
                return isEnding
            }
            if isSecond {
                ChildProcess.killAll()
                _exit(1)
            }
            Task {
                terminal.writeError("\nInterrupted.\n")
                // Nobody is left to be told; the next run sees that its holder has ended.
                if let lock { try? await store.unlock(lock) }
                await RootCommand.end(1)
            }
        }
    }
}
