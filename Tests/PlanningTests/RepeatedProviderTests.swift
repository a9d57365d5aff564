import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import PlanModel
import Planning
import ProviderKit
import StateModel
import Synchronization
import Testing
import Values

/// Provider configurations with `for_each`, and who uses which instance of them.
@Suite struct RepeatedProviderTests {
    private static let repeated = """
        locals { regions = { eu = "t-eu", us = "t-us" } }
        provider "echo" {
          alias    = "by"
          for_each = local.regions
          token    = each.value
        }

        """

    private func plan(_ text: String, files: [String: String] = [:], base: [StateObject] = [], provider: EchoProvider = EchoProvider())
        async throws -> Plan
    {
        try await PlanTests().plan(text, base: PlanTests().base(base), provider: provider, files: files)
    }

    /// `address: provider` of every change.
    private func providers(_ plan: Plan) -> [String] { plan.changes.map { "\($0.address): \($0.provider)" } }

    @Test func everyInstanceHasItsOwn() async throws {
        let seenTokens = Tokens()
        var echo = EchoProvider()
        echo.configured = { (value: Value) async throws(ProviderFailure) in seenTokens.append(value["token"]?.stringValue ?? "none") }
        let text =
            Self.repeated + """
                resource "echo_thing" "each" {
                  for_each = local.regions
                  provider = echo.by[each.key]
                }
                resource "echo_thing" "counted" {
                  count    = 2
                  provider = echo.by[["us", "eu"][count.index]]
                }
                resource "echo_thing" "one" { provider = echo.by["us"] }
                resource "echo_thing" "other" { provider = echo.by[local.chosen] }
                locals { chosen = "eu" }
                resource "echo_thing" "plain" {}
                """
        let plan = try await plan(text, provider: echo)
        #expect(
            providers(plan).sorted() == [
                "echo_thing.counted[0]: provider.echo.by[\"us\"]", "echo_thing.counted[1]: provider.echo.by[\"eu\"]",
                "echo_thing.each[\"eu\"]: provider.echo.by[\"eu\"]", "echo_thing.each[\"us\"]: provider.echo.by[\"us\"]",
                "echo_thing.one: provider.echo.by[\"us\"]", "echo_thing.other: provider.echo.by[\"eu\"]",
                "echo_thing.plain: provider.echo",
            ])
        #expect(seenTokens.all.sorted() == ["none", "t-eu", "t-us"])
    }

    @Test func modulesGetTheInstanceThatTheirCallChooses() async throws {
        let text =
            Self.repeated + """
                module "m" {
                  for_each  = local.regions
                  source    = "./m"
                  providers = { echo = echo.by[each.key] }
                }
                module "named" {
                  source    = "./named"
                  providers = { echo.inner = echo.by["us"] }
                }
                """
        let plan = try await plan(
            text,
            files: [
                "m/main.tf": "resource \"echo_thing\" \"in\" {}\nmodule \"deep\" {\n  count = 1\n  source = \"../deep\"\n}",
                "deep/main.tf": "resource \"echo_thing\" \"deep\" {}",
                "named/main.tf":
                    "terraform {\n  required_providers {\n    echo = { configuration_aliases = [echo.inner] }\n  }\n}\nresource \"echo_thing\" \"in\" { provider = echo.inner }",
            ])
        #expect(
            providers(plan).sorted() == [
                "module.m[\"eu\"].echo_thing.in: provider.echo.by[\"eu\"]",
                "module.m[\"eu\"].module.deep[0].echo_thing.deep: provider.echo.by[\"eu\"]",
                "module.m[\"us\"].echo_thing.in: provider.echo.by[\"us\"]",
                "module.m[\"us\"].module.deep[0].echo_thing.deep: provider.echo.by[\"us\"]",
                "module.named.echo_thing.in: provider.echo.by[\"us\"]",
            ])
    }

    @Test func dataSourcesAreReadByTheirOwn() async throws {
        let text =
            Self.repeated + """
                data "echo_answer" "d" {
                  for_each = local.regions
                  provider = echo.by[each.key]
                  query    = each.key
                }
                """
        let plan = try await plan(text)
        #expect(plan.observed.compactMap { $0.object?.provider.description } == ["provider.echo.by[\"eu\"]", "provider.echo.by[\"us\"]"])
    }

    /// An object stays what it is when its configuration becomes an instance, and is read by that.
    @Test func anObjectChangesItsInstance() async throws {
        var old = try PlanTests().thing("echo_thing.one", ["input": .string("a")])
        old.provider = ProviderConfigAddress(name: "echo", alias: "old")
        var echo = EchoProvider()
        echo.changed = ["echo_thing.one": .string("drifted")]
        let plan = try await plan(
            Self.repeated + "resource \"echo_thing\" \"one\" {\n  provider = echo.by[\"us\"]\n  input = \"a\"\n}", base: [old],
            provider: echo)
        #expect(providers(plan) == ["echo_thing.one: provider.echo.by[\"us\"]"])
        #expect(plan.changes[0].action == .update)
        #expect(!plan.changes[0].isUnread)
    }

    static let refused: [(name: String, text: String, summary: String)] = [
        (
            "no alias", "provider \"echo\" { for_each = { a = 1 } }", "Alias required when using \"for_each\""
        ),
        (
            "no key", repeated + "resource \"echo_thing\" \"a\" { provider = echo.by }", "Provider instance key required"
        ),
        (
            "no key for a module", repeated + "module \"m\" {\n  source = \"./m\"\n  providers = { echo = echo.by }\n}",
            "Provider instance key required"
        ),
        (
            "a key that is not there", repeated + "resource \"echo_thing\" \"a\" { provider = echo.by[\"ue\"] }",
            "Provider instance not present"
        ),
        (
            "a key of what is not repeated",
            "provider \"echo\" { alias = \"x\" }\nresource \"echo_thing\" \"a\" { provider = echo.x[\"eu\"] }",
            "Invalid provider configuration reference"
        ),
        (
            "a key without an alias", repeated + "resource \"echo_thing\" \"a\" { provider = echo[\"eu\"] }",
            "Invalid provider configuration reference"
        ),
        (
            "a key that is not known yet",
            repeated + "resource \"echo_thing\" \"x\" {}\nresource \"echo_thing\" \"a\" { provider = echo.by[echo_thing.x.id] }",
            "Invalid provider instance key"
        ),
        (
            "a secret key",
            repeated
                + "variable \"s\" {\n  sensitive = true\n  default = \"eu\"\n}\nresource \"echo_thing\" \"a\" { provider = echo.by[var.s] }",
            "Invalid provider instance key"
        ),
        (
            "no key at all", repeated + "resource \"echo_thing\" \"a\" { provider = echo.by[null] }", "Invalid provider instance key"
        ),
        (
            "an undeclared name in a key", repeated + "resource \"echo_thing\" \"a\" { provider = echo.by[var.nope] }",
            "Reference to undeclared input variable"
        ),
        (
            "each outside of a repeated block", repeated + "resource \"echo_thing\" \"a\" { provider = echo.by[each.key] }",
            "Reference to \"each\" in context without for_each"
        ),
        (
            "a list", "provider \"echo\" {\n  alias = \"x\"\n  for_each = [\"a\"]\n}", "Invalid for_each argument"
        ),
        (
            "secrets",
            "variable \"s\" {\n  sensitive = true\n  default = { a = 1 }\n}\nprovider \"echo\" {\n  alias = \"x\"\n  for_each = var.s\n}",
            "Invalid for_each argument"
        ),
        (
            "what is known only while planning",
            "resource \"echo_thing\" \"a\" {}\nprovider \"echo\" {\n  alias = \"x\"\n  for_each = { (echo_thing.a.name) = 1 }\n}",
            "Dynamic value in static context"
        ),
        (
            "a variable without a value", "variable \"r\" {}\nprovider \"echo\" {\n  alias = \"x\"\n  for_each = var.r\n}",
            "No value for required variable"
        ),
    ]

    @Test(arguments: refused.map(\.name))
    func isRefused(_ name: String) async throws {
        let item = try #require(Self.refused.first { $0.name == name })
        do {
            _ = try await plan(item.text, files: ["m/main.tf": "resource \"echo_thing\" \"in\" {}"])
            Issue.record("Nothing was refused.")
        } catch let error as DiagnosticError {
            #expect(error.diagnostics.filter { $0.severity == .error }.map(\.summary) == [item.summary])
        }
    }

    /// What is repeated by the collection that repeats its provider could not be taken away by an element.
    @Test(arguments: [
        ("resource \"echo_thing\" \"r\" {\n  for_each = local.regions\n  provider = echo.by[each.key]\n}", ["resource"]),
        ("module \"m\" {\n  source = \"./m\"\n  for_each = local.regions\n  providers = { echo = echo.by[each.key] }\n}", ["module"]),
        ("resource \"echo_thing\" \"r\" {\n  for_each = local.fewer\n  provider = echo.by[each.key]\n}\nlocals { fewer = {} }", []),
        ("resource \"echo_thing\" \"r\" { for_each = local.regions }", []),
    ])
    func sharedCollectionsAreWarnedOf(_ text: String, _ users: [String]) {
        let files = ["main.tf": Self.repeated + text, "m/main.tf": "resource \"echo_thing\" \"in\" {}"].mapValues { Array($0.utf8) }
        let (_, diagnostics) = loadConfiguration(root: ".", sources: ModuleSources(files: files), functions: NoFunctions())
        #expect(diagnostics.map(\.summary) == users.map { "Provider configuration for_each matches \($0)" })
        #expect(!diagnostics.hasErrors)
    }

    static let gone: [(name: String, text: String, key: InstanceKey, summary: String)] = [
        ("an element of the collection", repeated, .key("asia"), "Provider instance not present"),
        ("the for_each", "provider \"echo\" { alias = \"by\" }", .key("eu"), "Provider instance not present"),
        ("the whole configuration", "", .key("eu"), "Provider instance not present"),
        ("the one configuration, which is repeated now", repeated, .none, "Provider configuration not present"),
    ]

    @Test(arguments: gone.map(\.name))
    func removingNeedsTheInstance(_ name: String) async throws {
        let item = try #require(Self.gone.first { $0.name == name })
        var old = try PlanTests().thing("echo_thing.old", [:])
        old.provider = ProviderConfigAddress(name: "echo", alias: "by", key: item.key)
        do {
            _ = try await plan(item.text, base: [old])
            Issue.record("Nothing was refused.")
        } catch let error as DiagnosticError {
            #expect(error.diagnostics.map(\.summary) == [item.summary])
            #expect(error.diagnostics.first?.hints.isEmpty == false)
        }
    }

    @Test func removingGoesByTheRecordedInstance() async throws {
        var old = try PlanTests().thing("echo_thing.old", [:])
        old.provider = ProviderConfigAddress(name: "echo", alias: "by", key: .key("eu"))
        let plan = try await plan(Self.repeated, base: [old])
        #expect(providers(plan) == ["echo_thing.old: provider.echo.by[\"eu\"]"])
        #expect(plan.changes[0].action == .delete)
    }

    /// An instance whose arguments wait for a fact is configured again when that is there, with its own `each`.
    @Test func instancesAreFinished() async throws {
        let text = """
            resource "echo_thing" "token" {}
            provider "echo" {
              alias    = "late"
              for_each = { a = "1", b = "2" }
              token    = "${echo_thing.token.id}-${each.value}"
            }
            resource "echo_thing" "user" { provider = echo.late["b"] }
            """
        let tokens = Tokens()
        var echo = EchoProvider()
        echo.configured = { (value: Value) async throws(ProviderFailure) in
            if let token = value["token"]?.stringValue { tokens.append(token) }
        }
        let (configuration, diagnostics) = loadConfiguration(
            root: ".", sources: ModuleSources(files: ["main.tf": Array(text.utf8)]), functions: NoFunctions())
        guard let configuration, !diagnostics.hasErrors else { throw DiagnosticError(diagnostics) }
        let planner = try Planner(
            inputs: PlanningInputs(
                configuration: configuration, variables: [:], base: PlanTests.empty, createdAt: 0, workingDirectory: "/"),
            catalog: EchoCatalog(provider: echo), functions: NoFunctions())
        let made = await planner.makePlan()
        let plan = try #require(made.plan, "\(made.diagnostics)")
        await planner.beginApplying(functions: NoFunctions())
        let change = try #require(plan.changes.firstIndex { $0.address.description == "echo_thing.token" })
        let vertex = try #require(plan.vertices.firstIndex { if case .effect(.create, change) = $0.kind { true } else { false } })
        let attributes = try #require(plan.changes[change].after?.replacing(at: [.attribute("id")], with: .string("secret")))
        await planner.settle(
            vertex,
            object: StateObject(
                address: plan.changes[change].address, attributes: attributes, provider: plan.changes[change].provider))
        #expect(tokens.all.isEmpty)
        _ = try await planner.provider(for: ProviderConfigAddress(name: "echo", alias: "late", key: .key("b")))
        #expect(tokens.all == ["secret-2"])
    }
}

private final class Tokens: Sendable {
    private let noted = Mutex<[String]>([])
    var all: [String] { noted.withLock { $0 } }
    func append(_ text: String) { noted.withLock { $0.append(text) } }
}
