public import Transport

/// Runs scripts on hosts over SSH: one verified, authenticated connection a host, kept open and shared, with many channels.
///
/// All sessions live on one thread of their own; callers only wait. Two endpoints that differ in the user, say, have two connections;
/// two that differ in what they trust share one if both accept the key that was shown. Private keys are unlocked once for all hosts.
///
/// A script ends when its shell has ended *and* nobody holds its output any more: what it leaves running must have its output
/// redirected. Call `close` before the process ends, so that hosts are told.
public final class SSHHostTransport: HostTransport {
    /// When a silent connection is taken for dead.
    public struct KeepAlive: Sendable, Hashable {
        /// Seconds of silence after which the host is asked for a sign of life; at least 2.
        public var interval: Double
        /// Seconds without an answer after which the connection counts as broken.
        public var patience: Double

        public init(interval: Double = 5, patience: Double = 15) {
            self.interval = max(2, interval)
            self.patience = patience
        }
    }

    private let thread: EventThread

    /// - Parameter trace: gets lines about connections and scripts; never with a script's text, its input or output, or a secret.
    public init(trace: TransportTrace? = nil, keepAlive: KeepAlive = .init()) {
        thread = EventThread(trace: trace, keepAlive: keepAlive)
    }

    deinit {
        _ = thread.post(.stop)
    }

    /// Runs the script on the host's connection, which is made if there is none.
    ///
    /// - Parameter onOutput: gets standard output in pieces, in order, on an unspecified thread; all have been delivered when this returns.
    /// - Throws: `TransportFailure`, with `hadNoEffect` where the script had certainly not begun. A script that fails is a result.
    public func run(
        _ command: HostCommand, on host: HostEndpoint, onOutput: (@Sendable ([UInt8]) -> Void)?
    ) async throws(TransportFailure) -> HostCommandResult {
        guard !command.script.utf8.contains(0) else {
            throw TransportFailure(.other, "A script holds a NUL byte, which no shell can read.", hadNoEffect: true)
        }
        let outcome: Job.Outcome
        if let onOutput {
            let (pieces, output) = AsyncStream<[UInt8]>.makeStream()
            async let delivery: Void = { for await piece in pieces { onOutput(piece) } }()
            outcome = await wait(for: Job(.script(command, output: output), on: host))
            await delivery
        } else {
            outcome = await wait(for: Job(.script(command, output: nil), on: host))
        }
        guard case .script(let result) = try outcome.get() else {
            throw TransportFailure(.other, "The SSH thread gave an answer to another question.")
        }
        return result
    }

    /// Makes a connection of its own, up to the handshake, and closes it: who asks may want to know whether one comes through.
    public func hostKey(of host: HostEndpoint) async throws(TransportFailure) -> HostKey {
        guard case .hostKey(let key) = try await wait(for: Job(.hostKey, on: host)).get() else {
            throw TransportFailure(.other, "The SSH thread gave an answer to another question.")
        }
        return key
    }

    public func knowsKey(of host: HostEndpoint) -> Bool {
        HostKeyPolicy(address: host.address, port: host.port, pinned: [], files: host.trust.knownHosts.map { KnownHosts($0) }).isListed
    }

    /// Stops what runs, waits until it is stopped (a few seconds at most), and closes all connections. Later commands open new ones.
    public func close() async {
        await withCheckedContinuation { continuation in
            if !thread.post(.close(continuation)) { continuation.resume() }
        }
    }

    private func wait(for job: Job) async -> Job.Outcome {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                job.wait(with: continuation)
                if !thread.post(.start(job)) {
                    job.finish(.failure(TransportFailure(.other, "The system gives no thread or descriptors for SSH.", hadNoEffect: true)))
                }
            }
        } onCancel: {
            job.cancel()
            _ = thread.post(.cancel(job))
        }
    }
}
