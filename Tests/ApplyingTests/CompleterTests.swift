import Addresses
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Synchronization
import TestSupport
import Testing
import Values

@testable import Applying

/// A step that takes long to be finished, on a host that does not answer, holds up no other.
@Suite struct CompleterTests {
    /// - Parameters:
    ///   - unread: the steps that never come back are known to have to be read first.
    @Test(arguments: [(40, true), (1, false), (3, false)])
    func slowOnesHoldUpNobody(slow: Int, unread: Bool) async throws {
        let count = 400
        let object = thingObject("a", "id-a")
        let changes = (0..<count).map { index in
            Change(
                address: object.address, provider: testProvider, action: .update, after: object.attributes, record: object,
                isUnread: unread && index < slow)
        }
        let plan = thingPlan(changes, changes.indices.map { Vertex(kind: .effect(.update, change: $0)) })
        let answered = Answered()
        let gate = Threshold()
        let completer = Completer(
            reading: PlanReading(plan, digest: ""), completing: SlowCompleting(slow: slow, gate: gate), providers: NoProviders(),
            facts: RunFacts(base: StateSnapshot(version: StateVersion(lineage: "", serial: 0)), identities: [])
        ) { answered.add($0.map { Int($0.0) }) }
        completer.complete(changes.indices.map { Int32($0) })
        while answered.all.count < count - slow { try await Task.sleep(for: .milliseconds(1)) }
        #expect(answered.all.sorted() == Array(slow..<count))
        gate.open()
        while answered.all.count < count { try await Task.sleep(for: .milliseconds(1)) }
        #expect(answered.all.sorted() == Array(0..<count))
    }
}

private final class Answered: Sendable {
    private let vertices = Mutex<[Int]>([])
    var all: [Int] { vertices.withLock { $0 } }
    func add(_ more: [Int]) { vertices.withLock { $0 += more } }
}

private final class Threshold: Sendable {
    private let isOpen = Mutex(false)
    func open() { isOpen.withLock { $0 = true } }
    func pass() async {
        // Nobody cancels it.
        while !isOpen.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(1)) }
    }
}

private struct NoProviders: ProviderPool {
    func provider(_ address: ProviderConfigAddress) async throws(DiagnosticError) -> any Provider {
        throw DiagnosticError(.error("There are no providers"))
    }
}

/// The first few steps are not finished before the gate opens.
private struct SlowCompleting: StepCompleting {
    let slow: Int
    let gate: Threshold

    func complete(_ vertex: Int, facts: any Facts) async throws(DiagnosticError) -> CompletedStep {
        if vertex < slow { await gate.pass() }
        return CompletedStep(action: .noOp, provider: testProvider)
    }

    func output(_ index: Int, facts: any Facts) async throws(DiagnosticError) -> Value { .null }
    func check(_ index: Int, facts: any Facts) async -> [Diagnostic] { [] }
    func settle(_ vertex: Int, object: StateObject?) async {}
}
