import Addresses
import Diagnostics
import PlanModel
import Planning
import ProviderKit
import StateModel
import Testing
import Values

/// Conditions that the plan could not decide are decided while applying. What becomes of each was compared with Terraform 1.11.
@Suite struct OpenConditionTests {
    private func base(_ a: Value) throws -> StateSnapshot {
        let plan = PlanTests()
        return plan.base([
            try plan.thing("echo_thing.a", ["input": a, "output": a]),
            try plan.thing("echo_thing.b", ["input": .int(1), "output": .int(1)]),
        ])
    }

    private func precondition(_ wanted: String) -> String {
        """
        resource "echo_thing" "a" { input = "new" }
        resource "echo_thing" "b" {
          input = 1
          lifecycle {
            precondition {
              condition     = echo_thing.a.output == "\(wanted)"
              error_message = "a must be \(wanted)"
            }
          }
        }
        resource "echo_thing" "c" { input = [echo_thing.b.id, echo_thing.a.id] }
        """
    }

    /// The arguments of `b` are all known, so that nothing else would make it wait.
    @Test(arguments: [false, true])
    func aPreconditionIsLookedAtThoughAllArgumentsAreKnown(exists: Bool) async throws {
        let before = exists ? try base(.string("old")) : PlanTests.empty
        let failing = try await Finishing(precondition("old"), base: before)
        await failing.run()
        let name = exists ? "echo_thing.b (condition)" : "echo_thing.b"
        #expect(failing.failed == [name: ["Resource precondition failed"]] && failing.notBegun == ["echo_thing.c"])
        let holding = try await Finishing(precondition("new"), base: before)
        await holding.run()
        #expect(holding.failed.isEmpty && holding.notBegun.isEmpty)
    }

    private func data(pre: String, post: String) -> String {
        """
        resource "echo_thing" "a" { input = "new" }
        data "echo_answer" "d" {
          query = echo_thing.a.output
          lifecycle {
            precondition {
              condition     = \(pre)
              error_message = "pre"
            }
            postcondition {
              condition     = \(post)
              error_message = "post"
            }
          }
        }
        resource "echo_thing" "c" { input = data.echo_answer.d.answer }
        """
    }

    @Test(arguments: [
        ("echo_thing.a.output == \"old\"", "self.answer != null", "data.echo_answer.d", "Resource precondition failed"),
        ("echo_thing.a.output != null", "self.answer == \"to old\"", "data.echo_answer.d (condition)", "Resource postcondition failed"),
    ])
    func aDeferredDataSourceHasConditions(pre: String, post: String, name: String, summary: String) async throws {
        let failing = try await Finishing(data(pre: pre, post: post))
        await failing.run()
        #expect(failing.failed == [name: [summary]] && failing.notBegun.last == "echo_thing.c")
        let holding = try await Finishing(
            data(pre: pre.replacing("old", with: "new"), post: post.replacing("old", with: "new")))
        await holding.run()
        #expect(holding.failed.isEmpty && holding.notBegun.isEmpty)
    }

    @Test func anOutputThatViolatesItsPreconditionIsNotRecorded() async throws {
        func text(_ wanted: String) -> String {
            """
            resource "echo_thing" "a" { input = "new" }
            output "o" {
              value = echo_thing.a.id
              precondition {
                condition     = echo_thing.a.output == "\(wanted)"
                error_message = "o"
              }
            }
            output "p" { value = echo_thing.a.output }
            """
        }
        let failing = try await Finishing(text("old"))
        await failing.run()
        #expect(failing.failed == ["output.o (condition)": ["Module output value precondition failed"]])
        #expect(failing.notBegun == ["output.o"] && failing.outputs == ["p": .string("new")])
        let holding = try await Finishing(text("new"))
        await holding.run()
        #expect(holding.failed.isEmpty && holding.outputs == ["o": .string("echo_thing.a"), "p": .string("new")])
    }

    @Test func aCheckThatFailsIsAWarning() async throws {
        func text(_ wanted: String) -> String {
            """
            resource "echo_thing" "a" { input = "new" }
            check "c" {
              assert {
                condition     = echo_thing.a.output == "\(wanted)"
                error_message = "c"
              }
            }
            output "o" { value = echo_thing.a.output }
            """
        }
        let failing = try await Finishing(text("old"))
        #expect(failing.plan.checks.map(\.status) == [.unknown] && failing.warnings == ["Check block assertion known after apply"])
        await failing.run()
        #expect(failing.failed.isEmpty && failing.warnings == ["Check block assertion known after apply", "Check block assertion failed"])
        #expect(failing.outputs == ["o": .string("new")])
        let holding = try await Finishing(text("new"))
        await holding.run()
        #expect(holding.failed.isEmpty && holding.warnings == ["Check block assertion known after apply"])
    }

    private let module = [
        "m/main.tf": """
        variable "x" {
          validation {
            condition     = var.x == "old"
            error_message = "x must be old"
          }
        }
        resource "echo_thing" "in" { input = var.x }
        resource "echo_thing" "free" { input = 1 }
        output "x" {
          value = var.x
          precondition {
            condition     = var.x != "a"
            error_message = "x must not be a"
          }
        }
        """
    ]

    @Test func aModulesVariableIsValidated() async throws {
        let failing = try await Finishing(
            """
            resource "echo_thing" "a" {}
            module "m" {
              source   = "./m"
              for_each = { one = "old", two = echo_thing.a.id }
              x = each.value
            }
            output "two" { value = module.m["two"].x }
            """, files: module)
        await failing.run()
        #expect(failing.failed == ["module.m[\"two\"].var.x (condition)": ["Invalid value for variable"]])
        // Whatever refers to the variable in that instance, and nothing else.
        #expect(
            Set(failing.notBegun) == [
                "module.m[\"two\"].echo_thing.in", "module.m[\"two\"].output.x (condition)", "output.two",
            ])
    }

    /// Where nobody but the condition reads `each.value`, or where all of it is unknown.
    @Test func aPostconditionSeesTheAppliedEachValue() async throws {
        let run = try await Finishing(
            """
            resource "echo_thing" "a" {}
            resource "echo_thing" "b" {
              for_each = { k = echo_thing.a.id }
              lifecycle {
                postcondition {
                  condition     = each.value == "echo_thing.a" && each.key == "k"
                  error_message = "not ${each.value}"
                }
              }
            }
            """)
        await run.run()
        #expect(run.failed.isEmpty)
    }
}
