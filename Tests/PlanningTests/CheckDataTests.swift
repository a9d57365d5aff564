import Addresses
import Diagnostics
import PlanModel
import Planning
import ProviderKit
import StateModel
import Testing
import Values

/// The data source of a check: read while planning and again, last of all, while applying; its failure is a warning. Compared with
/// Terraform 1.11.
@Suite struct CheckDataTests {
    private func text(_ query: String, _ wanted: String) -> String {
        """
        resource "echo_thing" "a" { input = 1 }
        check "c" {
          data "echo_answer" "d" { query = \(query) }
          assert {
            condition     = data.echo_answer.d.answer == "\(wanted)"
            error_message = "not ${data.echo_answer.d.answer}"
          }
        }
        """
    }

    private func read(_ run: Finishing) throws -> Change {
        try #require(run.plan.changes.first { $0.address.description == "data.echo_answer.d" })
    }

    @Test func itIsReadAgainWhenAllElseIsDone() async throws {
        let run = try await Finishing(text("\"x\"", "to x"))
        #expect(try read(run).action == .read && read(run).reason == .checkNested)
        #expect(try read(run).after?["answer"] == .string("to x"))
        #expect(PlanTests().order(run.plan, "echo_thing.a", before: "data.echo_answer.d"))
        #expect(run.plan.checks.map(\.status) == [.pass])
        await run.run()
        #expect(run.failed.isEmpty && run.warnings.isEmpty && run.notBegun.isEmpty)
    }

    /// Also where it held while planning: what it asks for may have changed since.
    @Test func theAssertionIsDecidedAgain() async throws {
        let run = try await Finishing(text("\"x\"", "to x"))
        _ = try await run.done("echo_thing.a")
        try await run.done("data.echo_answer.d", output: .string("to y"))
        #expect(await run.planner.check(0, facts: run.facts).map(\.summary) == ["Check block assertion failed"])
    }

    @Test func whatCannotBeReadIsAWarning() async throws {
        var provider = EchoProvider()
        provider.unanswered = ["x"]
        let run = try await Finishing(text("\"x\"", "to x"), provider: provider)
        #expect(run.warnings == ["No answer"])
        #expect(try read(run).reason == .checkNested && read(run).after?["answer"]?.isUnknown == true)
        #expect(run.plan.checks.map(\.status) == [.fail, .unknown])
        // Asked for again in vain, of which the apply run makes a warning, too, and the assertion is left.
        let step = try await run.complete("data.echo_answer.d")
        #expect(step.isForCheck && step.action == .read)
        #expect(await run.planner.check(1, facts: run.facts).isEmpty)
        await #expect(throws: DiagnosticError.self) {
            try await Finishing("data \"echo_answer\" \"d\" { query = \"x\" }", provider: provider)
        }
    }

    @Test func itWaitsForWhatItDependsOn() async throws {
        let run = try await Finishing(text("echo_thing.a.id", "to echo_thing.a"))
        #expect(try read(run).reason == .configUnknown && run.plan.checks.map(\.status) == [.unknown])
        await run.run()
        #expect(run.failed.isEmpty && run.warnings == ["Check block assertion known after apply"])
    }

    /// In the reference this is a cycle.
    @Test func nothingWaitsForIt() async throws {
        let run = try await Finishing(
            """
            module "m" { source = "./m" }
            resource "echo_thing" "b" { depends_on = [module.m] }
            """, files: ["m/main.tf": text("\"x\"", "to x")])
        #expect(PlanTests().order(run.plan, "echo_thing.b", before: "module.m.data.echo_answer.d"))
        await run.run()
        #expect(run.failed.isEmpty && run.notBegun.isEmpty)
    }
}
