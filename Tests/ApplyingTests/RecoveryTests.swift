import Addresses
import Applying
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import TestSupport
import Testing
import Values

/// A provider that answers questions about intents as it is told.
private struct Oracle: Provider {
    var answer: @Sendable (FindRequest) throws(ProviderFailure) -> FindOutcome = { _ in .absent }
    var reading: @Sendable (ReadRequest) -> ReadOutcome? = { .found($0.object) }

    func batchKey(type: ResourceType, container: Value?) -> String { "" }
    func parallelism(of batchKey: String) -> Int { 0 }
    func read(_ requests: [ReadRequest]) -> AsyncStream<(Int, ReadOutcome)> {
        AsyncStream { continuation in
            for (index, request) in requests.enumerated() { if let outcome = reading(request) { continuation.yield((index, outcome)) } }
            continuation.finish()
        }
    }
    func propose(_ desired: Desired?, from prior: RemoteObject?, of type: ResourceType) async throws(ProviderFailure) -> Proposal {
        Proposal(planned: nil)
    }
    func apply(_ group: [ApplyRequest]) -> AsyncStream<(Int, ApplyOutcome)> { AsyncStream { $0.finish() } }
    func find(_ request: FindRequest) async throws(ProviderFailure) -> FindOutcome { try answer(request) }
}

private struct Pool: ProviderPool {
    var oracle: Oracle?
    func provider(_ address: ProviderConfigAddress) async throws(DiagnosticError) -> any Provider {
        guard let oracle else { throw DiagnosticError(.error("Provider configuration not present")) }
        return oracle
    }
}

@Suite struct RecoveryTests {
    private let clock = ApplyClock(now: { 7 }, sleep: { _ in })

    private func object(_ name: String, _ generation: Generation = .current, container: String? = nil) -> StateObject {
        StateObject(
            address: ObjectAddress(instanceAddress(name), generation),
            attributes: .object([("id", .string("id-\(name)")), ("secret", Value.string("old").marked(.sensitive))]),
            provider: testProvider,
            container: container.map { instanceAddress($0) }, dependencies: [instanceAddress("dep").resource])
    }

    private func intent(_ id: String, _ action: Intent.Action, _ object: StateObject) -> Intent {
        var planned = object
        planned.attributes = .object([("id", .unknown(.string)), ("secret", Value.string("new").marked(.sensitive))])
        return Intent(
            id: id, action: action, address: object.address, planned: action == .delete ? nil : planned, run: RunID(rawValue: "run"),
            vertex: 0)
    }

    private func recover(_ objects: [StateObject], _ intents: [Intent], _ oracle: Oracle?) async throws -> RecoveryResult {
        let store = InMemoryStore(
            StateSnapshot(
                version: StateVersion(lineage: "l", serial: 3), objects: Dictionary(uniqueKeysWithValues: objects.map { ($0.address, $0) }),
                openIntents: intents))
        let lock = try await store.lock(for: RandomState.holder)
        let recovery = Recovery(store: store, lock: lock, providers: Pool(oracle: oracle), clock: clock)
        let result = try await recovery.recover(try await store.snapshot(), run: Bench.record(9))
        let stored = try await store.snapshot()
        #expect(stored.objects == result.snapshot.objects && stored.openIntents == result.snapshot.openIntents)
        #expect(stored.version == result.snapshot.version)
        return result
    }

    private func remote(_ id: String) -> RemoteObject {
        RemoteObject(
            type: ResourceType("thing_a"), attributes: .object([("id", .string(id)), ("secret", .string("new"))]), privateBytes: [9])
    }

    @Test func nothingIsWrittenWhereNothingIsOpen() async throws {
        let result = try await recover([object("a")], [], Oracle())
        #expect(result.snapshot.version.serial == 3)
    }

    @Test func whatWasMadeIsAdoptedWithItsMarks() async throws {
        let a = object("a")
        let result = try await recover(
            [], [intent("1", .create, a)],
            Oracle(answer: { request in
                #expect(request.intent.rawValue == "1" && request.planned?["secret"]?.isSensitive == true)
                return .found(
                    RemoteObject(
                        type: request.type, attributes: .object([("id", .string("id-9")), ("secret", .string("new"))]), privateBytes: [9]))
            }))
        let found = try #require(result.snapshot.objects[a.address])
        #expect(found.attributes == .object([("id", .string("id-9")), ("secret", Value.string("new").marked(.sensitive))]))
        #expect(found.privateBytes == [9] && found.dependencies == a.dependencies && found.status == .ready)
        #expect(result.adopted.map(\.id) == ["1"] && result.unresolved.isEmpty)
    }

    @Test func whatIsHalfMadeIsRecordedAsTaintedAndSaid() async throws {
        let a = object("a")
        let half = remote("id-9")
        let result = try await recover(
            [], [intent("1", .create, a)], Oracle(answer: { _ in .unfinished(half, what: "Its rules are not attached.") }))
        let found = try #require(result.snapshot.objects[a.address])
        #expect(found.status == .tainted && found.attributes["id"] == .string("id-9") && found.attributes["secret"]?.isSensitive == true)
        #expect(result.unfinished.map(\.id) == ["1"] && result.adopted.isEmpty && result.unresolved.isEmpty)
        let told = try #require(result.diagnostics.first)
        #expect(told.severity == .warning && told.address == "thing_a.a" && !told.hints.isEmpty)
        #expect(told.detail.contains("Its rules are not attached.") && told.detail.contains("tainted"))
    }

