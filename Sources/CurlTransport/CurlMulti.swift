import CCurl
import Synchronization
import Transport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// libcurl's multi handle and the one thread that may touch it. Callers leave commands in an inbox and wake the thread; it begins
/// transfers, lets libcurl work, and resumes each caller exactly once.
///
/// `@unchecked Sendable`: `inbox` is a mutex and `curl_multi_wakeup` may be called from any thread; everything else is touched
/// only by the event thread.
final class CurlMulti: @unchecked Sendable {
    private enum Command {
        case start(Transfer)
        case cancel(Transfer)
    }

    private struct Inbox {
        var commands: [Command] = []
        var isClosed = false
    }

    private let multi: OpaqueHandle
    private let inbox = Mutex(Inbox())
    private var running: [UnsafeMutableRawPointer: (transfer: Transfer, easy: EasyHandle)] = [:]
    private var queues: [Origin: EndpointQueue] = [:]
    /// Queues that may be able to begin something.
    private var touched: Set<Origin> = []
    /// Handles with no transfer, ready for the next. libcurl's connections belong to the multi handle, not to these.
    private var spare: [EasyHandle] = []
    private static let spareLimit = 64

    private init(_ multi: OpaqueHandle) {
        self.multi = multi
    }

    /// Initialises libcurl (once a process) and begins the thread.
    static func start() throws(TransportFailure) -> CurlMulti {
        guard globalInitialisation == CURLE_OK, let multi = curl_multi_init() else {
            throw TransportFailure(.other, "libcurl could not be initialised.", hadNoEffect: true)
        }
        // Idle connections kept for the next requests. The default is four for each handle in use, which shrinks with them.
        _ = ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 256)
        let loop = CurlMulti(multi)
        let retained = Unmanaged.passRetained(loop)
        guard Self.detachThread(retained.toOpaque()) else {
            retained.release()
            curl_multi_cleanup(multi)
            throw TransportFailure(.other, "The thread for HTTP could not be started.", hadNoEffect: true)
        }
        return loop
    }

    private static let globalInitialisation = ccurl_global_init()

    private static func detachThread(_ argument: UnsafeMutableRawPointer) -> Bool {
        #if canImport(Darwin)
            var thread: pthread_t?
            let body: @convention(c) (UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? = { argument in
                Unmanaged<CurlMulti>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }
            guard pthread_create(&thread, nil, body, argument) == 0, let thread else { return false }
        #else
            var thread = pthread_t()
            let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { argument in
                if let argument { Unmanaged<CurlMulti>.fromOpaque(argument).takeRetainedValue().run() }
                return nil
            }
            guard pthread_create(&thread, nil, body, argument) == 0 else { return false }
        #endif
        pthread_detach(thread)
        return true
    }

    // MARK: - For any thread

    /// Carries one exchange out. Cancelling the task ends it at once.
    func perform(_ transfer: Transfer) async throws(TransportFailure) -> HTTPResponse {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                transfer.continuation = continuation
                if !post(.start(transfer)) {
                    transfer.resume(.failure(CurlFailure.cancelled(method: transfer.method, url: transfer.url, hadNoEffect: true)))
                }
            }
        } onCancel: {
            // May come before `.start`: the transfer notes it.
            _ = post(.cancel(transfer))
        }
        return try result.get()
    }

    /// What is under way fails as cancelled, and the thread ends.
    func close() {
        inbox.withLock { inbox in
            inbox.isClosed = true
            curl_multi_wakeup(multi)
        }
    }

    private func post(_ command: Command) -> Bool {
        inbox.withLock { inbox in
            guard !inbox.isClosed else { return false }
            inbox.commands.append(command)
            // The thread takes all at once, so only the first needs to wake it. Within the lock, so that the handle still exists.
            if inbox.commands.count == 1 { curl_multi_wakeup(multi) }
            return true
        }
    }

    // MARK: - The event thread

    private func run() {
        // No signal is handled here; above all, none ends the process because a peer has gone while TLS writes to it.
        var all = sigset_t()
        sigfillset(&all)
        pthread_sigmask(SIG_BLOCK, &all, nil)
        while true {
            let (commands, isClosed) = inbox.withLock { inbox in
                let taken = inbox.commands
                inbox.commands.removeAll(keepingCapacity: false)
                return (taken, inbox.isClosed)
            }
            for command in commands {
                switch command {
                case .start(let transfer): accept(transfer)
                case .cancel(let transfer): cancel(transfer)
                }
            }
            if isClosed { break }
            beginWhatMay()
            var active: Int32 = 0
            let code = curl_multi_perform(multi, &active)
            if code != CURLM_OK { failAll(String(cString: curl_multi_strerror(code))) }
            if finishWhatIsDone() { continue }
            // Returns early for sockets, for libcurl's own timers, and for a wake-up.
            curl_multi_poll(multi, nil, 0, 60_000, nil)
        }
        for (transfer, easy) in Array(running.values) {
            curl_multi_remove_handle(multi, easy.pointer)
            finish(transfer, .failure(CurlFailure.cancelled(transfer)))
        }
        running.removeAll()
        for origin in Array(queues.keys) {
            while let transfer = queues[origin]?.popWaiting() {
                finish(transfer, .failure(CurlFailure.cancelled(transfer)))
            }
        }
        spare.removeAll()
        curl_multi_cleanup(multi)
    }

    private func accept(_ transfer: Transfer) {
        guard !transfer.isCancelled else {
            finish(transfer, .failure(CurlFailure.cancelled(transfer)))
            return
        }
        transfer.phase = .waiting
        queues[transfer.origin, default: EndpointQueue()].append(transfer)
        touched.insert(transfer.origin)
    }

    private func cancel(_ transfer: Transfer) {
        switch transfer.phase {
        case .new:
            transfer.isCancelled = true
        case .waiting:
            // The queue passes over it when its turn comes.
            finish(transfer, .failure(CurlFailure.cancelled(transfer)))
        case .running(let handle):
            let failure = CurlFailure.cancelled(transfer)
            release(transfer, handle, throttled: false)
            finish(transfer, .failure(failure))
        case .finished:
            break
        }
    }

    private func beginWhatMay() {
        guard !touched.isEmpty else { return }
        for origin in touched {
            while let transfer = queues[origin]?.next() {
                begin(transfer)
            }
        }
        touched.removeAll(keepingCapacity: true)
    }

    private func begin(_ transfer: Transfer) {
        do throws(TransportFailure) {
            let easy: EasyHandle
            if let kept = spare.popLast() { easy = kept } else { easy = try EasyHandle() }
            try easy.prepare(transfer)
            let code = curl_multi_add_handle(multi, easy.pointer)
            guard code == CURLM_OK else {
                throw TransportFailure(.other, "libcurl did not take the request: \(String(cString: curl_multi_strerror(code))).")
            }
            transfer.phase = .running(easy.pointer)
            transfer.begin()
            running[easy.pointer] = (transfer, easy)
        } catch {
            var failure = error
            failure.hadNoEffect = true
            queues[transfer.origin]?.ended(transfer, throttled: false)
            finish(transfer, .failure(failure))
        }
    }

    /// True where something ended, so that more may begin.
    private func finishWhatIsDone() -> Bool {
        var remaining: Int32 = 0
        var any = false
        while let message = curl_multi_info_read(multi, &remaining) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle, let entry = running[handle] else {
                continue
            }
            any = true
            let code = ccurl_message_result(message)
            let result = entry.transfer.result(code, entry.easy)
            let status: Int? = if case .success(let response) = result { response.status } else { nil }
            release(entry.transfer, handle, throttled: status == 429 || status == 503)
            finish(entry.transfer, result)
        }
        return any
    }

    private func release(_ transfer: Transfer, _ handle: UnsafeMutableRawPointer, throttled: Bool) {
        guard let entry = running.removeValue(forKey: handle) else { return }
        curl_multi_remove_handle(multi, handle)
        entry.easy.recycle()
        if spare.count < Self.spareLimit { spare.append(entry.easy) }
        queues[transfer.origin]?.ended(transfer, throttled: throttled)
        touched.insert(transfer.origin)
    }

    private func finish(_ transfer: Transfer, _ result: Result<HTTPResponse, TransportFailure>) {
        transfer.phase = .finished
        transfer.resume(result)
    }

    private func failAll(_ reason: String) {
        for (handle, entry) in Array(running) {
            release(entry.transfer, handle, throttled: false)
            finish(entry.transfer, .failure(TransportFailure(.other, "libcurl failed: \(reason).")))
        }
    }
}

/// `CURL *` and `CURLM *` are `void *`.
typealias OpaqueHandle = UnsafeMutableRawPointer
