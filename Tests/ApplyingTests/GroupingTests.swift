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

/// What travels together to a host, and who may act on an identity that several claim.
@Suite struct GroupingTests {
    @Test func whatNeedsNothingElseTravelsToItsHostAsOneGroup() async throws {
        let bench = Bench { ScriptedProvider(world: $0, limit: { _ in 1 }) }
        let wishes = [Wish(name: "package"), Wish(name: "file"), Wish(name: "service")]
        var plan = SmallPlanner.plan(wishes, try await bench.store.snapshot())
        // package → (join) → file → service, and all of it known.
        plan.vertices.append(Vertex(kind: .join(label: "packages")))
        plan.edges = [[], [3], [1], [0]]
        let result = try await bench.apply(plan, wishes)
        #expect(result.isDone)
        #expect(bench.provider.groups.map { $0.map(\.address.resource.resource.name) } == [["package", "file", "service"]])
    }

    @Test func theGroupGoesOnAfterAFailureWithWhatDoesNotDependOnIt() async throws {
        let bench = Bench {
            ScriptedProvider(
                world: $0, limit: { _ in 1 },
                script: { request, _ in
                    request.address.resource.resource.name == "a" ? .fail(ScriptedProvider.refused) : .succeed
                })
        }
        let wishes = [Wish(name: "a"), Wish(name: "b"), Wish(name: "c")]
        var plan = SmallPlanner.plan(wishes, try await bench.store.snapshot())
        plan.edges = [[], [], [0]]
        let result = try await bench.apply(plan, wishes)
        #expect(
            result.failed.map(\.step.label) == ["thing_a.a"] && result.done.map(\.label) == ["thing_a.b"]
                && result.notBegun.map(\.label) == ["thing_a.c"])
        #expect(bench.provider.groups.count == 2)
        #expect(try await bench.store.snapshot().openIntents.isEmpty)
    }

    @Test func aProviderThatBeginsNothingIsNotAskedForEver() async throws {
        let bench = Bench { ScriptedProvider(world: $0, script: { _, _ in .decline }) }
        let result = try await bench.apply([Wish(name: "a")])
        #expect(result.failed.first?.diagnostics.first?.summary == "Provider did not begin a step")
        #expect(try await bench.store.snapshot().openIntents.isEmpty)
    }

    @Test func limitsHold() async throws {
        var bench = Bench { ScriptedProvider(world: $0, limit: { _ in 3 }, pause: { _ in await Task.yield() }) }
        let wishes = (0..<40).map { Wish(name: "w\($0)") }
        #expect(try await bench.apply(wishes).isDone && bench.provider.most(of: "thing_a") <= 3 && bench.world.things.count == 40)
        bench = Bench { ScriptedProvider(world: $0, pause: { _ in await Task.yield() }) }
        bench.limits.parallelism = 2
        #expect(try await bench.apply(wishes).isDone && bench.provider.most(of: "thing_a") <= 2 && bench.world.things.count == 40)
    }

    /// Two records claim one identity: the first remembers what was there before, the last to go acts.
    @Test func theLastClaimActs() async throws {
        let asked = Mutex<[String]>([])
        @Sendable func note(_ request: ApplyRequest) {
            asked.withLock {
                $0.append(
                    "\(request.action.rawValue) \(request.address.resource.resource.name) claimed:\(request.isStillClaimed) before:\(request.before.map { "\($0)" } ?? "-")"
                )
            }
        }
        let bench = Bench {
            ScriptedProvider(
                world: $0,
                script: { request, _ in
                    note(request)
                    return .succeed
                })
        }
        let first = thingObject("a", "id-a", identity: "host|nginx", before: [1, 2])
        let store = InMemoryStore(StateSnapshot(version: StateVersion(lineage: "l", serial: 5), objects: [first.address: first]))
        var claims = Bench(world: bench.world, store: store)
        claims.provider = bench.provider
        let both = [
            Wish(name: "a", identity: "host|nginx"), Wish(name: "b", identity: "host|nginx"), Wish(name: "c", identity: "host|nginx"),
        ]
        #expect(try await claims.apply(both).isDone)
        #expect(try await store.snapshot().objects.values.allSatisfy { $0.before == [1, 2] })
        #expect(try await claims.apply([], run: 2).isDone)
        let words = asked.withLock { $0 }
        #expect(words.prefix(2).allSatisfy { $0.hasPrefix("create") && $0.hasSuffix("claimed:true before:[1, 2]") })
        #expect(
            words.suffix(3).map { $0.contains("claimed:true") } == [true, true, false]
                && words.suffix(3).allSatisfy { $0.hasSuffix("before:[1, 2]") })
    }

    /// Where one record stands for an object, another of the same identity is no reason to leave the object alone.
    @Test func onlySharedThingsAreClaimed() async throws {
        for (isShared, expected) in [(false, [false, false]), (true, [true, false])] {
            let claimed = Mutex<[Bool]>([])
            let first = thingObject("a", "id-a", identity: "host|/etc/motd")
            let second = thingObject("b", "id-b", identity: "host|/etc/motd")
            let store = InMemoryStore(
                StateSnapshot(version: StateVersion(lineage: "l", serial: 5), objects: [first.address: first, second.address: second]))
            var bench = Bench(store: store) {
                ScriptedProvider(
                    world: $0,
                    script: { request, _ in
                        claimed.withLock { $0.append(request.isStillClaimed) }
                        return .succeed
                    })
            }
            bench.isShared = isShared
            #expect(try await bench.apply([]).isDone)
            #expect(claimed.withLock { $0 } == expected)
        }
    }

    @Test(.timeLimit(.minutes(15))) func manyTinyStepsAreFewGroupsAndAppends() async throws {
        let bench = Bench { ScriptedProvider(world: $0, limit: { _ in 1 }) }
        var changes: [Change] = []
        for number in 0..<5000 {
            let record = StateObject(
                address: ObjectAddress(instanceAddress("w").resource.instance(.index(number))), attributes: thingObject("w", "").attributes,
                provider: testProvider)
            changes.append(
                Change(address: record.address, provider: testProvider, action: .create, after: record.attributes, record: record))
        }
        let vertices = changes.indices.map { Vertex(kind: .effect(.create, change: $0), group: "thing_a", isSelfContained: true) }
        let result = try await bench.apply(thingPlan(changes, vertices))
        #expect(result.counts.created == 5000)
        // Large groups and few appends: not one a step. How many depends on what was finished when the first one left.
        #expect(bench.provider.groups.count < 10)
        #expect(await bench.store.appends < 400)
    }
}
