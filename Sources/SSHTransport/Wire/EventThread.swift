import CSSH2
import Glibc
import Synchronization
import Transport

/// The thread on which every session lives. Others talk to it through its inbox only.
final class EventThread: Sendable {
    enum Message: Sendable {
        case start(Job)
        case cancel(Job)
        case resolved(connection: UInt64, Result<[SocketAddress], ResolutionFailure>)
        case unlocked(HostEndpoint.PrivateKey, Result<UserKey, UserKey.Problem>)
        case close(CheckedContinuation<Void, Never>)
        case stop
    }

    private struct Inbox {
        var messages: [Message] = []
        var isRunning = false
    }

    private let inbox = Mutex(Inbox())
    /// An eventfd; readable while there is something in the inbox.
    let wakeUp: Int32
    let trace: TransportTrace?
    let keepAlive: SSHHostTransport.KeepAlive

    init(trace: TransportTrace?, keepAlive: SSHHostTransport.KeepAlive) {
        wakeUp = eventfd(0, Int32(EFD_NONBLOCK | EFD_CLOEXEC))
        self.trace = trace
        self.keepAlive = keepAlive
    }

    deinit {
        if wakeUp >= 0 { Glibc.close(wakeUp) }
    }

    /// Starts the thread with the first message. False where the system has given no descriptor.
    func post(_ message: Message) -> Bool {
        guard wakeUp >= 0 else { return false }
        let (needsWaking, needsStart) = inbox.withLock { inbox in
            inbox.messages.append(message)
            defer { inbox.isRunning = true }
            return (inbox.messages.count == 1, !inbox.isRunning)
        }
        if needsStart, !start() {
            let unanswered = inbox.withLock { inbox in
                defer { inbox = Inbox() }
                return inbox.messages
            }
            for message in unanswered {
                switch message {
                case .start(let job):
                    job.finish(.failure(TransportFailure(.other, "The system gives no thread for SSH.", hadNoEffect: true)))
                case .close(let continuation): continuation.resume()
                case .cancel, .resolved, .unlocked, .stop: break
                }
            }
            return true
        }
        if needsWaking {
            var one: UInt64 = 1
            write(wakeUp, &one, 8)
        }
        return true
    }

    /// For the thread itself.
    func takeMessages() -> [Message] {
        var count: UInt64 = 0
        read(wakeUp, &count, 8)
        return inbox.withLock { inbox in
            defer { inbox.messages = [] }
            return inbox.messages
        }
    }

    private func start() -> Bool {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(self)
        let failed = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                ashlar_name_thread("ashlar-ssh")
                let thread = Unmanaged<EventThread>.fromOpaque(context).takeRetainedValue()
                EventLoop(thread).run()
                return nil
            }, box.toOpaque())
        if failed != 0 {
            box.release()
            return false
        }
        pthread_detach(thread)
        return true
    }
}
