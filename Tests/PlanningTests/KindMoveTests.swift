import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import PlanModel
import Planning
import StateModel
import Testing
import Values

/// A kind that moves to another target is there before it goes: its old parts wait for the new ones and for everything that uses it.
@Suite struct KindMoveTests {
    static let files = [
        "kinds/page.tf": """
        variable "host" { default = null }
        variable "text" { default = "" }
        output "at" {}
        """,
        "host/page/main.tf": """
        resource "echo_thing" "package" {
          box  = var.host.id
        }
        resource "echo_thing" "ready" {
          box   = var.host.id
          input = [var.text, echo_thing.package.output]
        }
        output "at" {
          value      = var.host.id
          depends_on = [echo_thing.ready]
        }
        """,
        "echo/page/main.tf": """
        resource "echo_thing" "whole" { input = var.text }
        output "at" { value = echo_thing.whole.output }
        """,
        "kinds/balancer.tf": """
        variable "host" { default = null }
        variable "pages" { default = [] }
        output "at" {}
        """,
        "host/balancer/main.tf": """
        resource "echo_thing" "config" {
          box   = var.host.id
          input = var.pages
        }
        resource "echo_thing" "service" {
          box   = var.host.id
          input = echo_thing.config.output
        }
        output "at" { value = echo_thing.service.output }
        """,
        "kinds/machine.tf": "output \"host\" {}",
        "echo/machine/main.tf": """
        resource "echo_box" "iron" {}
        resource "echo_box" "system" { box = echo_box.iron.id }
        output "host" { value = echo_box.system }
        """,
    ]

    static let kinds = catalog([("page", ["host", "echo"]), ("balancer", ["host"]), ("machine", ["echo"])])

    static func catalog(_ kinds: [(name: String, providers: [String])]) -> KindCatalog {
        KindCatalog(
            Dictionary(
                uniqueKeysWithValues: kinds.map { kind in
                    let compositions = Dictionary(uniqueKeysWithValues: kind.providers.map { ($0, "\($0)/\(kind.name)") })
                    return (ResourceType(kind.name), .init(interface: "kinds/\(kind.name).tf", compositions: compositions))
                }))
    }

    func plan(
        _ text: String, base: StateSnapshot = PlanTests.empty, options: Plan.Options = .init(), files: [String: String] = files,
        kinds: KindCatalog = kinds
    ) async throws -> Plan {
        var all = files.mapValues { Array($0.utf8) }
        all["main.tf"] = Array(text.utf8)
        let (configuration, diagnostics) = loadConfiguration(
            root: ".", sources: ModuleSources(files: all), kinds: kinds, functions: NoFunctions())
        guard let configuration, !diagnostics.hasErrors else { throw DiagnosticError(diagnostics) }
        let planner = try Planner(
            inputs: PlanningInputs(
                configuration: configuration, variables: [:], base: base, mode: .normal, options: options, createdAt: 0,
                workingDirectory: "/"), catalog: EchoCatalog(), functions: NoFunctions())
        let made = await planner.makePlan()
        guard let plan = made.plan else { throw DiagnosticError(made.diagnostics) }
        return plan
    }

    /// The state after a plan of creations.
    func applied(_ plan: Plan) throws -> StateSnapshot {
        var objects: [ObjectAddress: StateObject] = [:]
        for change in plan.changes {
            try #require(change.action == .create)
            var record = try #require(change.record)
            var value = try #require(change.after)
            for (name, part) in value.entries ?? [] where !part.isWhollyKnown {
                // A reference to what holds it is that one's id.
                let filled = name == "box" ? record.container.map { "id of \($0)" } : nil
                value = value.replacing(at: [.attribute(name)], with: .string(filled ?? "\(name) of \(change.address)")) ?? value
            }
            record.attributes = value
            objects[change.address] = record
        }
        return StateSnapshot(version: StateVersion(lineage: "test", serial: 1), objects: objects)
    }

    private func move(_ before: String, _ after: String) async throws -> Plan {
        try await plan(after, base: applied(try await plan(before)))
    }

    // MARK: The order

    struct Steps {
        let plan: Plan
        fileprivate let behind: [Set<Int>]

        init(_ plan: Plan) {
            self.plan = plan
            var behind = [Set<Int>?](repeating: nil, count: plan.vertices.count)
            // Vertices are not numbered in order: those behind first.
            var stack = Array(plan.vertices.indices)
            while let vertex = stack.last {
                if behind[vertex] != nil {
                    stack.removeLast()
                    continue
                }
                let missing = plan.edges[vertex].map(Int.init).filter { behind[$0] == nil }
                if missing.isEmpty {
                    behind[vertex] = plan.edges[vertex].reduce(into: Set<Int>()) {
                        $0.formUnion(behind[Int($1)] ?? []); $0.insert(Int($1))
                    }
                } else {
                    stack += missing
                }
            }
            self.behind = behind.map { $0 ?? [] }
        }

