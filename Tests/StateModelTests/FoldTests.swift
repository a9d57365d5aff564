import Addresses
import StateModel
import TestSupport
import Testing
import Values

@Suite struct FoldTests {
    private func address(_ name: String, _ key: InstanceKey = .none, in module: String? = nil) -> ResourceInstanceAddress {
        ResourceAddress(
            module: module.map { ModulePath([.module(name: $0, key: .none)]) } ?? .root,
            resource: ResourceName(type: ResourceType("thing"), name: name)
        ).instance(key)
    }

    private func object(
        _ instance: ResourceInstanceAddress, _ generation: Generation = .current, in container: ResourceInstanceAddress? = nil,
        dependencies: [ResourceAddress] = [], identity: String = ""
    ) -> StateObject {
        StateObject(
            address: ObjectAddress(instance, generation), attributes: .object([("name", .string("\(instance)\(generation)"))]),
            provider: ProviderConfigAddress(name: "test"), container: container, dependencies: dependencies, identity: identity)
    }

    private func folded(_ events: [StateEvent]) -> StateSnapshot {
        var snapshot = StateSnapshot(version: StateVersion(lineage: "l", serial: 0))
        for event in events { snapshot.fold(event) }
        return snapshot
    }

    @Test func aFactClosesItsIntentAndRecordsTheObject() {
        let a = object(address("a"))
        let intent = Intent(id: "1", action: .create, address: a.address, planned: nil, run: RunID(rawValue: "r"), vertex: 0)
        var snapshot = folded([.intent(intent)])
        #expect(snapshot.openIntents == [intent])
        snapshot.fold(.fact(intent: "1", address: a.address, object: a))
        #expect(snapshot.openIntents.isEmpty && snapshot.objects == [a.address: a])
        snapshot.fold(.fact(intent: "2", address: a.address, object: nil))
        #expect(snapshot.objects.isEmpty)
    }

    @Test func intentsKeepTheOrderOfTheirBeginning() {
        let intents = (0..<200).map {
            Intent(
                id: "\($0)", action: .create, address: ObjectAddress(address("a", .index($0))), planned: nil, run: RunID(rawValue: "r"),
                vertex: $0)
        }
        var snapshot = folded(intents.map { .intent($0) })
        for number in stride(from: 0, to: 200, by: 3) { snapshot.fold(.withdrawn(intent: "\(number)")) }
        for number in stride(from: 1, to: 200, by: 3) { snapshot.fold(.withdrawn(intent: "\(number)")) }
        #expect(snapshot.openIntents.map(\.vertex) == Array(stride(from: 2, to: 200, by: 3)))
        snapshot.fold(.intent(intents[5]))
        #expect(snapshot.openIntents.filter { $0.id == "5" }.count == 1)
    }

    @Test func aDeposedObjectComesBack() {
        let a = address("a")
        var snapshot = folded([.recorded(object(a)), .deposed(a, key: "k1")])
        #expect(snapshot.objects[ObjectAddress(a)] == nil)
        #expect(snapshot.deposed(of: a).map(\.address.generation) == [.deposed("k1")])
        snapshot.fold(.restored(a, key: "k1"))
        #expect(snapshot.objects[ObjectAddress(a)]?.attributes["name"] == .string("\(a)"))
        #expect(snapshot.deposed(of: a).isEmpty)
        // It does not push aside what is there.
        snapshot.fold(.deposed(a, key: "k2"))
        snapshot.fold(.recorded(object(a)))
        snapshot.fold(.restored(a, key: "k2"))
        #expect(snapshot.objects.count == 2)
    }

    @Test func severalDeposedObjectsAreSortedByKey() {
        let a = address("a")
        let snapshot = folded([
            .recorded(object(a, .deposed("b"))), .recorded(object(a)), .recorded(object(a, .deposed("a"))),
            .recorded(object(address("c"), .deposed("z"))),
        ])
        #expect(snapshot.deposed(of: a).map(\.address.generation) == [.deposed("a"), .deposed("b")])
        #expect(snapshot.deposed.count == 3)
    }

    @Test func aMoveTakesAllGenerations() {
        let (a, b) = (address("a"), address("b", .key("x"), in: "m"))
        let snapshot = folded([.recorded(object(a)), .recorded(object(a, .deposed("k"))), .moved(from: a, to: b)])
        #expect(Set(snapshot.objects.keys) == [ObjectAddress(b), ObjectAddress(b, .deposed("k"))])
        #expect(snapshot.objects.allSatisfy { $0.key == $0.value.address })
        #expect(snapshot.deposed(of: b).count == 1 && snapshot.deposed(of: a).isEmpty)
    }

    @Test func whatItHoldsFollowsAMove() {
        let (a, b, file) = (address("a", .key("x")), address("b", .key("x"), in: "m"), address("file"))
        let snapshot = folded([
            .recorded(object(a)), .recorded(object(file, in: a, identity: "file|\(a)|/etc/motd")),
            .recorded(object(file, .deposed("k"), in: a, identity: "file|\(a)")),
            .recorded(object(address("other"), in: address("a"), identity: "file|\(address("a"))|/")), .moved(from: a, to: b),
        ])
        #expect(snapshot.objects[ObjectAddress(file)]?.container == b)
        #expect(snapshot.objects[ObjectAddress(file)]?.identity == "file|\(b)|/etc/motd")
        #expect(snapshot.objects[ObjectAddress(file, .deposed("k"))]?.identity == "file|\(b)")
        #expect(snapshot.objects[ObjectAddress(address("other"))]?.container == address("a"))
        #expect(snapshot.objects[ObjectAddress(address("other"))]?.identity == "file|\(address("a"))|/")
    }

