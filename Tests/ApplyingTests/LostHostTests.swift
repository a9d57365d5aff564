import Addresses
import Applying
import Diagnostics
import ProviderKit
import StateModel
import TestSupport
import Testing

/// A host that does not answer is found out once a run, and what only waits ends with the first interrupt.
@Suite struct LostHostTests {
    private static let dead = ProviderFailure(
        .unreachable, summary: "Unreachable", detail: "No connection to root@10.0.0.9.", isTransient: true)

    @Test func theFirstFailureIsToldInFullAndNobodyTriesAgain() async throws {
        let wishes = ["a", "b", "c", "d"].map { Wish(name: $0) } + [Wish(name: "e", needs: ["b"])]
        let bench = Bench { ScriptedProvider(world: $0, limit: { _ in 1 }, script: { _, _ in .fail(Self.dead) }) }
        let recorder = Recorder()
        let result = try await bench.apply(wishes, observer: recorder)
        #expect(result.failed.count == 4 && result.notBegun.map(\.label) == ["thing_a.e"])
        let told = result.failed.flatMap(\.diagnostics)
        #expect(told.count { $0.detail.contains("10.0.0.9") } == 1)
        #expect(told.count { $0.summary.contains("could not be reached (see thing_a.") } == 3)
        let state = try await bench.store.snapshot()
        #expect(state.objects.isEmpty && state.openIntents.isEmpty)
    }

    @Test func anotherHostIsNotTakenForIt() async throws {
        let wishes = [Wish(name: "a"), Wish(name: "b", group: "thing_b")]
        let bench = Bench {
            ScriptedProvider(
                world: $0, script: { request, _ in request.address.description.hasPrefix("thing_a") ? .fail(Self.dead) : .succeed })
        }
        let result = try await bench.apply(wishes)
        #expect(result.failed.count == 1 && result.done.count == 1)
    }

    @Test func aWaitOfWhichNothingIsLeftEndsWithTheFirstInterrupt() async throws {
        let interruption = Interruption()
        let wait = Task {
            await Interruption.$current.withValue(interruption) {
                await Interruption.ending {
                    do {
                        try await Task.sleep(for: .seconds(3600))
                        return false
                    } catch {
                        return true
                    }
                }
            }
        }
        interruption.raise()
        #expect(await wait.value)
        // One that begins after it ends at once, too; without a run there is nothing to end it.
        let late = await Interruption.$current.withValue(interruption) { await Interruption.ending { Task.isCancelled } }
        #expect(late)
        #expect(await Interruption.ending { Task.isCancelled } == false)
    }
}
