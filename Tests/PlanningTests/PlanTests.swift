import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import PlanModel
import Planning
import StateModel
import Testing
import Values

@Suite struct PlanTests {
    /// Plans one file, or fails with the diagnostics.
    func plan(
        _ text: String, base: StateSnapshot = empty, mode: Plan.Mode = .normal, options: Plan.Options = .init(),
        provider: EchoProvider = EchoProvider(), files: [String: String] = [:]
    ) async throws -> Plan {
        var all = files.mapValues { Array($0.utf8) }
        all["main.tf"] = Array(text.utf8)
        let (configuration, diagnostics) = loadConfiguration(root: ".", sources: ModuleSources(files: all), functions: NoFunctions())
        guard let configuration, !diagnostics.hasErrors else { throw DiagnosticError(diagnostics) }
        let planner = try Planner(
            inputs: PlanningInputs(
                configuration: configuration, variables: [:],
                base: await base.inCurrentShapes(configuration, EchoCatalog(provider: provider)), mode: mode, options: options,
                createdAt: 0, workingDirectory: "/"),
            catalog: EchoCatalog(provider: provider), functions: NoFunctions())
        let made = await planner.makePlan()
        guard let plan = made.plan else { throw DiagnosticError(made.diagnostics) }
        return plan
    }

    static let empty = StateSnapshot(version: StateVersion(lineage: "test", serial: 0))

    func thing(
        _ address: String, _ attributes: KeyValuePairs<String, Value>, dependencies: [String] = [], guarded: Bool = false,
        container: String? = nil
    )
        throws -> StateObject
    {
        let instance = try #require(AddressPattern(address)?.instance)
        var all: [String: Value] = [
            "id": .string(address), "input": .null, "name": .null(.string), "output": .null, "secret": .null(.string).marked(.sensitive),
            "box": .null(.string), "protect": .null(.bool), "claim": .null(.string), "tags": .null(.map(.string)),
        ]
        for (key, value) in attributes { all[key] = value }
        return StateObject(
            address: ObjectAddress(instance), attributes: .object(all.map { ($0.key, $0.value) }),
            provider: ProviderConfigAddress(name: "echo"),
            container: container.flatMap { AddressPattern($0)?.instance },
            dependencies: dependencies.compactMap { AddressPattern($0)?.instance?.resource }, isGuarded: guarded)
    }

    func base(_ objects: [StateObject]) -> StateSnapshot {
        StateSnapshot(
            version: StateVersion(lineage: "test", serial: 1), objects: Dictionary(objects.map { ($0.address, $0) }) { first, _ in first })
    }

    func actions(_ plan: Plan) -> [String: Change.Action] {
        Dictionary(plan.changes.map { ($0.address.description, $0.action) }) { first, _ in first }
    }

    @Test func createsWithReferences() async throws {
        let plan = try await plan(
            """
            resource "echo_thing" "a" { input = { x = 1 } }
            resource "echo_thing" "b" {
              count = 2
              input = "${echo_thing.a.id}-${count.index}"
            }
            output "all" { value = echo_thing.b[*].input }
            """)
        #expect(actions(plan) == ["echo_thing.a": .create, "echo_thing.b[0]": .create, "echo_thing.b[1]": .create])
        #expect(plan.changes.first { $0.address.description == "echo_thing.b[0]" }?.after?["input"]?.isUnknown == true)
        #expect(plan.outputs.map(\.name) == ["all"])
        let records = plan.changes.compactMap(\.record).filter { $0.address.instance.resource.resource.name == "b" }
        #expect(records.allSatisfy { $0.dependencies.map(\.description) == ["echo_thing.a"] })
    }

    @Test func noChangeIsNoChange() async throws {
        let a = try thing("echo_thing.a", ["input": .string("x"), "output": .string("x")])
        let plan = try await plan("resource \"echo_thing\" \"a\" { input = \"x\" }", base: base([a]))
        #expect(plan.isEmpty)
        #expect(plan.vertices.isEmpty, "\(plan.changes)")
    }

    @Test func driftIsApartFromChanges() async throws {
        let a = try thing("echo_thing.a", ["input": .string("x"), "output": .string("x")])
        var provider = EchoProvider()
        provider.changed["echo_thing.a"] = .string("by hand")
        let plan = try await plan("resource \"echo_thing\" \"a\" { input = \"x\" }", base: base([a]), provider: provider)
        #expect(plan.observed.map(\.address) == [a.address])
        #expect(actions(plan) == ["echo_thing.a": .update])
        provider = EchoProvider()
        provider.gone = ["echo_thing.a"]
        let again = try await self.plan("resource \"echo_thing\" \"a\" { input = \"x\" }", base: base([a]), provider: provider)
        #expect(actions(again) == ["echo_thing.a": .create])
    }

