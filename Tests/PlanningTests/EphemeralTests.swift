import Addresses
import ConfigModel
import Diagnostics
import PlanModel
import Planning
import ProviderKit
import StateModel
import Synchronization
import Testing
import Values

/// What a provider was asked to do with its ephemeral resources, and what it answers.
final class Leases: Sendable {
    private let events = Mutex<[String]>([])
    /// Seconds until each is to be renewed; nil: never.
    let renewAfter: Double?
    /// Renewing takes until this lets it go on.
    let gate: AsyncStream<Void>?
    let failsToClose: Bool

    init(renewAfter: Double? = nil, gate: AsyncStream<Void>? = nil, failsToClose: Bool = false) {
        (self.renewAfter, self.gate, self.failsToClose) = (renewAfter, gate, failsToClose)
    }

    var said: [String] { events.withLock { $0 } }
    func note(_ event: String) { events.withLock { $0.append(event) } }
}

extension EchoProvider: EphemeralOpening {
    func open(_ request: EphemeralRequest) async throws(ProviderFailure) -> OpenEphemeral {
        leases?.note("open \(request.address)")
        let result = Value.object([("answer", .string("once")), ("query", request.configuration["query"] ?? .null)])
        return OpenEphemeral(result: result, privateBytes: [0], renewAfter: leases?.renewAfter)
    }

    func renew(_ open: OpenEphemeral, of type: ResourceType) async throws(ProviderFailure) -> OpenEphemeral {
        leases?.note("renew \(open.privateBytes[0])")
        if let gate = leases?.gate { for await _ in gate { break } }
        var renewed = open
        renewed.privateBytes = [open.privateBytes[0] + 1]
        return renewed
    }

    func close(_ open: OpenEphemeral, of type: ResourceType) async throws(ProviderFailure) {
        leases?.note("close \(open.privateBytes[0])\(Task.isCancelled ? ", cancelled" : "")")
        if leases?.failsToClose == true {
            throw ProviderFailure(.unexpectedAnswer, summary: "Lease not given back", detail: "It stays until it ends by itself.")
        }
    }
}

@Suite struct EphemeralTests {
    private let text = """
        ephemeral "echo_lease" "a" { query = "x" }
        ephemeral "echo_lease" "b" { query = ephemeral.echo_lease.a.answer }
        """

    private func finishing(_ leases: Leases, _ more: String = "") async throws -> Finishing {
        var provider = EchoProvider()
        provider.leases = leases
        return try await Finishing(text + "\n" + more, provider: provider)
    }

    @Test func theLastOpenedIsClosedFirstAndOnce() async throws {
        let leases = Leases()
        let run = try await finishing(leases)
        #expect(await run.planner.closeEphemerals().isEmpty)
        #expect(await run.planner.closeEphemerals().isEmpty)
        #expect(leases.said == ["open ephemeral.echo_lease.a", "open ephemeral.echo_lease.b", "close 0", "close 0"])
    }

    @Test func whatCannotBeClosedIsAWarningThatNamesIt() async throws {
        let run = try await finishing(Leases(failsToClose: true))
        let told = await run.planner.closeEphemerals()
        #expect(told.map(\.severity) == [.warning, .warning])
        #expect(told.map(\.address) == ["ephemeral.echo_lease.b", "ephemeral.echo_lease.a"])
        #expect(told.first?.summary == "Lease not given back")
    }

    @Test func whatACancelledRunHasOpenIsClosedAllTheSame() async throws {
        let leases = Leases()
        let planner = try await finishing(leases).planner
        let closing = Task {
            while !Task.isCancelled { await Task.yield() }
            return await planner.closeEphemerals()
        }
        closing.cancel()
        #expect(await closing.value.isEmpty)
        #expect(leases.said.suffix(2) == ["close 0", "close 0"])
    }

    /// A renewal that is under way is waited for, and what it gave is what is closed. Nothing is renewed after that.
    @Test func aRenewalUnderWayEndsBeforeItsLeaseIsClosed() async throws {
        let (gate, opening) = AsyncStream<Void>.makeStream()
        // No provider gets to renew without a pause.
        let leases = Leases(renewAfter: -5, gate: gate)
        let run = try await finishing(leases)
        while leases.said.count(where: { $0 == "renew 0" }) < 2 { try await Task.sleep(for: .milliseconds(20)) }
        async let closing = run.planner.closeEphemerals()
        try await Task.sleep(for: .milliseconds(50))
        #expect(!leases.said.contains { $0.hasPrefix("close") })
        opening.finish()
        #expect(await closing.isEmpty)
        #expect(leases.said.suffix(2) == ["close 1", "close 1"])
        try await Task.sleep(for: .milliseconds(1500))
        #expect(leases.said.count == 6)
    }
}