    @Test func whatWasNotMadeIsWithdrawnAndTheOldComesBack() async throws {
        let id = "00000000000000000000000012345678"
        let old = object("a", .deposed("12345678"))
        let other = object("a", .deposed("ffffffff"))
        let result = try await recover([old, other], [intent(id, .create, object("a"))], Oracle())
        #expect(result.withdrawn.count == 1)
        #expect(Set(result.snapshot.objects.keys) == [object("a").address, other.address])
        #expect(result.snapshot.objects[object("a").address]?.attributes == old.attributes)
    }

    @Test func whereTheServiceCannotTellAPersonIsAsked() async throws {
        let result = try await recover(
            [], [intent("1", .create, object("a"))], Oracle(answer: { _ in .uncertain(candidates: ["i-1", "i-2"]) }))
        #expect(result.unresolved.count == 1)
        let told = try #require(result.diagnostics.first)
        #expect(told.detail.contains("i-1, i-2") && told.address == "thing_a.a")
        // Forgotten first, and what was made is taken over, not deleted.
        #expect(told.hints.contains { $0.contains("`ashlar state rm 'thing_a.a'`") })
        #expect(told.hints.contains { $0.contains("`ashlar import 'thing_a.a' ID`") } && !told.hints.contains { $0.contains("delete") })
    }

    @Test func aProviderThatFailsLeavesItOpen() async throws {
        let result = try await recover(
            [object("b")], [intent("1", .create, object("a")), intent("2", .update, object("b"))],
            Oracle(
                answer: { _ throws(ProviderFailure) in throw ScriptedProvider.lost },
                reading: { _ in .unreachable(ScriptedProvider.lost, group: "x") }))
        #expect(result.unresolved.count == 2 && result.diagnostics.count == 2)
        let missing = try await recover([object("b")], [intent("1", .create, object("a")), intent("2", .update, object("b"))], nil)
        #expect(
            missing.unresolved.count == 2
                && missing.diagnostics.map(\.summary) == Array(repeating: "Provider configuration not present", count: 2))
        let silent = try await recover([object("b")], [intent("2", .update, object("b"))], Oracle(reading: { _ in nil }))
        #expect(silent.unresolved.count == 1 && silent.diagnostics.count == 1)
    }

    @Test func updatesAndDeletesAreReadAgain() async throws {
        let (a, b, c) = (object("a"), object("b"), object("c"))
        let now = remote("id-a")
        let result = try await recover(
            [a, b, c], [intent("1", .update, a), intent("2", .delete, b), intent("3", .delete, c)],
            Oracle(reading: { request in
                request.address == a.address
                    ? .found(now) : request.address == b.address ? .gone : .found(request.object)
            }))
        #expect(result.reread.count == 3 && result.unresolved.isEmpty)
        #expect(result.snapshot.objects[a.address]?.attributes["secret"] == Value.string("new").marked(.sensitive))
        #expect(result.snapshot.objects[b.address] == nil && result.snapshot.objects[c.address] == c)
    }

    @Test func aProvisionerThatWasCutOffTaints() async throws {
        let result = try await recover([object("a")], [intent("1", .provision, object("a"))], Oracle())
        #expect(result.snapshot.objects[object("a").address]?.status == .tainted && result.unresolved.isEmpty)
    }

    /// It runs again before the object goes, whose end it was to be: tainted, it would not.
    @Test func aDestroyTimeProvisionerThatWasCutOffLeavesItsObjectAsItIs() async throws {
        let result = try await recover([object("a")], [intent("1", .deprovision, object("a"))], Oracle())
        #expect(result.snapshot.objects[object("a").address]?.status == .ready && result.withdrawn.map(\.id) == ["1"])
    }

    @Test func whatWasMadeAndNotProvisionedIsAdoptedAsTainted() async throws {
        var planned = object("a")
        planned.status = .tainted
        let found = RemoteObject(type: planned.address.instance.type, attributes: planned.attributes)
        let result = try await recover([], [intent("1", .create, planned)], Oracle(answer: { _ in .found(found) }))
        #expect(result.snapshot.objects[planned.address]?.status == .tainted)
    }

    @Test func contentsAreLookedForInTheirContainer() async throws {
        let file = object("file", container: "host")
        let host = object("host")
        // The host is found, then the file is looked for on it.
        var result = try await recover(
            [], [intent("2", .create, file), intent("1", .create, host)],
            Oracle(answer: { request in
                if request.address == instanceAddress("file") { #expect(request.container?["id"] == .string("id-h")) }
                return .found(RemoteObject(type: request.type, attributes: .object([("id", .string("id-h")), ("secret", .string(""))])))
            }))
        #expect(result.adopted.map(\.id) == ["1", "2"])
        // The host was not made: nothing can be on it, and nobody is asked.
        result = try await recover(
            [], [intent("2", .create, file), intent("1", .create, host)],
            Oracle(answer: { request in
                #expect(request.address == instanceAddress("host"))
                return .absent
            }))
        #expect(result.withdrawn.count == 2 && result.unresolved.isEmpty)
        // Nobody knows of the host: nobody can know of the file.
        result = try await recover(
            [], [intent("2", .create, file), intent("1", .create, host)], Oracle(answer: { _ in .uncertain(candidates: []) }))
        #expect(result.unresolved.count == 2 && result.diagnostics.count == 2)
        // The host is gone, and what was being changed on it with it.
        let lost = object("file", container: "nowhere")
        result = try await recover([lost], [intent("3", .update, lost)], Oracle(reading: { _ in .found(self.remote("x")) }))
        #expect(result.snapshot.objects.isEmpty && result.unresolved.isEmpty)
    }
}
