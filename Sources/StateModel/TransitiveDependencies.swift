public import Addresses
import Values

/// `depends_on` in published states: every resource that an object's own depends on, directly or through others, named as the
/// configuration names it, without instance keys.
public struct TransitiveDependencies: Sendable {
    private let direct: [String: Set<String>]
    private var known: [String: Set<String>] = [:]

    public init(_ snapshot: StateSnapshot) {
        var direct: [String: Set<String>] = [:]
        for (address, object) in snapshot.objects {
            direct[address.instance.resource.publishedCall, default: []].formUnion(object.dependencies.map(\.publishedCall))
        }
        self.direct = direct
    }

    /// Names of what these depend on, themselves included, in byte order.
    public mutating func of(_ dependencies: [ResourceAddress]) -> [String] {
        var all: Set<String> = []
        for dependency in dependencies {
            let name = dependency.publishedCall
            all.insert(name)
            all.formUnion(reached(from: name))
        }
        return all.sorted { $0.precedesByBytes($1) }
    }

    /// Worked out once for each resource, without recursion: dependencies before what depends on them.
    private mutating func reached(from start: String) -> Set<String> {
        var stack = [start]
        var entered: Set<String> = []
        while let name = stack.last {
            if known[name] != nil {
                stack.removeLast()
                continue
            }
            let below = direct[name] ?? []
            // A record that names itself, or a circle of records, ends where it is met again.
            let missing = entered.insert(name).inserted ? below.filter { known[$0] == nil && !entered.contains($0) } : []
            if missing.isEmpty {
                var all = below
                for other in below { all.formUnion(known[other] ?? []) }
                all.remove(name)
                known[name] = all
                stack.removeLast()
            } else {
                stack += missing
            }
        }
        return known[start] ?? []
    }
}
