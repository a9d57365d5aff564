import Addresses
import Applying
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import TestSupport
import Testing
import Values

@Suite struct RunTests {
    private let pair = [Wish(name: "a"), Wish(name: "b", needs: ["a"])]

    @Test func stepsRunInOrderAndFactsFlow() async throws {
        let bench = Bench()
        let recorder = Recorder()
        let result = try await bench.apply(pair, observer: recorder)
        #expect(result.isDone && result.counts.created == 2 && result.done.map(\.label) == ["thing_a.a", "thing_a.b"])
        #expect(recorder.words == ["began thing_a.a", "ended thing_a.a", "began thing_a.b", "ended thing_a.b"])
        let snapshot = try await bench.store.snapshot()
        #expect(snapshot.objects[ObjectAddress(pair[1].instance)]?.attributes["inputs"] == .list([.string("id-1")], of: .string))
        #expect(snapshot.objects[ObjectAddress(pair[1].instance)]?.dependencies == [pair[0].instance.resource])
        #expect(snapshot.openIntents.isEmpty && snapshot.version == result.version)
        let run = try await bench.store.history(limit: 1).first
        #expect(run?.result == .done && run?.counts == result.counts && run?.endedAt == 1_700_000_000)
        // An intent precedes each effect, a fact follows it, and the second's intent comes with the first's fact.
        let words = await bench.store.events.compactMap { event -> String? in
            switch event {
            case .intent(let intent): "intent \(intent.vertex)"
            case .fact(_, let address, _): "fact \(address)"
            default: nil
            }
        }
        #expect(words == ["intent 0", "fact thing_a.a", "intent 1", "fact thing_a.b"])
        #expect(await bench.store.appends == 5)
    }

    @Test func aFailureStopsWhatDependsOnItAndNothingElse() async throws {
        let bench = Bench {
            ScriptedProvider(
                world: $0,
                script: { request, _ in request.address.description.hasSuffix(".b") ? .fail(ScriptedProvider.refused) : .succeed })
        }
        let wishes = pair + [Wish(name: "c", needs: ["b"]), Wish(name: "d", needs: ["a"])]
        let recorder = Recorder()
        let result = try await bench.apply(wishes, observer: recorder)
        #expect(result.done.map(\.label) == ["thing_a.a", "thing_a.d"])
        #expect(result.failed.map(\.step.label) == ["thing_a.b"] && result.notBegun.map(\.label) == ["thing_a.c"])
        #expect(result.counts.failed == 1 && result.counts.notBegun == 1 && result.counts.created == 2)
        let told = try #require(result.errors.first)
        #expect(told.summary == "Refused" && told.address == "thing_a.b" && told.subject?.file == "main.tf")
        #expect(recorder.words.contains("failed thing_a.b"))
        // Nothing was made: its intent is closed and nothing is recorded.
        let snapshot = try await bench.store.snapshot()
        #expect(snapshot.objects.count == 2 && snapshot.openIntents.isEmpty)
        #expect(try await bench.store.history(limit: 1).first?.result == .failed)
    }

    @Test func aHalfDoneCreateIsRecordedAsTainted() async throws {
        let bench = Bench { ScriptedProvider(world: $0, script: { _, _ in .failHalfway(ScriptedProvider.refused) }) }
        let result = try await bench.apply([Wish(name: "a")])
        let object = try await bench.store.snapshot().objects[ObjectAddress(instanceAddress("a"))]
        #expect(result.failed.count == 1 && object?.status == .tainted && object?.attributes["id"] == .string("id-1"))
    }

    @Test func aHalfDoneUpdateKeepsItsStatus() async throws {
        var bench = Bench()
        _ = try await bench.apply([Wish(name: "a")])
        bench.provider = ScriptedProvider(world: bench.world, script: { _, _ in .failHalfway(ScriptedProvider.refused) })
        let result = try await bench.apply([Wish(name: "a", value: 1)], run: 2)
        let object = try await bench.store.snapshot().objects[ObjectAddress(instanceAddress("a"))]
        #expect(result.failed.count == 1 && object?.status == .ready && object?.attributes["value"] == .int(1))
    }

    @Test func whatPassesIsTriedAgain() async throws {
        let bench = Bench { ScriptedProvider(world: $0, script: { _, count in count < 3 ? .fail(ScriptedProvider.busy) : .succeed }) }
        let recorder = Recorder()
        let result = try await bench.apply([Wish(name: "a")], observer: recorder)
        #expect(result.isDone)
        #expect(recorder.words == ["began thing_a.a", "retried thing_a.a 1", "retried thing_a.a 2", "ended thing_a.a"])
        // One intent for all tries.
        #expect(await bench.store.events.filter { if case .intent = $0 { true } else { false } }.count == 1)
        #expect(bench.world.things.count == 1)
    }

    @Test func whatIsWaitedForIsTold() async throws {
        let bench = Bench { ScriptedProvider(world: $0, script: { _, _ in .wait(ScriptedProvider.busy) }) }
        let recorder = Recorder()
        let result = try await bench.apply([Wish(name: "a")], observer: recorder)
        #expect(result.isDone)
        #expect(recorder.words == ["began thing_a.a", "waits thing_a.a: \(ScriptedProvider.busy.detail)", "ended thing_a.a"])
    }

    @Test func triesAreLimited() async throws {
        let bench = Bench { ScriptedProvider(world: $0, script: { _, _ in .fail(ScriptedProvider.busy) }) }
        let recorder = Recorder()
        let result = try await bench.apply(pair, observer: recorder)
        #expect(result.failed.map(\.step.label) == ["thing_a.a"] && result.notBegun.count == 1)
        #expect(recorder.words.filter { $0.hasPrefix("retried") }.count == 3)
        #expect(try await bench.store.snapshot().openIntents.isEmpty)
    }

    @Test func delaysGrowToALimit() {
        let policy = RetryPolicy()
        #expect((1...4).map { policy.delay(after: $0) } == [0.5, 1.5, 4.5, nil])
        #expect(RetryPolicy(tries: 9).delay(after: 8) == 15)
    }

    @Test func aBrokenConnectionLeavesTheIntentOpenAndTheNextRunFindsWhatWasMade() async throws {
        var bench = Bench { ScriptedProvider(world: $0, script: { _, _ in .interrupt(done: true) }) }
        let result = try await bench.apply(pair)
        #expect(result.failed.first?.isOpen == true && result.failed.first?.diagnostics.first?.hints.isEmpty == false)
        #expect(try await bench.store.snapshot().openIntents.count == 1)
        bench.provider = ScriptedProvider(world: bench.world)
        let found = try await bench.recover()
        #expect(found.adopted.count == 1 && found.unresolved.isEmpty && found.diagnostics.isEmpty)
        #expect(found.snapshot.objects[ObjectAddress(pair[0].instance)]?.attributes["id"] == .string("id-1"))
        #expect(try await bench.apply(pair, run: 2).isDone && bench.world.things.count == 2)
    }
}
