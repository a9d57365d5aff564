import Addresses
import Applying
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import TestSupport
import Testing
import Values

/// Once: what is under way ends. Twice: it is abandoned.
@Suite struct InterruptingTests {
    private let pair = [Wish(name: "a"), Wish(name: "b", needs: ["a"])]

    @Test func interruptingOnceLetsWhatIsUnderWayEnd() async throws {
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
        let recorder = Recorder()
        let run = try await bench.run(SmallPlanner.plan(pair, try await bench.store.snapshot()), pair, lock: lock, observer: recorder)
        async let ended = run.run()
        for await _ in gate.reached { break }
        run.interrupt()
        gate.open.yield()
        let result = await ended
        #expect(result.isInterrupted && result.done.map(\.label) == ["thing_a.a"] && result.notBegun.map(\.label) == ["thing_a.b"])
        #expect(result.abandoned.isEmpty && recorder.words.contains("interrupted"))
        #expect(try await bench.store.snapshot().objects.count == 1)
        #expect(try await bench.store.history(limit: 1).first?.result == .interrupted)
    }

    @Test(.timeLimit(.minutes(15))) func interruptingTwiceAbandonsIt() async throws {
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
        run.interrupt()
        run.interrupt()
        let result = await ended
        #expect(result.isInterrupted && result.abandoned.map(\.label) == ["thing_a.a"] && result.notBegun.count == 1)
        #expect(try await bench.store.snapshot().openIntents.map(\.address.description) == ["thing_a.a"])
    }

    @Test func cancellingTheTaskInterrupts() async throws {
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
        let task = Task { await run.run() }
        for await _ in gate.reached { break }
        task.cancel()
        gate.open.yield()
        let result = await task.value
        #expect(result.isInterrupted && result.done.count == 1 && result.notBegun.count == 1)
    }
}

/// What a provider's request waits for: `reached` says that it waits, `open` lets it go.
struct Gate {
    let reached: AsyncStream<Void>
    let reach: AsyncStream<Void>.Continuation
    let opened: AsyncStream<Void>
    let open: AsyncStream<Void>.Continuation

    init() {
        (reached, reach) = AsyncStream.makeStream()
        (opened, open) = AsyncStream.makeStream()
    }
}