    @Test func whatDependsOnItFollowsAMoveOfTheLastInstance() {
        let (old, new, top) = (address("old").resource, address("new").resource, address("top"))
        var snapshot = folded([
            .recorded(object(old.instance(.index(0)))), .recorded(object(old.instance(.index(1)))),
            .recorded(object(top, dependencies: [address("base").resource, old])),
        ])
        func dependencies() -> [ResourceAddress]? { snapshot.objects[ObjectAddress(top)]?.dependencies }
        snapshot.fold(.moved(from: old.instance(.index(0)), to: old.instance(.index(2))))
        #expect(dependencies() == [address("base").resource, old])
        snapshot.fold(.moved(from: old.instance(.index(2)), to: new.instance(.key("a"))))
        #expect(dependencies() == [address("base").resource, new, old], "one is still where it was")
        snapshot.fold(.moved(from: old.instance(.index(1)), to: new.instance(.key("b"))))
        #expect(dependencies() == [address("base").resource, new])
        // One that becomes a part of the very resource does not depend on itself, and what was not there moves nothing.
        snapshot.fold(.moved(from: top, to: new.instance(.key("c"))))
        snapshot.fold(.moved(from: address("nothing"), to: address("base")))
        snapshot.fold(.moved(from: new.instance(.key("a")), to: new.instance(.key("d"))))
        #expect(snapshot.objects[ObjectAddress(new.instance(.key("c")))]?.dependencies == [address("base").resource, new])
    }

    @Test func aForgottenRecordHandsItsDependenciesDown() {
        let (base, middle, top) = (address("base"), address("middle"), address("top"))
        let snapshot = folded([
            .recorded(object(base)), .recorded(object(middle, dependencies: [base.resource])),
            .recorded(object(top, dependencies: [middle.resource])), .forgotten(ObjectAddress(middle)),
        ])
        #expect(snapshot.objects[ObjectAddress(top)]?.dependencies == [base.resource])
    }

    @Test func dependenciesAreHandedDownWithTheLastInstance() {
        let (base, top) = (address("base"), address("top"))
        let (one, two) = (address("middle", .index(0)), address("middle", .index(1)))
        var snapshot = folded([
            .recorded(object(one, dependencies: [base.resource])), .recorded(object(two, dependencies: [base.resource])),
            .recorded(object(top, dependencies: [one.resource])), .forgotten(ObjectAddress(one)),
        ])
        #expect(snapshot.objects[ObjectAddress(top)]?.dependencies == [one.resource])
        snapshot.fold(.forgotten(ObjectAddress(two)))
        #expect(snapshot.objects[ObjectAddress(top)]?.dependencies == [base.resource])
    }

    @Test func objectsMayBeChangedByHand() {
        let a = address("a")
        var snapshot = folded([.recorded(object(a))])
        snapshot.objects[ObjectAddress(a, .deposed("k"))] = object(a, .deposed("k"))
        #expect(snapshot.deposed(of: a).count == 1)
        snapshot.fold(.recorded(object(a, .deposed("l"))))
        #expect(snapshot.deposed(of: a).count == 2)
    }

    /// Indices kept by folding agree with a search of everything, whatever the order of events.
    @Test(arguments: 0..<30) func indicesAgreeWithASearch(seed: Int) {
        var random = RandomState(seed: UInt64(seed), variety: 6)
        var snapshot = StateSnapshot(version: StateVersion(lineage: "l", serial: 0))
        for event in random.events(400) {
            snapshot.fold(event)
            // The same objects with fresh indices.
            var fresh = StateSnapshot(version: snapshot.version, objects: snapshot.objects, openIntents: snapshot.openIntents)
            let instance = random.instance()
            #expect(snapshot.deposed(of: instance) == fresh.deposed(of: instance))
            #expect(snapshot.generations(of: instance) == fresh.generations(of: instance))
            #expect(snapshot.holdsObjects(of: instance.resource) == fresh.holdsObjects(of: instance.resource))
            #expect(snapshot.dependants(on: instance.resource) == fresh.dependants(on: instance.resource))
            #expect(snapshot.contents(of: instance) == fresh.contents(of: instance))
        }
    }

    /// A hundred thousand intents and facts, a forget among each hundred: seconds if linear, hours if not.
    @Test(.timeLimit(.minutes(15))) func foldingIsLinear() {
        var snapshot = StateSnapshot(version: StateVersion(lineage: "l", serial: 0))
        let base = address("base").resource
        let count = 100_000
        for number in 0..<count {
            let instance = address("thing\(number % 1000)", .index(number))
            snapshot.fold(
                .intent(
                    Intent(
                        id: "\(number)", action: .create, address: ObjectAddress(instance), planned: nil, run: RunID(rawValue: "r"),
                        vertex: number)))
        }
        for number in 0..<count {
            let instance = address("thing\(number % 1000)", .index(number))
            snapshot.fold(.fact(intent: "\(number)", address: ObjectAddress(instance), object: object(instance, dependencies: [base])))
        }
        for number in stride(from: 0, to: count, by: 100) {
            snapshot.fold(.forgotten(ObjectAddress(address("thing\(number % 1000)", .index(number)))))
            snapshot.fold(.deposed(address("thing\((number + 1) % 1000)", .index(number + 1)), key: "k"))
        }
        #expect(snapshot.objects.count == count - count / 100 && snapshot.openIntents.isEmpty && snapshot.deposed.count == count / 100)
    }
}
