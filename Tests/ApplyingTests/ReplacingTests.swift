import Addresses
import Applying
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import TestSupport
import Testing
import Values

/// Replacements in either order, and what a failure leaves of them.
@Suite struct ReplacingTests {
    private func replacing(_ behaviour: ScriptedProvider.Behaviour, creates: Bool) async throws -> (Bench, ApplyResult) {
        var bench = Bench()
        _ = try await bench.apply([Wish(name: "a", createsFirst: creates)])
        bench.provider = ScriptedProvider(world: bench.world, script: { request, _ in request.action == .create ? behaviour : .succeed })
        return (bench, try await bench.apply([Wish(name: "a", kind: 1, createsFirst: creates)], run: 2))
    }

    @Test func theNewComesBeforeTheOldGoes() async throws {
        let (bench, result) = try await replacing(.succeed, creates: true)
        #expect(result.isDone && result.counts.replaced == 1)
        #expect(bench.world.deeds.map(\.action) == [.create, .create, .delete] && bench.world.things.keys.sorted() == ["id-2"])
        let snapshot = try await bench.store.snapshot()
        #expect(snapshot.objects.count == 1 && snapshot.deposed.isEmpty)
        // What makes way does so in the append that has the intent.
        let events = await bench.store.events
        let place = try #require(events.firstIndex { if case .deposed = $0 { true } else { false } })
        if case .intent(let intent) = events[place + 1] {
            #expect(intent.action == .create)
        } else {
            Issue.record("no intent after .deposed")
        }
    }

    @Test func aCreateThatMadeNothingPutsTheOldBack() async throws {
        let (bench, result) = try await replacing(.fail(ScriptedProvider.refused), creates: true)
        #expect(result.failed.count == 1 && result.notBegun.count == 1 && result.counts.replaced == 0)
        let snapshot = try await bench.store.snapshot()
        #expect(snapshot.objects[ObjectAddress(instanceAddress("a"))]?.attributes["id"] == .string("id-1") && snapshot.deposed.isEmpty)
    }

    @Test func aCreateThatMadeHalfKeepsBoth() async throws {
        var (bench, result) = try await replacing(.failHalfway(ScriptedProvider.refused), creates: true)
        #expect(result.failed.count == 1)
        let snapshot = try await bench.store.snapshot()
        #expect(snapshot.objects[ObjectAddress(instanceAddress("a"))]?.status == .tainted && snapshot.deposed.count == 1)
        // The next plan deletes what is deposed and replaces what is tainted.
        bench.provider = ScriptedProvider(world: bench.world)
        result = try await bench.apply([Wish(name: "a", kind: 1)], run: 3)
        #expect(result.isDone && bench.world.things.keys.sorted() == ["id-3"])
    }

    @Test func theOldGoesBeforeTheNewComes() async throws {
        let (bench, result) = try await replacing(.succeed, creates: false)
        #expect(result.isDone && bench.world.deeds.map(\.action) == [.create, .delete, .create])
    }
}
