// From completed steps to groups under way.
extension ApplyMachine {
    /// A completed step whose predecessors are done waits for a place.
    mutating func enqueue(_ vertex: Int32) {
        if isStopping {
            // Too late to begin; its intent, if it has one, is closed.
            if isIntentDurable[Int(vertex)], !isJournalBroken {
                conclude(vertex, .notBegun, withdrawing: true)
            } else {
                set(vertex, .notBegun)
            }
            return
        }
        set(vertex, .waiting)
        lanes.append(vertex, to: lane(of: vertex))
    }

    private func lane(of vertex: Int32) -> Lanes.Name {
        let node = graph.vertices[Int(vertex)]
        return node.group >= 0 && node.kind == .effect ? .group(node.group) : .key(keys[Int(vertex)])
    }

    mutating func dispatch() {
        while running < limits.parallelism, let name = lanes.nextReady() {
            // A step that is about to be able to go along is worth the wait: it saves a round trip.
            if case .group(let group) = name, staging.early[group] != nil { continue }
            guard let first = nextWaiting(in: name) else { continue }
            let key = keys[Int(first)]
            guard lanes.admits(name, key: key) else {
                putBack(first, in: name)
                continue
            }
            begin(members(of: name, first: first, key: key), key: key)
            lanes.list(name)
        }
    }

    /// The next step whose identity is free; the others wait for theirs.
    private mutating func nextWaiting(in name: Lanes.Name) -> Int32? {
        while let vertex = lanes.popWaiting(of: name) {
            guard phases[Int(vertex)] == .waiting else { continue }
            let identity = graph.vertices[Int(vertex)].identity
            if identity >= 0, busyIdentities.contains(identity) {
                identityWaiters[identity, default: Queue()].append(vertex)
                continue
            }
            return vertex
        }
        return nil
    }

    private mutating func putBack(_ vertex: Int32, in name: Lanes.Name) { lanes.append(vertex, to: name) }

    /// One step, or as many of a group as are to go together.
    private mutating func members(of name: Lanes.Name, first: Int32, key: Int32) -> [Int32] {
        var members = [first]
        take(first)
        guard case .group(let group) = name else { return members }
        let limit = lanes.limit(ofKey: key)
        let waiting = lanes.waitingCount(of: name) + 1
        var size = limits.groupSize
        if limit != 1 {
            // Groups may run side by side: half of an even share each, so that the last ones end at about the same time.
            let places = limit > 0 ? min(limit, limits.parallelism) : limits.parallelism
            size = min(size, max(1, (waiting + 2 * places - 1) / (2 * places)))
        }
        while members.count < size, let vertex = nextWaiting(in: name) {
            guard keys[Int(vertex)] == key else {
                putBack(vertex, in: name)
                // Another key's turn comes with the lane's next.
                break
            }
            take(vertex)
            members.append(vertex)
        }
        if limit == 1 { followers(of: &members, group: group, key: key) }
        return members
    }

    /// Completed steps that wait for nothing but members go along, after them.
    private mutating func followers(of members: inout [Int32], group: Int32, key: Int32) {
        var touched: [Int32] = []
        var joins: [Int32] = []
        var next = 0
        while next < members.count || !joins.isEmpty {
            let vertex: Int32
            if let join = joins.popLast() {
                vertex = join
            } else {
                vertex = members[next]
                next += 1
            }
            for successor in graph.successors(of: vertex) {
                if hits[Int(successor)] == 0 { touched.append(successor) }
                hits[Int(successor)] += 1
                guard hits[Int(successor)] == remaining[Int(successor)] else { continue }
                let node = graph.vertices[Int(successor)]
                switch (node.kind, phases[Int(successor)]) {
                case (.join, .pending): joins.append(successor)
                case (.effect, .held)
                where node.group == group && keys[Int(successor)] == key && !isNothing[Int(successor)] && members.count < limits.groupSize
                    && (node.identity < 0 || !busyIdentities.contains(node.identity)):
                    take(successor)
                    members.append(successor)
                default: break
                }
            }
        }
        for vertex in touched { hits[Int(vertex)] = 0 }
    }

    private mutating func take(_ vertex: Int32) {
        let identity = graph.vertices[Int(vertex)].identity
        if identity >= 0 { busyIdentities.insert(identity) }
        set(vertex, .journalling)
    }

    private mutating func begin(_ members: [Int32], key: Int32) {
        let number = nextGroup
        nextGroup += 1
        groups[number] = Group(members: members, key: key)
        for vertex in members { lanes.groupOf[vertex] = number }
        running += 1
        lanes.occupy(key: key)
        let unrecorded = members.filter { graph.vertices[Int($0)].kind == .effect && !isIntentDurable[Int($0)] }
        effects.append(.begin(group: number, members: members, unrecorded: unrecorded))
        if unrecorded.isEmpty { intentsDurable(number) }
    }

    mutating func freeIdentity(of vertex: Int32) {
        let identity = graph.vertices[Int(vertex)].identity
        guard identity >= 0, busyIdentities.remove(identity) != nil else { return }
        // The first that still waits goes next; the others keep their places.
        while let next = identityWaiters[identity]?.popFirst() {
            guard phases[Int(next)] == .waiting else { continue }
            lanes.append(next, to: lane(of: next))
            break
        }
        if identityWaiters[identity]?.isEmpty == true { identityWaiters[identity] = nil }
    }
}
