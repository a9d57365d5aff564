import Transport

/// One script on one channel: sends it, answers `sudo`, gathers its output. Confined to the loop's thread.
final class Execution {
    enum Turn {
        case idle
        case progressed
        /// The channel has nothing more to say: what came of it.
        case ended(Result<HostCommandResult, TransportFailure>)
        /// The script runs, and has to be stopped for this reason.
        case mustStop(TransportFailure)
        /// libssh2 can do no more with the session.
        case broken
    }

    /// Nil for scripts of our own.
    let job: Job?
    let command: HostCommand
    private let host: HostEndpoint
    private let output: AsyncStream<[UInt8]>.Continuation?
    private let deliver: (Result<HostCommandResult, TransportFailure>) -> Void
    private let loader: ScriptLoader
    private(set) var channel: SSHChannel?
    private(set) var deadline = Double.infinity
    private(set) var started = 0.0

    private var isAnswered = false
    private var standardInput: [[UInt8]] = []
    private var position = (part: 0, byte: 0)
    private var isInputComplete = false
    private var isEOFSent = false
    private var refusesInput = false
    private var isPayloadQueued = false
    /// The session's count of accepted bytes at the script's last byte.
    private var payloadEnd: UInt64?
    private var isPasswordSent = false

    private var outputHead: StreamHead
    private var errorHead: StreamHead
    private var collected: [UInt8] = []
    private var errors = StreamTail()
    private var isDiscarding = false

    /// Unsent bytes of a session above which channels write no more.
    private static let writeLimit = 256 << 10

    init(
        _ command: HostCommand, on host: HostEndpoint, job: Job?, output: AsyncStream<[UInt8]>.Continuation? = nil,
        deliver: @escaping (Result<HostCommandResult, TransportFailure>) -> Void
    ) {
        self.command = command
        self.host = host
        self.job = job
        self.output = output
        self.deliver = deliver
        loader = ScriptLoader(script: command.script, hasInput: !command.input.isEmpty, become: host.effectiveBecome)
        outputHead = StreamHead(announcement: loader.announcement)
        errorHead = StreamHead(announcement: loader.announcement)
    }

    var name: String { command.name.isEmpty ? "a script" : command.name }

    func finish(_ result: Result<HostCommandResult, TransportFailure>) {
        channel = nil
        deliver(result)
    }

    /// Gives the channel back to be closed.
    func releaseChannel() -> SSHChannel? {
        defer { channel = nil }
        return channel
    }

    // MARK: Begin

    func begin(on channel: SSHChannel, now: Double) {
        self.channel = channel
        started = now
        deadline = now + command.timeout
        if !loader.mayAskForPassword { queuePayload() }
    }

    private func queuePayload() {
        guard !isPayloadQueued else { return }
        isPayloadQueued = true
        standardInput.append(loader.payload)
        if !command.input.isEmpty { standardInput.append(command.input) }
        isInputComplete = true
    }

    /// The process of the script's shell, once it is known.
    var process: Int? { outputHead.isPassed ? Int(outputHead.word) : nil }

    var announcement: [UInt8] { loader.announcement }

    /// Whether the whole script may have reached the host.
    func mayHaveBegun(sent: UInt64) -> Bool { payloadEnd.map { sent >= $0 } ?? false }

    /// What is still to come is of no interest.
    func discardOutput() {
        isDiscarding = true
        deadline = .infinity
        collected = []
    }

    // MARK: Turn

    /// - Parameter isPasswordProven: whether `sudo` has taken the password on this connection before.
    func turn(_ session: SSHSession, scratch: UnsafeMutableRawBufferPointer, budget: inout Int, isPasswordProven: inout Bool) -> Turn {
        guard let channel else { return .idle }
        var progressed = false
        if !isAnswered {
            switch channel.execute(loader.commandLine) {
            case .waiting: break
            case .done: isAnswered = true
            case .failed:
                if session.lastErrorCode != -22 { return .broken }
                return .ended(
                    .failure(
                        TransportFailure(
                            .other, "\(host.label) refuses to run commands: its SSH server denied the request for \(name).",
                            hints: ["Check the account's restrictions in authorized_keys and sshd_config (ForceCommand, restrict)."],
                            hadNoEffect: true)))
            }
        }
        if write(to: channel, session) { progressed = true }
        for isErrorStream in [true, false] {
            while budget > 0 {
                guard case .bytes(let bytes) = channel.read(errorStream: isErrorStream, into: scratch) else { break }
                budget -= bytes.count
                progressed = true
                if isErrorStream { takeErrors(bytes) } else if let failure = takeOutput(bytes) { return .mustStop(failure) }
            }
        }
        if session.breakage != nil { return .broken }
        if loader.mayAskForPassword, let turn = answerSudo(&isPasswordProven) { return turn }
        if budget > 0, channel.isFinished { return .ended(outcome(of: channel)) }
        return progressed ? .progressed : .idle
    }

    private func write(to channel: SSHChannel, _ session: SSHSession) -> Bool {
        var progressed = false
        while !refusesInput, position.part < standardInput.count, session.unsentCount < Self.writeLimit {
            let part = standardInput[position.part]
            let count = part.withUnsafeBytes { channel.write(UnsafeRawBufferPointer(rebasing: $0[position.byte...])) }
            // A script that has ended takes no more input; how it ended is what counts.
            guard let count else {
                refusesInput = true
                break
            }
            guard count > 0 else { break }
            progressed = true
            position.byte += count
            guard position.byte == part.count else { continue }
            if isPayloadQueued, payloadEnd == nil, position.part == standardInput.count - (command.input.isEmpty ? 1 : 2) {
                payloadEnd = session.acceptedCount
            }
            // Input can be long: what has been sent is not kept.
            standardInput[position.part] = []
            position = (position.part + 1, 0)
        }
        if isInputComplete, !isEOFSent, position.part == standardInput.count || refusesInput {
            // Failing is no loss: the host has closed the channel already.
            _ = channel.sendEOF()
            isEOFSent = true
            progressed = true
        }
        return progressed
    }

