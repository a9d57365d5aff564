import Addresses
import Applying
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import TestSupport
import Testing
import Values

@Suite struct ProvisioningTests {
    private func object(_ bench: Bench, _ name: String) async throws -> StateObject? {
        try await bench.store.snapshot().objects[ObjectAddress(instanceAddress(name))]
    }

    @Test func theyRunInOrderBeforeWhateverWaitsAndTheirObjectIsWholeAfterThem() async throws {
        let bench = Bench()
        let recorder = Recorder()
        let result = try await bench.apply([Wish(name: "a", after: 2), Wish(name: "b", needs: ["a"])], observer: recorder)
        #expect(result.isDone && result.counts.created == 2)
        #expect(
            recorder.words == [
                "began thing_a.a", "ended thing_a.a", "provision began thing_a.a", "thing_a.a: runs 0", "provision ended thing_a.a",
                "provision began thing_a.a", "thing_a.a: runs 1", "provision ended thing_a.a", "began thing_a.b", "ended thing_a.b",
            ])
        let made = try await object(bench, "a")
        #expect(made?.status == .ready && made?.hostKeys == ["rack": "ssh-ed25519 AAAA"])
        // Until then it was recorded as not whole, whatever had cut the run off.
        let statuses = await bench.store.events.compactMap { event -> StateObject.Status? in
            if case .fact(_, let address, let object?) = event, address.instance == instanceAddress("a") { return object.status }
            return nil
        }
        #expect(statuses == [.tainted, .tainted, .ready])
        #expect(try await bench.store.snapshot().openIntents.isEmpty)
    }

    @Test func aFailureTaintsAndStopsWhatComesAfterIt() async throws {
        var bench = Bench()
        bench.provisioners.succeeds = { _, number in number != 0 }
        let result = try await bench.apply([Wish(name: "a", after: 2), Wish(name: "b", needs: ["a"])])
        #expect(result.failed.map(\.step.effect) == [.provision] && result.notBegun.map(\.label) == ["thing_a.b"])
        #expect(result.counts.created == 0 && result.counts.failed == 1)
        let told = try #require(result.errors.first)
        #expect(told.summary == "provision provisioner error" && told.address == "thing_a.a" && told.subject != nil)
        #expect(try await object(bench, "a")?.status == .tainted)
        #expect(try await bench.store.snapshot().openIntents.isEmpty)
    }

    @Test func aFailureThatDoesNotMatterChangesNothing() async throws {
        var bench = Bench()
        bench.provisioners.succeeds = { _, _ in false }
        let recorder = Recorder()
        let result = try await bench.apply([Wish(name: "a", after: 2, continuesOnFailure: true)], observer: recorder)
        #expect(result.isDone && recorder.words.filter { $0 == "provision failed thing_a.a" }.count == 2)
        #expect(try await object(bench, "a")?.status == .ready)
    }

    @Test func whatGoesIsKeptAsItIsWhereItsProvisionerFails() async throws {
        var bench = Bench()
        _ = try await bench.apply([Wish(name: "a", before: 2)])
        let before = try await object(bench, "a")
        bench.provisioners.succeeds = { _, number in number == 0 }
        let replaced = [Wish(name: "a", kind: 1, before: 2)]
        let result = try await bench.apply(replaced, run: 2)
        #expect(result.failed.map(\.step.effect) == [.deprovision] && result.done.map(\.effect) == [.deprovision])
        let after = try await object(bench, "a")
        #expect(after?.status == .ready && after?.attributes == before?.attributes && bench.world.things.count == 1)
        bench.provisioners.succeeds = { _, _ in true }
        #expect(try await bench.apply(replaced, run: 3).isDone)
        #expect(try await object(bench, "a")?.attributes["kind"] == .int(1))
    }

    @Test func withoutAnybodyWhoRunsThemTheyFail() async throws {
        let bench = Bench()
        let wishes = [Wish(name: "a", after: 1)]
        let plan = SmallPlanner.plan(wishes, try await bench.store.snapshot())
        let lock = try await bench.store.lock(for: Bench.record(1).holder)
        let completer = SmallCompleter(plan, wishes, provider: bench.provider)
        let run = ApplyRun(
            plan: plan, run: Bench.record(1, digest: try plan.digest()), base: try await bench.store.snapshot(), store: bench.store,
            lock: lock, completing: completer, providers: completer, clock: bench.clock)
        let result = await run.run()
        #expect(result.failed.count == 1)
        #expect(try await object(bench, "a")?.status == .tainted)
    }
}
