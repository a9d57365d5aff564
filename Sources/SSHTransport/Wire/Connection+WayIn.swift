import CSSH2
import Glibc
import Transport

/// From addresses to a host whose key is the right one.
extension Connection {
    func isLate(_ now: Double, _ awaited: String) -> Bool {
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

    func dial() {
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

    func dialFinished(_ answer: Int32?, _ dialler: Dialler, _ now: Double) -> Bool {
        guard let fd = answer else {
            fail(
                TransportFailure(
                    .connection, "No connection to \(host.label): \(dialler.errors.joined(separator: "; ")).",
                    hints: ["Check the address and port, and that the SSH server runs."], hadNoEffect: true))
            return false
        }
        guard loop.takeTurn(self) else {
            phase = .awaitingTurn(fd)
            return false
        }
        return greet(fd, now)
    }

    /// Begins the handshake on a connected socket, which it closes where there is none.
    func greet(_ fd: Int32, _ now: Double) -> Bool {
        var patience = UInt32(Milliseconds.of(seconds: loop.keepAlive.interval + loop.keepAlive.patience))
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
        switch loop.watch(fd, for: interest, { [weak self] _ in self?.pump() }) {
        case .failure(let error):
            fail(TransportFailure(.other, "The connection to \(host.label) cannot be waited for: \(error.reason).", hadNoEffect: true))
            return false
        case .success(let watch):
            self.watch = watch
            phase = .shakingHands(session)
            return true
        }
    }

    func shakeHands(_ session: SSHSession, _ now: Double) -> Bool {
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
            shownKey = key
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
    func redial(after session: SSHSession, _ now: Double) -> Bool {
        guard let breakage = session.breakage, redials < 3 else { return false }
        redials += 1
        trace("the handshake was cut short: \(breakage); once more")
        leaveSocket()
        dial()
        redialTime = now + 0.1 * Double(1 << redials) * Double.random(in: 0.75...1.25)
        return true
    }

    func handshakeFailure(_ session: SSHSession) -> TransportFailure {
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
}