    private func takeOutput(_ bytes: UnsafeRawBufferPointer) -> TransportFailure? {
        if isDiscarding, outputHead.isPassed { return nil }
        if outputHead.isPassed, output == nil {
            guard command.keepsOutput else { return nil }
            collected.append(contentsOf: bytes)
        } else {
            let piece = outputHead.pass(bytes)
            guard !piece.isEmpty else { return nil }
            output?.yield(piece)
            guard command.keepsOutput else { return nil }
            collected.append(contentsOf: piece)
        }
        guard collected.count > command.maximumOutputBytes else { return nil }
        return TransportFailure(
            .responseTooLarge, "The output of \(name) on \(host.label) is longer than \(command.maximumOutputBytes) bytes.")
    }

    private func takeErrors(_ bytes: UnsafeRawBufferPointer) {
        let piece = errorHead.pass(bytes)
        if !piece.isEmpty { errors.append(piece) }
    }

    // MARK: Privilege

    private func answerSudo(_ isPasswordProven: inout Bool) -> Turn? {
        if outputHead.isPassed || errorHead.isPassed {
            if isPasswordSent { isPasswordProven = true }
            guard !isPayloadQueued else { return nil }
            queuePayload()
            return .progressed
        }
        let prompts = errorHead.count(of: loader.prompt)
        if prompts > 1, isPasswordSent {
            return .ended(.failure(privilegeFailure("the password was refused", hint: "Give the right password of \(host.user) for sudo.")))
        }
        guard prompts == 1, !isPasswordSent, let password = host.effectiveBecome?.password else { return nil }
        isPasswordSent = true
        standardInput.append(Array("\(password)\n".utf8))
        // Nothing but the password goes ahead of the announcement unless the password is known to be right:
        // else sudo would take the script for the next try.
        if isPasswordProven { queuePayload() }
        return .progressed
    }

    private func privilegeFailure(_ reason: String, hint: String) -> TransportFailure {
        let become = host.effectiveBecome
        return TransportFailure(
            .privilege,
            "\(host.label) cannot become \(become?.user ?? "another user") by \(become?.method ?? "sudo"): \(reason). \(Self.sentence(name)) did not begin.",
            hints: [hint], hadNoEffect: true)
    }

    static func sentence(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    // MARK: End

    private func outcome(of channel: SSHChannel) -> Result<HostCommandResult, TransportFailure> {
        let signal = channel.exitSignal
        guard outputHead.isPassed else { return .failure(neverBegan(status: channel.exitStatus, signal: signal)) }
        let status = signal.map { 128 + Self.number(of: $0) } ?? channel.exitStatus
        let errorOutput = errorHead.isPassed ? errors.bytes : errorHead.preamble
        return .success(HostCommandResult(status: status, output: collected, errorOutput: errorOutput))
    }

    /// The channel ended without the loader: what the host said instead tells why.
    private func neverBegan(status: Int, signal: String?) -> TransportFailure {
        var said = String(decoding: errorHead.preamble + outputHead.preamble, as: UTF8.self)
        for text in [loader.prompt, loader.announcement] { said = said.replacing(String(decoding: text, as: UTF8.self), with: "") }
        said = said.split(whereSeparator: \.isNewline).suffix(5).map { String($0).trimmingSpaces() }.filter { !$0.isEmpty }.joined(
            separator: " / ")
        if said.isEmpty { said = signal.map { "ended by signal \($0)" } ?? "it said nothing and ended with status \(status)" }
        guard let become = host.effectiveBecome else {
            return TransportFailure(
                .other, "\(Self.sentence(name)) did not begin on \(host.label), since no shell came: \(said)",
                hints: ["The account needs a login shell that runs commands, with sh and head in its path."], hadNoEffect: true)
        }
        return privilegeFailure(said, hint: Self.advice(said, become, user: host.user))
    }

    private static func advice(_ said: String, _ become: HostEndpoint.Become, user: String) -> String {
        if said.contains("must have a tty") || said.contains("no tty") {
            return "Remove requiretty for \(user) in the host's sudoers: Defaults:\(user) !requiretty"
        }
        if become.method == "doas" {
            return "doas takes a password from a terminal only: allow \(user) with nopass in the host's doas.conf, or use sudo."
        }
        if said.contains("not found") || said.contains("No such file") {
            return "Install \(become.method) on the host, or log in as \(become.user)."
        }
        if said.contains("password is required"), become.password == nil {
            return "Give the password for sudo, or allow \(user) without one (NOPASSWD)."
        }
        return "Check what \(user) may do on the host: sudo -l"
    }

    private static func number(of signal: String) -> Int {
        let numbers = [
            "HUP": 1, "INT": 2, "QUIT": 3, "ILL": 4, "TRAP": 5, "ABRT": 6, "BUS": 7, "FPE": 8, "KILL": 9, "USR1": 10, "SEGV": 11,
            "USR2": 12,
            "PIPE": 13, "ALRM": 14, "TERM": 15,
        ]
        return numbers[signal] ?? 0
    }
}
