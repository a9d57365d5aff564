import ConfigModel
import Diagnostics
import Evaluation
import Planning
import StateModel
import Testing
import Values

/// What is said of a mistake: where the user made it, and once.
@Suite struct FollowingFaultTests {
    /// The errors of planning a configuration, each with its place, file:line.
    private func faults(_ text: String, files: [String: String] = [:]) async throws -> [String] {
        var all = files.mapValues { Array($0.utf8) }
        all["main.tf"] = Array(text.utf8)
        let (configuration, diagnostics) = loadConfiguration(root: ".", sources: ModuleSources(files: all), functions: NoFunctions())
        let loaded = try #require(configuration)
        #expect(!diagnostics.hasErrors)
        let found: [Diagnostic]
        do throws(DiagnosticError) {
            let planner = try Planner(
                inputs: PlanningInputs(
                    configuration: loaded, variables: [:], base: PlanTests.empty, createdAt: 0, workingDirectory: "/"),
                catalog: EchoCatalog(provider: EchoProvider()), functions: NoFunctions())
            found = await planner.makePlan().diagnostics
        } catch {
            found = error.diagnostics
        }
        return found.map { diagnostic in
            let line = diagnostic.subject.flatMap { span in loaded.sources.position(of: span).map { "\(span.file):\($0.line)" } }
            return "\(line ?? "nowhere") \(diagnostic.summary)"
        }
    }

    private let module = """
        variable "size" {
          default = 1
          validation {
            condition     = var.size < 3
            error_message = "Too big."
          }
        }
        variable "name" { default = null }
        resource "echo_thing" "a" { name = var.name }
        output "name" { value = echo_thing.a.name }
        """

    // Places as the reference gives them.
    @Test func aBadArgumentIsShownWhereTheCallerWritesIt() async throws {
        let text = """
            module "m" {
              source = "./m"
              size   = 2 + 5
            }
            """
        #expect(try await faults(text, files: ["m/main.tf": module]) == ["main.tf:3 Invalid value for variable"])
    }

    @Test func aDefaultThatIsNotValidIsTheModulesOwnFault() async throws {
        let wrong = module.replacing("default = 1", with: "default = 9")
        #expect(
            try await faults("module \"m\" { source = \"./m\" }", files: ["m/main.tf": wrong]) == ["m/main.tf:4 Invalid value for variable"]
        )
    }

    @Test func anArgumentPassedOnIsTheOutermostCallersFault() async throws {
        let outer = """
            variable "size" {
              validation {
                condition     = var.size < 3
                error_message = "Too big."
              }
            }
            module "inner" {
              source = "../m"
              size   = var.size
            }
            """
        let text = """
            module "o" {
              source = "./o"
              size   = 7
            }
            """
        #expect(try await faults(text, files: ["m/main.tf": module, "o/main.tf": outer]) == ["main.tf:3 Invalid value for variable"])
    }

    @Test func whatStandsBehindAnErrorIsNotCalledUnknown() async throws {
        let text = """
            resource "echo_thing" "bad" { name = 3 + "x" }
            locals { name = echo_thing.bad.name }
            module "m" {
              source = "./m"
              name   = local.name
            }
            resource "echo_thing" "counted" { count = module.m.name == "x" ? 1 : 0 }
            resource "echo_thing" "each" { for_each = { (local.name) = 1 } }
            resource "echo_thing" "index" { input = echo_thing.counted[0].name }
            output "text" { value = "%{ if local.name == "x" }yes%{ endif }" }
            """
        #expect(try await faults(text, files: ["m/main.tf": module]) == ["main.tf:1 Invalid operand"])
    }

    @Test func aFaultOfItsOwnBehindAnErrorIsTold() async throws {
        let text = """
            resource "echo_thing" "bad" { name = 3 + "x" }
            resource "echo_thing" "second" {
              input = echo_thing.bad.name
              name  = 4 + "y"
            }
            """
        #expect(try await faults(text) == ["main.tf:1 Invalid operand", "main.tf:4 Invalid operand"])
    }

    @Test func whatIsReallyNotKnownIsTold() async throws {
        let text = """
            resource "echo_thing" "good" {}
            resource "echo_thing" "counted" { count = echo_thing.good.output }
            """
        #expect(try await faults(text) == ["main.tf:2 Invalid count argument"])
    }

    @Test func everyCircleIsTold() async throws {
        let text = """
            locals {
              a = local.b
              b = local.a
              c = [local.d, local.a]
              d = local.c
            }
            """
        #expect(try await faults(text) == ["main.tf:2 Cycle: local.a, local.b", "main.tf:4 Cycle: local.c, local.d"])
    }

    // Accepted and refused as by the reference, with what it says in its first line.
    @Test func nothingMovesAwayFromWhatIsDeclared() async throws {
        let text = """
            module "m" {
              source   = "./m"
              for_each = { x = 1 }
            }
            moved {
              from = module.m["x"]
              to   = module.m["y"]
            }
            moved {
              from = module.m["z"].echo_thing.a
              to   = echo_thing.q
            }
            moved {
              from = module.m["x"].echo_thing.a
              to   = echo_thing.r
            }
            resource "echo_thing" "q" {}
            resource "echo_thing" "r" {}
            resource "echo_thing" "s" { count = 1 }
            resource "echo_thing" "t" {}
            moved {
              from = echo_thing.s[0]
              to   = echo_thing.t
            }
            moved {
              from = echo_thing.s[1]
              to   = echo_thing.u
            }
            resource "echo_thing" "u" {}
            """
        #expect(
            try await faults(text, files: ["m/main.tf": module]) == [
                "main.tf:5 Moved object still exists", "main.tf:13 Moved object still exists", "main.tf:21 Moved object still exists",
            ])
    }
}
