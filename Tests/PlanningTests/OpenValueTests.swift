import Addresses
import Diagnostics
import Evaluation
import HCLSyntax
import PlanModel
import Planning
import ProviderKit
import StateModel
import Synchronization
import Testing
import Values

/// What is asked for before all of it is a fact is looked at again by whoever asks later.
@Suite struct OpenValueTests {
    private let module = [
        "m/main.tf": """
        variable "a" {}
        variable "b" {}
        output "a" { value = var.a }
        output "b" { value = var.b }
        """
    ]

    @Test(arguments: [("for_each = { k = 1 }", "[\"k\"]"), ("count = 1", "[0]"), ("", "")])
    func oneOutputDoesNotWaitForAnother(repetition: String, key: String) async throws {
        let run = try await Finishing(
            """
            resource "echo_thing" "fast" {}
            resource "echo_thing" "slow" {}
            module "m" {
              source = "./m"
              \(repetition)
              a = echo_thing.fast.id
              b = echo_thing.slow.id
            }
            resource "echo_thing" "a" { input = module.m\(key).a }
            resource "echo_thing" "b" { input = module.m\(key).b }
            resource "echo_thing" "both" { input = module.m\(key) }
            """, files: module)
        try await run.done("echo_thing.fast")
        #expect(try await run.done("echo_thing.a")?.attributes["input"] == .string("echo_thing.fast"))
        try await run.done("echo_thing.slow")
        #expect(try await run.done("echo_thing.b")?.attributes["input"] == .string("echo_thing.slow"))
        #expect(try await run.done("echo_thing.both")?.attributes["input"]?["b"] == .string("echo_thing.slow"))
    }

    @Test func aStepThatGoesAheadLeavesALocalOpen() async throws {
        let run = try await Finishing(
            """
            resource "echo_thing" "host" {}
            locals { conf = { port = 80, ip = echo_thing.host.id } }
            resource "echo_thing" "early" {
              count = 2
              input = local.conf.port + count.index
            }
            resource "echo_thing" "late" { input = local.conf.ip }
            """)
        #expect(run.plan.vertices[try run.vertex("echo_thing.early[0]")].isSelfContained)
        // As it is finished in one group with what it waits for.
        #expect(try await run.complete("echo_thing.early[1]").configuration?["input"] == .int(81))
        try await run.done("echo_thing.host")
        #expect(try await run.done("echo_thing.late")?.attributes["input"] == .string("echo_thing.host"))
    }

    @Test func aProviderThatIsAskedForEarlyLeavesALocalOpen() async throws {
        let run = try await Finishing(
            """
            resource "echo_thing" "token" {}
            locals { token = echo_thing.token.id }
            provider "echo" {
              alias = "late"
              token = local.token
            }
            resource "echo_thing" "late" { input = local.token }
            """)
        _ = try await run.planner.provider(for: .init(name: "echo", alias: "late"))
        try await run.done("echo_thing.token")
        #expect(try await run.done("echo_thing.late")?.attributes["input"] == .string("echo_thing.token"))
    }

    /// Asked for by many between two facts, an open cell is evaluated once; a fault in it is told to each.
    @Test func anOpenCellIsEvaluatedOnceAFact() async throws {
        let functions = Counting()
        let run = try await Finishing(
            """
            resource "echo_thing" "a" {}
            resource "echo_thing" "b" {}
            locals { pair = pair(echo_thing.a.id, echo_thing.b.id) }
            provider "echo" {
              alias = "late"
              token = local.pair
            }
            resource "echo_thing" "late" { input = local.pair }
            resource "echo_thing" "user" { provider = echo.late }
            """, functions: functions)
        let planned = functions.calls
        func ask() async throws -> Int {
            for _ in 0..<100 { _ = try await run.planner.provider(for: .init(name: "echo", alias: "late")) }
            return functions.calls - planned
        }
        #expect(try await ask() == 1)
        try await run.done("echo_thing.a")
        #expect(try await ask() == 2)
        try await run.done("echo_thing.b")
        #expect(try await ask() == 3)
        #expect(try await run.done("echo_thing.late")?.attributes["input"] == .string("echo_thing.aecho_thing.b"))
        #expect(functions.calls - planned == 3)
    }

    @Test func aFaultInALocalIsTheSameForEveryReader() async throws {
        let run = try await Finishing(
            """
            resource "echo_thing" "a" {}
            locals { wrong = echo_thing.a.output.missing }
            resource "echo_thing" "one" { input = local.wrong }
            resource "echo_thing" "two" { input = [local.wrong] }
            """)
        try await run.done("echo_thing.a", output: .emptyObject)
        for reader in ["echo_thing.one", "echo_thing.two"] {
            let error = await #expect(throws: DiagnosticError.self) { try await run.complete(reader) }
            #expect(error?.diagnostics.map(\.summary) == ["Unsupported attribute"])
        }
    }

    /// `each.value` of a repeated block, where some of the values wait for others.
    @Test func eachValueIsLookedAtAgain() async throws {
        let run = try await Finishing(
            """
            resource "echo_thing" "x" {}
            module "m" {
              source   = "./m"
              for_each = { k = { port = 80, ip = echo_thing.x.id } }
              a = each.value.port
              b = each.value.ip
            }
            resource "echo_thing" "late" { input = module.m["k"].b }
            provider "echo" {
              alias = "late"
              token = module.m["k"].b
            }
            """, files: module)
        _ = try await run.planner.provider(for: .init(name: "echo", alias: "late"))
        try await run.done("echo_thing.x")
        #expect(try await run.done("echo_thing.late")?.attributes["input"] == .string("echo_thing.x"))
    }
}

/// Has one function, `pair`, and counts its calls.
private final class Counting: FunctionCalling {
    private let counted = Mutex(0)
    var calls: Int { counted.withLock { $0 } }
    var names: [String] { ["pair"] }

    func has(_ name: String) -> Bool { name == "pair" }
    func call(_ name: String, _ arguments: [Value]) throws(FunctionCallError) -> Value {
        counted.withLock { $0 += 1 }
        guard arguments.allSatisfy(\.isWhollyKnown) else { return .unknown(.string) }
        return .string(arguments.compactMap(\.stringValue).joined())
    }
    func readTemplate(_ path: String) throws(FunctionCallError) -> [UInt8] { throw FunctionCallError(message: "There are no files.") }
}
