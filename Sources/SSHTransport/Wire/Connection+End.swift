import Glibc
import Transport

/// How a connection ends, and what becomes of those who wait for it.
extension Connection {
    func leaveSocket() {
        if let watch { loop.unwatch(watch) }
        watch = nil
        redialTime = nil
        if case .dialling(let dialler) = phase { dialler.cancel() }
        if case .some(.some(let fd)) = dialled { Glibc.close(fd) }
        if case .awaitingTurn(let fd?) = phase { Glibc.close(fd) }
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
    func broke(_ session: SSHSession) {
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

    func interruption(of execution: Execution, _ session: SSHSession, _ reason: String) -> TransportFailure {
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

    func takeLeave() -> Bool {
        if case .ended = phase { return false }
        leaveSocket()
        spare = nil
        closingChannels = []
        phase = .ended
        loop.endTurn(self)
        loop.forget(self)
        return true
    }
}
