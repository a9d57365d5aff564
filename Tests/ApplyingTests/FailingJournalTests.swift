import Addresses
import Applying
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Synchronization
import TestSupport
import Testing
import Values

/// A state that cannot be written: no fact may be lost that a second chance can save.
@Suite struct FailingJournalTests {
    private let pair = [Wish(name: "a"), Wish(name: "b", needs: ["a"])]

    private func failing(at number: Int, for count: Int, _ fault: InMemoryStore.Fault) -> InMemoryStore {
        let asked = Mutex(0)
        return InMemoryStore { _ in
            let now = asked.withLock { asked in
                asked += 1
                return asked
            }
            return now >= number && now < number + count ? fault : nil
        }
    }

    private let full = StateStoreError(.full, "The disk is full.", hints: ["Free some space."])

    @Test func aDiskThatIsFullForAMomentCostsNoFact() async throws {
        // Appends: 1 the run, 2 the first intents, 3 its fact and the next intent.
        let bench = Bench(store: failing(at: 3, for: 1, .refuse(full)))
        let result = try await bench.apply(pair)
        #expect(result.isInterrupted && result.done.map(\.label) == ["thing_a.a"] && result.notBegun.map(\.label) == ["thing_a.b"])
        #expect(result.errors.first?.hints == ["Free some space."])
        let snapshot = try await bench.store.snapshot()
        #expect(snapshot.objects.count == 1 && snapshot.openIntents.isEmpty)
        #expect(bench.world.things.count == 1)
    }

    @Test func aDiskThatStaysFullIsSaidAndTheNextRunFindsEverything() async throws {
        let bench = Bench(store: failing(at: 3, for: 100, .refuse(full)))
        let lock = try await bench.store.lock(for: RandomState.holder)
        let result = await (try await bench.run(SmallPlanner.plan(pair, try await bench.store.snapshot()), pair, lock: lock)).run()
        #expect(!result.isDone && result.done.isEmpty && result.abandoned.map(\.label) == ["thing_a.a"])
        #expect(result.errors.contains { $0.summary == "State could not be written" })
        // Another process, with space again.
        let copy = InMemoryStore(try await bench.store.snapshot())
        let next = Bench(world: bench.world, store: copy)
        #expect(try await next.recover().adopted.count == 1)
        #expect(try await next.apply(pair, run: 2).isDone && bench.world.things.count == 2)
    }

    @Test func anAppendThatFailedAfterItsCommitIsNotWrittenTwice() async throws {
        let bench = Bench(store: failing(at: 3, for: 1, .writeAndFail(full)))
        let result = try await bench.apply(pair)
        #expect(result.done.map(\.label) == ["thing_a.a"])
        #expect(await bench.store.events.filter { if case .fact = $0 { true } else { false } }.count == 1)
        #expect(try await bench.recover().snapshot.objects.count == 1)
    }

    @Test func aLostLockStopsTheRun() async throws {
        let gate = Gate()
        let bench = Bench {
            ScriptedProvider(
                world: $0,
                pause: { _ in
                    gate.reach.yield()
                    for await _ in gate.opened { break }
                })
        }
        let lock = try await bench.store.lock(for: RandomState.holder)
        let run = try await bench.run(SmallPlanner.plan(pair, try await bench.store.snapshot()), pair, lock: lock)
        async let ended = run.run()
        for await _ in gate.reached { break }
        try await bench.store.breakLock(id: lock.id)
        _ = try await bench.store.lock(for: RandomState.holder)
        gate.open.yield()
        let result = await ended
        #expect(!result.isDone && result.abandoned.count == 1 && result.notBegun.count == 1)
        #expect(try await bench.store.snapshot().openIntents.count == 1)
    }

    @Test func aStateThatCannotBeWrittenIsSaidBeforeAnythingBegins() async throws {
        let bench = Bench(store: failing(at: 1, for: 100, .refuse(full)))
        let result = try await bench.apply(pair)
        #expect(result.errors.map(\.summary) == ["State could not be written"] && result.notBegun.count == 2 && bench.world.deeds.isEmpty)
    }
}
