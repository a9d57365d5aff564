import Addresses
public import StateModel
import Values

/// What every state store promises. A store passes by running each case on a fresh state.
public enum StateStoreContract {
    /// A fresh, empty state, and a second way to it: another process, or another connection.
    public struct Fixture: Sendable {
        public var store: any StateStore
        public var other: any StateStore

        public init(store: any StateStore, other: any StateStore) {
            self.store = store
            self.other = other
        }
    }

    public struct Case: Sendable, CustomStringConvertible {
        public let name: String
        public let run: @Sendable (Fixture) async throws -> Void
        public var description: String { name }
    }

    public static let cases: [Case] =
        [
            Case(name: "a new state is empty") { fixture in
                let snapshot = try await fixture.store.snapshot()
                try require(snapshot.version.serial == 0, "version 0 before the first event")
                try require(snapshot.objects.isEmpty && snapshot.outputs.isEmpty && snapshot.openIntents.isEmpty, "nothing recorded")
                try require(try await fixture.store.currentLock() == nil, "nobody holds the lock")
                try require(try await fixture.store.history(limit: 10).isEmpty, "no history")
            },
            Case(name: "an append is read back, by whoever asks") { fixture in
                let lock = try await fixture.store.lock(for: RandomState.holder)
                let before = try await fixture.store.snapshot().version
                let events = RandomState.sample
                let version = try await fixture.store.append(events, under: lock, expecting: before)
                try require(version.serial == Int64(events.count), "the version counts events")
                try require(!version.lineage.isEmpty, "a lineage is drawn with the first event")
                var expected = StateSnapshot(version: version)
                for event in events { expected.fold(event) }
                for store in [fixture.store, fixture.other] {
                    try requireEqual(try await store.snapshot(), expected)
                }
            },
            Case(name: "snapshots are the fold of random journals") { fixture in
                for seed in 1...6 as ClosedRange<UInt64> {
                    var random = RandomState(seed: seed, variety: 4 + Int(seed) * 3)
                    let lock = try await fixture.store.lock(for: RandomState.holder)
                    var expected = try await fixture.store.snapshot()
                    for _ in 0..<6 {
                        let events = random.events(1 + random.generator.below(30))
                        expected.version = try await fixture.store.append(events, under: lock, expecting: expected.version)
                        for event in events { expected.fold(event) }
                        try requireEqual(try await fixture.store.snapshot(), expected)
                    }
                    try requireEqual(try await fixture.other.snapshot(), expected)
                    try await fixture.store.unlock(lock)
                }
            },
            Case(name: "an empty append changes nothing") { fixture in
                let lock = try await fixture.store.lock(for: RandomState.holder)
                let version = try await fixture.store.append(
                    RandomState.sample, under: lock, expecting: StateVersion(lineage: "", serial: 0))
                try require(try await fixture.store.append([], under: lock, expecting: version) == version, "the version stays")
            },
        ] + locking + refusals + reading

