import TestSupport

@testable import Applying

/// A random plan for the machine: kinds, groups, identities and edges.
struct RandomPlan {
    var vertices: [ApplyGraph.Vertex] = []
    var edges: [[Int32]] = []
    /// Limit of each group's key.
    var limits: [Int32] = []

    init(seed: UInt64, size: Int) {
        var random = SeededGenerator(seed: seed)
        let groups = 1 + random.below(4)
        limits = (0..<groups).map { _ in Int32([0, 1, 1, 2][random.below(4)]) }
        let density = 1 + random.below(4)
        for vertex in 0..<size {
            let kind: ApplyGraph.Kind =
                switch random.below(10) {
                case 0, 1: .join
                case 2: .evaluation
                case 3: .record
                case 4: .read
                default: .effect
                }
            let isInGroup = kind == .effect && !random.oneIn(4)
            vertices.append(
                ApplyGraph.Vertex(
                    kind: kind, group: isInGroup ? Int32(random.below(groups)) : -1,
                    identity: kind == .effect && random.oneIn(4) ? Int32(random.below(3)) : -1, isSelfContained: random.oneIn(2)))
            var targets: Set<Int32> = []
            if vertex > 0 {
                for _ in 0..<random.below(density + 1) {
                    // Near ones make chains, far ones make webs.
                    let reach = random.oneIn(2) ? min(vertex, 4) : vertex
                    targets.insert(Int32(vertex - 1 - random.below(reach)))
                }
            }
            edges.append(targets.sorted())
        }
    }
}

/// A faithless driver: answers in random order, fails and breaks off at random, and checks every promise as it goes.
struct MachineHarness {
    struct Broken: Error, CustomStringConvertible { let description: String }

    var random: SeededGenerator
    let plan: RandomPlan
    var machine: ApplyMachine
    var failureRate: Int
    var interruptRate: Int

    private enum Answer {
        case completed(Int32)
        case durable(group: Int32)
        case recorded(Int32)
        case group(Int32)
        case retry(Int32)
    }

    private var answers: [Answer] = []
    /// Members still to be answered, in the order of the group.
    private var underWay: [Int32: [Int32]] = [:]
    private var members: [Int32: [Int32]] = [:]
    private var groupFailed: Set<Int32> = []
    private var intents: Set<Int32> = []
    private var isDone: Set<Int32> = []
    private var hasFailed: Set<Int32> = []
    private var isActive: Set<Int32> = []
    private var retries: [Int32: Int] = [:]
    private var began: [Int32: Int] = [:]
    private var isInterrupted = false
    private(set) var isFinished = false

    init(seed: UInt64, size: Int, failureRate: Int = 12, interruptRate: Int = 0) throws {
        random = SeededGenerator(seed: seed &+ 0xABCD)
        plan = RandomPlan(seed: seed, size: size)
        self.failureRate = failureRate
        self.interruptRate = interruptRate
        let graph = try ApplyGraph(vertices: plan.vertices, edges: plan.edges)
        machine = ApplyMachine(graph, limits: ApplyLimits(parallelism: 1 + random.below(5), groupSize: 1 + random.below(8)))
    }

    private func broken(_ what: String) -> Broken { Broken(description: what) }

    mutating func run() throws {
        try take(machine.handle([.start]))
        var steps = 0
        while !isFinished {
            steps += 1
            if steps > 400 + plan.vertices.count * 60 { throw broken("does not end") }
            if interruptRate > 0, random.oneIn(interruptRate) {
                let event: ApplyMachine.Event = isInterrupted && random.oneIn(3) ? .abandon : random.oneIn(6) ? .journalFailed : .interrupt
                if case .journalFailed = event {
                    answers.removeAll { if case .durable = $0 { true } else if case .recorded = $0 { true } else { false } }
                }
                isInterrupted = true
                try take(machine.handle([event]))
                continue
            }
            if answers.isEmpty { throw broken("nothing to wait for, and not finished: \(machine.phases)") }
            var events: [ApplyMachine.Event] = []
            for _ in 0...random.below(3) where !answers.isEmpty {
                let index = random.below(answers.count)
                events += try answer(answers.remove(at: index))
            }
            try take(machine.handle(events))
        }
        try checkEnd()
    }