        func removes(_ vertex: Int) -> Bool {
            if case .effect(let effect, _) = plan.vertices[vertex].kind { effect == .delete || effect == .forget } else { false }
        }

        func address(_ vertex: Int) -> ResourceInstanceAddress? {
            if case .effect(_, let change) = plan.vertices[vertex].kind { plan.changes[change].address.instance } else { nil }
        }

        func vertices(_ test: (ResourceInstanceAddress, Bool) -> Bool) -> [Int] {
            plan.vertices.indices.filter { vertex in address(vertex).map { test($0, removes(vertex)) } ?? false }
        }

        func waits(_ vertex: Int, for other: Int) -> Bool { behind[vertex].contains(other) }

        /// Removals of a kind's parts, and every step of it or of what comes after a step of it, which they have to wait for.
        func broken(_ kind: ModulePath) -> [String] {
            let old = vertices { $0.module.kind == kind && $1 }
            let new = vertices { $0.module.kind == kind && !$1 }
            var wanted = Set(new)
            for vertex in plan.vertices.indices where address(vertex) != nil && !removes(vertex) {
                if new.contains(where: { waits(vertex, for: $0) }) { wanted.insert(vertex) }
            }
            var faults: [String] = []
            for removal in old {
                for vertex in wanted where !waits(removal, for: vertex) {
                    faults.append("\(name(removal)) does not wait for \(name(vertex))")
                }
            }
            return faults
        }

        func name(_ vertex: Int) -> String { "\(removes(vertex) ? "the old " : "")\(address(vertex)?.description ?? "\(vertex)")" }
    }

    private func steps(_ plan: Plan, _ address: String, removed: Bool) -> [Int] {
        Steps(plan).vertices { $0.description == address && $1 == removed }
    }

    private static let readers = """

        resource "balancer" "b" {
          host  = echo_box.edge
          pages = [page.p.at]
        }
        resource "echo_thing" "record" { input = balancer.b.at }
        resource "echo_box" "edge" {}
        resource "echo_box" "one" {}
        resource "echo_box" "two" {}

        """

    /// Configurations before and after; whether what moves has something to go.
    static let moves: [(String, String)] = [
        ("host = echo_box.one", "host = echo_box.two"),
        ("host = echo_box.one", "provider = echo"),
        ("provider = echo", "host = echo_box.two"),
        ("host = machine.m.host", "host = echo_box.two"),
        ("host = echo_box.one", "host = machine.m.host"),
    ]

