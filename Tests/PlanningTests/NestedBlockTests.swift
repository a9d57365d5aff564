import Addresses
import Diagnostics
import PlanModel
import Planning
import ProviderKit
import StateModel
import Testing
import Values

/// Nested blocks written as blocks, by `dynamic`, and as an argument: one rule for all of them.
@Suite struct NestedBlockTests {
    private func planned(_ body: String) async throws -> Value {
        let run = try await Finishing(
            """
            module "m" {
              source = "./m"
              word   = "w"
            }
            """,
            files: [
                "m/main.tf": """
                variable "word" { ephemeral = true }
                resource "echo_thing" "a" {}
                resource "echo_nest" "n" {
                \(body)
                }
                """
            ])
        return try #require(run.plan.changes.first { $0.address.description == "module.m.echo_nest.n" }?.after)
    }

    @Test(arguments: [
        "rule { port = 1 }\nrule { port = 2 }", "rule = [{ port = 1, secret = null }, { port = \"2\", secret = null }]",
        "dynamic \"rule\" {\n for_each = [1, 2]\n content { port = rule.value }\n}",
    ])
    func areTheSame(_ body: String) async throws {
        let rules = try #require(try await planned(body)["rule"])
        #expect(rules.elements?.map { $0["port"] } == [.int(1), .int(2)])
        #expect(rules.elements?.map { $0["secret"]?.isSensitive } == [true, true])
    }

    @Test(arguments: [
        "free { value = 1 }\nfree { value = \"x\" }", "free = [{ value = 1 }, { value = \"x\" }]",
    ])
    func anyIsOneType(_ body: String) async throws {
        #expect(try await planned(body)["free"]?.elements?.map { $0["value"] } == [.string("1"), .string("x")])
    }

    @Test func labelsAreKeys() async throws {
        let parts = try await planned(
            "dynamic \"part\" {\n for_each = { a = 1, b = 2 }\n labels = [part.key]\n content { port = part.value }\n}\npart \"c\" { port = 3 }"
        )[
            "part"]
        #expect(parts?.entries?.map(\.key) == ["a", "b", "c"] && parts?["b"]?["port"] == .int(2))
    }

    static let refused: [(String, String)] = [
        ("rule { port = 1 }\nrule { port = 2 }\nrule { port = 3 }", "Too many rule blocks"),
        ("rule = [for n in [1, 2, 3] : { port = n, secret = null }]", "Too many rule blocks"),
        ("rule {\n port = 1\n secret = var.word\n}", "Invalid use of ephemeral value"),
        ("rule = [{ port = 1, secret = var.word }]", "Invalid use of ephemeral value"),
        ("rule = [{ port = 1 / 0, secret = null }]", "Infinite number"),
        ("rule = [{ port = \"x\", secret = null }]", "Incorrect attribute value type"),
        ("rule = [var.missing]", "Reference to undeclared input variable"),
        ("free { value = 1 }\nfree { value = [] }", "Inconsistent free blocks"),
        ("open \"a\" { value = 1 }\nopen \"b\" { value = [] }", "Inconsistent open blocks"),
        ("dynamic \"part\" {\n for_each = [1]\n labels = [part.missing]\n content { port = 1 }\n}", "Unsupported attribute"),
        ("dynamic \"part\" {\n for_each = [1]\n labels = [null]\n content { port = 1 }\n}", "Invalid dynamic block label"),
        ("dynamic \"part\" {\n for_each = [1]\n labels = [[]]\n content { port = 1 }\n}", "Invalid dynamic block label"),
        ("dynamic \"part\" {\n for_each = [1]\n labels = []\n content { port = 1 }\n}", "Invalid dynamic block label"),
        ("dynamic \"part\" {\n for_each = [1]\n content { port = 1 }\n}", "Invalid dynamic block label"),
        (
            "dynamic \"part\" {\n for_each = [1]\n labels = [echo_thing.a.id]\n content { port = 1 }\n}",
            "Invalid dynamic block label"
        ),
    ]

    @Test(arguments: refused) func isRefused(_ body: String, _ summary: String) async throws {
        let error = await #expect(throws: DiagnosticError.self) { try await planned(body) }
        #expect(error?.diagnostics.map(\.summary) == [summary])
    }
}