    // MARK: Answers

    private mutating func answer(_ answer: Answer) throws -> [ApplyMachine.Event] {
        switch answer {
        case .completed(let vertex): return [.completed(vertex, completion(of: vertex))]
        case .durable(let group):
            for vertex in members[group] ?? [] where plan.vertices[Int(vertex)].kind == .effect { intents.insert(vertex) }
            return [.intentsDurable(group: group)]
        case .recorded(let vertex): return [.recorded([vertex])]
        case .retry(let vertex): return [.retryDue(vertex)]
        case .group(let group): return try outcome(in: group)
        }
    }

    private mutating func completion(of vertex: Int32) -> ApplyMachine.Completion {
        let node = plan.vertices[Int(vertex)]
        if random.oneIn(failureRate) {
            hasFailed.insert(vertex)
            return .failed
        }
        if node.kind == .evaluation || random.oneIn(15) {
            isDone.insert(vertex)
            return .nothing(record: random.oneIn(2))
        }
        let key = node.group >= 0 ? node.group : 100
        return .ready(key: key, limit: node.group >= 0 ? plan.limits[Int(node.group)] : 3)
    }

    private mutating func outcome(in group: Int32) throws -> [ApplyMachine.Event] {
        guard var left = underWay[group], let vertex = left.first else {
            underWay[group] = nil
            return [.groupEnded(group)]
        }
        left.removeFirst()
        underWay[group] = left
        answers.append(.group(group))
        isActive.remove(vertex)
        if groupFailed.contains(group) { return [.outcome(vertex, .notBegun)] }
        began[vertex, default: 0] += 1
        // What was done earlier in the group counts as done now.
        for target in plan.edges[Int(vertex)] where !isReached(target) { throw broken("\(vertex) runs before \(target)") }
        guard random.oneIn(failureRate) else {
            isDone.insert(vertex)
            return [.outcome(vertex, .done)]
        }
        groupFailed.insert(group)
        switch random.below(4) {
        case 0 where retries[vertex, default: 0] < 3:
            retries[vertex, default: 0] += 1
            return [.outcome(vertex, .postponed)]
        case 1:
            hasFailed.insert(vertex)
            return [.outcome(vertex, .interrupted)]
        default:
            hasFailed.insert(vertex)
            return [.outcome(vertex, .failed)]
        }
    }

    /// Done, or a join or record all of whose predecessors are.
    private func isReached(_ vertex: Int32) -> Bool {
        switch plan.vertices[Int(vertex)].kind {
        case .join, .record: plan.edges[Int(vertex)].allSatisfy(isReached)
        default: isDone.contains(vertex)
        }
    }

    // MARK: Effects

    private mutating func take(_ effects: [ApplyMachine.Effect]) throws {
        for effect in effects {
            if isFinished { throw broken("an effect after the end") }
            switch effect {
            case .complete(let vertices):
                for vertex in vertices {
                    if isInterrupted { throw broken("\(vertex) is completed after an interrupt") }
                    try checkCompletion(vertex)
                    answers.append(.completed(vertex))
                }
            case .begin(let group, let members, let unrecorded): try begin(group, members, unrecorded)
            case .apply(let group):
                if isInterrupted { throw broken("group \(group) begins after an interrupt") }
                for vertex in members[group] ?? [] where plan.vertices[Int(vertex)].kind == .effect && !intents.contains(vertex) {
                    throw broken("\(vertex) has no intent")
                }
                underWay[group] = members[group]
                answers.append(.group(group))
            case .record(let vertex):
                // An interrupt makes the last failure of a step that would have been tried again its end.
                if machine.verdicts[Int(vertex)] == .failed { hasFailed.insert(vertex) }
                answers.append(.recorded(vertex))
            case .withdraw(let vertex):
                if !intents.contains(vertex) { throw broken("\(vertex) has no intent to withdraw") }
                intents.remove(vertex)
                answers.append(.recorded(vertex))
            case .retry(let vertex): answers.append(.retry(vertex))
            case .refused(let vertex): throw broken("\(vertex) counts as refused")
            case .finished: isFinished = true
            }
        }
    }

