import Addresses
import Applying
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import TestSupport
import Testing
import Values

/// Random wishes, plans, failures and crashes; after each run the world is compared with the state.
@Suite struct CrashTests {
    struct Lost: Error, CustomStringConvertible { let description: String }

    /// Wishes of a round: some new, some changed, some gone.
    private func wishes(_ random: inout SeededGenerator, size: Int, former: [Wish]) -> [Wish] {
        var result: [Wish] = []
        for number in 0..<size where !random.oneIn(5) {
            var wish = former.first { $0.name == "w\(number)" } ?? wish(number, &random)
            if random.oneIn(3) { wish.value += 1 }
            if random.oneIn(4) { wish.kind += 1 }
            wish.createsFirst = random.oneIn(2)
            wish.needs =
                result.isEmpty
                ? []
                : (0..<random.below(3)).map { _ in result[random.below(result.count)].name }.reduce(into: []) { list, name in
                    if !list.contains(name) { list.append(name) }
                }
            result.append(wish)
        }
        return result
    }

    private func wish(_ number: Int, _ random: inout SeededGenerator) -> Wish {
        var wish = Wish(name: "w\(number)", group: "thing_\(["a", "b"][random.below(2)])")
        if random.oneIn(2) {
            wish.after = random.below(3)
            wish.before = random.below(3)
        }
        return wish
    }

    private func behaviour(_ seed: UInt64, _ request: ApplyRequest, _ count: Int, failureRate: Int) -> ScriptedProvider.Behaviour {
        var hash = seed &+ UInt64(count) &* 977
        for byte in request.intent.rawValue.utf8 { hash = hash &* 31 &+ UInt64(byte) }
        var random = SeededGenerator(seed: hash)
        guard random.oneIn(failureRate) else { return .succeed }
        switch random.below(5) {
        case 0: return .fail(ScriptedProvider.busy)
        case 1: return .failHalfway(ScriptedProvider.refused)
        case 2: return .interrupt(done: true)
        case 3: return .interrupt(done: false)
        default: return .fail(ScriptedProvider.refused)
        }
    }

    /// No phantom: what exists is recorded or being looked for. No lost object: what is recorded exists or is being deleted.
    private func compare(_ state: StateSnapshot, _ world: ScriptedWorld, resolved: Bool) throws {
        let things = world.things
        var recorded: [String: ObjectAddress] = [:]
        let open = Dictionary(uniqueKeysWithValues: state.openIntents.map { ($0.id, $0) })
        let deleting = Set(state.openIntents.filter { $0.action == .delete }.map(\.address))
        if resolved, !state.openIntents.isEmpty { throw Lost(description: "intents are open after recovering") }
        for (address, object) in state.objects {
            guard let id = object.attributes["id"]?.stringValue else { throw Lost(description: "\(address) has no id") }
            if let other = recorded.updateValue(address, forKey: id) {
                throw Lost(description: "\(id) is recorded as \(address) and \(other)")
            }
            if things[id] == nil, !deleting.contains(address) { throw Lost(description: "\(address) is recorded and \(id) does not exist") }
        }
        for (id, thing) in things where recorded[id] == nil && open[thing.intent] == nil {
            throw Lost(description: "\(id), made by \(thing.intent), exists and is not recorded")
        }
        if resolved, Set(recorded.keys) != Set(things.keys) {
            throw Lost(description: "recorded \(recorded.keys.sorted()), existing \(things.keys.sorted())")
        }
    }

    /// What is recorded as whole has all that was to follow its create.
    private func provisioned(_ state: StateSnapshot, _ wanted: [Wish], _ ledger: ProvisionLedger) throws {
        for wish in wanted where wish.after > 0 {
            guard let object = state.object(at: ObjectAddress(wish.instance)), object.status == .ready,
                let id = object.attributes["id"]?.stringValue
            else { continue }
            if ledger.done(id) != Set(0..<wish.after) {
                throw Lost(description: "\(wish.name), \(id), is recorded as whole with \(ledger.done(id)) of \(wish.after)")
            }
        }
    }

