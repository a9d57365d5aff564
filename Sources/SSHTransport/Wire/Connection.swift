import CSSH2
import Glibc
import Transport

/// The one connection to a host: from its name to a logged-in session with channels. Confined to the loop's thread.
final class Connection {
    enum Phase {
        case resolving
        case dialling(Dialler)
        /// Connected; so many others are shaking hands that this one waits. Nil once the descriptor has been handed on.
        case awaitingTurn(Int32?)
        case shakingHands(SSHSession)
        case loggingIn(SSHSession, Login)
        case ready(SSHSession)
        case ended
    }

    let number: UInt64
    let host: HostEndpoint
    unowned let loop: EventLoop
    let policy: HostKeyPolicy
    /// Made for one script, and ends with it; no other gets a channel.
    let isForOne: Bool
    var phase = Phase.resolving
    let begun: Double
    /// Until it is ready. It is not late while others have their turn.
    private(set) var deadline: Double
    /// One of those that may shake hands and log in.
    var hasTurn = false

    // On the way in.
    var addresses: [SocketAddress] = []
    var dialled: Int32??
    var excludedTypes: Set<String> = []
    var mismatch: TransportFailure?
    var keyJobs: [Job] = []
    var redials = 0
    var redialTime: Double?

    /// The key that was accepted.
    var shownKey: PublicKey?
    /// Other endpoints whose commands run here.
    var borrowers: [HostEndpoint] = []

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

    var watch: EventLoop.Watch?
    var interest: UInt32 = 0
    private var scheduled = Double.infinity
    private var isPumping = false
    var receivedBefore: UInt64 = 0

    init(number: UInt64, host: HostEndpoint, policy: HostKeyPolicy, isForOne: Bool, loop: EventLoop) {
        self.number = number
        self.isForOne = isForOne
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

    func cancelKeyJob(_ job: Job) -> Bool {
        guard let index = keyJobs.firstIndex(where: { $0 === job }) else { return false }
        keyJobs.remove(at: index).finish(.failure(.cancelled(job, on: host.label)))
        end()
        return true
    }

    func trace(_ line: @autoclosure () -> String) {
        loop.trace?("ssh \(host.label): \(line())")
    }

    /// Logged in, and takes more work.
    var isReady: Bool {
        if case .ready = phase { !isClosing } else { false }
    }

    var isAwaitingTurn: Bool {
        if case .awaitingTurn = phase { true } else { false }
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
                    hints: ["Check the host's address for a slip, and the name servers."], hadNoEffect: true,
                    isNameUnknown: failure.isNameUnknown))
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
        case .awaitingTurn(let fd):
            guard hasTurn, let fd else { return false }
            phase = .awaitingTurn(nil)
            deadline = max(deadline, now + host.connectTimeout)
            return greet(fd, now)
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
                loop.endTurn(self)
                session.lastHeard = now
                loop.noteVerified(self)
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
                if let error = loop.change(watch, to: events) {
                    session.markBroken(error.reason)
                    return broke(session)
                }
            }
        }
        switch phase {
        case .shakingHands: schedule(deadline)
        case .loggingIn(_, let login): schedule(min(deadline, login.deadline ?? .infinity))
        case .ready: schedule(nextWorkDeadline(session))
        case .resolving, .dialling, .awaitingTurn, .ended: break
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
        case .resolving, .dialling, .awaitingTurn, .ended: nil
        }
    }
}
