import Addresses
import Diagnostics
import PlanModel
import Planning
import ProviderKit
import StateModel
import Synchronization
import Testing
import Values

/// Steps whose objects could not be read while planning read them first, all of one host together.
@Suite struct GatheredReadTests {
    @Test func whatIsAskedForTogetherIsReadTogether() async throws {
        let count = 100
        let world = World()
        var provider = EchoProvider()
        provider.reaches = { world.read($0.count) }
        let plan = PlanTests()
        let run = try await Finishing(
            """
            resource "echo_thing" "a" {
              count = \(count)
              input = "new"
            }
            """,
            base: plan.base((0..<count).map { try plan.thing("echo_thing.a[\($0)]", ["input": .string("old")]) }), provider: provider)
        #expect(!run.plan.changes.contains { !$0.isUnread })
        world.answers = true
        let vertices = try (0..<count).map { try run.vertex("echo_thing.a[\($0)]") }
        let planner = run.planner
        let facts = run.facts
        let actions = await withTaskGroup(of: CompletedStep.Action?.self) { group in
            for vertex in vertices {
                group.addTask {
                    do throws(DiagnosticError) {
                        return try await planner.complete(vertex, facts: facts).action
                    } catch {
                        return nil
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(actions == Array(repeating: .update, count: count))
        #expect(world.groups.reduce(0, +) == count && world.groups.count < 10, "\(world.groups)")
    }
}

/// Does not answer at first; how many objects it was asked for at a time since.
private final class World: Sendable {
    private let state = Mutex((answers: false, groups: [Int]()))
    var groups: [Int] { state.withLock { $0.groups } }
    var answers: Bool {
        get { state.withLock { $0.answers } }
        set { state.withLock { $0.answers = newValue } }
    }

    func read(_ count: Int) -> Bool {
        state.withLock { state in
            if state.answers { state.groups.append(count) }
            return state.answers
        }
    }
}