    @Test(arguments: moves) func movesToAnotherTarget(_ before: String, _ after: String) async throws {
        func text(_ target: String) -> String {
            "resource \"page\" \"p\" {\n  \(target)\n}\n"
                + (target.contains("machine") ? "resource \"machine\" \"m\" {\n  provider = echo\n}\n" : "") + Self.readers
        }
        let plan = try await move(text(before), text(after))
        let steps = Steps(plan)
        let page = ModulePath([.kind(type: ResourceType("page"), name: "p", key: .none)])
        #expect(steps.vertices { $0.module.kind == page && $1 }.count == (before.contains("provider") ? 1 : 2))
        #expect(steps.vertices { $0.module.kind == page && !$1 }.count == (after.contains("provider") ? 1 : 2))
        #expect(steps.broken(page).isEmpty)
        // The balancer, all of it, and what reads it in turn are among what is waited for.
        let service = try #require(
            steps.vertices { address, removed in address.description == "balancer.b.echo_thing.service" && !removed }.first)
        let record = try #require(steps.vertices { address, removed in address.description == "echo_thing.record" && !removed }.first)
        for removal in steps.vertices({ $0.module.kind == page && $1 }) {
            #expect(steps.waits(removal, for: service) && steps.waits(removal, for: record))
        }
        #expect(plan.kindChanges.map(\.action).contains(.move))
    }

    /// A machine that goes takes along what has moved off it, and goes only when nobody needs that any more.
    @Test func machineGoesWhenWhatWasOnItHasMoved() async throws {
        let plan = try await move(
            "resource \"page\" \"p\" {\n  host = machine.m.host\n}\nresource \"machine\" \"m\" {\n  provider = echo\n}" + Self.readers,
            "resource \"page\" \"p\" {\n  host = echo_box.one\n}" + Self.readers)
        let steps = Steps(plan)
        let iron = try #require(steps.vertices { $0.description == "machine.m.echo_box.iron" && $1 }.first)
        let service = try #require(steps.vertices { $0.description == "balancer.b.echo_thing.service" && !$1 }.first)
        #expect(steps.waits(iron, for: service))
        for old in steps.vertices({ $0.description.hasPrefix("page.p.") && $1 }) {
            #expect(steps.waits(old, for: iron), "forgotten when the machine is gone")
            guard case .effect(let effect, _) = plan.vertices[old].kind else { continue }
            #expect(effect == .forget)
        }
    }

    /// One of several goes: who used it does without it first.
    @Test func goesAfterItsUsersHaveChanged() async throws {
        func text(_ names: [String]) -> String {
            """
            resource "page" "p" {
              for_each = { \(names.map { "\($0) = 1" }.joined(separator: ", ")) }
              host     = echo_box.one
            }
            resource "balancer" "b" {
              host  = echo_box.one
              pages = [for p in page.p : p.at]
            }
            resource "echo_box" "one" {}
            """
        }
        let steps = Steps(try await move(text(["a", "b"]), text(["a"])))
        let service = try #require(steps.vertices { $0.description == "balancer.b.echo_thing.service" && !$1 }.first)
        let gone = steps.vertices { $0.module.kind?.description == "page.p[\"b\"]" && $1 }
        #expect(gone.count == 2)
        for removal in gone { #expect(steps.waits(removal, for: service)) }
    }

    /// What merely changes in its place is not made twice.
    @Test func changesInPlaceStayInPlace() async throws {
        func text(_ page: String) -> String { "resource \"page\" \"p\" {\n  host = echo_box.one\n  text = \"\(page)\"\n}" + Self.readers }
        let plan = try await move(text("a"), text("b"))
        #expect(plan.changes.filter { $0.action.isReplace || $0.action == .delete }.isEmpty)
        let page = try #require(plan.kindChanges.first { $0.path.description == "page.p" })
        #expect(page.action == .update && page.parts == 2 && page.changedParts == 1)
    }

    /// Several kinds and their users, many of which move at once: the order holds for each, and there is never a circle.
    @Test(arguments: 0..<60) func anyNumberMovesAtOnce(_ seed: Int) async throws {
        var random = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func draw(_ count: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((random >> 33) % UInt64(count))
        }
        let pages = 2 + draw(4)
        let users = 1 + draw(4)
        let targets = ["host = echo_box.b0", "host = echo_box.b1", "host = echo_box.b2", "provider = echo", "host = machine.m.host"]
        var reads: [[String]] = []
        for user in 0..<users {
            var list = (0..<pages).filter { _ in draw(2) == 0 }.map { "page.p\($0).at" }
            list += (0..<user).filter { _ in draw(3) == 0 }.map { "balancer.u\($0).at" }
            reads.append(list)
        }
        let onBox = (0..<users).map { _ in draw(3) }
        // A page may be written with what a balancer before it says, too.
        func text(_ places: [Int], _ boxes: [Int]) -> String {
            var text = "resource \"machine\" \"m\" {\n  provider = echo\n}\n"
            for box in 0..<3 { text += "resource \"echo_box\" \"b\(box)\" {}\n" }
            for (page, place) in places.enumerated() { text += "resource \"page\" \"p\(page)\" {\n  \(targets[place])\n}\n" }
            for (user, list) in reads.enumerated() {
                text +=
                    "resource \"balancer\" \"u\(user)\" {\n  host = echo_box.b\(boxes[user])\n  pages = [\(list.joined(separator: ", "))]\n}\n"
            }
            return text
        }
        let before = (0..<pages).map { _ in draw(targets.count) }
        let after = before.map { draw(3) == 0 ? $0 : draw(targets.count) }
        let boxes = onBox.map { draw(4) == 0 ? draw(3) : $0 }
        let plan = try await move(text(before, onBox), text(after, boxes))
        let steps = Steps(plan)
        var moved = 0
        for page in 0..<pages where before[page] != after[page] {
            moved += 1
            let path = ModulePath([.kind(type: ResourceType("page"), name: "p\(page)", key: .none)])
            #expect(!steps.vertices { $0.module.kind == path && $1 }.isEmpty)
            #expect(steps.broken(path).isEmpty)
        }
        for user in 0..<users where onBox[user] != boxes[user] {
            #expect(steps.broken(ModulePath([.kind(type: ResourceType("balancer"), name: "u\(user)", key: .none)])).isEmpty)
        }
        #expect(plan.kindChanges.count { $0.action == .move } >= moved)
    }

    // MARK: What a kind's block says of all parts

    @Test func lifecycleHoldsForAllParts() async throws {
        let text =
            "resource \"page\" \"p\" {\n  host = echo_box.one\n  lifecycle {\n    prevent_destroy = true\n  }\n}\nresource \"echo_box\" \"one\" {}\nresource \"echo_box\" \"two\" {}"
        let base = try applied(try await plan(text))
        let error = await #expect(throws: DiagnosticError.self) {
            try await plan(text.replacing("echo_box.one\n", with: "echo_box.two\n"), base: base)
        }
        #expect(error?.diagnostics.first?.summary == "Instance cannot be destroyed")
        let refused = await #expect(throws: DiagnosticError.self) {
            try await plan(text.replacing("prevent_destroy = true", with: "ignore_changes = [text]"))
        }
        #expect(refused?.diagnostics.first?.summary == "Part of lifecycle is not supported on a kind yet")
    }
}
