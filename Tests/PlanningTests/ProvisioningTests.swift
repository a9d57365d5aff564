import Addresses
import PlanModel
import Planning
import StateModel
import Testing
import Values

/// Where provisioners stand in a plan, which of them run, and what they are when it is their turn.
@Suite struct ProvisioningTests {
    private static let both = """
        provisioner "local-exec" {
          command = "one"
        }
        provisioner "local-exec" {
          when    = destroy
          command = "gone ${self.id}"
        }
        provisioner "local-exec" {
          command = "two"
        }
        """

    /// Each effect with the effects that it waits for, through joins, in a word each.
    private func order(_ plan: Plan) -> [String: Set<String>] {
        func name(_ vertex: Int) -> String? {
            guard case .effect(let effect, let change) = plan.vertices[vertex].kind else { return nil }
            return "\(effect.rawValue)\(plan.vertices[vertex].provisioner.map { " \($0)" } ?? "") \(plan.changes[change].address)"
        }
        func waits(_ vertex: Int) -> Set<String> {
            plan.edges[vertex].reduce(into: []) { found, target in
                if let name = name(Int(target)) { found.insert(name) } else { found.formUnion(waits(Int(target))) }
            }
        }
        return Dictionary(plan.vertices.indices.compactMap { vertex in name(vertex).map { ($0, waits(vertex)) } }) { first, _ in first }
    }

    private func status(_ plan: Plan, _ address: String) -> StateObject.Status? {
        plan.changes.first { $0.address.description == address }?.record?.status
    }

    @Test func theyStandBetweenACreateAndWhateverReadsIt() async throws {
        let bench = PlanTests()
        let plan = try await bench.plan(
            """
            resource "echo_thing" "a" {
              \(Self.both)
            }
            resource "echo_thing" "b" {
              input = echo_thing.a.id
            }
            """)
        let order = order(plan)
        #expect(order["provision 0 echo_thing.a"] == ["create echo_thing.a"])
        #expect(order["provision 2 echo_thing.a"] == ["provision 0 echo_thing.a"])
        #expect(order["create echo_thing.b"] == ["provision 2 echo_thing.a"])
        #expect(order.keys.allSatisfy { !$0.hasPrefix("deprovision") })
        #expect(status(plan, "echo_thing.a") == .tainted && status(plan, "echo_thing.b") == .ready)
    }

    @Test func aReplacementHasThoseOfItsEndAndThoseOfItsBeginning() async throws {
        let bench = PlanTests()
        let base = bench.base([try bench.thing("echo_thing.a", ["name": .string("old")])])
        func plan(_ more: String) async throws -> [String: Set<String>] {
            order(try await bench.plan("resource \"echo_thing\" \"a\" {\n  name = \"new\"\n\(more)\n\(Self.both)\n}", base: base))
        }
        let inPlace = try await plan("")
        #expect(inPlace["delete echo_thing.a"] == ["deprovision 1 echo_thing.a"])
        #expect(inPlace["create echo_thing.a"] == ["delete echo_thing.a"])
        #expect(inPlace["provision 2 echo_thing.a"] == ["provision 0 echo_thing.a"])
        // As in the reference: what makes way for its successor goes without them.
        let first = try await plan("  lifecycle {\n    create_before_destroy = true\n  }")
        #expect(first["delete echo_thing.a"] == ["provision 2 echo_thing.a"])
        #expect(first.keys.allSatisfy { !$0.hasPrefix("deprovision") })
    }

    @Test func whatWasNeverWholeGoesWithoutThem() async throws {
        let bench = PlanTests()
        var object = try bench.thing("echo_thing.a", [:])
        object.status = .tainted
        let order = order(
            try await bench.plan("resource \"echo_thing\" \"a\" {\n\(Self.both)\n}", base: bench.base([object])))
        #expect(order["delete echo_thing.a"] == [] && order["provision 0 echo_thing.a"] == ["create echo_thing.a"])
    }

    struct Ending: CustomTestStringConvertible, Sendable {
        let name: String
        let text: String
        let recorded: [String]
        let runs: [String]
        var testDescription: String { name }
    }

