import Transport

/// A script that is being stopped, by another one that kills it.
final class Stop {
    let victim: Execution
    let reason: TransportFailure
    /// When to give up on it.
    let deadline: Double
    var killer: Execution?
    private let host: HostEndpoint

    init(_ victim: Execution, for reason: TransportFailure, on host: HostEndpoint, deadline: Double) {
        self.victim = victim
        self.reason = reason
        self.host = host
        self.deadline = deadline
    }

    func finish(isStopped: Bool) {
        var failure = reason
        failure.message += isStopped ? " It was stopped on the host." : " Whether it still runs on the host is not known."
        victim.finish(.failure(failure))
    }
}

extension Connection {
    // MARK: Orders

    func run(_ job: Job) {
        guard case .script(let command, let output) = job.task else { return }
        waiting.append(
            Execution(command, on: host, job: job, output: output) { [weak self] result in
                job.finish(
                    result.map { result in
                        var result = result
                        result.hostKey = self?.shownKey?.hostKey
                        return .script(result)
                    })
            })
        loop.attend(self)
    }

    /// True where the job is one of this connection's.
    func cancel(_ job: Job) -> Bool {
        if cancelKeyJob(job) { return true }
        if let index = waiting.firstIndex(where: { $0.job === job }) {
            waiting.remove(at: index).finish(.failure(.cancelled(job, on: host.label)))
            return true
        }
        guard let execution = running.first(where: { $0.job === job }) else { return false }
        stop(execution, for: .cancelled(job, on: host.label, hadNoEffect: false, "It had begun."), patience: 3)
        pump()
        return true
    }

    /// Stops everything, then ends.
    func close() {
        isClosing = true
        loop.retire(self)
        for execution in waiting {
            execution.finish(
                .failure(
                    TransportFailure(
                        .cancelled,
                        "\(Execution.sentence(execution.name)) on \(host.label) had not begun when all connections were closed.",
                        hadNoEffect: true)))
        }
        waiting = []
        guard case .ready = phase, !running.isEmpty else { return end() }
        for execution in running where execution.job != nil {
            stop(
                execution,
                for: TransportFailure(
                    .cancelled, "\(Execution.sentence(execution.name)) was running on \(host.label) when all connections were closed."),
                patience: 3)
        }
        pump()
    }

    private func stop(_ execution: Execution, for reason: TransportFailure, patience: Double) {
        guard case .ready(let session) = phase, !stopping.contains(where: { $0.victim === execution }) else { return }
        guard execution.mayHaveBegun(sent: session.sentCount) || session.unsentCount > 0 else {
            var reason = reason
            reason.hadNoEffect = true
            reason.message += " It had not been sent."
            return remove(execution, .failure(reason))
        }
        execution.discardOutput()
        let stop = Stop(execution, for: reason, on: host, deadline: monotonicNow() + patience)
        stopping.append(stop)
        startKiller(of: stop)
    }

    private func startKiller(of stop: Stop) {
        guard stop.killer == nil, let process = stop.victim.process else { return }
        let command = HostCommand(
            script: ScriptLoader.stopping(process: process, announcement: stop.victim.announcement), timeout: 10,
            name: "stopping \(stop.victim.name)")
        let killer = Execution(command, on: host, job: nil) { [weak self] result in
            guard let self, let index = stopping.firstIndex(where: { $0 === stop }) else { return }
            stopping.remove(at: index)
            var isStopped = false
            if case .success(let result) = result { isStopped = result.status == 0 }
            release(stop.victim)
            stop.finish(isStopped: isStopped)
        }
        stop.killer = killer
        waiting.insert(killer, at: 0)
    }

    private func release(_ execution: Execution) {
        running.removeAll { $0 === execution }
        if let channel = execution.releaseChannel() { closingChannels.append(channel) }
    }

    private func remove(_ execution: Execution, _ result: Result<HostCommandResult, TransportFailure>) {
        let time = monotonicNow() - execution.started
        release(execution)
        if execution.job != nil {
            switch result {
            case .success(let result):
                trace(
                    "\(execution.name): status \(result.status), \(result.output.count) bytes of output, \(Int(time * 1000)) ms")
            case .failure(let failure): trace("\(execution.name): \(failure.message)")
            }
        }
        execution.finish(result)
    }

    // MARK: Turns

