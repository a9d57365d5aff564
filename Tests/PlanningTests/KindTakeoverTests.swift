import Addresses
import ConfigModel
import Diagnostics
import PlanModel
import StateModel
import Testing

/// Kinds that get another address, and kinds that take over files, units and ports of others: whatever changes hands, there is an order.
@Suite struct KindTakeoverTests {
    static let files = [
        "kinds/site.tf": """
        variable "host" { default = null }
        variable "sites" { default = {} }
        output "host" {}
        output "at" {}
        """,
        "host/site/main.tf": """
        resource "echo_unit" "server" {
          box  = var.host.id
          name = "server"
        }
        resource "echo_path" "conf" {
          for_each   = var.sites
          box        = var.host.id
          name       = each.key
          input      = each.value
          depends_on = [echo_unit.server]
        }
        resource "echo_port" "page" {
          for_each = var.sites
          box      = var.host.id
          claim    = "port ${each.value}"
          input    = echo_path.conf[each.key].output
        }
        output "host" {
          value      = var.host
          depends_on = [echo_port.page]
        }
        output "at" {
          value      = var.host.id
          depends_on = [echo_port.page]
        }
        """,
        "kinds/balancer.tf": """
        variable "host" { default = null }
        variable "port" { default = 80 }
        variable "pages" { default = [] }
        output "at" {}
        """,
        "host/balancer/main.tf": """
        resource "echo_unit" "package" {
          box  = var.host.id
          name = "balancer"
        }
        resource "echo_path" "config" {
          box        = var.host.id
          name       = "balancer-${var.port}.cfg"
          input      = var.pages
          depends_on = [echo_unit.package]
        }
        resource "echo_unit" "service" {
          box   = var.host.id
          name  = "balancer-${var.port}"
          input = echo_path.config.output
        }
        resource "echo_port" "port" {
          box   = var.host.id
          claim = "port ${var.port}"
          input = echo_unit.service.output
        }
        output "at" { value = echo_port.port.output }
        """,
        "kinds/wall.tf": "variable \"host\" { default = null }\noutput \"at\" {}",
        "host/wall/main.tf": """
        resource "echo_unit" "rules" {
          box  = var.host.id
          name = "rules"
        }
        output "at" { value = echo_unit.rules.output }
        """,
    ]
    static let kinds = KindMoveTests.catalog([("site", ["host"]), ("balancer", ["host"]), ("wall", ["host"])])
    static let boxes = "\nresource \"echo_box\" \"one\" {}\nresource \"echo_box\" \"two\" {}\nresource \"echo_box\" \"three\" {}\n"

    private func plan(_ text: String, base: StateSnapshot = PlanTests.empty) async throws -> Plan {
        try await KindMoveTests().plan(text + Self.boxes, base: base, files: Self.files, kinds: Self.kinds)
    }

    private func change(_ before: String, _ after: String) async throws -> Plan {
        try await plan(after, base: KindMoveTests().applied(try await plan(before)))
    }

    private static func site(_ name: String, host: String = "one", _ sites: String) -> String {
        "resource \"site\" \"\(name)\" {\n  host  = echo_box.\(host)\n  sites = { \(sites) }\n}\n"
    }

    /// Two repeated sites, each with a page of its own; `walls` on each of them.
    private static func repeated(_ name: String, _ keys: String, walls: Bool = false) -> String {
        let sites =
            "resource \"site\" \"\(name)\" {\n  for_each = { \(keys) }\n  host     = echo_box.one\n  sites    = { \"p${each.value}\" = each.value }\n}\n"
        guard walls else { return sites }
        return sites + "resource \"wall\" \"w\" {\n  for_each = site.\(name)\n  host     = each.value.host\n}\n"
    }

    private static func balancer(_ name: String, port: Int = 80) -> String {
        "resource \"balancer\" \"\(name)\" {\n  host = echo_box.one\n  port = \(port)\n}\n"
    }

    private static func moved(_ from: String, _ to: String) -> String { "moved {\n  from = \(from)\n  to   = \(to)\n}\n" }

    // MARK: Another address

