import ProviderKit
import Synchronization
import Testing
import Transport
import Values

/// Waiting for a host that is being made known.
@Suite struct ReachingTests {
    /// Hosts that cannot be connected to.
    private final class NoHosts: HostTransport {
        let failure: TransportFailure
        let tries = Mutex(0)
        let tried: AsyncStream<Void>
        private let trying: AsyncStream<Void>.Continuation

        init(_ failure: TransportFailure) {
            self.failure = failure
            (tried, trying) = AsyncStream.makeStream()
        }

        func run(
            _ command: HostCommand, on host: HostEndpoint, onOutput: (@Sendable ([UInt8]) -> Void)?
        ) async throws(TransportFailure) -> HostCommandResult {
            tries.withLock { $0 += 1 }
            trying.yield()
            throw failure
        }

        func hostKey(of host: HostEndpoint) async throws(TransportFailure) -> HostKey { throw failure }
        func close() async {}
    }

    private func create(_ hosts: NoHosts, within seconds: Int) async throws -> (Lifecycle, ApplyRequest) {
        let life = try await Lifecycle(try repositoryProvider("host", transports(hosts: hosts)))
        return (life, try await life.request("host", ["address": .string("nowhere.invalid"), "timeout": .int(seconds)]))
    }

    @Test(.timeLimit(.minutes(5))) func aNameThatIsNotThereIsSoonGivenUp() async throws {
        let hosts = NoHosts(
            TransportFailure(.resolution, "The name nowhere.invalid has no address.", hadNoEffect: true, isNameUnknown: true))
        let (life, request) = try await create(hosts, within: 3600)
        var outcomes: [ApplyOutcome] = []
        for await (_, outcome) in life.provider.apply([request]) { outcomes.append(outcome) }
        // Whoever watches is told once what is waited for.
        guard outcomes.count == 2, case .waiting(let cause, let seconds) = outcomes[0], case .failed(let failure, object: nil) = outcomes[1]
        else { throw Unexpected() }
        #expect(cause.detail == "The name nowhere.invalid has no address." && seconds < 10)
        #expect(failure.code == .unreachable && !failure.isTransient && hosts.tries.withLock { $0 } > 2)
    }

    @Test(.timeLimit(.minutes(5))) func anInterruptEndsTheWait() async throws {
        let hosts = NoHosts(TransportFailure(.resolution, "The name servers do not answer.", hadNoEffect: true))
        let (life, request) = try await create(hosts, within: 3600)
        let interruption = Interruption()
        async let outcomes = Interruption.$current.withValue(interruption) { await life.apply([request]) }
        for await _ in hosts.tried { break }
        interruption.raise()
        guard case .notBegun? = await outcomes[0] else { throw Unexpected() }
    }

    private struct Unexpected: Error {}
}
