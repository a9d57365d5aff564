import Testing
import Transport

@testable import SSHTransport

/// What happens to a script when its host or the way to it is lost. One after the other, on h2 only.
@Suite(.serialized) struct FaultTests {
    let lab: TestLab
    let transport = SSHHostTransport(keepAlive: .init(interval: 2, patience: 2))

    init() async throws { lab = try await TestLab.shared }

    /// Runs a long script, does harm, expects the script's step to fail as interrupted, heals, and expects the next to work.
    private func interrupted(_ harm: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let host = try lab.endpoint(2)
        let task = await transport.begin("sleep 3600", on: host, timeout: 3600)
        switch harm.count {
        case 1: try await lab.lab(harm[0], "2")
        default: try await lab.lab(harm[0], "2", harm[1])
        }
        let result = await task.result
        try await lab.lab("heal", "2")
        guard case .failure(let error as TransportFailure) = result else {
            Issue.record("\(result)", sourceLocation: sourceLocation)
            return
        }
        #expect(error.code == .interrupted, sourceLocation: sourceLocation)
        #expect(!error.hadNoEffect, sourceLocation: sourceLocation)
        #expect(error.message.contains("root@\(lab.address(2))") && error.message.contains("into testing"), sourceLocation: sourceLocation)
        #expect(try await transport.text("echo again", on: host).1 == "again\n", sourceLocation: sourceLocation)
    }

    @Test func killed() async throws { try await interrupted("kill") }
    @Test func cut() async throws { try await interrupted("cut") }
    @Test func cutSilently() async throws { try await interrupted("cut", "--silent") }
    @Test func hung() async throws { try await interrupted("hang") }
    @Test func crashed() async throws { try await interrupted("crash") }

    @Test func aHungHostIsATimeoutOfTheConnection() async throws {
        try await lab.lab("hang", "2")
        let failure = try await transport.failure(on: lab.endpoint(2, timeout: 1))
        try await lab.lab("heal", "2")
        #expect(failure.code == .timeout && failure.hadNoEffect)
        #expect(failure.message.contains("within 1 s"))
    }

    @Test func anIdleConnectionThatBrokeIsMadeAnew() async throws {
        let host = try lab.endpoint(2)
        #expect(try await transport.text("echo one", on: host).1 == "one\n")
        try await lab.lab("kill", "2")
        try await lab.lab("heal", "2")
        #expect(try await transport.text("echo two", on: host).1 == "two\n")
    }

    @Test func waitingCommandsSurviveTheLossOfAConnection() async throws {
        let host = try lab.endpoint(2, channels: 1)
        let first = await transport.begin("sleep 60", on: host)
        let second = Task { try await transport.text("echo second", on: host) }
        try await Task.sleep(for: .milliseconds(100))
        // The sessions die, the server stays: what had not begun is done over a new connection.
        try await lab.exec(2, "pkill -9 -f '[s]shd: root'")
        guard case .failure(let error as TransportFailure) = await first.result else {
            Issue.record("it ended")
            return
        }
        #expect(error.code == .interrupted)
        #expect(try await second.value.1 == "second\n")
    }

    @Test func closingStopsWhatRuns() async throws {
        let transport = SSHHostTransport()
        let host = try lab.endpoint(2)
        let task = await transport.begin("sleep 4714", on: host)
        await transport.close()
        guard case .failure(let error as TransportFailure) = await task.result else {
            Issue.record("it ended")
            return
        }
        #expect(error.code == .cancelled)
        #expect(try await lab.exec(2, "pgrep -f '[s]leep 4714' || echo none") == "none\n")
    }

    @Test func farAway() async throws {
        try await lab.lab("delay", "2", "100")
        let host = try lab.endpoint(2)
        let clock = ContinuousClock()
        let begin = clock.now
        #expect(try await transport.text("echo far", on: host).1 == "far\n")
        let first = clock.now - begin
        try await Task.sleep(for: .milliseconds(500))
        let again = clock.now
        #expect(try await transport.text("echo far", on: host).1 == "far\n")
        let next = clock.now - again
        try await lab.lab("delay", "2", "0")
        // Eleven round trips and two (OpenSSH takes no input before the command has begun), and time for a busy machine.
        #expect(first < .milliseconds(2500), "\(first)")
        #expect(next < .milliseconds(290), "\(next)")
    }
}
