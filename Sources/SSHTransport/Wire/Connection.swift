import CSSH2
import Glibc
import Transport

/// The one connection to a host: from its name to a logged-in session with channels. Confined to the loop's thread.
final class Connection {
    enum Phase {
        case resolving
        case dialling(Dialler)
        case shakingHands(SSHSession)
        case loggingIn(SSHSession, Login)
        case ready(SSHSession)
        case ended
    }

    let number: UInt64
    let host: HostEndpoint
    unowned let loop: EventLoop
    private let policy: HostKeyPolicy
    private(set) var phase = Phase.resolving
    private let begun: Double
    private let deadline: Double

    // On the way in.
    private var addresses: [SocketAddress] = []
    private var dialled: Int32??
    private var excludedTypes: Set<String> = []
    private var mismatch: TransportFailure?
    private var keyJobs: [Job] = []
    private var redials = 0
    private var redialTime: Double?

    // Work; see Connection+Work.swift.
    var waiting: [Execution] = []
    var running: [Execution] = []
    var stopping: [Stop] = []
    var spare: SSHChannel?
    var isOpening = false
    var closingChannels: [SSHChannel] = []
    var channelLimit: Int
    var refusals = 0
    var openAgain: Double?
    var isPasswordProven = false
    var isClosing = false
    var pinged: Double?

    private var watch: EventLoop.Watch?
    private var interest: UInt32 = 0
    private var scheduled = Double.infinity
    private var isPumping = false
    private var receivedBefore: UInt64 = 0

    init(number: UInt64, host: HostEndpoint, policy: HostKeyPolicy, loop: EventLoop) {
        self.number = number
        self.host = host
        self.policy = policy
        self.loop = loop
        channelLimit = max(1, host.channels)
        begun = monotonicNow()
        deadline = begun + host.connectTimeout
        if let addresses = Resolver.numeric(host.address, port: host.port) {
            self.addresses = addresses
            dial()
        } else {
            loop.resolver.resolve(host.address, port: host.port, for: number)
        }
        loop.attend(self)
    }

    func showKey(to job: Job) { keyJobs.append(job) }

    func trace(_ line: @autoclosure () -> String) {
        loop.trace?("ssh \(host.label): \(line())")
    }

    // MARK: Events

    func resolved(_ result: Result<[SocketAddress], ResolutionFailure>) {
        guard case .resolving = phase else { return }
        switch result {
        case .success(let addresses):
            self.addresses = addresses
            dial()
            pump()
        case .failure(let failure):
            fail(
                TransportFailure(
                    .resolution, "The name \(host.address) has no address: \(failure.reason).",
                    hints: ["Check the host's address for a slip, and the name servers."], hadNoEffect: true))
        }
    }

    func wake() {
        scheduled = .infinity
        pump()
    }

    /// Does all that can be done without waiting.
    func pump() {
        guard !isPumping else { return loop.attend(self) }
        isPumping = true
        defer { isPumping = false }
        let now = monotonicNow()
        var goesOn = true
        while goesOn { goesOn = step(now) }
        settle(now)
    }

    /// True where the phase changed, so that there may be more to do.
    private func step(_ now: Double) -> Bool {
        switch phase {
        case .ended: return false
        case .resolving: return isLate(now, "the name's address")
        case .dialling(let dialler):
            if let answer = dialled {
                dialled = nil
                return dialFinished(answer, dialler, now)
            }
            if isLate(now, "an answer to the connection") { return false }
            if let time = redialTime, now < time { return false }
            redialTime = nil
            dialler.pump(now)
            return dialled != nil
        case .shakingHands(let session):
            if isLate(now, "the SSH handshake") { return false }
            return shakeHands(session, now)
        case .loggingIn(let session, let login):
            if isLate(now, login.waitingFor) { return false }
            switch login.step(now) {
            case .waiting: return false
            case .failed(let failure):
                fail(failure)
                return false
            case .done(let means):
                trace("logged in with \(means), \(Int((now - begun) * 1000)) ms after the start")
                phase = .ready(session)
                session.lastHeard = now
                return true
            }
        case .ready(let session):
            if session.receivedCount != receivedBefore { heard(session, now) }
            serve(session, now)
            if session.receivedCount != receivedBefore { heard(session, now) }
            return false
        }
    }

    private func heard(_ session: SSHSession, _ now: Double) {
        receivedBefore = session.receivedCount
        session.lastHeard = now
        pinged = nil
    }

