public import Addresses
public import StateModel
public import Values

/// Random but reproducible addresses, values, objects and journals.
public struct RandomState: Sendable {
    public var generator: SeededGenerator
    /// How many instances there are to choose from.
    public var variety: Int

    public init(seed: UInt64, variety: Int = 12) {
        generator = SeededGenerator(seed: seed)
        self.variety = variety
    }

    private mutating func pick<T>(_ items: [T]) -> T { items[generator.below(items.count)] }

    public mutating func instance() -> ResourceInstanceAddress {
        let number = generator.below(variety)
        var module = ModulePath.root
        if number % 3 == 1 { module = module.appending(.module(name: "network", key: .key("eu-\(number % 2)"))) }
        if number % 5 == 2 { module = module.appending(.kind(type: ResourceType("web_server"), name: "shop", key: .none)) }
        let key: InstanceKey =
            switch number % 4 {
            case 0: .none
            case 1: .index(number)
            default: .key("k\u{e9}y \"\(number)\"")
            }
        return ResourceAddress(module: module, resource: ResourceName(type: ResourceType("thing_\(number % 2)"), name: "r\(number / 2)"))
            .instance(key)
    }

    public mutating func value(depth: Int = 3) -> Value {
        var value: Value
        switch generator.below(depth > 0 ? 9 : 5) {
        case 0: value = .string(pick(["", "a", "caf\u{e9}", "line\nline", String(repeating: "long ", count: 20)]))
        case 1: value = .int(generator.below(1000) - 500)
        case 2: value = .bool(generator.oneIn(2))
        case 3: value = .null(pick([.string, .number, .dynamic, .list(.bool)]))
        case 4: value = Number(decimal: pick(["0.1", "1e-30", "123456789012345678901234567890", "-7.25"])).map { .number($0) } ?? .true
        case 5: value = .list((0..<generator.below(4)).map { _ in .string("item \(generator.below(9))") }, of: .string)
        case 6: value = .map((0..<generator.below(4)).map { ("key\($0)", .int($0)) }, of: .number)
        case 7: value = .tuple((0..<generator.below(3)).map { _ in self.value(depth: depth - 1) })
        default: value = .object((0..<generator.below(4)).map { ("attribute\($0)", self.value(depth: depth - 1)) })
        }
        return generator.oneIn(6) ? value.marked(.sensitive) : value
    }

    public mutating func object(at address: ObjectAddress) -> StateObject {
        var object = StateObject(
            address: address,
            attributes: .object([
                ("id", .string("id-\(generator.below(10000))")), ("settings", value()), ("secret", value().marked(.sensitive)),
            ]),
            schemaVersion: generator.below(3), privateBytes: (0..<generator.below(20)).map { UInt8(truncatingIfNeeded: $0 * 37) },
            status: pick([.ready, .ready, .tainted]),
            provider: ProviderConfigAddress(name: pick(["aws", "host"]), alias: pick([nil, "west"]), key: pick([.none, .key("x")])),
            container: generator.oneIn(4) ? instance() : nil,
            dependencies: (0..<generator.below(3)).map { _ in instance().resource }.sorted(), createBeforeDestroy: generator.oneIn(3),
            isGuarded: generator.oneIn(5), preventsDestroy: generator.oneIn(5), identity: pick(["", "host|/etc/motd"]),
            before: pick([nil, [], [1, 2, 3]]))
        if object.schemaVersion == 2, object.isGuarded {
            object.hostKeys = ["[10.0.0.1]:2222": "ssh-ed25519 AAAA", "rack": "ssh-rsa BBBB"]
        }
        return object
    }

    public static let holder = LockHolder(
        user: "ada", host: "rack", process: 1, operation: "apply", since: 1_700_000_000, program: "ashlar 0")

    /// Events as runs write them, and some that no run would: folding must bear them all.
    public mutating func events(_ count: Int) -> [StateEvent] {
        var events: [StateEvent] = []
        var open: [String] = []
        var run = 0
        for number in 0..<count {
            let instance = instance()
            let address = ObjectAddress(instance, generator.oneIn(5) ? .deposed("0000000\(generator.below(3))") : .current)
            switch generator.below(18) {
            case 0:
                run += 1
                events.append(
                    .runBegan(
                        RunRecord(
                            id: RunID(rawValue: "run-\(run)-\(generator.below(1000))"), command: .apply, holder: Self.holder,
                            beganAt: Double(number),
                            planDigest: "digest")))
            case 1:
                var counts = RunRecord.Counts()
                counts.created = number
                events.append(.runEnded(RunID(rawValue: "run-\(run)-0"), result: .done, at: Double(number), counts: counts))
            case 2...5:
                let id = "intent-\(number)-\(generator.below(100_000))"
                open.append(id)
                events.append(
                    .intent(
                        Intent(
                            id: id, action: number % 7 == 6 ? .deprovision : pick([.create, .update, .delete, .provision]),
                            address: address,
                            planned: generator.oneIn(3) ? nil : object(at: address), run: RunID(rawValue: "run-\(run)"), vertex: number)))
            case 6...9:
                let intent = open.isEmpty || generator.oneIn(8) ? "nobody" : open.remove(at: generator.below(open.count))
                events.append(.fact(intent: intent, address: address, object: generator.oneIn(4) ? nil : object(at: address)))
            case 10: events.append(.withdrawn(intent: open.isEmpty ? "nobody" : open.remove(at: generator.below(open.count))))
            case 11: events.append(.observed(address: address, object: generator.oneIn(3) ? nil : object(at: address)))
            case 12: events.append(.recorded(object(at: address)))
            case 13: events.append(.deposed(instance, key: "0000000\(generator.below(3))"))
            case 14: events.append(.restored(instance, key: "0000000\(generator.below(3))"))
            case 15: events.append(.forgotten(address))
            case 16: events.append(.moved(from: instance, to: self.instance()))
            default:
                let name = "output\(generator.below(4))"
                events.append(
                    .output(name: name, generator.oneIn(3) ? nil : OutputRecord(value: value(), isSensitive: generator.oneIn(2))))
            }
        }
        return events
    }
}