    /// A provider that reads with sensitive values at hand gives back what is marked as a whole.
    @Test func onlyWiderMarksAreNoDrift() async throws {
        func input(_ note: Value) -> Value { .object([("note", note), ("secret", Value.string("s").marked(.sensitive))]) }
        let a = try thing("echo_thing.a", ["input": input(.string("n")), "output": input(.string("n"))])
        var provider = EchoProvider()
        provider.changed["echo_thing.a"] = input(.string("n")).withoutMarks([.sensitive]).marked(.sensitive)
        let removal = try await plan("", base: base([a]), provider: provider)
        #expect(removal.observed.isEmpty)
        let refreshing = try await plan(
            "resource \"echo_thing\" \"a\" {}", base: base([a]), mode: .refreshOnly, provider: provider)
        #expect(refreshing.observed.isEmpty)
        // What has changed stays as sensitive as it came.
        provider.changed["echo_thing.a"] = input(.string("by hand")).withoutMarks([.sensitive]).marked(.sensitive)
        let changed = try await plan("resource \"echo_thing\" \"a\" {}", base: base([a]), mode: .refreshOnly, provider: provider)
        #expect(changed.observed.count == 1)
        #expect(changed.observed.first?.object?.attributes["input"]?.isSensitive == true)
    }

    @Test func destroysInReverse() async throws {
        let a = try thing("echo_thing.a", ["input": .string("x")])
        let b = try thing("echo_thing.b", ["input": .string("y")], dependencies: ["echo_thing.a"])
        let plan = try await plan("", base: base([a, b]))
        #expect(actions(plan) == ["echo_thing.a": .delete, "echo_thing.b": .delete])
        #expect(order(plan, "echo_thing.b", before: "echo_thing.a"))
    }

    /// Whether one change's last vertex comes before another's first, through any path.
    func order(_ plan: Plan, _ first: String, before second: String) -> Bool {
        func vertices(_ address: String) -> [Int] {
            plan.vertices.indices.filter { vertex in
                if case .effect(_, let change) = plan.vertices[vertex].kind {
                    plan.changes[change].address.description == address
                } else {
                    false
                }
            }
        }
        var seen = Set<Int>()
        var stack = vertices(second)
        while let vertex = stack.popLast() {
            for target in plan.edges[vertex] where seen.insert(Int(target)).inserted { stack.append(Int(target)) }
        }
        return vertices(first).allSatisfy { seen.contains($0) }
    }

