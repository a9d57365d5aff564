public import Addresses

/// Which objects a resource has, who depends on it, and what an instance holds: what a forgotten record's dependencies are handed down
/// by, and what follows one that moves.
public struct DependencyIndex: Sendable {
    /// How many objects each resource has; never 0.
    public private(set) var objects: [ResourceAddress: Int] = [:]
    public private(set) var dependants: [ResourceAddress: Set<ObjectAddress>] = [:]
    public private(set) var contents: [ResourceInstanceAddress: Set<ObjectAddress>] = [:]

    public init(_ all: some Sequence<StateObject>) {
        for object in all { add(object) }
    }

    public func dependants(on resource: ResourceAddress, butNot other: ResourceAddress) -> Set<ObjectAddress> {
        guard let all = dependants[resource] else { return [] }
        guard let known = dependants[other] else { return all }
        return all.filter { !known.contains($0) }
    }

    /// An object was added, changed or removed.
    public mutating func replace(_ old: StateObject?, with new: StateObject?) {
        if let old, let new, old.dependencies == new.dependencies, old.address == new.address, old.container == new.container { return }
        if let old { drop(old) }
        if let new { add(new) }
    }

    private mutating func add(_ object: StateObject) {
        objects[object.address.instance.resource, default: 0] += 1
        for dependency in object.dependencies { dependants[dependency, default: []].insert(object.address) }
        if let container = object.container { contents[container, default: []].insert(object.address) }
    }

    private mutating func drop(_ object: StateObject) {
        let resource = object.address.instance.resource
        if let count = objects[resource] { objects[resource] = count > 1 ? count - 1 : nil }
        for dependency in object.dependencies {
            dependants[dependency]?.remove(object.address)
            if dependants[dependency]?.isEmpty == true { dependants[dependency] = nil }
        }
        if let container = object.container {
            contents[container]?.remove(object.address)
            if contents[container]?.isEmpty == true { contents[container] = nil }
        }
    }
}
