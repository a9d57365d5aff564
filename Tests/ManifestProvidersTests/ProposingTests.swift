import Addresses
import Diagnostics
import ProviderKit
import Testing
import Values

@testable import ManifestProviders

private let manifest = """
    provider "p" {
      setting "suffix" {
        type    = string
        default = "!"
      }
      http { base_url = "https://x" }
    }
    resource "p_thing" {
      attributes = {
        id       = { type = string, computed = true }
        name     = { type = string, required = true }
        title    = { type = string, default = "${name}${setting.suffix}" }
        digest   = { type = string, computed = true, value = sha1(title) }
        etag     = { type = string, computed = true, recompute = true }
        address  = { type = string, computed = true, recompute = ["size"] }
        size     = { type = number, default = 1 }
        zone     = { type = string, optional = true, computed = true, replaces = prior != planned && planned.name != "free" }
        token    = { type = string, optional = true, write_only = true }
        settings = { type = map(string), optional = true }
      }
      block "rule" {
        nesting = "set"
        attributes = {
          port = { type = number, required = true, validation = { condition = value < 65536, message = "No port: ${value}" } }
          id   = { type = string, computed = true }
        }
      }
      block "disk" {
        replaces = true
        attributes = { gb = { type = number, default = 8 } }
      }
      validation = { condition = name != "big" || coalesce(size, 0) > 5, message = "A big thing has a size over 5." }
      read { get = "/${id}" }
      create { post = "/" }
      update {}
      delete { delete = "/${id}" }
    }
    """

@Suite struct ProposingTests {
    private let type = ResourceType("p_thing")

    private func propose(
        _ life: Lifecycle, _ arguments: [(String, Value)], from prior: Value? = nil
    ) async throws -> Proposal {
        let desired = Desired(
            configuration: try life.source.configuration("p_thing", arguments), writeOnly: .object([("token", .string("t"))]))
        return try await life.provider.propose(desired, from: prior.map { RemoteObject(type: type, attributes: $0) }, of: type)
    }

    private func rule(_ port: Int, id: String? = nil) -> Value {
        .object([("port", .int(port)), ("id", id.map { .string($0) } ?? .null(.string))])
    }

    @Test func create() async throws {
        let life = try await Lifecycle(try source(manifest))
        let planned = try #require(
            try await propose(
                life,
                [
                    ("name", .string("a")), ("rule", .set([rule(1)], of: rule(1).type)),
                    ("disk", .list([.object([("gb", .null(.number))])], of: .object(["gb": .number]))),
                ]
            ).planned)
        #expect(planned["title"] == .string("a!"))
        #expect(planned["digest"] == .string("34800e15707fae815d7c90d49de44aca97e2d759"))
        for name in ["id", "etag", "address", "zone"] { #expect(planned[name]?.isUnknown == true) }
        #expect(planned["size"] == .int(1))
        #expect(planned["token"]?.isNull == true)
        #expect(planned["settings"]?.isNull == true)
        #expect(planned["rule"]?.elements?.first?["id"]?.isUnknown == true)
        #expect(planned["disk"]?.elements?.first?["gb"] == .int(8))
    }

    @Test func whatIsNotKnownStaysOpen() async throws {
        let life = try await Lifecycle(try source(manifest))
        let planned = try #require(try await propose(life, [("name", .unknown(.string)), ("size", .int(3))]).planned)
        #expect(planned["name"]?.isUnknown == true)
        #expect(planned["title"]?.isUnknown == true)
        #expect(planned["digest"]?.isUnknown == true)
        #expect(planned["size"] == .int(3))
    }