    @Test(arguments: [
        (repeated("site", "a = 80, b = 81"), repeated("s2", "a = 80, b = 81") + moved("site.site", "site.s2"), 6),
        (repeated("site", "a = 80, b = 81"), repeated("site", "c = 80, b = 81") + moved("site.site[\"a\"]", "site.site[\"c\"]"), 3),
        (repeated("site", "a = 80"), site("one", "p80 = 80") + moved("site.site[\"a\"]", "site.one"), 3),
        (balancer("lb"), balancer("edge") + moved("balancer.lb", "balancer.edge"), 4),
        // In two steps, of which the first was never applied.
        (balancer("lb"), balancer("edge") + moved("balancer.b", "balancer.edge") + moved("balancer.lb", "balancer.b"), 4),
    ]) func movedTakesAllPartsAlong(_ before: String, _ after: String, _ parts: Int) async throws {
        let plan = try await change(before, after)
        #expect(plan.changes.allSatisfy { [.noOp, .record, .update].contains($0.action) }, "\(plan.changes.map(\.action))")
        #expect(plan.changes.count { $0.previousAddress != nil } == parts)
    }

    @Test func aKindBecomesNoOther() async throws {
        let error = await #expect(throws: DiagnosticError.self) {
            try await plan(Self.balancer("edge") + Self.moved("site.one", "balancer.edge"))
        }
        #expect(error?.diagnostics.first?.summary == "Invalid \"moved\" addresses")
    }

    // MARK: Exchanges

    @Test(arguments: [
        (site("x", "a = 80") + site("y", "b = 81"), site("x", "a = 81") + site("y", "b = 80")),
        (site("x", "a = 80, b = 81"), site("x", "a = 81, b = 80")),
    ]) func portsAreSwappedInPlace(_ before: String, _ after: String) async throws {
        let plan = try await change(before, after)
        #expect(plan.changes.allSatisfy { [.noOp, .update].contains($0.action) })
        #expect(plan.changes.count { $0.action == .update } == 4)
    }

    @Test(arguments: ["a", "b"]) func hostsAreSwappedWithWhatGoesFirst(page: String) async throws {
        let plan = try await change(
            Self.site("x", host: "one", "a = 80") + Self.site("y", host: "two", "\(page) = 80"),
            Self.site("x", host: "two", "a = 80") + Self.site("y", host: "one", "\(page) = 80"))
        let steps = KindMoveTests.Steps(plan)
        for name in ["x", "y"] {
            let parts = plan.changes.filter { $0.address.description.hasPrefix("site.\(name).") }
            #expect(parts.count == 3 && parts.allSatisfy { $0.action == .deleteThenCreate })
        }
        let goes = try #require(steps.vertices { $0.description == "site.x.echo_path.conf[\"a\"]" && $1 }.first)
        let comes = try #require(steps.vertices { $0.description == "site.y.echo_path.conf[\"\(page)\"]" && !$1 }.first)
        #expect(steps.waits(comes, for: goes) == (page == "a"))
    }

    /// What uses both waits for the one that comes, which waits for the one that leaves, which therefore cannot wait for what uses both.
    @Test func whoStandsInTheWayOfAFollowerGoesFirst() async throws {
        let balancer =
            "resource \"balancer\" \"lb\" {\n  host  = echo_box.three\n  port  = 90\n  pages = [site.x.at, site.y.at]\n}\n"
        let plan = try await change(
            Self.site("x", host: "two", "a = 80") + Self.site("y", host: "one", "a = 80") + balancer,
            Self.site("x", host: "three", "a = 80") + Self.site("y", host: "two", "a = 80") + balancer)
        func actions(_ name: String) -> Set<Change.Action> {
            Set(plan.changes.filter { $0.address.description.hasPrefix("site.\(name).") }.map(\.action))
        }
        #expect(actions("x") == [.deleteThenCreate] && actions("y") == [.createThenDelete])
        let steps = KindMoveTests.Steps(plan)
        let goes = try #require(steps.vertices { $0.description == "site.x.echo_path.conf[\"a\"]" && $1 }.first)
        let comes = try #require(steps.vertices { $0.description == "site.y.echo_path.conf[\"a\"]" && !$1 }.first)
        #expect(steps.waits(comes, for: goes))
    }

    /// One that only follows is not in anybody's way: it is there before it goes.
    @Test func whoFollowsIsStillThereFirst() async throws {
        let plan = try await change(
            Self.site("x", host: "one", "a = 80") + Self.site("y", host: "two", "b = 80"), Self.site("x", host: "two", "a = 80"))
        let parts = plan.changes.filter { $0.address.description.hasPrefix("site.x.") }
        #expect(parts.count == 3 && parts.allSatisfy { $0.action == .createThenDelete })
    }

    @Test(arguments: [
        (site("x", "a = 80") + site("y", "b = 80"), "(main.tf:1,", 5),
        (site("x", "a = 80, b = 80"), "(main.tf:1,", 1), (site("x", "a = 80") + balancer("lb"), "(main.tf:5,", 1),
    ]) func twoOfOneClaimAreRefused(_ text: String, _ first: String, _ line: Int) async throws {
        let error = await #expect(throws: DiagnosticError.self) { try await plan(text) }
        let fault = try #require(error?.diagnostics.first)
        #expect(error?.diagnostics.count == 1 && fault.summary == "Two resources claim one thing")
        let place = try #require(fault.subject.map { configurationLine(of: $0, in: text) })
        #expect(fault.subject?.file == "main.tf" && place == line)
        #expect(fault.detail.contains(first) && fault.detail.contains("echo_box.one, port 80"), "\(fault.detail)")
    }

    private func configurationLine(of span: SourceSpan, in text: String) -> Int {
        1 + text.utf8.prefix(Int(span.range.start)).count { $0 == UInt8(ascii: "\n") }
    }

    // MARK: Takeovers

    /// What it was told of is the same, and so are the paths of its files: the old one is taken apart before the new one is put together.
    @Test(arguments: ["", "resource \"echo_thing\" \"reader\" { input = balancer.NAME.at }\n"])
    func aKindUnderAnotherNameTakesOver(reader: String) async throws {
        let plan = try await change(
            Self.balancer("lb") + reader.replacing("NAME", with: "lb"), Self.balancer("edge") + reader.replacing("NAME", with: "edge"))
        let steps = KindMoveTests.Steps(plan)
        func step(_ address: String, goes: Bool = false) throws -> Int {
            try #require(steps.vertices { $0.description == "balancer.\(address)" && $1 == goes }.first)
        }
        let order = try [
            step("lb.echo_port.port", goes: true), step("lb.echo_unit.service", goes: true), step("lb.echo_path.config", goes: true),
            step("edge.echo_path.config"), step("edge.echo_unit.service"), step("edge.echo_port.port"),
        ]
        for (earlier, later) in zip(order, order.dropFirst()) { #expect(steps.waits(later, for: earlier)) }
        // The package stays: its new claim is there before the old one goes.
        #expect(try steps.waits(step("lb.echo_unit.package", goes: true), for: step("edge.echo_unit.package")))
    }

    @Test func aKeyIsRenamedUnderAnotherKind() async throws {
        let plan = try await change(
            Self.repeated("site", "a = 80, b = 81", walls: true), Self.repeated("site", "c = 80, b = 81", walls: true))
        let steps = KindMoveTests.Steps(plan)
        let goes = try #require(steps.vertices { $0.description == "site.site[\"a\"].echo_path.conf[\"p80\"]" && $1 }.first)
        let comes = try #require(steps.vertices { $0.description == "site.site[\"c\"].echo_path.conf[\"p80\"]" && !$1 }.first)
        #expect(steps.waits(comes, for: goes))
    }

    /// Names, keys, ports and hosts change hands in any way: it can be planned, and who takes a path waits until it is free.
    @Test(arguments: 0..<60) func whateverChangesHandsHasAnOrder(_ seed: Int) async throws {
        var random = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        func draw(_ count: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((random >> 33) % UInt64(count))
        }
        func text() -> String {
            var text = ""
            var ports = Array(80..<92)
            var sites: [String] = []
            for name in ["u", "v", "w", "x", "y", "z"] where draw(2) == 0 {
                let host = ["one", "two", "three"][draw(3)]
                let port = ports.remove(at: draw(min(4, ports.count)))
                text += Self.site(name, host: host, "p\(port) = \(port)")
                if draw(3) == 0 { text += "resource \"wall\" \"\(name)\" {\n  host = site.\(name).host\n}\n" }
                sites.append("site.\(name).at")
            }
            for name in ["k", "l", "m"] where draw(2) == 0 {
                let host = ["one", "two", "three"][draw(3)]
                let port = ports.remove(at: draw(min(3, ports.count)))
                let pages = sites.filter { _ in draw(2) == 0 }.joined(separator: ", ")
                text += "resource \"balancer\" \"\(name)\" {\n  host = echo_box.\(host)\n  port = \(port)\n  pages = [\(pages)]\n}\n"
            }
            return text
        }
        let plan = try await change(text(), text())
        let steps = KindMoveTests.Steps(plan)
        var held: [String: Int] = [:]
        for vertex in plan.vertices.indices where steps.removes(vertex) && plan.vertices[vertex].identity.hasPrefix("echo_path") {
            held[plan.vertices[vertex].identity] = vertex
        }
        for vertex in plan.vertices.indices where !steps.removes(vertex) {
            guard case .effect(.create, _) = plan.vertices[vertex].kind, let old = held[plan.vertices[vertex].identity] else { continue }
            #expect(steps.waits(vertex, for: old), "\(steps.name(vertex)) does not wait for \(steps.name(old))")
        }
    }
}
