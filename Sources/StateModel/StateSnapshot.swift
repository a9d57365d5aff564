public import Addresses

/// The fold of a journal: what is recorded now, and what was begun and not ended.
public struct StateSnapshot: Sendable {
    public var version: StateVersion
    public var objects: [ObjectAddress: StateObject]
    public var outputs: [String: OutputRecord]
    /// In the order of their beginning.
    public var openIntents: [Intent]
    /// Facts and observations since that could not be folded because of a fault in the journal; empty as a rule.
    public init(
        version: StateVersion, objects: [ObjectAddress: StateObject] = [:], outputs: [String: OutputRecord] = [:],
        openIntents: [Intent] = []
    ) {
        self.version = version
        self.objects = objects
        self.outputs = outputs
        self.openIntents = openIntents
    }

    /// Deposed objects of an instance, by key.
    public func deposed(of instance: ResourceInstanceAddress) -> [StateObject] {
        objects.values.filter { $0.address.instance == instance && $0.address.generation != .current }
            .sorted { $0.address < $1.address }
    }

    /// Applies one event. Pure; never fails: an event about something unknown leaves the rest as it is.
    public mutating func fold(_ event: StateEvent) {
        switch event {
        case .runBegan, .runEnded: break
        case .intent(let intent):
            openIntents.append(intent)
        case .fact(let intent, let address, let object):
            close(intent)
            objects[address] = object
        case .withdrawn(let intent):
            close(intent)
        case .observed(let address, let object):
            objects[address] = object
        case .recorded(let object):
            objects[object.address] = object
        case .deposed(let instance, let key):
            guard var object = objects.removeValue(forKey: ObjectAddress(instance)) else { return }
            object.address.generation = .deposed(key)
            objects[object.address] = object
        case .restored(let instance, let key):
            let from = ObjectAddress(instance, .deposed(key))
            guard objects[ObjectAddress(instance)] == nil, var object = objects.removeValue(forKey: from) else { return }
            object.address.generation = .current
            objects[object.address] = object
        case .forgotten(let address):
            guard let gone = objects.removeValue(forKey: address) else { return }
            handDown(gone)
        case .moved(let from, let to):
            for address in objects.keys.filter({ $0.instance == from }).sorted() {
                guard var object = objects.removeValue(forKey: address) else { continue }
                object.address.instance = to
                objects[object.address] = object
            }
        case .output(let name, let record):
            outputs[name] = record
        }
    }

    private mutating func close(_ intent: String) {
        if let index = openIntents.firstIndex(where: { $0.id == intent }) { openIntents.remove(at: index) }
    }

    /// A forgotten record's dependencies become its dependants', so that order survives it.
    private mutating func handDown(_ gone: StateObject) {
        let resource = gone.address.instance.resource
        if objects.keys.contains(where: { $0.instance.resource == resource }) { return }
        for (address, object) in objects where object.dependencies.contains(resource) {
            var heir = object
            heir.dependencies.removeAll { $0 == resource }
            heir.dependencies.append(contentsOf: gone.dependencies.filter { !heir.dependencies.contains($0) })
            heir.dependencies.sort()
            objects[address] = heir
        }
    }
}
