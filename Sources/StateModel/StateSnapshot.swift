public import Addresses

/// The fold of a journal: what is recorded now, and what was begun and not ended.
///
/// Folding an event takes the time of a few look-ups, whatever the size of the state. The first `.forgotten` or `.moved` builds an
/// index of dependants and contents, once.
public struct StateSnapshot: Sendable {
    public var version: StateVersion
    public var outputs: [String: OutputRecord]

    private var stored: [ObjectAddress: StateObject]
    private var intents: OpenIntents
    /// Keys of deposed objects by instance; nil after `objects` was changed by hand.
    private var deposedKeys: [ResourceInstanceAddress: Set<String>]?
    /// Built when first needed; nil until then, and after `objects` was changed by hand.
    private var index: DependencyIndex?

    public init(
        version: StateVersion, objects: [ObjectAddress: StateObject] = [:], outputs: [String: OutputRecord] = [:],
        openIntents: [Intent] = []
    ) {
        self.version = version
        self.outputs = outputs
        stored = objects
        intents = OpenIntents(openIntents)
        deposedKeys = nil
        deposedKeys = deposedIndex()
    }

    /// Everything recorded. Changing it by hand is for tests and editors: it drops the indices that folding keeps.
    public var objects: [ObjectAddress: StateObject] {
        get { stored }
        _modify {
            deposedKeys = nil
            index = nil
            yield &stored
        }
    }

    /// In the order of their beginning.
    public var openIntents: [Intent] {
        get { intents.inOrder }
        set { intents = OpenIntents(newValue) }
    }

    /// Deposed objects of an instance, by key.
    public func deposed(of instance: ResourceInstanceAddress) -> [StateObject] {
        guard let deposedKeys else {
            return stored.values.filter { $0.address.instance == instance && $0.address.generation != .current }
                .sorted { $0.address < $1.address }
        }
        guard let keys = deposedKeys[instance] else { return [] }
        return keys.sorted().compactMap { stored[ObjectAddress(instance, .deposed($0))] }
    }

    /// Every deposed object, by address.
    public var deposed: [StateObject] {
        guard let deposedKeys else {
            return stored.values.filter { $0.address.generation != .current }.sorted { $0.address < $1.address }
        }
        return deposedKeys.keys.sorted().flatMap { deposed(of: $0) }
    }

    private func deposedIndex() -> [ResourceInstanceAddress: Set<String>] {
        var result: [ResourceInstanceAddress: Set<String>] = [:]
        for address in stored.keys {
            if case .deposed(let key) = address.generation { result[address.instance, default: []].insert(key) }
        }
        return result
    }
}

extension StateSnapshot: StateFolding {
    public typealias Failure = Never

    public func object(at address: ObjectAddress) -> StateObject? { stored[address] }

    public mutating func put(_ object: StateObject) {
        let previous = stored.updateValue(object, forKey: object.address)
        index?.replace(previous, with: object)
        if case .deposed(let key) = object.address.generation, previous == nil {
            if deposedKeys == nil { deposedKeys = deposedIndex() }
            deposedKeys?[object.address.instance, default: []].insert(key)
        }
    }

    public mutating func remove(_ address: ObjectAddress) {
        guard let gone = stored.removeValue(forKey: address) else { return }
        index?.replace(gone, with: nil)
        if case .deposed(let key) = address.generation {
            deposedKeys?[address.instance]?.remove(key)
            if deposedKeys?[address.instance]?.isEmpty == true { deposedKeys?[address.instance] = nil }
        }
    }

    public mutating func generations(of instance: ResourceInstanceAddress) -> [ObjectAddress] {
        let current = ObjectAddress(instance)
        return (stored[current] == nil ? [] : [current]) + deposed(of: instance).map(\.address)
    }

    public mutating func holdsObjects(of resource: ResourceAddress) -> Bool { indexed().objects[resource] != nil }

    public mutating func dependants(on resource: ResourceAddress) -> [StateObject] {
        (indexed().dependants[resource] ?? []).sorted().compactMap { stored[$0] }
    }

    public mutating func dependants(on resource: ResourceAddress, butNot other: ResourceAddress) -> [StateObject] {
        indexed().dependants(on: resource, butNot: other).sorted().compactMap { stored[$0] }
    }

    public mutating func contents(of instance: ResourceInstanceAddress) -> [StateObject] {
        (indexed().contents[instance] ?? []).sorted().compactMap { stored[$0] }
    }

    public mutating func open(_ intent: Intent) { intents.open(intent) }
    public mutating func close(intent id: String) { intents.close(id) }
    public mutating func setOutput(_ name: String, to record: OutputRecord?) { outputs[name] = record }
    /// Runs are history, which a snapshot does not hold.
    public mutating func begin(_ run: RunRecord) {}
    public mutating func end(_ run: RunID, result: RunRecord.Result, at time: Double, counts: RunRecord.Counts) {}

    private mutating func indexed() -> DependencyIndex {
        if let index { return index }
        let built = DependencyIndex(stored.values)
        index = built
        return built
    }
}

/// Open intents in the order of their beginning; opening and closing take constant time.
private struct OpenIntents: Sendable {
    private var slots: [Intent?] = []
    private var positions: [String: Int] = [:]

    init(_ intents: [Intent]) {
        for intent in intents { open(intent) }
    }

    var inOrder: [Intent] { slots.compactMap { $0 } }

    mutating func open(_ intent: Intent) {
        if let position = positions[intent.id] {
            slots[position] = intent
            return
        }
        positions[intent.id] = slots.count
        slots.append(intent)
    }

    mutating func close(_ id: String) {
        guard let position = positions.removeValue(forKey: id) else { return }
        slots[position] = nil
        // Closed slots are swept when they outnumber the open ones, so that each close costs a constant on average.
        guard slots.count > 32, positions.count * 2 < slots.count else { return }
        let open = inOrder
        slots = open
        positions = [:]
        positions.reserveCapacity(open.count)
        for (position, intent) in open.enumerated() { positions[intent.id] = position }
    }
}
