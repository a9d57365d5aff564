import CSSH2
import Glibc
import Transport

/// Waits for sockets and for time, and hands both to the connections. Confined to its thread.
final class EventLoop {
    /// A registration with epoll; numbers are never used twice, so that a late event finds nobody.
    typealias Watch = UInt64

    private let thread: EventThread
    private let epoll: Int32
    private var handlers: [Watch: (fd: Int32, handler: (UInt32) -> Void)] = [:]
    private var nextNumber: UInt64 = 1
    /// Why nothing can be waited for.
    private var defect: String?
    private var wakes = WakeHeap()
    private var needingAttention: [Connection] = []

    private var shared: [HostEndpoint: Connection] = [:]
    /// Sessions with a verified key, by who logged in where: another endpoint whose trust accepts that key may use them.
    private var verified: [HostEndpoint: [Connection]] = [:]
    private var all: [UInt64: Connection] = [:]
    /// Connections on their way from a TCP connection to a login, at most.
    static let turnLimit = 64
    private var turns = 0
    private var awaitingTurn = ArraySlice<Connection>()
    private var parsedFiles: [(file: HostTrust.KnownHostsFile, parsed: KnownHosts)] = []
    let resolver: Resolver
    let keyring: Keyring
    let trace: TransportTrace?
    let keepAlive: SSHHostTransport.KeepAlive
    /// Connections ended by `close`, which waits for scripts that are being stopped.
    private var closing: [CheckedContinuation<Void, Never>] = []

