/// First in, first out, in constant time.
struct Queue: Sendable {
    private var items: [Int32] = []
    private var head = 0

    var count: Int { items.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ item: Int32) { items.append(item) }

    mutating func popFirst() -> Int32? {
        guard head < items.count else { return nil }
        defer {
            head += 1
            if head > 64, head * 2 > items.count {
                items.removeFirst(head)
                head = 0
            }
        }
        return items[head]
    }
}

/// Where completed steps wait for a place: one lane a group, one a key for steps that travel alone.
struct Lanes: Sendable {
    enum Name: Hashable, Sendable {
        case group(Int32)
        case key(Int32)
    }

    struct Lane: Sendable {
        var waiting = Queue()
        /// Stands in `ready`, or is blocked by its key.
        var isListed = false
    }

    private(set) var lanes: [Name: Lane] = [:]
    /// Lanes with waiting steps, in fair rotation.
    private var ready: [Name] = []
    private var head = 0
    private var limits: [Int32: Int32] = [:]
    private var running: [Int32: Int32] = [:]
    private var blocked: [Int32: [Name]] = [:]
    /// Group under way of each vertex.
    var groupOf: [Int32: Int32] = [:]

    mutating func setLimit(_ limit: Int32, ofKey key: Int32) { limits[key] = limit }
    /// 0: none of its own.
    func limit(ofKey key: Int32) -> Int { Int(limits[key] ?? 0) }

    mutating func append(_ vertex: Int32, to name: Name) {
        lanes[name, default: Lane()].waiting.append(vertex)
        list(name)
    }

    mutating func popWaiting(of name: Name) -> Int32? { lanes[name]?.waiting.popFirst() }
    func waitingCount(of name: Name) -> Int { lanes[name]?.waiting.count ?? 0 }

    mutating func list(_ name: Name) {
        guard let lane = lanes[name], !lane.isListed, !lane.waiting.isEmpty else { return }
        lanes[name]?.isListed = true
        ready.append(name)
    }

    mutating func wake(group: Int32) { list(.group(group)) }

    mutating func nextReady() -> Name? {
        guard head < ready.count else {
            ready.removeAll(keepingCapacity: true)
            head = 0
            return nil
        }
        defer { head += 1 }
        lanes[ready[head]]?.isListed = false
        return ready[head]
    }

    /// Whether another group of the key may run; if not, the lane comes back when one has ended.
    mutating func admits(_ name: Name, key: Int32) -> Bool {
        let limit = limits[key] ?? 0
        if limit == 0 || (running[key] ?? 0) < limit { return true }
        lanes[name]?.isListed = true
        blocked[key, default: []].append(name)
        return false
    }

    mutating func occupy(key: Int32) { running[key, default: 0] += 1 }

    mutating func free(key: Int32) {
        running[key, default: 1] -= 1
        for name in blocked.removeValue(forKey: key) ?? [] {
            lanes[name]?.isListed = false
            list(name)
        }
    }
}
