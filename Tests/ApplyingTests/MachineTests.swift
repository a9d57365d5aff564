import TestSupport
import Testing

@testable import Applying

@Suite struct MachineTests {
    /// Runs sizes from small to large, so that what is reported is the smallest that breaks.
    private func explore(_ seeds: Range<Int>, failureRate: Int, interruptRate: Int) throws {
        for size in [1, 2, 3, 5, 8, 13, 30] {
            for seed in seeds.lowerBound..<(seeds.upperBound * Torture.factor) {
                var harness = try MachineHarness(seed: UInt64(seed), size: size, failureRate: failureRate, interruptRate: interruptRate)
                do {
                    try harness.run()
                } catch {
                    Issue.record("size \(size), seed \(seed), failures 1/\(failureRate), interrupts 1/\(interruptRate): \(error)")
                    return
                }
            }
        }
    }

    @Test func plansWithoutFailures() throws { try explore(0..<300, failureRate: .max, interruptRate: 0) }
    @Test func plansWithFailures() throws { try explore(0..<500, failureRate: 10, interruptRate: 0) }
    @Test func plansWithManyFailures() throws { try explore(0..<300, failureRate: 3, interruptRate: 0) }
    @Test func plansThatAreInterrupted() throws { try explore(0..<500, failureRate: 10, interruptRate: 15) }

    private func chain(_ count: Int, group: Int32 = -1, isSelfContained: Bool = false) throws -> ApplyGraph {
        try ApplyGraph(
            vertices: (0..<count).map { _ in .init(kind: .effect, group: group, isSelfContained: isSelfContained) },
            edges: (0..<count).map { $0 == 0 ? [] : [Int32($0 - 1)] })
    }

    @Test func aGraphMustBeWhole() {
        #expect(throws: ApplyGraph.Fault.self) { try ApplyGraph(vertices: [.init(kind: .join)], edges: [[1]]) }
        #expect(throws: ApplyGraph.Fault.self) { try ApplyGraph(vertices: [.init(kind: .join)], edges: [[0]]) }
        #expect(throws: ApplyGraph.Fault.self) { try ApplyGraph(vertices: [.init(kind: .join)], edges: [[], [0]]) }
    }

    @Test func anEmptyPlanIsFinishedAtOnce() throws {
        var machine = ApplyMachine(try ApplyGraph(vertices: [], edges: []))
        #expect(machine.handle([.start]) == [.finished])
        #expect(machine.handle([.interrupt]) == [])
    }

    @Test func aCircleEndsAsNotBegun() throws {
        var machine = ApplyMachine(try ApplyGraph(vertices: [.init(kind: .effect), .init(kind: .join)], edges: [[1], [0]]))
        #expect(machine.handle([.start]) == [.finished])
        #expect(machine.phases == [.notBegun, .notBegun])
    }

