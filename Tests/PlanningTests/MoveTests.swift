import Addresses
import PlanModel
import StateModel
import Testing
import Values

/// What moves takes along what is known of it by its address: what it holds, and who depends on it.
@Suite struct MoveTests {
    let bench = PlanTests()

    private static func moved(_ from: String, _ to: String) -> String { "moved {\n  from = \(from)\n  to   = \(to)\n}\n" }

    /// A network with a subnet, and a machine with a thing on it, each renamed.
    private func renamed() throws -> (text: String, base: StateSnapshot) {
        var held = try bench.thing(
            "echo_path.t", ["box": .string("m"), "name": .string("/t")], dependencies: ["echo_box.old"], container: "echo_box.old")
        held.identity = "echo_path|echo_box.old|/t"
        let base = bench.base([
            try bench.thing("echo_thing.old", [:]), try bench.thing("echo_thing.subnet", [:], dependencies: ["echo_thing.old"]),
            try bench.thing("echo_box.old", ["id": .string("m")]), held,
        ])
        let text = """
            resource "echo_thing" "net" {}
            resource "echo_thing" "subnet" { depends_on = [echo_thing.net] }
            resource "echo_box" "machine" {}
            resource "echo_path" "t" {
              box  = echo_box.machine.id
              name = "/t"
            }

            """
        return (text + Self.moved("echo_thing.old", "echo_thing.net") + Self.moved("echo_box.old", "echo_box.machine"), base)
    }

    @Test func aRenameAloneChangesNothingElse() async throws {
        let (text, base) = try renamed()
        let plan = try await bench.plan(text, base: base)
        #expect(Set(bench.actions(plan).values) == [.noOp], "\(bench.actions(plan))")
    }

    @Test(arguments: [[], ["echo_thing.net", "echo_box.machine"]])
    func destroyingAfterARenameKeepsTheOrder(targets: [String]) async throws {
        let (text, base) = try renamed()
        var options = Plan.Options()
        options.targets = targets
        let plan = try await bench.plan(text, base: base, mode: .destroy, options: options)
        #expect(
            bench.actions(plan) == [
                "echo_thing.net": .delete, "echo_thing.subnet": .delete, "echo_box.machine": .delete, "echo_path.t": .forget,
            ])
        #expect(bench.order(plan, "echo_thing.subnet", before: "echo_thing.net"))
        #expect(bench.order(plan, "echo_box.machine", before: "echo_path.t"))
    }

    /// Names of blocks from and to, in the order in which they are written; objects, and where they are in the end.
    @Test(arguments: [
        // A chain of moves made over time, however it is written.
        ([("a", "b"), ("b", "c")], ["a"], ["c": "a"]), ([("b", "c"), ("a", "b")], ["a"], ["c": "a"]),
        // Everybody moves up one.
        ([("a", "b"), ("b", "c"), ("c", "d")], ["a", "b", "c"], ["b": "a", "c": "b", "d": "c"]),
        ([("c", "d"), ("b", "c"), ("a", "b")], ["a", "b", "c"], ["b": "a", "c": "b", "d": "c"]),
        // No room: it stays, as does who would follow it.
        ([("a", "b"), ("b", "c")], ["a", "b", "c"], ["a": "a", "b": "b", "c": "c"]),
        ([("a", "b"), ("b", "a")], ["a", "b"], ["a": "a", "b": "b"]),
    ])
    func chainsAreFollowedAsFarAsThereIsRoom(_ moves: [(String, String)], _ objects: [String], _ found: [String: String]) async throws {
        let base = bench.base(try objects.map { try bench.thing("echo_thing.\($0)", [:]) })
        let text = moves.map { Self.moved("echo_thing.\($0.0)", "echo_thing.\($0.1)") }.joined()
        let plan = try await bench.plan(text, base: base)
        let places = plan.changes.map { ($0.address.instance, $0.previousAddress ?? $0.address.instance) }
        #expect(Dictionary(uniqueKeysWithValues: places.map { ($0.0.resource.resource.name, $0.1.resource.resource.name) }) == found)
    }

    /// Thousands of blocks among many thousands of objects, and a chain through all of them: seconds if linear, hours if not.
    @Test(.timeLimit(.minutes(15))) func manyMovesAmongManyObjects() async throws {
        let count = 3_000
        var text = ""
        for number in 0..<count { text += Self.moved("echo_thing.r[\(number)]", "echo_thing.r[\(number + 1)]") }
        for number in 0..<count { text += Self.moved("echo_thing.s\(number)", "module.m.echo_thing.s\(number)") }
        let base = bench.base(
            try (0..<count).map { try bench.thing("echo_thing.r[\($0)]", [:]) }
                + (0..<count).map { try bench.thing("echo_thing.s\($0)", [:], dependencies: ["echo_thing.r"]) }
                + (0..<4 * count).map { try bench.thing("echo_thing.other[\($0)]", [:]) })
        let plan = try await bench.plan(text, base: base)
        #expect(plan.changes.count { $0.previousAddress != nil } == 2 * count)
    }
}
