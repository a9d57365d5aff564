import Addresses
import PlanModel
import Values

/// The planned containers, hosts above all, by their ids: finds the one that an argument means.
///
/// An argument like `host = each.value == "rack" ? host.rack[each.key] : server.web[each.key].host` names many instances and means one.
/// Which one is told by the value's `id`. Where that is not known yet, it is told by the unknown itself: each container's own is an object
/// of its own (`tagged`), and whatever hands a value on hands on this very object.
struct Holders {
    private var known: [String: [ResourceInstanceAddress]] = [:]
    private var unknown: [ObjectIdentifier: ResourceInstanceAddress] = [:]
    /// Those with an unknown id, by resource: for arguments whose value has lost its tag.
    private var nameless: [ResourceAddress: [ResourceInstanceAddress]] = [:]
    /// Keeps the tags alive, so that no other object gets the identity of one of them.
    private var tags: [Unknown] = []

    mutating func note(_ change: Change) {
        guard let id = change.after?["id"] ?? change.before?["id"] else { return }
        let address = change.address.instance
        if case .unknown(let tag) = id.node {
            tags.append(tag)
            unknown[ObjectIdentifier(tag)] = address
            nameless[address.resource, default: []].append(address)
        } else if let key = Self.key(id) {
            known[key, default: []].append(address)
        }
    }

    /// The container whose `id` a value carries, or that it is, among the resources that the argument refers to.
    func holder(of value: Value, among resources: Set<ResourceAddress>) -> ResourceInstanceAddress? {
        let id = value["id"] ?? value
        if case .unknown(let tag) = id.node {
            if let address = unknown[ObjectIdentifier(tag)], resources.contains(address.resource) { return address }
            var only: ResourceInstanceAddress?
            for resource in resources {
                for address in nameless[resource] ?? [] {
                    guard only == nil else { return nil }
                    only = address
                }
            }
            return only
        }
        return Self.key(id).flatMap { known[$0] }?.filter { resources.contains($0.resource) }.min()
    }

    /// The same value with an unknown `id` that is no other's.
    static func tagged(_ value: Value) -> Value {
        guard let id = value["id"], case .unknown(let unknown) = id.node else { return value }
        let tag = Value.unknown(unknown.type, unknown.refinement).withMarks(id.marks)
        return value.replacing(at: [.attribute("id")], with: tag) ?? value
    }

    private static func key(_ id: Value) -> String? { id.stringValue ?? id.numberValue?.description }
}
