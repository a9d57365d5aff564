import Addresses
import Diagnostics
import PlanModel
import StateModel
import Testing
import Values

/// Records that were made before their type had some of its attributes, or while it had others.
@Suite struct RecordShapeTests {
    let bench = PlanTests()

    private func without(_ names: Set<String>, with more: [(String, Value)] = [], _ object: StateObject) -> StateObject {
        var changed = object
        changed.attributes = .object((object.attributes.entries ?? []).filter { !names.contains($0.key) }.map { ($0.key, $0.value) } + more)
        return changed
    }

    /// Missing are names that sort before and after `box`, the container's argument; there is one too many.
    @Test(
        arguments: [
            ([], []), (["tags"], []), (["claim"], []), (["secret", "tags", "protect"], []), ([], ["aaa"]), ([], ["zzz"]),
            (["tags"], ["aaa"]), (["claim"], ["zzz"]),
        ] as [(Set<String>, [String])]) func olderRecordsChangeNothing(_ missing: Set<String>, _ more: [String]) async throws
    {
        let extra = more.map { ($0, Value.string("old")) }
        let box = without(missing, with: extra, try bench.thing("echo_box.b", ["id": .string("box-1")]))
        let inside = without(
            missing, with: extra,
            try bench.thing(
                "echo_thing.t", ["box": .string("box-1"), "name": .string("n")], dependencies: ["echo_box.b"], container: "echo_box.b"))
        var recorded = inside
        recorded.identity = "echo_thing|n"
        let text = """
            resource "echo_box" "b" {}
            resource "echo_thing" "t" {
              box  = echo_box.b.id
              name = "n"
            }
            """
        let plan = try await bench.plan(text, base: bench.base([box, recorded]))
        #expect(Set(bench.actions(plan).values) == [.noOp], "\(bench.actions(plan))")
        #expect(plan.observed.isEmpty)
        let ignoring = try await bench.plan(
            text.replacing("name = \"n\"", with: "name = \"n\"\n  lifecycle { ignore_changes = all }"), base: bench.base([box, recorded]))
        #expect(Set(bench.actions(ignoring).values) == [.noOp])
    }

    @Test func whatIsConfiguredOfTheNewAttributeIsAnUpdate() async throws {
        let old = without(["claim"], try bench.thing("echo_thing.t", [:]))
        let plan = try await bench.plan("resource \"echo_thing\" \"t\" { claim = \"c\" }", base: bench.base([old]))
        #expect(bench.actions(plan) == ["echo_thing.t": .update])
        #expect(plan.changes.first?.before?["claim"] == .null(.string))
    }

    /// What nothing knows any more is left as it is.
    @Test func unknownTypesAreLeftAlone() async throws {
        var unknown = try bench.thing("echo_nothing.t", [:])
        unknown.attributes = .object([("a", .int(1))])
        var elsewhere = unknown
        elsewhere.address.instance.resource.resource.name = "u"
        elsewhere.provider = ProviderConfigAddress(name: "missing")
        var options = Plan.Options()
        options.targets = ["echo_thing.t"]
        let plan = try await bench.plan("resource \"echo_thing\" \"t\" {}", base: bench.base([unknown, elsewhere]), options: options)
        #expect(bench.actions(plan) == ["echo_thing.t": .create])
    }

    /// What a later provider has recorded would be written back without what only that one knows.
    @Test(arguments: ["resource \"echo_thing\" \"t\" {}", "locals {}"]) func newerRecordsAreRefused(_ text: String) async throws {
        var newer = try bench.thing("echo_thing.t", [:])
        newer.schemaVersion = 7
        let refusal = await #expect(throws: DiagnosticError.self) { try await bench.plan(text, base: bench.base([newer])) }
        #expect(refusal?.diagnostics.map(\.summary) == ["Resource instance managed by newer provider version"])
    }
}
