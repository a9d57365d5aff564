import Addresses
import ConfigModel
import Diagnostics
import PlanModel
import StateModel
import Testing
import Values

/// What `prevent_destroy` holds: every way in which a configured object would be deleted, and an object whose block is gone.
@Suite struct ProtectionTests {
    static let protected = "lifecycle { prevent_destroy = true }"

    /// Recorded things under a configuration that has no more place for one of them.
    struct Loss: CustomTestStringConvertible, Sendable {
        let name: String
        let text: String
        var module = ""
        let recorded: [String]
        let refused: String
        var testDescription: String { name }
    }

    static let losses = [
        Loss(
            name: "a smaller count", text: "resource \"echo_thing\" \"a\" {\n  count = 1\n  \(protected)\n}",
            recorded: ["echo_thing.a[0]", "echo_thing.a[1]"], refused: "echo_thing.a[1]"),
        Loss(
            name: "a key less", text: "resource \"echo_thing\" \"a\" {\n  for_each = { x = 1 }\n  \(protected)\n}",
            recorded: ["echo_thing.a[\"x\"]", "echo_thing.a[\"y\"]"], refused: "echo_thing.a[\"y\"]"),
        Loss(
            name: "repeated from now on", text: "resource \"echo_thing\" \"a\" {\n  for_each = { x = 1 }\n  \(protected)\n}",
            recorded: ["echo_thing.a"], refused: "echo_thing.a"),
        Loss(
            name: "repeated no more", text: "resource \"echo_thing\" \"a\" {\n  \(protected)\n}", recorded: ["echo_thing.a[\"x\"]"],
            refused: "echo_thing.a[\"x\"]"),
        Loss(
            name: "an instance of its module less", text: "module \"m\" {\n  source = \"./m\"\n  for_each = { x = 1 }\n}",
            module: "resource \"echo_thing\" \"a\" {\n  \(protected)\n}",
            recorded: ["module.m[\"x\"].echo_thing.a", "module.m[\"y\"].echo_thing.a"], refused: "module.m[\"y\"].echo_thing.a"),
    ]

    private func refusal(_ body: () async throws -> Plan) async -> Diagnostic? {
        let error = await #expect(throws: DiagnosticError.self) { _ = try await body() }
        #expect(error?.diagnostics.first?.summary == "Instance cannot be destroyed")
        return error?.diagnostics.first
    }

    @Test(arguments: losses) func holdsHoweverAnInstanceIsLost(_ loss: Loss) async throws {
        let bench = PlanTests()
        let base = bench.base(try loss.recorded.map { try bench.thing($0, [:]) })
        func plan(_ edit: (String) -> String = { $0 }) async throws -> Plan {
            try await bench.plan(edit(loss.text), base: base, files: ["m/main.tf": edit(loss.module)])
        }
        let refusal = await refusal { try await plan() }
        #expect(refusal?.detail.contains("Resource \(loss.refused) has") == true)
        // The block is there and says otherwise now: that counts.
        let allowed = try await plan { $0.replacing("prevent_destroy = true", with: "prevent_destroy = false") }
        #expect(bench.actions(allowed)[loss.refused] == .delete)
    }

    /// A kind's block speaks for all parts, of an instance that is gone, too, and after its composition has changed.
    @Test func holdsForTheInstancesOfAKind() async throws {
        let bench = KindMoveTests()
        func text(_ keys: String, _ target: String = "host = echo_box.one", _ lifecycle: String = Self.protected) -> String {
            "resource \"page\" \"p\" {\n  for_each = { \(keys) }\n  \(target)\n  \(lifecycle)\n}\nresource \"echo_box\" \"one\" {}\n"
        }
        let base = try bench.applied(try await bench.plan(text("x = 1, y = 1")))
        let key = await refusal { try await bench.plan(text("x = 1"), base: base) }
        #expect(key?.detail.contains("Resource page.p[\"y\"].echo_thing.package has") == true)
        let composition = await refusal { try await bench.plan(text("x = 1, y = 1", "provider = echo"), base: base) }
        #expect(composition?.detail.contains("Resource page.p[\"x\"].echo_thing.package has") == true)
        _ = try await bench.plan(text("x = 1", "host = echo_box.one", "lifecycle { prevent_destroy = false }"), base: base)
        let kind = await refusal { try await bench.plan("resource \"echo_box\" \"one\" {}", base: base) }
        #expect(kind?.hints.contains { $0.contains("from = page.p)") } == true)
        let removed = "removed {\n  from = page.p\n  lifecycle { destroy = true }\n}\nresource \"echo_box\" \"one\" {}"
        let allowed = try await bench.plan(removed, base: base)
        #expect(allowed.changes.count { $0.action == .delete } == 4)
    }

    /// The record outlives its block, and so does what protects it; what lifts that is written out.
    @Test(arguments: [Plan.Mode.normal, .destroy]) func holdsAfterTheBlockIsGone(_ mode: Plan.Mode) async throws {
        let bench = PlanTests()
        let made = try await bench.plan("resource \"echo_thing\" \"a\" {\n  \(Self.protected)\n}")
        let record = try #require(made.changes.first?.record)
        #expect(record.preventsDestroy)
        var recorded = try bench.thing("echo_thing.a", [:])
        recorded.preventsDestroy = record.preventsDestroy
        let other = try bench.thing("echo_thing.b", [:])
        let base = bench.base([recorded, other])
        let refusal = await refusal { try await bench.plan("", base: base, mode: mode) }
        #expect(refusal?.hints.contains { $0.contains("-unprotect='echo_thing.a'") } == true)

        var options = Plan.Options()
        options.unprotect = ["echo_thing.a"]
        let once = try await bench.plan("", base: base, mode: mode, options: options)
        #expect(bench.actions(once) == ["echo_thing.a": .delete, "echo_thing.b": .delete])
        for (destroys, action) in [(true, Change.Action.delete), (false, .forget)] {
            let said = try await bench.plan(
                "removed {\n  from = echo_thing.a\n  lifecycle { destroy = \(destroys) }\n}", base: base, mode: mode)
            #expect(bench.actions(said) == ["echo_thing.a": action, "echo_thing.b": .delete])
        }
        // What was there of an older replacement goes, and so does what another plan leaves alone.
        var leftOver = recorded
        leftOver.address.generation = .deposed("00000001")
        let rest = try await bench.plan("", base: bench.base([leftOver, other]), mode: mode)
        #expect(rest.changes.allSatisfy { $0.action == .delete })
        var targeted = Plan.Options()
        targeted.targets = ["echo_thing.b"]
        #expect(bench.actions(try await bench.plan("", base: base, mode: mode, options: targeted)) == ["echo_thing.b": .delete])
    }

    /// Taking `prevent_destroy` out, or in, is told to the record and is no change of the object.
    @Test(arguments: [true, false]) func theRecordFollowsTheBlock(_ held: Bool) async throws {
        let bench = PlanTests()
        var recorded = try bench.thing("echo_thing.a", [:])
        recorded.preventsDestroy = held
        let plan = try await bench.plan("resource \"echo_thing\" \"a\" {\n  \(held ? "" : Self.protected)\n}", base: bench.base([recorded]))
        #expect(bench.actions(plan) == ["echo_thing.a": .record])
        #expect(plan.changes.first?.record?.preventsDestroy == !held)
        #expect(plan.isEmpty)
    }
}
