public import Addresses

/// Where a fold keeps what it knows: a dictionary (`StateSnapshot`), the rows of a database, an overlay on either.
///
/// The rules of the fold stand once, in `fold(_:)` below; a store supplies only these primitive operations, none of which needs
/// more time than a look-up, those that find other objects apart.
public protocol StateFolding {
    associatedtype Failure: Error

    mutating func object(at address: ObjectAddress) throws(Failure) -> StateObject?
    /// Adds or replaces the object at `object.address`.
    mutating func put(_ object: StateObject) throws(Failure)
    /// Does nothing where there is no such object.
    mutating func remove(_ address: ObjectAddress) throws(Failure)
    /// Addresses of the recorded objects of one instance, sorted.
    mutating func generations(of instance: ResourceInstanceAddress) throws(Failure) -> [ObjectAddress]
    /// Whether any object of the resource is recorded.
    mutating func holdsObjects(of resource: ResourceAddress) throws(Failure) -> Bool
    /// Objects that name `resource` among their dependencies.
    mutating func dependants(on resource: ResourceAddress) throws(Failure) -> [StateObject]
    /// Those of them that do not name `other` as well.
    mutating func dependants(on resource: ResourceAddress, butNot other: ResourceAddress) throws(Failure) -> [StateObject]
    /// Objects whose container the instance is.
    mutating func contents(of instance: ResourceInstanceAddress) throws(Failure) -> [StateObject]

    /// An intent that is opened again replaces its former self.
    mutating func open(_ intent: Intent) throws(Failure)
    /// Does nothing where no such intent is open.
    mutating func close(intent id: String) throws(Failure)
    /// Nil: the output is gone.
    mutating func setOutput(_ name: String, to record: OutputRecord?) throws(Failure)
    mutating func begin(_ run: RunRecord) throws(Failure)
    mutating func end(_ run: RunID, result: RunRecord.Result, at time: Double, counts: RunRecord.Counts) throws(Failure)
}

extension StateFolding {
    /// Applies one event. An event about something unknown leaves the rest as it is.
    public mutating func fold(_ event: StateEvent) throws(Failure) {
        switch event {
        case .runBegan(let run): try begin(run)
        case .runEnded(let run, let result, let time, let counts): try end(run, result: result, at: time, counts: counts)
        case .intent(let intent): try open(intent)
        case .fact(let intent, let address, let object):
            try close(intent: intent)
            try replace(address, with: object)
        case .withdrawn(let intent): try close(intent: intent)
        case .observed(let address, let object): try replace(address, with: object)
        case .recorded(let object), .imported(let object, _): try put(object)
        case .deposed(let instance, let key):
            try relabel(ObjectAddress(instance), as: ObjectAddress(instance, .deposed(key)))
        case .restored(let instance, let key):
            let current = ObjectAddress(instance)
            if try object(at: current) == nil { try relabel(ObjectAddress(instance, .deposed(key)), as: current) }
        case .forgotten(let address):
            guard let gone = try object(at: address) else { return }
            try remove(address)
            try handDown(gone)
        case .moved(let from, let to):
            if from == to { return }
            let moving = try generations(of: from)
            for address in moving { try relabel(address, as: ObjectAddress(to, address.generation)) }
            if !moving.isEmpty { try followMove(from, to) }
        case .output(let name, let record): try setOutput(name, to: record)
        }
    }

    private mutating func replace(_ address: ObjectAddress, with object: StateObject?) throws(Failure) {
        guard var object else { return try remove(address) }
        // The event's address is the one that its intent and its readers go by.
        if object.address != address { object.address = address }
        try put(object)
    }

    private mutating func relabel(_ from: ObjectAddress, as to: ObjectAddress) throws(Failure) {
        guard var object = try object(at: from) else { return }
        try remove(from)
        object.address = to
        try put(object)
    }

    /// What an object holds, and what depends on its resource, goes by the new address. While other instances of the resource are where
    /// they were, its dependants have both.
    private mutating func followMove(_ from: ResourceInstanceAddress, _ to: ResourceInstanceAddress) throws(Failure) {
        for var held in try contents(of: from) {
            held.container = to
            held.identity = held.identity.naming(to, insteadOf: from)
            try put(held)
        }
        let (old, new) = (from.resource, to.resource)
        guard old != new else { return }
        let isLast = try !holdsObjects(of: old)
        for var dependant in isLast ? try dependants(on: old) : try dependants(on: old, butNot: new) {
            var kept = Set(dependant.dependencies)
            if isLast { kept.remove(old) }
            if dependant.address.instance.resource != new { kept.insert(new) }
            dependant.dependencies = kept.sorted()
            try put(dependant)
        }
    }

    /// A forgotten record's dependencies become its dependants', so that the order of deletes survives it.
    private mutating func handDown(_ gone: StateObject) throws(Failure) {
        let resource = gone.address.instance.resource
        if try holdsObjects(of: resource) { return }
        for var heir in try dependants(on: resource) {
            let own = heir.address.instance.resource
            var inherited = heir.dependencies.filter { $0 != resource }
            inherited.append(contentsOf: gone.dependencies.lazy.filter { $0 != own && $0 != resource })
            inherited.sort()
            heir.dependencies = inherited.reduce(into: []) { kept, next in if kept.last != next { kept.append(next) } }
            try put(heir)
        }
    }
}

extension String {
    /// A natural identity, which says where it is by the address of its container: `host_file|host.a|/etc/motd`.
    fileprivate func naming(_ new: ResourceInstanceAddress, insteadOf old: ResourceInstanceAddress) -> String {
        var text = self + "|"
        guard let place = text.firstRange(of: "|\(old)|") else { return self }
        text.replaceSubrange(place, with: "|\(new)|")
        return String(text.dropLast())
    }
}
