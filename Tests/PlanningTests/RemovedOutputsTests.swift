import Addresses
import PlanModel
import StateModel
import Testing
import Values

/// What a destroy does with root outputs.
@Suite struct RemovedOutputsTests {
    static let text = """
        resource "echo_thing" "a" {}
        resource "echo_vault" "b" {
          count = 2
        }
        module "m" { source = "./m" }
        locals { both = [echo_thing.a.id, echo_vault.b[*].id] }
        output "a" { value = echo_thing.a.id }
        output "b" { value = echo_vault.b[*].id }
        output "both" { value = local.both }
        output "constant" { value = 1 }
        output "inside" { value = module.m.of }
        """
    static let module = "resource \"echo_thing\" \"in\" {}\noutput \"of\" { value = echo_thing.in.id }"

    private func destroy(
        targets: [String] = [], excludes: [String] = [], guarded: Bool = false, gone: Set<String> = []
    ) async throws -> Plan {
        let bench = PlanTests()
        var base = bench.base([
            try bench.thing("echo_thing.a", [:]), try bench.thing("echo_vault.b[0]", [:]),
            try bench.thing("echo_vault.b[1]", [:], guarded: guarded), try bench.thing("module.m.echo_thing.in", [:]),
        ])
        for name in ["a", "b", "both", "constant", "inside", "undeclared"] {
            base.outputs[name] = OutputRecord(value: .string(name), isSensitive: false)
        }
        var options = Plan.Options()
        options.targets = targets
        options.excludes = excludes
        var provider = EchoProvider()
        provider.gone = gone
        return try await bench.plan(
            Self.text, base: base, mode: .destroy, options: options, provider: provider, files: ["m/main.tf": Self.module])
    }

    @Test(arguments: [
        ([], [], ["a", "b", "both", "constant", "inside", "undeclared"]), (["echo_thing.a"], [], ["a"]),
        (["echo_vault.b"], [], ["b"]), (["echo_vault.b[0]"], [], []), (["echo_thing.a", "echo_vault.b"], [], ["a", "b", "both"]),
        (["module.m"], [], ["inside"]), ([], ["echo_thing.a"], ["b", "inside"]), ([], ["module.m"], ["a", "b", "both"]),
    ])
    func outputsOfWhatStaysStay(_ targets: [String], _ excludes: [String], _ removed: [String]) async throws {
        #expect(try await destroy(targets: targets, excludes: excludes).outputs.map(\.name) == removed)
    }

    /// What was gone before counts as gone.
    @Test func whatIsFoundToBeGoneServesNothing() async throws {
        let plan = try await destroy(targets: ["echo_vault.b[0]", "echo_vault.b[1]"], gone: ["echo_vault.b[1]"])
        #expect(plan.outputs.map(\.name) == ["b"])
    }

    @Test func outputsOfWhatIsWithheldStay() async throws {
        let plan = try await destroy(guarded: true)
        #expect(plan.outputs.map(\.name) == ["a", "inside"])
        let numbers = plan.vertices.compactMap { vertex in if case .output(let number) = vertex.kind { number } else { nil } }
        #expect(numbers == [0, 1])
    }

    /// Where a delete fails, an output that comes from what it was to delete is still there.
    @Test func outputsGoAfterWhatTheyComeFrom() async throws {
        let plan = try await destroy()
        func behind(_ name: String) -> Set<String> {
            var found: Set<String> = []
            var stack = plan.vertices.indices.filter {
                plan.vertices[$0].kind == .output(plan.outputs.firstIndex { $0.name == name } ?? -1)
            }
            while let vertex = stack.popLast() {
                if case .effect(_, let change) = plan.vertices[vertex].kind { found.insert(plan.changes[change].address.description) }
                stack += plan.edges[vertex].map { Int($0) }
            }
            return found
        }
        let all: Set = ["echo_thing.a", "echo_vault.b[0]", "echo_vault.b[1]", "module.m.echo_thing.in"]
        #expect(behind("a") == ["echo_thing.a"])
        #expect(behind("both") == ["echo_thing.a", "echo_vault.b[0]", "echo_vault.b[1]"])
        #expect(behind("inside") == ["module.m.echo_thing.in"])
        #expect(behind("constant") == all && behind("undeclared") == all)
    }
}