    /// After a pump: sends, and arranges for the next one.
    private func settle(_ now: Double) {
        guard let session else {
            if case .dialling(let dialler) = phase { schedule(min(deadline, redialTime ?? dialler.nextAttempt ?? .infinity)) }
            if case .resolving = phase { schedule(deadline) }
            return
        }
        session.flush()
        if session.breakage != nil { return broke(session) }
        if let watch {
            var events = EPOLLIN.rawValue
            // With no channel nothing of libssh2's reads the socket: then only its end is of interest.
            if case .ready = phase, running.isEmpty, spare == nil, !isOpening, closingChannels.isEmpty { events = EPOLLRDHUP.rawValue }
            if session.unsentCount > 0 { events |= EPOLLOUT.rawValue }
            if events != interest {
                interest = events
                loop.change(watch, to: events)
            }
        }
        switch phase {
        case .shakingHands: schedule(deadline)
        case .loggingIn(_, let login): schedule(min(deadline, login.deadline ?? .infinity))
        case .ready: schedule(nextWorkDeadline(session))
        case .resolving, .dialling, .ended: break
        }
    }

    private func schedule(_ time: Double) {
        guard time < scheduled else { return }
        scheduled = time
        loop.wake(self, at: time)
    }

    private var session: SSHSession? {
        switch phase {
        case .shakingHands(let session), .loggingIn(let session, _), .ready(let session): session
        case .resolving, .dialling, .ended: nil
        }
    }

    // MARK: On the way in

    private func isLate(_ now: Double, _ awaited: String) -> Bool {
        guard now >= deadline else { return false }
        fail(
            TransportFailure(
                .timeout, "No SSH session with \(host.label) within \(Self.seconds(host.connectTimeout)): still waiting for \(awaited).",
                hints: ["Check that the host is up and that no firewall drops packets to port \(host.port)."], hadNoEffect: true))
        return true
    }

    static func seconds(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e9 ? "\(Int(value)) s" : "\((value * 10).rounded() / 10) s"
    }

    private func dial() {
        dialled = nil
        phase = .dialling(
            Dialler(addresses, loop: loop) { [weak self] fd in
                guard let self else {
                    if let fd { Glibc.close(fd) }
                    return
                }
                dialled = .some(fd)
                loop.attend(self)
            })
    }

    private func dialFinished(_ answer: Int32?, _ dialler: Dialler, _ now: Double) -> Bool {
        guard let fd = answer else {
            fail(
                TransportFailure(
                    .connection, "No connection to \(host.label): \(dialler.errors.joined(separator: "; ")).",
                    hints: ["Check the address and port, and that the SSH server runs."], hadNoEffect: true))
            return false
        }
        var patience = UInt32((loop.keepAlive.interval + loop.keepAlive.patience) * 1000)
        setsockopt(fd, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &patience, socklen_t(MemoryLayout<UInt32>.size))
        guard let session = SSHSession(fd: fd, now: now) else {
            fail(TransportFailure(.other, "libssh2 has no memory for a session with \(host.label).", hadNoEffect: true))
            return false
        }
        let algorithms = policy.algorithms(supported: session.supportedHostKeyAlgorithms(), excluding: excludedTypes)
        guard session.offer(hostKeyAlgorithms: algorithms) else {
            fail(mismatch ?? TransportFailure(.other, "libssh2 has no host key algorithm for \(host.label).", hadNoEffect: true))
            return false
        }
        receivedBefore = 0
        interest = EPOLLIN.rawValue
        watch = loop.watch(fd, for: interest) { [weak self] _ in self?.pump() }
        phase = .shakingHands(session)
        return true
    }

    private func shakeHands(_ session: SSHSession, _ now: Double) -> Bool {
        switch session.handshake() {
        case .waiting: return false
        case .failed:
            if let mismatch, session.lastErrorCode == -5 {
                // The host has no key of another type than the one that did not fit.
                fail(mismatch)
            } else if !redial(after: session, now) {
                fail(handshakeFailure(session))
            }
            return false
        case .done: break
        }
        guard let key = session.hostKey else {
            fail(TransportFailure(.protocolViolation, "\(host.label) showed no host key.", hadNoEffect: true))
            return false
        }
        if !keyJobs.isEmpty {
            for job in keyJobs { job.finish(.success(.hostKey(key.hostKey))) }
            keyJobs = []
            end()
            return false
        }
        switch policy.verdict(on: key) {
        case .accepted(let voucher):
            trace("host key \(key.type) \(key.fingerprint) is known from \(voucher)")
            phase = .loggingIn(
                session,
                Login(host, session: session, loop: loop, now: now) { [weak self] in
                    guard let self else { return }
                    loop.attend(self)
                })
            return true
        case .refused(let failure):
            fail(mismatch ?? failure)
            return false
        case .otherTypesMayFit(let failure):
            mismatch = mismatch ?? failure
            excludedTypes.insert(key.type)
            if policy.algorithms(supported: session.supportedHostKeyAlgorithms(), excluding: excludedTypes).isEmpty {
                fail(failure)
                return false
            }
            leaveSocket()
            dial()
            return true
        }
    }