    /// Reused by every read.
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)

    static let libraryError: String? = {
        let code = libssh2_init(0)
        if code == 0 { ExitGate.install() }
        return code == 0 ? nil : "libssh2 does not start (\(code))."
    }()

    init(_ thread: EventThread) {
        self.thread = thread
        trace = thread.trace
        keepAlive = thread.keepAlive
        resolver = Resolver(thread)
        keyring = Keyring(thread)
        epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    }

    deinit {
        scratch.deallocate()
        if epoll >= 0 { Glibc.close(epoll) }
    }

    func run() {
        if epoll < 0 {
            defect = "The system gives no epoll descriptor."
        } else if case .failure(let error) = watch(thread.wakeUp, for: EPOLLIN.rawValue, { _ in }) {
            defect = "The system does not let the transport wait for events: \(error.reason)."
        }
        var events = [epoll_event](repeating: epoll_event(), count: 128)
        while true {
            ExitGate.enter()
            defer { ExitGate.leave() }
            for message in thread.takeMessages() {
                if case .stop = message {
                    for connection in all.values { connection.end() }
                    return
                }
                handle(message)
            }
            let now = monotonicNow()
            while let due = wakes.popDue(now) { due.wake() }
            let again = needingAttention
            needingAttention = []
            for connection in again { connection.pump() }
            ExitGate.leave()
            // Without a way to be woken, messages are looked for, so that each is told why.
            let count = defect == nil ? epoll_wait(epoll, &events, Int32(events.count), timeout()) : nothingFor(microseconds: 50_000)
            ExitGate.enter()
            for index in 0..<max(0, Int(count)) {
                handlers[events[index].data.u64]?.handler(events[index].events)
            }
        }
    }

    private func nothingFor(microseconds: UInt32) -> Int32 {
        usleep(microseconds)
        return 0
    }

    private func timeout() -> Int32 {
        if !needingAttention.isEmpty { return 0 }
        guard let next = wakes.earliest else { return -1 }
        return Int32(min(max(0, (next - monotonicNow()) * 1000 + 1), 60_000))
    }

    private func handle(_ message: EventThread.Message) {
        switch message {
        case .start(let job):
            start(job)
        case .cancel(let job):
            for connection in all.values where connection.cancel(job) { break }
        case .resolved(let number, let result):
            all[number]?.resolved(result)
        case .unlocked(let key, let result):
            keyring.unlocked(key, result)
            for connection in all.values { attend(connection) }
        case .close(let continuation):
            for connection in all.values { connection.close() }
            shared = [:]
            verified = [:]
            closing.append(continuation)
            resumeClosers()
        case .stop: break
        }
    }

    private func start(_ job: Job) {
        if let error = Self.libraryError ?? defect {
            return job.finish(.failure(TransportFailure(.other, error, hadNoEffect: true)))
        }
        guard !job.isCancelled else { return job.finish(.failure(.cancelled(job, on: job.host.label))) }
        switch job.task {
        case .hostKey:
            open(job.host).showKey(to: job)
        case .script(let command, _):
            (command.needsNewConnection ? open(job.host, isForOne: true) : connection(to: job.host)).run(job)
        }
    }

    private func connection(to host: HostEndpoint) -> Connection {
        if let own = shared[host] { return own }
        let connection: Connection
        if let other = trusted(by: host) {
            other.borrowers.append(host)
            connection = other
        } else {
            connection = open(host)
        }
        shared[host] = connection
        return connection
    }

    /// A session with the same host under the same login whose key this endpoint accepts, too: the key that a new host has shown is
    /// recorded, and whatever stands on the host pins it from then on.
    private func trusted(by host: HostEndpoint) -> Connection? {
        guard let candidates = verified[host.withoutTrust] else { return nil }
        let policy = policy(for: host)
        return candidates.first { connection in
            guard connection.isReady, let key = connection.shownKey, case .accepted = policy.verdict(on: key) else { return false }
            return true
        }
    }

    // MARK: Turns

    /// Whether one more may shake hands and log in now: cryptography of many at once on one thread makes all of them late. Else its turn comes
    /// when another is through.
    func takeTurn(_ connection: Connection) -> Bool {
        if connection.hasTurn { return true }
        guard turns < Self.turnLimit else {
            awaitingTurn.append(connection)
            return false
        }
        turns += 1
        connection.hasTurn = true
        return true
    }

    func endTurn(_ connection: Connection) {
        guard connection.hasTurn else { return }
        connection.hasTurn = false
        turns -= 1
        while turns < Self.turnLimit, let next = awaitingTurn.popFirst() {
            guard next.isAwaitingTurn else { continue }
            turns += 1
            next.hasTurn = true
            attend(next)
        }
    }

    /// The connection's host has shown a key that was accepted.
    func noteVerified(_ connection: Connection) {
        if !connection.isForOne { verified[connection.host.withoutTrust, default: []].append(connection) }
    }

    private func open(_ host: HostEndpoint, isForOne: Bool = false) -> Connection {
        let connection = Connection(number: takeNumber(), host: host, policy: policy(for: host), isForOne: isForOne, loop: self)
        all[connection.number] = connection
        return connection
    }

    /// The connection takes no more work: the next command gets a new one.
    func retire(_ connection: Connection) {
        if shared[connection.host] === connection { shared[connection.host] = nil }
        guard let others = verified.removeValue(forKey: connection.host.withoutTrust)?.filter({ $0 !== connection }) else { return }
        for endpoint in connection.borrowers where shared[endpoint] === connection { shared[endpoint] = nil }
        if !others.isEmpty { verified[connection.host.withoutTrust] = others }
    }

    /// A successor for commands that had not begun when their connection ended.
    func restart(_ jobs: [Job]) {
        for job in jobs { start(job) }
    }

    func forget(_ connection: Connection) {
        retire(connection)
        all[connection.number] = nil
        resumeClosers()
    }

    private func resumeClosers() {
        guard all.isEmpty else { return }
        for continuation in closing { continuation.resume() }
        closing = []
    }

    private func policy(for host: HostEndpoint) -> HostKeyPolicy {
        let files = host.trust.knownHosts.map { file in
            if let known = parsedFiles.first(where: { $0.file == file }) { return known.parsed }
            let parsed = KnownHosts(file)
            if parsedFiles.count >= 16 { parsedFiles.removeFirst() }
            parsedFiles.append((file, parsed))
            return parsed
        }
        return HostKeyPolicy(address: host.address, port: host.port, pinned: host.trust.pinned, files: files)
    }

    // MARK: For connections

    func attend(_ connection: Connection) { needingAttention.append(connection) }

    func wake(_ connection: Connection, at time: Double) { wakes.push(time, connection) }

    private func takeNumber() -> UInt64 {
        defer { nextNumber += 1 }
        return nextNumber
    }

    /// Why a descriptor cannot be waited for. Who does not heed it waits for good.
    struct WatchFailure: Error { let reason: String }

    func watch(_ fd: Int32, for events: UInt32, _ handler: @escaping (UInt32) -> Void) -> Result<Watch, WatchFailure> {
        let watch = takeNumber()
        var event = epoll_event(events: events, data: epoll_data(u64: watch))
        guard epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) == 0 else { return .failure(WatchFailure(reason: systemError(errno))) }
        handlers[watch] = (fd, handler)
        return .success(watch)
    }

    /// Why it could not be done, if it could not.
    func change(_ watch: Watch, to events: UInt32) -> WatchFailure? {
        guard let entry = handlers[watch] else { return nil }
        var event = epoll_event(events: events, data: epoll_data(u64: watch))
        return epoll_ctl(epoll, EPOLL_CTL_MOD, entry.fd, &event) == 0 ? nil : WatchFailure(reason: systemError(errno))
    }

    /// Before the descriptor is closed.
    func unwatch(_ watch: Watch) {
        guard let entry = handlers.removeValue(forKey: watch) else { return }
        epoll_ctl(epoll, EPOLL_CTL_DEL, entry.fd, nil)
    }
}
