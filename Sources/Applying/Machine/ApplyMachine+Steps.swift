// The life of one vertex: ready, completed, begun, ended.
extension ApplyMachine {
    /// Everything it waits for is done.
    mutating func becomeReady(_ first: Int32) {
        // A chain of joins may be as long as the plan: a list, not recursion.
        var ready = [first]
        while let vertex = ready.popLast() {
            switch graph.vertices[Int(vertex)].kind {
            case .join:
                set(vertex, .done)
                release(vertex, into: &ready)
            case .record:
                // Its event precedes, in the journal, whatever its successors do.
                conclude(vertex, .done)
                release(vertex, into: &ready)
            case .evaluation, .effect, .read:
                if isStopping { continue }
                set(vertex, .completing)
                toComplete.append(vertex)
                stage(vertex)
            }
        }
    }

    /// `vertex` is done: its successors wait for one less.
    mutating func release(_ vertex: Int32) {
        var ready: [Int32] = []
        release(vertex, into: &ready)
        for vertex in ready.reversed() { becomeReady(vertex) }
    }

    private mutating func release(_ vertex: Int32, into ready: inout [Int32]) {
        let group = staging.groups[Int(vertex)]
        var staged: [Int32] = []
        for successor in graph.successors(of: vertex).reversed() {
            remaining[Int(successor)] -= 1
            if group >= 0 { staging.forget(group, at: successor) }
            guard remaining[Int(successor)] == 0 else {
                staged.append(successor)
                continue
            }
            switch phases[Int(successor)] {
            case .pending: ready.append(successor)
            case .held: leaveHold(successor, into: &ready)
            default: break
            }
        }
        for successor in staged { stageIfTogether(successor) }
    }

    private mutating func leaveHold(_ vertex: Int32, into ready: inout [Int32]) {
        if isNothing[Int(vertex)] {
            set(vertex, .done)
            release(vertex, into: &ready)
        } else {
            enqueue(vertex)
        }
    }

    // MARK: Completed

    mutating func completed(_ vertex: Int32, _ completion: Completion) {
        guard phases[Int(vertex)] == .completing else { return }
        settleEarly(vertex)
        switch completion {
        case .ready(let key, let limit):
            keys[Int(vertex)] = key
            lanes.setLimit(limit, ofKey: key)
            if remaining[Int(vertex)] > 0 { set(vertex, .held) } else { enqueue(vertex) }
        case .nothing(let record):
            if remaining[Int(vertex)] > 0 {
                // What waits for it must not overtake what it waits for.
                isNothing[Int(vertex)] = true
                set(vertex, .held)
                return
            }
            if record { conclude(vertex, .done) } else { set(vertex, .done) }
            release(vertex)
        case .failed:
            set(vertex, .failed)
            block(vertex)
        }
    }

    // MARK: Begun

    mutating func intentsDurable(_ number: Int32) {
        guard let group = groups[number] else { return }
        for vertex in group.members { isIntentDurable[Int(vertex)] = graph.vertices[Int(vertex)].kind == .effect }
        if isStopping {
            for vertex in group.members where phases[Int(vertex)] == .journalling {
                freeIdentity(of: vertex)
                if isIntentDurable[Int(vertex)] { conclude(vertex, .notBegun, withdrawing: true) } else { set(vertex, .notBegun) }
            }
            closeGroup(number)
            return
        }
        for vertex in group.members { set(vertex, .applying) }
        effects.append(.apply(group: number))
    }

    // MARK: Ended

    mutating func ended(_ vertex: Int32, _ outcome: Outcome) {
        guard phases[Int(vertex)] == .applying, let number = lanes.groupOf[vertex] else { return }
        lanes.groupOf[vertex] = nil
        freeIdentity(of: vertex)
        switch outcome {
        case .done:
            groups[number]?.hasProgress = true
            conclude(vertex, .done)
            release(vertex)
        case .postponed:
            groups[number]?.hasProgress = true
            if isStopping || isBlocked[Int(vertex)] {
                conclude(vertex, .failed)
                block(vertex)
            } else {
                set(vertex, .delayed)
                effects.append(.retry(vertex))
            }
        case .failed:
            groups[number]?.hasProgress = true
            conclude(vertex, .failed)
            block(vertex)
        case .interrupted:
            groups[number]?.hasProgress = true
            set(vertex, .failed)
            block(vertex)
        case .notBegun:
            if isBlocked[Int(vertex)] || isStopping {
                giveUp(vertex, .notBegun)
                block(vertex)
            } else {
                // Goes again when the group has ended, if the group got anywhere.
                set(vertex, .held)
                groups[number]?.returned.append(vertex)
            }
        }
    }

    mutating func groupEnded(_ number: Int32) {
        guard let group = groups[number] else { return }
        // A provider that forgets to answer leaves nobody waiting: what it did is not known.
        for vertex in group.members where phases[Int(vertex)] == .applying && lanes.groupOf[vertex] == number {
            ended(vertex, .interrupted)
        }
        let hasProgress = groups[number]?.hasProgress ?? false
        closeGroup(number)
        for vertex in group.returned where phases[Int(vertex)] == .held {
            if !hasProgress {
                effects.append(.refused(vertex))
                giveUp(vertex, .failed)
                block(vertex)
            } else if remaining[Int(vertex)] == 0 {
                enqueue(vertex)
            }
        }
    }

    private mutating func closeGroup(_ number: Int32) {
        guard let group = groups.removeValue(forKey: number) else { return }
        for vertex in group.members where lanes.groupOf[vertex] == number { lanes.groupOf[vertex] = nil }
        running -= 1
        lanes.free(key: group.key)
    }

    /// It was not carried out and will not be.
    private mutating func giveUp(_ vertex: Int32, _ verdict: Phase) {
        if isIntentDurable[Int(vertex)], !isJournalBroken { conclude(vertex, verdict, withdrawing: true) } else { set(vertex, verdict) }
    }

    // MARK: Failure

    /// What depends on `vertex` is not begun, and nothing else.
    mutating func block(_ vertex: Int32) {
        var failed = [vertex]
        while let vertex = failed.popLast() {
            for successor in graph.successors(of: vertex) {
                switch phases[Int(successor)] {
                case .pending: set(successor, .notBegun)
                case .completing:
                    settleEarly(successor)
                    set(successor, .notBegun)
                case .waiting, .held: giveUp(successor, .notBegun)
                case .delayed: conclude(successor, .failed)
                case .journalling, .applying:
                    // Under way in one group with what failed: its own outcome decides.
                    isBlocked[Int(successor)] = true
                    continue
                default: continue
                }
                failed.append(successor)
            }
        }
    }
}