    @Test func aChainOfAHostTravelsAsOneGroup() throws {
        var machine = ApplyMachine(try chain(3, group: 0, isSelfContained: true))
        #expect(machine.handle([.start]) == [.complete([0, 1, 2])])
        // The first waits for those that will go along.
        #expect(machine.handle([.completed(0, .ready(key: 0, limit: 1))]) == [])
        #expect(
            machine.handle([.completed(2, .ready(key: 0, limit: 1)), .completed(1, .ready(key: 0, limit: 1))])
                == [.begin(group: 0, members: [0, 1, 2], unrecorded: [0, 1, 2])])
        #expect(machine.handle([.intentsDurable(group: 0)]) == [.apply(group: 0)])
        // The second fails: the third was not begun, and its intent is closed.
        #expect(machine.handle([.outcome(0, .done), .outcome(1, .failed)]) == [.record(0), .record(1)])
        #expect(machine.handle([.outcome(2, .notBegun), .groupEnded(0)]) == [.withdraw(2)])
        #expect(machine.handle([.recorded([0, 1, 2])]) == [.finished])
        #expect(machine.phases == [.done, .failed, .notBegun])
    }

    @Test func aStepThatNeedsAFactWaitsForIt() throws {
        var machine = ApplyMachine(try chain(2, group: 0))
        #expect(machine.handle([.start]) == [.complete([0])])
        #expect(machine.handle([.completed(0, .ready(key: 0, limit: 1))]) == [.begin(group: 0, members: [0], unrecorded: [0])])
        #expect(machine.handle([.intentsDurable(group: 0), .outcome(0, .done)]) == [.apply(group: 0), .record(0), .complete([1])])
    }

    @Test func whatReturnsFromAGroupGoesAgainWithTheSameIntent() throws {
        var machine = ApplyMachine(
            try ApplyGraph(vertices: (0..<3).map { _ in .init(kind: .effect, group: 0) }, edges: [[], [], []]))
        _ = machine.handle([.start])
        let ready: [ApplyMachine.Event] = (0..<3).map { .completed($0, .ready(key: 0, limit: 1)) }
        #expect(machine.handle(ready) == [.begin(group: 0, members: [0, 1, 2], unrecorded: [0, 1, 2])])
        _ = machine.handle([.intentsDurable(group: 0), .outcome(0, .failed), .outcome(1, .notBegun), .outcome(2, .notBegun)])
        #expect(machine.handle([.groupEnded(0)]) == [.begin(group: 1, members: [1, 2], unrecorded: []), .apply(group: 1)])
        // A group of which nothing was begun is not asked for ever.
        _ = machine.handle([.outcome(1, .notBegun), .outcome(2, .notBegun)])
        #expect(machine.handle([.groupEnded(1)]) == [.refused(1), .withdraw(1), .refused(2), .withdraw(2)])
        #expect(machine.handle([.recorded([0, 1, 2])]) == [.finished])
        #expect(machine.phases == [.failed, .failed, .failed])
    }

    @Test func anAnswerThatNeverComesLeavesTheIntentOpen() throws {
        var machine = ApplyMachine(try chain(2))
        _ = machine.handle([.start])
        _ = machine.handle([.completed(0, .ready(key: 0, limit: 0))])
        _ = machine.handle([.intentsDurable(group: 0)])
        #expect(machine.handle([.groupEnded(0)]) == [.finished])
        #expect(machine.phases == [.failed, .notBegun])
    }

    @Test func effectsOnOneIdentityTakeTurns() throws {
        var machine = ApplyMachine(
            try ApplyGraph(vertices: (0..<3).map { _ in .init(kind: .effect, identity: 7) }, edges: [[], [], []]))
        _ = machine.handle([.start])
        let ready: [ApplyMachine.Event] = (0..<3).map { .completed($0, .ready(key: 0, limit: 0)) }
        #expect(machine.handle(ready) == [.begin(group: 0, members: [0], unrecorded: [0])])
        _ = machine.handle([.intentsDurable(group: 0)])
        #expect(machine.handle([.outcome(0, .done), .groupEnded(0)]) == [.record(0), .begin(group: 1, members: [1], unrecorded: [1])])
    }

    @Test func theLimitOfAKeyHolds() throws {
        var machine = ApplyMachine(try ApplyGraph(vertices: (0..<5).map { _ in .init(kind: .effect) }, edges: [[], [], [], [], []]))
        _ = machine.handle([.start])
        let ready: [ApplyMachine.Event] = (0..<5).map { .completed($0, .ready(key: 0, limit: 2)) }
        #expect(machine.handle(ready).count == 2)
        _ = machine.handle([.intentsDurable(group: 0), .intentsDurable(group: 1)])
        #expect(machine.handle([.outcome(0, .done), .groupEnded(0)]).count == 2)
    }

    @Test func interruptingLetsWhatIsUnderWayEnd() throws {
        var machine = ApplyMachine(try ApplyGraph(vertices: (0..<3).map { _ in .init(kind: .effect) }, edges: [[], [], [0]]))
        _ = machine.handle([.start])
        _ = machine.handle([.completed(0, .ready(key: 0, limit: 0)), .completed(1, .ready(key: 0, limit: 0))])
        _ = machine.handle([.intentsDurable(group: 0)])
        #expect(machine.handle([.interrupt]) == [])
        // The second's intent became durable too late: it is closed again.
        #expect(machine.handle([.intentsDurable(group: 1)]) == [.withdraw(1)])
        #expect(machine.handle([.outcome(0, .done), .groupEnded(0)]) == [.record(0)])
        #expect(machine.handle([.recorded([0, 1])]) == [.finished])
        #expect(machine.phases == [.done, .notBegun, .notBegun])
    }

    @Test func abandoningLeavesIntentsOpen() throws {
        var machine = ApplyMachine(try chain(2))
        _ = machine.handle([.start])
        _ = machine.handle([.completed(0, .ready(key: 0, limit: 0))])
        _ = machine.handle([.intentsDurable(group: 0)])
        #expect(machine.handle([.interrupt, .abandon]) == [.finished])
        #expect(machine.phases == [.abandoned, .notBegun])
    }

    @Test func whatAnEarlierRunHasDoneIsNotDoneAgain() throws {
        var machine = ApplyMachine(try chain(3), finished: [0, 1])
        #expect(machine.handle([.start]) == [.complete([2])])
    }

    @Test(.timeLimit(.minutes(15))) func chainsAndJoinsOfAHundredThousandAreLinear() throws {
        let count = 100_000
        // A chain of joins, a wide join, and as many that wait for it.
        var vertices = (0..<count).map { _ in ApplyGraph.Vertex(kind: .join) }
        var edges: [[Int32]] = (0..<count).map { $0 == 0 ? [] : [Int32($0 - 1)] }
        vertices += (0..<count / 4).map { _ in ApplyGraph.Vertex(kind: .effect, group: 0, isSelfContained: true) }
        edges += (0..<count / 4).map { _ in [Int32(count - 1)] }
        vertices.append(ApplyGraph.Vertex(kind: .join))
        edges.append((count..<(count + count / 4)).map { Int32($0) })
        vertices += (0..<count / 4).map { _ in ApplyGraph.Vertex(kind: .effect, group: 0, isSelfContained: true) }
        edges += (0..<count / 4).map { _ in [Int32(count + count / 4)] }
        var machine = ApplyMachine(try ApplyGraph(vertices: vertices, edges: edges))
        var effects = machine.handle([.start])
        var applied = 0
        while let effect = effects.first, effect != .finished {
            var events: [ApplyMachine.Event] = []
            for effect in effects {
                switch effect {
                case .complete(let vertices): events += vertices.map { .completed($0, .ready(key: 0, limit: 1)) }
                case .begin(let group, let members, _):
                    events.append(.intentsDurable(group: group))
                    events += members.map { .outcome($0, .done) }
                    events.append(.groupEnded(group))
                    applied += members.count
                case .record(let vertex): events.append(.recorded([vertex]))
                default: break
                }
            }
            effects = machine.handle(events)
        }
        #expect(applied == count / 2)
        #expect(machine.phases.allSatisfy { $0 == .done })
    }
}
