import Dispatch
import Foundation
import Synchronization

/// Ctrl-C and terminate, while a command is under way. Hang-up is ignored from then on: what is under way goes on and is recorded, and what
/// follows it, the lock given back above all, is not cut short either.
final class InterruptHandler: Sendable {
    typealias Action = @Sendable () -> Void

    private final class Current: Sendable {
        let state: Mutex<(action: Action, isRaised: Bool)>
        init(_ action: @escaping Action) { state = Mutex((action, false)) }

        func raise() {
            let action = state.withLock { state in
                state.isRaised = true
                return state.action
            }
            action()
        }
    }

    private let current: Current
    // Dispatch sources may be cancelled from any thread, and nothing else is done with them.
    private nonisolated(unsafe) let sources: [any DispatchSourceSignal]

    init(_ action: @escaping Action) {
        let current = Current(action)
        self.current = current
        signal(SIGHUP, SIG_IGN)
        sources = [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { current.raise() }
            source.resume()
            return source
        }
    }

    /// - Returns: what was to be done until now; nil where that has begun already.
    func replace(with action: @escaping Action) -> Action? {
        current.state.withLock { state in
            if state.isRaised { return nil }
            defer { state.action = action }
            return state.action
        }
    }

    func restore(_ action: @escaping Action) { current.state.withLock { $0 = (action, false) } }

    func stop() {
        for source in sources { source.cancel() }
        signal(SIGINT, SIG_DFL)
        signal(SIGTERM, SIG_DFL)
    }
}