    private func existing(_ life: Lifecycle) async throws -> Value {
        let planned = try #require(
            try await propose(life, [("name", .string("a")), ("rule", .set([rule(1), rule(2)], of: rule(1).type))]).planned)
        return planned.transformed { path, value in value.isUnknown ? .string("made \(path.steps.count)") : value }
    }

    @Test func withoutAChangeNothingChanges() async throws {
        let life = try await Lifecycle(try source(manifest))
        let prior = try await existing(life)
        let same = try await propose(life, [("name", .string("a")), ("rule", .set([rule(2), rule(1)], of: rule(1).type))], from: prior)
        #expect(same.planned == prior)
        #expect(same.replaces == [])
    }

    @Test func aChangeOpensWhatFollowsFromIt() async throws {
        let life = try await Lifecycle(try source(manifest))
        let prior = try await existing(life)
        let rules: (String, Value) = ("rule", .set([rule(2), rule(1)], of: rule(1).type))
        let renamed = try #require(try await propose(life, [("name", .string("b")), rules], from: prior).planned)
        #expect(renamed["title"] == .string("b!"))
        #expect(renamed["etag"]?.isUnknown == true)
        #expect(renamed["address"] == prior["address"])
        #expect(renamed["id"] == prior["id"])
        let resized = try #require(try await propose(life, [("name", .string("a")), ("size", .int(2)), rules], from: prior).planned)
        #expect(resized["address"]?.isUnknown == true)
        #expect(resized["digest"] == prior["digest"])
        // A new element of a set is open, the others are what they were.
        let more = try #require(
            try await propose(life, [("name", .string("a")), ("rule", .set([rule(1), rule(2), rule(3)], of: rule(1).type))], from: prior)
                .planned)
        let ids = more["rule"]?.elements?.map { $0["id"]?.isUnknown ?? false }
        #expect(ids?.filter { $0 }.count == 1)
    }

    @Test func replacement() async throws {
        let life = try await Lifecycle(try source(manifest))
        let prior = try await existing(life)
        let rules: (String, Value) = ("rule", .set([rule(2), rule(1)], of: rule(1).type))
        #expect(
            try await propose(life, [("name", .string("a")), ("zone", .string("z")), rules], from: prior).replaces == [[.attribute("zone")]]
        )
        #expect(try await propose(life, [("name", .string("free")), ("zone", .string("z")), rules], from: prior).replaces == [])
        let disk: (String, Value) = ("disk", .list([.object([("gb", .int(9))])], of: .object(["gb": .number])))
        #expect(try await propose(life, [("name", .string("a")), disk, rules], from: prior).replaces == [[.attribute("disk")]])
        #expect(try await life.provider.propose(nil, from: RemoteObject(type: type, attributes: prior), of: type).planned == nil)
    }

    @Test func validation() throws {
        let source = try source(manifest)
        func said(_ arguments: [(String, Value)]) throws -> [String] {
            source.validate(try source.configuration("p_thing", arguments), of: type, mode: .managed).map { "\($0.summary): \($0.detail)" }
        }
        #expect(try said([("name", .string("a"))]) == [])
        #expect(
            try said([("name", .string("big")), ("size", .int(2))]) == ["Invalid value for \"p_thing\": A big thing has a size over 5."])
        #expect(try said([("name", .unknown(.string)), ("size", .int(2))]) == [])
        #expect(
            try said([("name", .string("a")), ("rule", .set([rule(70_000)], of: rule(1).type))]) == [
                "Invalid value for \"rule.port\": No port: 70000"
            ])
    }

    /// A host is compared by its id; how it is reached may change without a change of what is on it.
    @Test func hostIsComparedByIdentity() async throws {
        let life = try await Lifecycle(try repositoryProvider("host", transports()))
        let type = ResourceType("host_link")
        func host(_ id: Value, _ address: Value) -> Value {
            .object([("id", id), ("address", address), ("port", .int(22)), ("user", .null(.string)), ("host_key", .null(.string))])
        }
        func propose(_ host: Value, from prior: Value?) async throws -> Proposal {
            let desired = Desired(
                configuration: try life.source.configuration(
                    "host_link", [("host", host), ("path", .string("/l")), ("target", .string("t"))]))
            return try await life.provider.propose(desired, from: prior.map { RemoteObject(type: type, attributes: $0) }, of: type)
        }
        let prior = try #require(try await propose(host(.string("a:22"), .string("a")), from: nil).planned)
        let moved = try await propose(host(.string("a:22"), .string("b")), from: prior)
        #expect(moved.planned == prior)
        #expect(moved.replaces == [])
        let reached = try await propose(host(.string("a:22"), .unknown(.string)), from: prior)
        #expect(reached.planned == prior)
        #expect(try await propose(host(.string("b:22"), .string("b")), from: prior).replaces == [[.attribute("host")]])
        #expect(try await propose(host(.unknown(.string), .unknown(.string)), from: prior).replaces == [[.attribute("host")]])
        // The host itself keeps its id.
        let configuration = try life.source.configuration("host", [("address", .string("a"))])
        let made = try #require(
            try await life.provider.propose(Desired(configuration: configuration), from: nil, of: ResourceType("host")).planned)
        #expect(made["id"] == .string("a:22"))
        let known = made.transformed { _, value in value.isUnknown ? .null(value.type) : value }
        let other = try life.source.configuration("host", [("address", .string("b"))])
        let next = try await life.provider.propose(
            Desired(configuration: other), from: RemoteObject(type: ResourceType("host"), attributes: known), of: ResourceType("host"))
        #expect(next.planned?["id"] == .string("a:22"))
        #expect(next.replaces == [])
    }
}
