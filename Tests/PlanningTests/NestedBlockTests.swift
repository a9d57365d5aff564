import Addresses
import Diagnostics
import PlanModel
import Planning
import ProviderKit
import StateModel
import Testing
import Values

/// Nested blocks written as blocks, by `dynamic`, as an argument, and in JSON: one rule for all of them.
@Suite struct NestedBlockTests {
    /// - Parameter body: in braces it is JSON.
    private func planned(_ body: String) async throws -> Value {
        let isJSON = body.hasPrefix("{")
        let nest = isJSON ? "" : "resource \"echo_nest\" \"n\" {\n\(body)\n}"
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
                \(nest)
                """, "m/nest.tf.json": isJSON ? #"{"resource": {"echo_nest": {"n": \#(body)}}}"# : "{}",
            ])
        return try #require(run.plan.changes.first { $0.address.description == "module.m.echo_nest.n" }?.after)
    }

    @Test(arguments: [
        "rule { port = 1 }\nrule { port = 2 }", "rule = [{ port = 1, secret = null }, { port = \"2\", secret = null }]",
        "dynamic \"rule\" {\n for_each = [1, 2]\n content { port = rule.value }\n}",
        #"{"rule": [{"port": 1, "//": "a comment"}, {"port": "${1 + 1}"}]}"#,
        #"{"rule": "${[{port = 1, secret = null}, {port = 2, secret = null}]}"}"#,
        #"{"dynamic": {"rule": {"for_each": [1, 2], "content": {"port": "${rule.value}"}}}}"#,
        #"{"dynamic": [{"rule": [{"for_each": [0], "iterator": "r", "content": [{"port": "${r.key + 1}"}]}]}, {"rule": {"for_each": {"a": 2}, "content": {"port": "${rule.value}"}}}]}"#,
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

    @Test func labelsOfJSONAreKeys() async throws {
        let body = #"{"part": [{"a": {"port": 1}}, {"b": {"port": 2}, "c": {"port": 3}}]}"#
        let parts = try await planned(body)["part"]
        #expect(parts?.entries?.map(\.key) == ["a", "b", "c"] && parts?["b"]?["port"] == .int(2))
        #expect(try await planned(#"{"part": null, "rule": [], "free": {}}"#)["free"]?.elements?.count == 1)
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
        (#"{"rule": 5}"#, "Incorrect attribute value type"), (#"{"rule": [5]}"#, "Incorrect JSON value type"),
        (#"{"part": 5}"#, "Incorrect JSON value type"), (#"{"part": {"a": 5}}"#, "Incorrect JSON value type"),
        (#"{"rule": {"prt": 1, "port": 1}}"#, "Extraneous JSON object property"), (#"{"rules": {}}"#, "Extraneous JSON object property"),
        (#"{"rule": {}}"#, "Missing required argument"), (#"{"rule": [{"port": 1}, {"port": 2}, {"port": 3}]}"#, "Too many rule blocks"),
        (#"{"dynamic": {"rules": {"for_each": [], "content": {}}}}"#, "Unsupported block type"),
        (#"{"rule": {"port": "${rule.value}"}}"#, "Reference to undeclared resource"),
    ]

    @Test(arguments: refused) func isRefused(_ body: String, _ summary: String) async throws {
        let error = await #expect(throws: DiagnosticError.self) { try await planned(body) }
        #expect(error?.diagnostics.map(\.summary) == [summary])
    }

    /// Each stands where its block does: another block's argument of the same name is another one.
    @Test func writeOnlyArgumentsStandInTheirBlocks() async throws {
        let run = try await Finishing(
            """
            resource "echo_nest" "n" {
              sealed {
                word   = "a"
                hidden = "one"
              }
              sealed { word = "b" }
              dynamic "sealed" {
                for_each = ["two"]
                content { hidden = sealed.value }
              }
              seal { hidden = "three" }
            }
            """)
        let step = try await run.complete("echo_nest.n")
        let sealed: [Value] = [.object([("hidden", .string("one"))]), .emptyObject, .object([("hidden", .string("two"))])]
        #expect(step.writeOnly == .object([("seal", .object([("hidden", .string("three"))])), ("sealed", .tuple(sealed))]))
        let planned = try #require(run.plan.changes.first?.after?["sealed"]?.elements)
        #expect(planned.map { $0["word"] } == [.string("a"), .string("b"), .null(.string)])
        #expect(planned.allSatisfy { $0["hidden"]?.isNull == true })
    }
}