    private static let locking: [Case] = [
        Case(name: "one holder at a time, and it is named") { fixture in
            let lock = try await fixture.store.lock(for: RandomState.holder)
            let refused = await error { _ = try await fixture.other.lock(for: RandomState.holder) }
            guard case .locked(let held)? = refused?.code else {
                throw ContractBroken("a second lock is refused with its holder, not \(refused as Any)")
            }
            try require(held.holder == RandomState.holder && held.id == lock.id, "the refusal names the holder")
            try require(try await fixture.other.currentLock() == lock, "the lock can be looked at")
            try await fixture.store.unlock(lock)
            try require(try await fixture.other.currentLock() == nil, "unlocking frees")
            let next = try await fixture.other.lock(for: RandomState.holder)
            try require(next.epoch > lock.epoch && next.id != lock.id, "each lock has an epoch and an id of its own")
        },
        Case(name: "of many who want the lock one gets it") { fixture in
            let won = await withTaskGroup(of: Bool.self) { tasks in
                for index in 0..<16 {
                    tasks.addTask {
                        let store = index % 2 == 0 ? fixture.store : fixture.other
                        return await error { _ = try await store.lock(for: RandomState.holder) } == nil
                    }
                }
                return await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try require(won == 1, "exactly one wins, not \(won)")
        },
        Case(name: "a lock that was broken is lost") { fixture in
            let lock = try await fixture.store.lock(for: RandomState.holder)
            let wrong = await error { try await fixture.other.breakLock(id: "nonsense") }
            try require(wrong?.code == .notHeld, "breaking needs the right id, not \(wrong as Any)")
            try await fixture.other.breakLock(id: lock.id)
            let next = try await fixture.other.lock(for: RandomState.holder)
            let refused = await error {
                _ = try await fixture.store.append(RandomState.sample, under: lock, expecting: StateVersion(lineage: "", serial: 0))
            }
            try require(refused?.code == .lockLost, "an append under it is refused, not \(refused as Any)")
            try require(await error { try await fixture.store.unlock(lock) }?.code == .lockLost, "it cannot be given back")
            try require(try await fixture.store.currentLock() == next, "the new holder keeps its lock")
            try require(try await fixture.store.snapshot().version.serial == 0, "nothing was written")
        },
        Case(name: "writing needs the lock") { fixture in
            let lock = try await fixture.store.lock(for: RandomState.holder)
            try await fixture.store.unlock(lock)
            let refused = await error {
                _ = try await fixture.store.append(RandomState.sample, under: lock, expecting: StateVersion(lineage: "", serial: 0))
            }
            try require(refused?.code == .lockLost, "an append after unlocking is refused, not \(refused as Any)")
        },
    ]

    private static let refusals: [Case] = [
        Case(name: "a stale version is refused and nothing is written") { fixture in
            let lock = try await fixture.store.lock(for: RandomState.holder)
            let first = try await fixture.store.append(RandomState.sample, under: lock, expecting: StateVersion(lineage: "", serial: 0))
            for stale in [
                StateVersion(lineage: "", serial: 0), StateVersion(lineage: first.lineage, serial: first.serial - 1),
                StateVersion(lineage: "another", serial: first.serial),
            ] {
                let refused = await error { _ = try await fixture.store.append(RandomState.sample, under: lock, expecting: stale) }
                guard case .versionMismatch(let expected, let found)? = refused?.code else {
                    throw ContractBroken("a stale version is refused, not \(refused as Any)")
                }
                try require(expected == stale && found == first, "the refusal says what was expected and what is")
            }
            try require(try await fixture.other.snapshot().version == first, "nothing was written")
        },
        Case(name: "an append is all or nothing; nothing ephemeral is recorded") { fixture in
            let lock = try await fixture.store.lock(for: RandomState.holder)
            var object = RandomState.sampleObject
            object.attributes = .object([("token", Value.string("do not keep").marked(.ephemeral))])
            let refused = await error {
                _ = try await fixture.store.append(
                    RandomState.sample + [.recorded(object)], under: lock, expecting: StateVersion(lineage: "", serial: 0))
            }
            try require(refused != nil, "an ephemeral value is refused")
            let snapshot = try await fixture.store.snapshot()
            try require(snapshot.version.serial == 0 && snapshot.objects.isEmpty, "nothing of it was written")
        },
    ]

    private static let reading: [Case] = [
        Case(name: "sensitive marks and exact numbers survive") { fixture in
            let lock = try await fixture.store.lock(for: RandomState.holder)
            let version = try await fixture.store.append(
                [.recorded(RandomState.sampleObject)], under: lock, expecting: StateVersion(lineage: "", serial: 0))
            let read = try await fixture.other.snapshot()
            try require(read.version == version, "the version that was answered")
            try require(
                read.objects[RandomState.sampleObject.address] == RandomState.sampleObject, "the object is what it was, marks included")
        },
        Case(name: "history has the newest run first") { fixture in
            let lock = try await fixture.store.lock(for: RandomState.holder)
            var version = StateVersion(lineage: "", serial: 0)
            for number in 1...5 {
                let run = RunRecord(
                    id: RunID(rawValue: "run-\(number)"), command: .apply, holder: RandomState.holder, beganAt: Double(number),
                    planDigest: "d\(number)")
                var counts = RunRecord.Counts()
                counts.created = number
                var events: [StateEvent] = [.runBegan(run)]
                if number != 4 { events.append(.runEnded(run.id, result: .done, at: Double(number) + 0.5, counts: counts)) }
                version = try await fixture.store.append(events, under: lock, expecting: version)
            }
            let all = try await fixture.other.history(limit: 10)
            try require(all.map(\.id.rawValue) == ["run-5", "run-4", "run-3", "run-2", "run-1"], "newest first")
            try require(all[0].result == .done && all[0].endedAt == 5.5 && all[0].counts.created == 5, "how it ended is recorded")
            try require(all[1].result == nil && all[1].endedAt == nil, "a run that was cut off has no end")
            try require(try await fixture.other.history(limit: 2).count == 2, "the limit holds")
        },
    ]

    // MARK: Helpers

    private static func error(_ body: () async throws -> Void) async -> StateStoreError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? StateStoreError ?? StateStoreError(.other, "not a StateStoreError: \(error)")
        }
    }

    private static func requireEqual(_ found: StateSnapshot, _ expected: StateSnapshot) throws {
        try require(found.version == expected.version, "version \(found.version) is \(expected.version)")
        for address in Set(found.objects.keys).union(expected.objects.keys).sorted()
        where found.objects[address] != expected.objects[address] {
            throw ContractBroken("\(address): read \(found.objects[address] as Any), expected \(expected.objects[address] as Any)")
        }
        try require(found.outputs == expected.outputs, "outputs \(found.outputs) are \(expected.outputs)")
        try require(found.openIntents == expected.openIntents, "open intents, in order")
        try require(found.deposed.map(\.address) == expected.deposed.map(\.address), "deposed objects")
    }
}

extension RandomState {
    public static let sampleObject: StateObject = {
        var random = RandomState(seed: 7)
        var object = random.object(at: ObjectAddress(random.instance()))
        object.attributes = .object([
            ("id", .string("i-1")), ("password", Value.string("secret").marked(.sensitive)),
            ("ratio", Number(decimal: "0.1").map { Value.number($0) } ?? .null),
            ("ports", Value.list([.int(80), .int(443)], of: .number).marked(.sensitive)), ("nothing", .null(.list(.string))),
        ])
        return object
    }()

    public static let sample: [StateEvent] = {
        var random = RandomState(seed: 3)
        return random.events(40)
    }()
}