    private func history(seed: Int, size: Int, failureRate: Int, crashes: Bool) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let world = ScriptedWorld()
        let state = FusedStore()
        let ledger = ProvisionLedger()
        var wanted: [Wish] = []
        var number = 0
        for _ in 0..<3 {
            wanted = wishes(&random, size: size, former: wanted)
            var isDone = false
            for attempt in 0..<12 where !isDone {
                number += 1
                // The last attempts live and succeed: then everything must come right.
                let isLast = attempt >= 9
                let fuse = Fuse(points: crashes && !isLast ? random.below(4 + size * 5) : .max)
                state.fuse = fuse
                let script = UInt64(seed) &+ UInt64(number)
                var bench = Bench(world: world, store: state.store)
                bench.limits.parallelism = 1 + random.below(4)
                bench.provider = ScriptedProvider(
                    world: world, fuse: fuse, limit: { $0 == "thing_a" ? 1 : 0 },
                    script: { behaviour(script, $0, $1, failureRate: isLast ? .max : failureRate) })
                bench.provisioners = ScriptedProvisioners(fuse: fuse, ledger: ledger) { id, provisioner in
                    var random = SeededGenerator(seed: script &+ UInt64(id.utf8.reduce(0) { $0 &* 31 &+ Int($1) }) &+ UInt64(provisioner))
                    return isLast || failureRate == .max || !random.oneIn(failureRate)
                }
                do {
                    let found = try await bench.recover(number * 2)
                    if !fuse.isDead { try compare(found.snapshot, world, resolved: true) }
                } catch is StateStoreError where fuse.isDead {
                    try await state.breakLock()
                    continue
                }
                let result: ApplyResult
                do {
                    result = try await bench.apply(wanted, run: number * 2 + 1)
                } catch let error as StateStoreError where fuse.isDead {
                    _ = error
                    try await state.breakLock()
                    continue
                }
                try await state.breakLock()
                try compare(try await state.store.snapshot(), world, resolved: false)
                try provisioned(try await state.store.snapshot(), wanted, ledger)
                if result.isDone {
                    isDone = true
                    let snapshot = try await state.store.snapshot()
                    try compare(snapshot, world, resolved: true)
                    if Set(snapshot.objects.keys) != Set(wanted.map { ObjectAddress($0.instance) }) {
                        throw Lost(description: "wanted \(wanted.map(\.name)), recorded \(snapshot.objects.keys.sorted())")
                    }
                    for wish in wanted {
                        let object = snapshot.object(at: ObjectAddress(wish.instance))
                        let inputs = wish.needs.compactMap { need in
                            wanted.first { $0.name == need }.flatMap { snapshot.object(at: ObjectAddress($0.instance))?.attributes["id"] }
                        }
                        if object?.attributes["value"] != .int(wish.value) || object?.attributes["kind"] != .int(wish.kind)
                            || object?.attributes["inputs"] != .list(inputs, of: .string) || object?.status != .ready
                        {
                            throw Lost(description: "\(wish) became \(object as Any)")
                        }
                    }
                } else if isLast {
                    throw Lost(description: "does not come right: \(result.errors) \(result.notBegun.map(\.label))")
                }
            }
        }
    }

    private func explore(_ seeds: Range<Int>, failureRate: Int, crashes: Bool) async {
        // From small to large, so that what is reported is the smallest that breaks.
        for size in [1, 2, 3, 5, 9] {
            for seed in seeds.lowerBound..<(seeds.upperBound * Torture.factor) {
                do {
                    try await history(seed: seed, size: size, failureRate: failureRate, crashes: crashes)
                } catch {
                    Issue.record("size \(size), seed \(seed), failures 1/\(failureRate), crashes \(crashes): \(error)")
                    return
                }
            }
        }
    }

    @Test func plansThatSucceed() async { await explore(0..<20, failureRate: .max, crashes: false) }
    @Test func plansThatFail() async { await explore(0..<40, failureRate: 5, crashes: false) }
    @Test func processesThatDie() async { await explore(0..<60, failureRate: .max, crashes: true) }
    @Test func processesThatDieWhileThingsFail() async { await explore(0..<60, failureRate: 6, crashes: true) }

    /// Every point of one run at which it can die, one after the other.
    @Test func dyingAtEachPoint() async throws {
        let first = [
            Wish(name: "a", createsFirst: true), Wish(name: "b", needs: ["a"]), Wish(name: "c", needs: ["a", "b"], createsFirst: true),
            Wish(name: "d", needs: ["b"]), Wish(name: "e"),
        ]
        var second = first
        second[0].kind = 1
        second[1].value = 1
        second[2].kind = 1
        second[3].kind = 1
        second.removeLast()
        var points = 0
        while true {
            let world = ScriptedWorld()
            let state = FusedStore()
            _ = try await Bench(world: world, store: state.store).apply(first)
            let fuse = Fuse(points: points)
            state.fuse = fuse
            var bench = Bench(world: world, store: state.store)
            bench.provider = ScriptedProvider(world: world, fuse: fuse)
            _ = try await bench.apply(second, run: 2)
            if !fuse.isDead { break }
            try compare(try await state.store.snapshot(), world, resolved: false)
            state.fuse = Fuse()
            bench.provider = ScriptedProvider(world: world)
            try await state.breakLock()
            let found = try await bench.recover()
            try compare(found.snapshot, world, resolved: true)
            let result = try await bench.apply(second, run: 3)
            #expect(result.isDone, "after \(points) points: \(result.errors)")
            try compare(try await state.store.snapshot(), world, resolved: true)
            #expect(world.things.count == second.count)
            points += 1
        }
        #expect(points > 15)
    }
}

/// An in-memory store whose process may die.
final class FusedStore: @unchecked Sendable {
    // `@unchecked Sendable`: `fuse` is set between runs, when nothing else uses the store.
    var fuse = Fuse()
    private(set) var store = InMemoryStore()

    init() {
        store = InMemoryStore { [unowned self] _ in
            let dead = StateStoreError(.other, "The process died.")
            if !fuse.isAlive() { return .refuse(dead) }
            return fuse.isAlive() ? nil : .writeAndFail(dead)
        }
    }

    func breakLock() async throws {
        if let lock = try await store.currentLock() { try await store.breakLock(id: lock.id) }
    }
}