    static let endings = [
        Ending(
            name: "a smaller count", text: "resource \"echo_thing\" \"a\" {\n  count = 1\n\(both)\n}",
            recorded: ["echo_thing.a[0]", "echo_thing.a[1]"], runs: ["echo_thing.a[1]"]),
        Ending(name: "a block that is gone", text: "locals {}", recorded: ["echo_thing.a"], runs: []),
        Ending(
            name: "a removed block",
            text: "removed {\n  from = echo_thing.a\n  provisioner \"local-exec\" {\n    when = destroy\n    command = \"x\"\n  }\n}",
            recorded: ["echo_thing.a[0]", "echo_thing.a[\"k\"]"], runs: ["echo_thing.a[0]", "echo_thing.a[\"k\"]"]),
        Ending(
            name: "a removed block that forgets",
            text:
                "removed {\n  from = echo_thing.a\n  lifecycle {\n    destroy = false\n  }\n  provisioner \"local-exec\" {\n    when = destroy\n    command = \"x\"\n  }\n}",
            recorded: ["echo_thing.a"], runs: []),
    ]

    @Test(arguments: endings) func whatGoesRunsThoseThatAreStillWritten(_ ending: Ending) async throws {
        let bench = PlanTests()
        let plan = try await bench.plan(ending.text, base: bench.base(try ending.recorded.map { try bench.thing($0, [:]) }))
        let ran = plan.vertices.compactMap { vertex -> String? in
            if case .effect(.deprovision, let change) = vertex.kind { return plan.changes[change].address.description }
            return nil
        }
        #expect(ran.sorted() == ending.runs.sorted())
        for address in ending.runs { #expect(order(plan)["delete \(address)"]?.first?.hasPrefix("deprovision") == true) }
    }

    @Test func ofAModuleInstanceThatIsGoneTheyAreThoseOfTheModule() async throws {
        let bench = PlanTests()
        let plan = try await bench.plan(
            "module \"m\" {\n  source = \"./m\"\n  count  = 1\n}",
            base: bench.base([try bench.thing("module.m[0].echo_thing.a", [:]), try bench.thing("module.m[1].echo_thing.a", [:])]),
            files: ["m/main.tf": "resource \"echo_thing\" \"a\" {\n\(Self.both)\n}"])
        #expect(order(plan)["delete module.m[1].echo_thing.a"] == ["deprovision 1 module.m[1].echo_thing.a"])
    }

    @Test func aChangeOfThemAlonePlansNothing() async throws {
        let bench = PlanTests()
        let text = "resource \"echo_thing\" \"a\" {\n\(Self.both)\n}"
        let base = bench.base([try bench.thing("echo_thing.a", [:])])
        #expect(try await bench.plan(text, base: base).isEmpty)
        #expect(try await bench.plan(text.replacing("two", with: "three"), base: base).isEmpty)
    }

    @Test func theyReadTheirObjectAndWhatTheyReferTo() async throws {
        let finishing = try await Finishing(
            """
            resource "echo_thing" "other" {
              input = "word"
            }
            resource "echo_thing" "a" {
              for_each = { k = "v" }
              connection {
                host = echo_thing.other.output
                user = "nobody"
              }
              provisioner "remote-exec" {
                inline = ["${self.id} ${each.key} ${each.value} ${echo_thing.other.id}"]
                connection {
                  host = "rack"
                }
              }
            }
            """)
        let plan = finishing.plan
        let order = order(plan)
        #expect(order["create echo_thing.a[\"k\"]"] == ["create echo_thing.other"])
        await finishing.run()
        let vertex = try #require(plan.vertices.firstIndex { $0.provisioner == 0 })
        let step = try await finishing.planner.complete(vertex, facts: finishing.facts)
        let work = try #require(step.provisioning)
        #expect(work.phase == .afterCreate(isLast: true) && work.type == "remote-exec" && !work.continuesOnFailure)
        let line = work.configuration["inline"]?.elements?.first?.stringValue ?? ""
        #expect(line.contains(" k v ") && !line.hasPrefix(" ") && !line.hasSuffix(" "))
        #expect(work.connection?["host"] == .string("rack") && work.connection?["user"] == .string("nobody"))
    }
}