    func serve(_ session: SSHSession, _ now: Double) {
        endWhatIsDue(now)
        var budget = 4 << 20
        var progressed = true
        while progressed, budget > 0, session.breakage == nil {
            progressed = open(session, now)
            for execution in running where execution.channel != nil {
                switch execution.turn(session, scratch: loop.scratch, budget: &budget, isPasswordProven: &isPasswordProven) {
                case .idle: break
                case .progressed: progressed = true
                case .ended(let result):
                    progressed = true
                    if let stop = stopping.first(where: { $0.victim === execution }) {
                        // It ended by itself, or by the killer, which has nothing more to do.
                        stopping.removeAll { $0 === stop }
                        release(execution)
                        stop.finish(isStopped: true)
                    } else {
                        remove(execution, result)
                    }
                case .mustStop(let failure): stop(execution, for: failure, patience: 4)
                case .broken: session.markBroken(session.lastError)
                }
            }
            for stop in stopping { startKiller(of: stop) }
            closingChannels.removeAll { $0.free() }
        }
        if let spare, running.isEmpty, !isOpening {
            // Reads what comes to an idle connection; the server may close the channel, too.
            if case .failed = spare.read(errorStream: false, into: loop.scratch), session.breakage == nil {
                session.markBroken(session.lastError)
            }
            if spare.isFinished {
                closingChannels.append(spare)
                self.spare = nil
                loop.attend(self)
            }
        }
        if budget <= 0 { loop.attend(self) }
        keepAlive(session, now)
        if isClosing || isForOne, running.isEmpty, waiting.isEmpty, session.breakage == nil { end() }
    }

    private func endWhatIsDue(_ now: Double) {
        for execution in running where execution.deadline <= now {
            if execution.job == nil {
                remove(execution, .failure(TransportFailure(.timeout, "No end of \(execution.name).")))
            } else {
                stop(
                    execution,
                    for: TransportFailure(
                        .timeout,
                        "\(Execution.sentence(execution.name)) on \(host.label) did not end within \(Self.seconds(execution.command.timeout)).",
                        hints: ["Give it more time, or look on the host for what it waits for."]), patience: 4)
            }
        }
        for stop in stopping where stop.deadline <= now {
            stopping.removeAll { $0 === stop }
            if let killer = stop.killer {
                waiting.removeAll { $0 === killer }
                release(killer)
            }
            release(stop.victim)
            stop.finish(isStopped: false)
        }
    }

    // MARK: Channels

    private var channelCount: Int { running.count + closingChannels.count + (spare == nil ? 0 : 1) + (isOpening ? 1 : 0) }

    /// Gives waiting scripts their channels; opens the next one ahead of its need, which saves a round trip.
    private func open(_ session: SSHSession, _ now: Double) -> Bool {
        var progressed = false
        // A connection that does not answer is not trusted with anything new.
        if let pinged, now - pinged > 1 { return false }
        if let time = openAgain, now < time { return false }
        openAgain = nil
        if let next = waiting.first, let channel = spare, running.count < channelLimit || next.job == nil {
            spare = nil
            start(next, on: channel, now)
            progressed = true
        }
        // A killer may have one channel more than all others.
        let limit = channelLimit + (waiting.first.map { $0.job == nil } ?? false ? 1 : 0)
        guard
            isOpening
                || (spare == nil && channelCount < limit && !isClosing && !(isForOne && waiting.isEmpty)
                    || waiting.first?.job == nil && !waiting.isEmpty)
        else {
            return progressed
        }
        isOpening = true
        switch session.openChannel() {
        case .waiting: return progressed
        case .failed:
            isOpening = false
            session.markBroken(session.lastError)
            return false
        case .refused(let reason):
            isOpening = false
            if channelCount == 0 {
                // The server may not have tidied the last one away yet.
                refusals += 1
                if refusals > 20 { session.markBroken("the server opens no channel: \(reason)") }
                openAgain = now + 0.05
                return false
            }
            trace("no more than \(channelCount) channels: \(reason)")
            channelLimit = max(1, channelCount)
            if let killer = waiting.first, killer.job == nil {
                waiting.removeFirst()
                killer.finish(.failure(TransportFailure(.other, "No channel for \(killer.name).", hadNoEffect: true)))
            }
            return progressed
        case .opened(let channel):
            isOpening = false
            refusals = 0
            if let next = waiting.first {
                start(next, on: channel, now)
            } else {
                spare = channel
            }
            return true
        }
    }

    private func start(_ execution: Execution, on channel: SSHChannel, _ now: Double) {
        waiting.removeFirst()
        running.append(execution)
        execution.begin(on: channel, now: now)
    }

    // MARK: Signs of life

    private func keepAlive(_ session: SSHSession, _ now: Double) {
        if let pinged {
            if now - pinged >= loop.keepAlive.patience, now - session.lastHeard >= loop.keepAlive.patience {
                session.markBroken("no answer for \(Self.seconds((now - session.lastHeard).rounded()))")
            }
        } else if now - session.lastHeard >= loop.keepAlive.interval {
            pinged = now
            session.ping()
        }
    }

    func nextWorkDeadline(_ session: SSHSession) -> Double {
        var next = pinged.map { $0 + loop.keepAlive.patience } ?? (session.lastHeard + loop.keepAlive.interval)
        if let openAgain { next = min(next, openAgain) }
        for execution in running { next = min(next, execution.deadline) }
        for stop in stopping { next = min(next, stop.deadline) }
        return next
    }
}
