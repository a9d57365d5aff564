import Synchronization

/// Messages to one reader: many may come before it wakes, and it takes them all at once.
final class Inbox<Message: Sendable>: Sendable {
    private struct State {
        var messages: [Message] = []
        var reader: CheckedContinuation<[Message], Never>?
    }

    private let state = Mutex(State())

    func post(_ message: Message) {
        let woken: (CheckedContinuation<[Message], Never>, [Message])? = state.withLock { state in
            state.messages.append(message)
            guard let reader = state.reader else { return nil }
            state.reader = nil
            defer { state.messages = [] }
            return (reader, state.messages)
        }
        if let (reader, messages) = woken { reader.resume(returning: messages) }
    }

    /// All that have come; waits for one where there is none. One reader at a time.
    func next() async -> [Message] {
        await withCheckedContinuation { continuation in
            let messages: [Message]? = state.withLock { state in
                if state.messages.isEmpty {
                    state.reader = continuation
                    return nil
                }
                defer { state.messages = [] }
                return state.messages
            }
            if let messages { continuation.resume(returning: messages) }
        }
    }
}
