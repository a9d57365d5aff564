import Addresses
import PlanModel
import StateModel
import Synchronization

/// The state as this run sees it: the base, and over it what has become true since. The base is never copied.
final class RunFacts: Facts, Sendable {
    private let overlay: Mutex<FactOverlay>

    /// - Parameter identities: whose claims are asked for.
    init(base: StateSnapshot, identities: Set<String>) { overlay = Mutex(FactOverlay(base: base, identities: identities)) }

    func object(at address: ObjectAddress) -> StateObject? { overlay.withLock { $0.object(at: address) } }
    func fold(_ event: StateEvent) { overlay.withLock { $0.fold(event) } }
    var outputs: [String: OutputRecord] { overlay.withLock { $0.outputs } }

    /// A record of the identity other than that at `address`; of several, one that knows what was there before.
    func otherClaim(on identity: String, than address: ObjectAddress) -> StateObject? {
        if identity.isEmpty { return nil }
        return overlay.withLock { overlay in
            let claims = (overlay.claims[identity] ?? []).filter { $0 != address }.sorted().compactMap { overlay.object(at: $0) }
            return claims.first { $0.before != nil } ?? claims.first
        }
    }
}

private struct FactOverlay: StateFolding, Sendable {
    typealias Failure = Never

    let base: StateSnapshot
    var outputs: [String: OutputRecord]
    /// Records by identity, for the identities of the plan.
    private(set) var claims: [String: Set<ObjectAddress>] = [:]
    /// Nil: gone.
    private var changed: [ObjectAddress: StateObject?] = [:]
    private var deposed: [ResourceInstanceAddress: Set<ObjectAddress>] = [:]
    /// Where records move, what goes by their addresses. Nil where none does: dependencies are handed down in the store, and a run goes by
    /// its plan's order.
    private var index: DependencyIndex?

    init(base: StateSnapshot, identities: Set<String>) {
        self.base = base
        outputs = base.outputs
        for identity in identities { claims[identity] = [] }
        if identities.isEmpty { return }
        for (address, object) in base.objects where !object.identity.isEmpty { claims[object.identity]?.insert(address) }
    }

    func object(at address: ObjectAddress) -> StateObject? {
        if let known = changed[address] { return known }
        return base.object(at: address)
    }

    mutating func put(_ object: StateObject) {
        track(object.address, object)
        unclaim(object.address)
        if object.address.generation != .current { deposed[object.address.instance, default: []].insert(object.address) }
        if !object.identity.isEmpty { claims[object.identity]?.insert(object.address) }
        changed.updateValue(object, forKey: object.address)
    }

    mutating func remove(_ address: ObjectAddress) {
        track(address, nil)
        unclaim(address)
        changed.updateValue(nil, forKey: address)
    }

    private mutating func track(_ address: ObjectAddress, _ new: StateObject?) {
        guard index != nil else { return }
        let old = object(at: address)
        index?.replace(old, with: new)
    }

    private mutating func unclaim(_ address: ObjectAddress) {
        if let old = object(at: address), !old.identity.isEmpty { claims[old.identity]?.remove(address) }
    }

    func generations(of instance: ResourceInstanceAddress) -> [ObjectAddress] {
        let known = [ObjectAddress(instance)] + base.deposed(of: instance).map(\.address) + (deposed[instance] ?? [])
        return Set(known).filter { object(at: $0) != nil }.sorted()
    }

    func holdsObjects(of resource: ResourceAddress) -> Bool { index.map { $0.objects[resource] != nil } ?? true }
    func dependants(on resource: ResourceAddress) -> [StateObject] { objects(index?.dependants[resource]) }
    func dependants(on resource: ResourceAddress, butNot other: ResourceAddress) -> [StateObject] {
        objects(index?.dependants(on: resource, butNot: other))
    }

    /// Asked first for a record that has moved.
    mutating func contents(of instance: ResourceInstanceAddress) -> [StateObject] {
        if index == nil {
            let untouched = base.objects.lazy.filter { [changed] in changed[$0.key] == nil }.map(\.value)
            var built = DependencyIndex(untouched)
            for case let object? in changed.values { built.replace(nil, with: object) }
            index = built
        }
        return objects(index?.contents[instance])
    }

    private func objects(_ addresses: Set<ObjectAddress>?) -> [StateObject] {
        (addresses ?? []).sorted().compactMap { object(at: $0) }
    }

    func open(_ intent: Intent) {}
    func close(intent id: String) {}
    mutating func setOutput(_ name: String, to record: OutputRecord?) { outputs[name] = record }
    func begin(_ run: RunRecord) {}
    func end(_ run: RunID, result: RunRecord.Result, at time: Double, counts: RunRecord.Counts) {}
}