    private func checkCompletion(_ vertex: Int32) throws {
        let node = plan.vertices[Int(vertex)]
        let unmet = plan.edges[Int(vertex)].filter { !isReached($0) }
        if unmet.isEmpty { return }
        guard node.kind == .effect, node.isSelfContained, node.group >= 0 else { throw broken("\(vertex) is completed before \(unmet)") }
        for target in unmet where !goesWith(node.group, target) { throw broken("\(vertex) is completed before \(target) of another group") }
    }

    private func goesWith(_ group: Int32, _ vertex: Int32) -> Bool {
        if isReached(vertex) { return true }
        let node = plan.vertices[Int(vertex)]
        if node.kind == .join { return plan.edges[Int(vertex)].allSatisfy { goesWith(group, $0) } }
        return node.group == group
    }

    private mutating func begin(_ group: Int32, _ vertices: [Int32], _ unrecorded: [Int32]) throws {
        if vertices.isEmpty { throw broken("an empty group") }
        members[group] = vertices
        var before: Set<Int32> = []
        var identities: Set<Int32> = []
        for vertex in isActive where plan.vertices[Int(vertex)].identity >= 0 { identities.insert(plan.vertices[Int(vertex)].identity) }
        for vertex in vertices {
            let node = plan.vertices[Int(vertex)]
            if vertices.count > 1, node.group < 0 || node.group != plan.vertices[Int(vertices[0])].group {
                throw broken("strangers in a group")
            }
            for target in plan.edges[Int(vertex)] where !reached(target, with: before) {
                throw broken("\(vertex) goes in a group without \(target)")
            }
            if node.identity >= 0, !identities.insert(node.identity).inserted { throw broken("two effects on identity \(node.identity)") }
            if isActive.contains(vertex) || isDone.contains(vertex) || hasFailed.contains(vertex) { throw broken("\(vertex) begins twice") }
            before.insert(vertex)
        }
        isActive.formUnion(vertices)
        let expected = vertices.filter { plan.vertices[Int($0)].kind == .effect && !intents.contains($0) }
        if unrecorded != expected { throw broken("intents of \(unrecorded), not of \(expected)") }
        if !unrecorded.isEmpty { answers.append(.durable(group: group)) }
        let key = plan.vertices[Int(vertices[0])].group
        if key >= 0, plan.limits[Int(key)] > 0 {
            let now = Set(
                isActive.filter { plan.vertices[Int($0)].group == key }.compactMap { vertex in
                    members.first { $0.value.contains(vertex) && (underWay[$0.key] != nil || $0.key == group) }?.key
                })
            if now.count > Int(plan.limits[Int(key)]) + (answers.count { if case .durable = $0 { true } else { false } }) {
                throw broken("too many groups of key \(key)")
            }
        }
    }

    private func reached(_ vertex: Int32, with group: Set<Int32>) -> Bool {
        if group.contains(vertex) { return true }
        switch plan.vertices[Int(vertex)].kind {
        case .join: return plan.edges[Int(vertex)].allSatisfy { reached($0, with: group) }
        case .record: return plan.edges[Int(vertex)].allSatisfy(isReached)
        default: return isDone.contains(vertex)
        }
    }

    // MARK: The end

    private func checkEnd() throws {
        for vertex in 0..<Int32(plan.vertices.count) {
            let phase = machine.phases[Int(vertex)]
            if !isInterrupted {
                guard phase.isFinal else { throw broken("\(vertex) ends as \(phase)") }
                let isBlocked = blocked(vertex)
                switch phase {
                case .done: if isBlocked { throw broken("\(vertex) is done after a failure") }
                case .failed: if !hasFailed.contains(vertex) { throw broken("\(vertex) counts as failed") }
                case .notBegun: if !isBlocked { throw broken("\(vertex) was not begun, and nothing that it waits for failed") }
                default: throw broken("\(vertex) ends as \(phase)")
                }
                if phase == .notBegun, intents.contains(vertex) { throw broken("\(vertex) was not begun and its intent is open") }
            } else if phase == .notBegun, began[vertex] != nil, isDone.contains(vertex) {
                throw broken("\(vertex) was done and counts as not begun")
            }
        }
    }

    private func blocked(_ vertex: Int32) -> Bool {
        plan.edges[Int(vertex)].contains { machine.phases[Int($0)] == .failed || machine.phases[Int($0)] == .notBegun }
    }
}
