import Foundation
import Processes
import StateModel
import Synchronization

extension Session {
    /// Ctrl-C ends `body` and the program, and gives the lock back: what is under way only looks. What does more says so with `whileActing`.
    func interruptible<Result>(holding lock: StateLock? = nil, _ body: () async throws -> Result) async throws -> Result {
        try await handlingInterrupts(ending(lock), while: body)
    }

    /// An interrupt, each of several, does `action`; what is under way goes on.
    func handlingInterrupts<Result>(
        _ action: @escaping InterruptHandler.Action, while body: () async throws -> Result
    ) async throws -> Result {
        if let outer = interrupts.withLock({ $0 }) {
            guard let before = outer.replace(with: action) else { throw CommandFailure.failed }
            defer { outer.restore(before) }
            return try await body()
        }
        let handler = InterruptHandler(action)
        interrupts.withLock { $0 = handler }
        defer {
            interrupts.withLock { $0 = nil }
            handler.stop()
        }
        return try await body()
    }

    /// Whoever insists does not wait for anything.
    static func exitAtOnce() -> Never {
        ChildProcess.killAll()
        _exit(1)
    }

    /// While `body` acts, an interrupt is for it to deal with, also where nothing else has dealt with it: the program is never killed in the
    /// midst of it, with what was made recorded nowhere.
    func whileActing<Result>(
        onInterrupt: @escaping @Sendable () -> Void, _ body: () async -> Result
    ) async throws(CommandFailure) -> Result {
        guard let handler = interrupts.withLock({ $0 }) else {
            let handler = InterruptHandler(onInterrupt)
            interrupts.withLock { $0 = handler }
            defer {
                interrupts.withLock { $0 = nil }
                handler.stop()
            }
            return await body()
        }
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
            if isSecond { Self.exitAtOnce() }
            Task {
                terminal.writeError("\nInterrupted.\n")
                // Nobody is left to be told; the next run sees that its holder has ended.
                if let lock { try? await store.unlock(lock) }
                await RootCommand.end(1)
            }
        }
    }
}