    @Test func whatMakesGuardedDataUsableStaysWithIt() async throws {
        let objects = try ["orders", "other"].flatMap { name in
            [
                try thing("database.\(name).echo_vault.v", [:], guarded: name == "orders"),
                try thing("database.\(name).echo_thing.entry", [:], dependencies: ["database.\(name).echo_vault.v"]),
            ]
        }
        let kept = try await plan("", base: base(objects), mode: .destroy)
        #expect(
            kept.withheld.map(\.address.description) == ["database.orders.echo_thing.entry", "database.orders.echo_vault.v"])
        #expect(kept.withheld.first?.because?.description == "database.orders.echo_vault.v")
        #expect(actions(kept)["database.orders.echo_thing.entry"] == .noOp)
        #expect(actions(kept)["database.other.echo_thing.entry"] == .delete)
        #expect(actions(kept)["database.other.echo_vault.v"] == .delete)
        var options = Plan.Options()
        options.unprotect = ["database.orders"]
        let allowed = try await plan("", base: base(objects), mode: .destroy, options: options)
        #expect(allowed.withheld.isEmpty)
        #expect(Set(actions(allowed).values) == [.delete])
    }

    @Test func guardedDataIsWithheldWithWhatHangsOnIt() async throws {
        let net = try thing("echo_thing.net", [:])
        let vault = try thing("echo_vault.v", [:], dependencies: ["echo_thing.net"], guarded: true)
        let other = try thing("echo_thing.other", [:])
        let plan = try await plan("", base: base([net, vault, other]))
        #expect(!plan.isComplete)
        #expect(plan.withheld.map(\.address.description) == ["echo_thing.net", "echo_vault.v"])
        #expect(plan.vertices.count == 1)
        var options = Plan.Options()
        options.unprotect = ["echo_vault.v"]
        let allowed = try await self.plan("", base: base([net, vault, other]), options: options)
        #expect(allowed.withheld.isEmpty)
    }

    @Test func contentsGoWithTheirContainer() async throws {
        let box = try thing("echo_box.b", ["id": .string("box-1")])
        let inside = try thing("echo_thing.t", ["box": .string("box-1")], dependencies: ["echo_box.b"], container: "echo_box.b")
        let plan = try await plan("", base: base([box, inside]))
        #expect(actions(plan) == ["echo_box.b": .delete, "echo_thing.t": .forget])
        #expect(order(plan, "echo_box.b", before: "echo_thing.t"))
    }

    /// Edges from effect to effect.
    func waits(_ plan: Plan) -> Int {
        plan.vertices.indices.reduce(0) { count, vertex in
            if case .effect = plan.vertices[vertex].kind { count + plan.edges[vertex].count } else { count }
        }
    }

    @Test func whatStandsInAnotherComesAfterItAndGoesBefore() async throws {
        let text = """
            resource "echo_thing" "all" {
              for_each = { for path in ["/srv/a/b/c", "/srv", "/srv/a", "/srv-other/x", "/opt"] : path => true }
              name = each.key
            }
            resource "echo_thing" "elsewhere" {
              name = "/srv/a/z"
              box = echo_box.b.id
            }
            resource "echo_box" "b" {}
            """
        func name(_ path: String) -> String { "echo_thing.all[\"\(path)\"]" }
        let made = try await plan(text)
        #expect(order(made, name("/srv"), before: name("/srv/a")))
        #expect(order(made, name("/srv/a"), before: name("/srv/a/b/c")))
        #expect(waits(made) == 3, "but for the thing in the box nothing else has an order")
        let things = try ["/srv/a/b/c", "/srv", "/srv/a", "/opt"].map { try thing(name($0), ["name": .string($0)]) }
        let gone = try await plan(text, base: base(things), mode: .destroy)
        #expect(order(gone, name("/srv/a/b/c"), before: name("/srv/a")))
        #expect(order(gone, name("/srv/a"), before: name("/srv")))
        #expect(waits(gone) == 2)
    }

    /// Each of many new containers is told from the others although no id is known: through a choice, through `each.value`, through a
    /// module's variable, beside containers that are there already.
    @Test func newContainersAreToldApart() async throws {
        let old = try thing("echo_box.old[\"c\"]", ["id": .string("box-c")])
        let plan = try await plan(
            """
            locals { places = { a = "new", b = "new", c = "old" } }
            resource "echo_box" "old" { for_each = { c = 1, d = 1 } }
            resource "echo_box" "new" { for_each = { for k, v in local.places : k => v if v == "new" } }
            resource "echo_thing" "chosen" {
              for_each = local.places
              box      = each.value == "new" ? echo_box.new[each.key].id : echo_box.old[each.key].id
            }
            resource "echo_thing" "each" {
              for_each = echo_box.new
              box      = each.value.id
            }
            module "m" {
              source   = "./m"
              for_each = echo_box.new
              box      = each.value
            }
            """, base: base([old]),
            files: [
                "m/main.tf": """
                variable "box" { type = object({ id = string }) }
                resource "echo_thing" "in" { box = var.box.id }
                """
            ])
        let holders = Dictionary(
            plan.changes.compactMap { change in change.record?.container.map { (change.address.description, $0.description) } }
        ) { first, _ in first }
        #expect(
            holders == [
                "echo_thing.chosen[\"a\"]": "echo_box.new[\"a\"]", "echo_thing.chosen[\"b\"]": "echo_box.new[\"b\"]",
                "echo_thing.chosen[\"c\"]": "echo_box.old[\"c\"]", "echo_thing.each[\"a\"]": "echo_box.new[\"a\"]",
                "echo_thing.each[\"b\"]": "echo_box.new[\"b\"]", "module.m[\"a\"].echo_thing.in": "echo_box.new[\"a\"]",
                "module.m[\"b\"].echo_thing.in": "echo_box.new[\"b\"]",
            ])
    }

    @Test func replacesInEitherOrder() async throws {
        let a = try thing("echo_thing.a", ["name": .string("old")])
        let first = try await plan("resource \"echo_thing\" \"a\" { name = \"new\" }", base: base([a]))
        #expect(actions(first) == ["echo_thing.a": .deleteThenCreate])
        let second = try await plan(
            """
            resource "echo_thing" "a" {
              name = "new"
              lifecycle { create_before_destroy = true }
            }
            """, base: base([a]))
        #expect(actions(second) == ["echo_thing.a": .createThenDelete])
    }

    /// A thing that is recorded under a name, which is its identity.
    private func named(_ address: String, _ name: String) throws -> StateObject {
        var object = try thing(address, ["name": .string(name), "output": .null])
        object.identity = "echo_thing|" + name
        return object
    }

    @Test(arguments: [
        // What gives the name up goes for good, is replaced under another name, or is replaced after its successor came.
        "",
        "resource \"echo_thing\" \"old\" { name = \"other\" }",
        "resource \"echo_thing\" \"old\" {\n  name = \"other\"\n  lifecycle { create_before_destroy = true }\n}",
    ])
    func whoTakesANameWaitsUntilItIsFree(old: String) async throws {
        let plan = try await plan(
            old + "\nresource \"echo_thing\" \"new\" { name = \"n\" }", base: base([try named("echo_thing.old", "n")]))
        #expect(precedes(plan, .delete, "echo_thing.old", .create, "echo_thing.new"))
        #expect(!precedes(plan, .create, "echo_thing.new", .delete, "echo_thing.old"))
    }

    @Test func namesAreHandedOnInOrder() async throws {
        // b takes a's name, c takes b's: whatever the addresses say.
        let plan = try await plan(
            """
            resource "echo_thing" "a" { name = "4" }
            resource "echo_thing" "b" { name = "1" }
            resource "echo_thing" "c" { name = "2" }
            """, base: base([try named("echo_thing.a", "1"), try named("echo_thing.b", "2"), try named("echo_thing.c", "3")]))
        #expect(precedes(plan, .delete, "echo_thing.a", .create, "echo_thing.b"))
        #expect(precedes(plan, .delete, "echo_thing.b", .create, "echo_thing.c"))
        #expect(!precedes(plan, .delete, "echo_thing.c", .create, "echo_thing.a"))
    }

    @Test func namesAreExchangedWhereBothGoFirst() async throws {
        let recorded = base([try named("echo_thing.x", "1"), try named("echo_thing.y", "2")])
        let plan = try await plan(
            "resource \"echo_thing\" \"x\" { name = \"2\" }\nresource \"echo_thing\" \"y\" { name = \"1\" }", base: recorded)
        #expect(precedes(plan, .delete, "echo_thing.x", .create, "echo_thing.y"))
        #expect(precedes(plan, .delete, "echo_thing.y", .create, "echo_thing.x"))
        let first = "lifecycle { create_before_destroy = true }"
        do {
            _ = try await self.plan(
                "resource \"echo_thing\" \"x\" {\n  name = \"2\"\n  \(first)\n}\nresource \"echo_thing\" \"y\" {\n  name = \"1\"\n  \(first)\n}",
                base: recorded)
            Issue.record("Each would have to wait for the other.")
        } catch let error as DiagnosticError {
            #expect(error.diagnostics.map(\.detail).contains { $0.contains("exchange the names") }, "\(error)")
        }
    }

    /// Whether an effect waits, through whatever is between, for another.
    private func precedes(_ plan: Plan, _ effect: Vertex.Effect, _ address: String, _ later: Vertex.Effect, _ other: String) -> Bool {
        func vertex(_ effect: Vertex.Effect, _ address: String) -> Int? {
            plan.vertices.indices.first { vertex in
                guard case .effect(effect, let change) = plan.vertices[vertex].kind else { return false }
                return plan.changes[change].address.description == address
            }
        }
        guard let first = vertex(effect, address), let last = vertex(later, other) else { return false }
        var seen: Set<Int> = []
        var stack = [last]
        while let next = stack.popLast() {
            for target in plan.edges[next] where seen.insert(Int(target)).inserted { stack.append(Int(target)) }
        }
        return seen.contains(first)
    }

    @Test(arguments: ["echo_thing.a", "resource.echo_thing.a", "echo_thing . a", "module.m.echo_thing.b", "module.m"])
    func whatIsRemovedWithoutDestroyingStays(from: String) async throws {
        let (a, b) = (try thing("echo_thing.a", [:]), try thing("module.m.echo_thing.b", [:]))
        let plan = try await plan("removed {\n  from = \(from)\n  lifecycle { destroy = false }\n}", base: base([a, b]))
        let isInModule = from.hasPrefix("module")
        #expect(actions(plan) == ["echo_thing.a": isInModule ? .delete : .forget, "module.m.echo_thing.b": isInModule ? .forget : .delete])
    }

    @Test(arguments: ["echo_thing.a", "resource.echo_thing.a", "echo_thing . a"])
    func whatIsMovedStaysHoweverItIsWritten(from: String) async throws {
        let plan = try await plan(
            "moved {\n  from = \(from)\n  to = resource.echo_thing.b\n}\nresource \"echo_thing\" \"b\" {}",
            base: base([try thing("echo_thing.a", [:])]))
        #expect(plan.changes.map(\.address.description) == ["echo_thing.b"])
        #expect(plan.changes.first?.previousAddress?.description == "echo_thing.a")
    }

    @Test func dataThatNothingAsksForIsNotKept() async throws {
        let old = try thing("data.echo_answer.old", [:])
        let plan = try await plan("data \"echo_answer\" \"new\" { query = \"q\" }", base: base([old]))
        #expect(plan.changes.isEmpty)
        #expect(
            Dictionary(uniqueKeysWithValues: plan.observed.map { ($0.address.description, $0.object == nil) })
                == ["data.echo_answer.old": true, "data.echo_answer.new": false])
    }

    @Test func dataIsReadNowOrDeferred() async throws {
        let now = try await plan(
            """
            data "echo_answer" "x" { query = "q" }
            resource "echo_thing" "a" { input = data.echo_answer.x.answer }
            """)
        #expect(now.changes.first?.after?["input"]?.stringValue == "to q")
        let later = try await plan(
            """
            resource "echo_thing" "a" { input = 1 }
            data "echo_answer" "x" {
              query      = "q"
              depends_on = [echo_thing.a]
            }
            """)
        #expect(actions(later)["data.echo_answer.x"] == .read)
    }

    @Test func dataWithConditionsWaitsForEverythingBeforeIt() async throws {
        let text = """
            resource "echo_thing" "far" { input = "new" }
            resource "echo_thing" "near" { input = echo_thing.far.name == null ? "x" : "x" }
            data "echo_answer" "plain" { query = echo_thing.near.input }
            data "echo_answer" "strict" {
              query = echo_thing.near.input
              lifecycle {
                postcondition {
                  condition     = self.answer != ""
                  error_message = "It must answer."
                }
              }
            }
            """
        let recorded = base([
            try thing("echo_thing.far", ["input": .string("old"), "output": .string("old")]),
            try thing("echo_thing.near", ["input": .string("x"), "output": .string("x")], dependencies: ["echo_thing.far"]),
        ])
        let plan = try await plan(text, base: recorded)
        #expect(actions(plan)["data.echo_answer.plain"] == nil)
        #expect(actions(plan)["data.echo_answer.strict"] == .read)
        #expect(plan.observed.map(\.address.description) == ["data.echo_answer.plain"])
    }

    /// A chain of locals before many data sources is looked through once, not once for each.
    @Test(.timeLimit(.minutes(15))) func manyDataSourcesBehindALongChain() async throws {
        var text = "resource \"echo_thing\" \"a\" {}\nlocals {\n  l0 = echo_thing.a.name\n"
        for number in 1..<2_000 { text += "  l\(number) = local.l\(number - 1)\n" }
        text += "}\n"
        for number in 0..<1_000 {
            text += "data \"echo_answer\" \"d\(number)\" {\n  query = \"q\"\n  depends_on = [local.l1999]\n}\n"
        }
        let recorded = base([try thing("echo_thing.a", [:])])
        let plan = try await plan(text, base: recorded)
        #expect(plan.observed.count == 1_000)
    }

    @Test func modulesKeepToThemselves() async throws {
        let plan = try await plan(
            """
            module "m" {
              source   = "./m"
              for_each = { a = 1, b = 2 }
              at       = each.value
            }
            output "sum" { value = module.m["a"].got + module.m["b"].got }
            """,
            files: [
                "m/main.tf": """
                variable "at" { type = number }
                resource "echo_thing" "t" { input = var.at }
                output "got" { value = echo_thing.t.input }
                """
            ])
        #expect(actions(plan) == ["module.m[\"a\"].echo_thing.t": .create, "module.m[\"b\"].echo_thing.t": .create])
        #expect(plan.outputs.first?.after?.intValue == 3)
        // Instances of one module do not wait for each other.
        for (vertex, edges) in zip(plan.vertices, plan.edges) {
            if case .effect(.create, _) = vertex.kind { #expect(edges.isEmpty) }
        }
    }

    /// What a module's argument takes from its neighbours is waited for and recorded, although its value is known before.
    @Test func modulesWaitForTheirNeighbours() async throws {
        let plan = try await plan(
            """
            module "one" { source = "./giver" }
            module "many" {
              source = "./giver"
              count  = 2
            }
            module "reader" {
              source   = "./reader"
              for_each = { a = 1, b = 2 }
              from     = [module.one.given, module.many[*].given]
            }
            """,
            files: [
                "giver/main.tf": """
                resource "echo_thing" "slow" {}
                output "given" {
                  value      = "constant"
                  depends_on = [echo_thing.slow]
                }
                """,
                "reader/main.tf": """
                variable "from" {}
                resource "echo_thing" "after" { input = var.from }
                """,
            ])
        let givers = ["module.many[0].echo_thing.slow", "module.many[1].echo_thing.slow", "module.one.echo_thing.slow"]
        for reader in ["module.reader[\"a\"].echo_thing.after", "module.reader[\"b\"].echo_thing.after"] {
            #expect(behind(reader, in: plan).sorted() == givers)
            let record = plan.changes.first { $0.address.description == reader }?.record
            #expect(record?.dependencies.map(\.description).sorted() == givers)
        }
    }

    /// Changes that have to be done before a change begins.
    private func behind(_ address: String, in plan: Plan) -> [String] {
        func name(_ vertex: Int) -> String? {
            if case .effect(_, let change) = plan.vertices[vertex].kind { plan.changes[change].address.description } else { nil }
        }
        guard let start = plan.vertices.indices.first(where: { name($0) == address }) else { return [] }
        var seen: Set<Int> = []
        var stack = plan.edges[start].map(Int.init)
        while let next = stack.popLast() {
            if seen.insert(next).inserted { stack += plan.edges[next].map(Int.init) }
        }
        return seen.compactMap(name)
    }

    @Test(arguments: [
        ("resource \"echo_thing\" \"a\" { inptu = 1 }", "Unsupported argument"),
        (
            "resource \"echo_thing\" \"a\" { count = echo_thing.b.id == \"\" ? 1 : 2 }\nresource \"echo_thing\" \"b\" {}",
            "Invalid count argument"
        ),
        ("resource \"echo_thing\" \"a\" { count = 9223372036854775807 }", "Invalid count argument"),
        ("resource \"echo_thing\" \"a\" { count = 100001 }", "Invalid count argument"),
        (
            "resource \"echo_thing\" \"a\" { input = echo_thing.b.id }\nresource \"echo_thing\" \"b\" { input = echo_thing.a.id }",
            "Cycle: echo_thing.a, echo_thing.b"
        ),
        ("resource \"echo_thing\" \"a\" { name = \"n\" }\nresource \"echo_thing\" \"b\" { name = \"n\" }", "Two resources for one object"),
        ("data \"echo_answer\" \"a\" {}", "Missing required argument"),
        ("resource \"echo_nothing\" \"a\" {}", "Invalid resource type"),
    ])
    func refuses(_ text: String, _ summary: String) async {
        do {
            let made = try await plan(text)
            Issue.record("planned: \(made.changes)")
        } catch {
            #expect((error as? DiagnosticError)?.diagnostics.first?.summary == summary, "\(error)")
        }
    }

    @Test(arguments: [(200, false), (202, true), (400, true)])
    func saysWhenItStopsLooking(faults: Int, isCut: Bool) async throws {
        let text = (0..<faults).map { "resource \"echo_thing\" \"a\($0)\" { input = {}.missing }" }.joined(separator: "\n")
        do {
            _ = try await plan(text)
            Issue.record("It has errors.")
        } catch let error as DiagnosticError {
            #expect(error.diagnostics.count == (isCut ? 202 : faults))
            #expect((error.diagnostics.last?.summary == "Too many errors") == isCut)
            #expect(error.diagnostics.filter { $0.summary == "Too many errors" }.count == (isCut ? 1 : 0))
        }
    }

    @Test func equalInputsGiveEqualDigests() async throws {
        let text = "resource \"echo_thing\" \"a\" {\n  for_each = { for i in [3, 1, 2] : \"k${i}\" => i }\n  input = each.value\n}"
        var digests: Set<String> = []
        for _ in 0..<5 { digests.insert(try await plan(text).digest()) }
        #expect(digests.count == 1)
    }
}
