import Synchronization
import Transport

/// What a caller waits for. Crosses from its task to the event thread and back.
final class Job: Sendable {
    enum Task: Sendable {
        case script(HostCommand, output: AsyncStream<[UInt8]>.Continuation?)
        case hostKey
    }

    enum Answer: Sendable {
        case script(HostCommandResult)
        case hostKey(HostKey)
    }

    typealias Outcome = Result<Answer, TransportFailure>

    let host: HostEndpoint
    let task: Task
    private let cancelled = Atomic(false)
    private let restarts = Atomic(0)
    private let continuation = Mutex<CheckedContinuation<Outcome, Never>?>(nil)

    init(_ task: Task, on host: HostEndpoint) {
        self.task = task
        self.host = host
    }

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    /// Whether it may begin anew on another connection, having had no effect on the one it lost: twice, then no more.
    func mayRestart() -> Bool { restarts.add(1, ordering: .relaxed).newValue <= 2 }

    func cancel() { cancelled.store(true, ordering: .releasing) }

    func wait(with continuation: CheckedContinuation<Outcome, Never>) {
        self.continuation.withLock { $0 = continuation }
    }

    /// The first outcome counts.
    func finish(_ outcome: Outcome) {
        let waiting = continuation.withLock { slot in
            defer { slot = nil }
            return slot
        }
        guard let waiting else { return }
        if case .script(_, let output?) = task { output.finish() }
        waiting.resume(returning: outcome)
    }

    /// What to call it in a message.
    var name: String {
        switch task {
        case .hostKey: "reading the host key"
        case .script(let command, _): command.name.isEmpty ? "a script" : command.name
        }
    }
}

extension TransportFailure {
    static func cancelled(_ job: Job, on label: String, hadNoEffect: Bool = true, _ detail: String = "It had not begun.")
        -> TransportFailure
    {
        TransportFailure(.cancelled, "Cancelled: \(job.name) on \(label). \(detail)", hadNoEffect: hadNoEffect)
    }
}

extension HostEndpoint {
    /// `user@address`, with the port where it is not 22.
    var label: String {
        let place = address.contains(":") && port != 22 ? "[\(address)]" : address
        return "\(user)@\(place)" + (port == 22 ? "" : ":\(port)")
    }

    /// How scripts become the user that is asked for; nil where that is who logs in.
    var effectiveBecome: Become? {
        become.flatMap { $0.user == user ? nil : $0 }
    }
}