    /// A server that is starting, or has too many logins under way (MaxStartups), hangs up at random: it is asked again, three times.
    private func redial(after session: SSHSession, _ now: Double) -> Bool {
        guard let breakage = session.breakage, redials < 3 else { return false }
        redials += 1
        trace("the handshake was cut short: \(breakage); once more")
        leaveSocket()
        dial()
        redialTime = now + 0.1 * Double(1 << redials) * Double.random(in: 0.75...1.25)
        return true
    }

    private func handshakeFailure(_ session: SSHSession) -> TransportFailure {
        if let breakage = session.breakage {
            return TransportFailure(
                .connection, "The SSH handshake with \(host.label) was cut short: \(breakage).",
                hints: ["The SSH server may be starting, or limit new connections (MaxStartups), or refuse this address."],
                hadNoEffect: true)
        }
        return TransportFailure(
            .protocolViolation, "The SSH handshake with \(host.label) failed: \(session.lastError).",
            hints: ["Check that port \(host.port) is that of an SSH server, and which algorithms it allows."], hadNoEffect: true)
    }

    // MARK: The end

    private func leaveSocket() {
        if let watch { loop.unwatch(watch) }
        watch = nil
        redialTime = nil
        if case .dialling(let dialler) = phase { dialler.cancel() }
        if case .some(.some(let fd)) = dialled { Glibc.close(fd) }
        dialled = nil
    }

    /// No session came of it: everyone who waits is told.
    func fail(_ failure: TransportFailure) {
        guard takeLeave() else { return }
        if failure.code != .cancelled { trace(failure.message) }
        for job in keyJobs { job.finish(.failure(failure)) }
        keyJobs = []
        let abandoned = running + waiting
        (running, waiting) = ([], [])
        for execution in abandoned { execution.finish(.failure(failure)) }
    }

    /// Nothing is left to be done here.
    func end() {
        if case .ready(let session) = phase { session.sayGoodbye() }
        let closed = TransportFailure(.cancelled, "The connection to \(host.label) was closed.", hadNoEffect: true)
        fail(closed)
    }

    /// The session is lost in the middle: what ran is uncertain, what had not begun gets another connection.
    private func broke(_ session: SSHSession) {
        guard case .ready = phase else {
            if case .loggingIn(_, let login) = phase, case .failed(let failure) = login.step(monotonicNow()) { return fail(failure) }
            if case .shakingHands = phase, redial(after: session, monotonicNow()) { return loop.attend(self) }
            return fail(handshakeFailure(session))
        }
        let reason = session.breakage ?? "unknown"
        guard takeLeave() else { return }
        trace("the connection broke: \(reason)")
        let (lost, stops, queued) = (running, stopping, waiting)
        (running, stopping, waiting) = ([], [], [])
        var again: [Job] = []
        for execution in lost {
            if let stop = stops.first(where: { $0.victim === execution }) {
                stop.finish(isStopped: false)
            } else if let job = execution.job, !execution.mayHaveBegun(sent: session.sentCount), job.mayRestart() {
                again.append(job)
            } else {
                execution.finish(.failure(interruption(of: execution, session, reason)))
            }
        }
        for execution in queued {
            if let job = execution.job, job.mayRestart() {
                again.append(job)
            } else {
                execution.finish(.failure(interruption(of: execution, session, reason)))
            }
        }
        loop.restart(again)
    }

    private func interruption(of execution: Execution, _ session: SSHSession, _ reason: String) -> TransportFailure {
        guard execution.mayHaveBegun(sent: session.sentCount) else {
            return TransportFailure(
                .connection, "The connection to \(host.label) broke before \(execution.name) was sent: \(reason).", hadNoEffect: true)
        }
        let time = Self.seconds(monotonicNow() - execution.started)
        return TransportFailure(
            .interrupted,
            "The connection to \(host.label) broke \(time) into \(execution.name): \(reason). How far it got, and whether it still runs, is not known.",
            hints: ["Run the same command again: it looks at the host first and goes on from there."])
    }

    private func takeLeave() -> Bool {
        if case .ended = phase { return false }
        leaveSocket()
        spare = nil
        closingChannels = []
        phase = .ended
        loop.forget(self)
        return true
    }
}
