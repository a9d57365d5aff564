import Addresses
import Diagnostics
import Foundation
import PlanModel
import StateModel
import Testing
import Values

/// What was written by this version must be read by every later one: the files are never regenerated without a decision.
@Suite struct GoldenTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden")

    var encoder: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return encoder
    }

    func compare<Subject: Codable>(_ subject: Subject, with name: String) throws {
        let file = Self.folder.appending(path: name)
        let written = try encoder.encode(subject)
        if !FileManager.default.fileExists(atPath: file.path), ProcessInfo.processInfo.environment["ASHLAR_WRITE_GOLDEN"] == "1" {
            try written.write(to: file)
        }
        let golden = try Data(contentsOf: file)
        #expect(String(decoding: written, as: UTF8.self) == String(decoding: golden, as: UTF8.self))
        let again = try encoder.encode(JSONDecoder().decode(Subject.self, from: golden))
        #expect(again == written)
    }

    @Test func record() throws { try compare(Self.record, with: "record.json") }

    /// What a record says only where it holds: without it the files above read as they were written.
    @Test func protectedRecord() throws {
        var record = Self.record
        record.preventsDestroy = true
        try compare(record, with: "protected-record.json")
        try compareBytes(record, with: "protected-record.hex")
    }

    /// The bytes of a state's row, as states on disk have them.
    @Test func recordRow() throws { try compareBytes(Self.record, with: "record.hex") }

    private func compareBytes(_ record: StateObject, with name: String) throws {
        let file = Self.folder.appending(path: name)
        let written = try record.encoded()
        let hex = written.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() + "\n"
        if !FileManager.default.fileExists(atPath: file.path), ProcessInfo.processInfo.environment["ASHLAR_WRITE_GOLDEN"] == "1" {
            try Data(hex.utf8).write(to: file)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == hex)
        #expect(try StateObject(encoded: written) == record)
    }

    @Test func plan() throws {
        let instance = Self.record.address
        var planned = Self.record
        planned.attributes = .null
        let plan = Plan(
            mode: .normal, options: .init(), variables: [.init(name: "region", value: .string("eu"))], createdAt: 1_700_000_000,
            base: StateVersion(lineage: "l", serial: 7), configurationDigest: "c0ffee",
            inputs: [.init(kind: .file, name: "index.html", digest: "aa"), .init(kind: .provider, name: "host", digest: "bb")],
            observed: [.init(kind: .object, address: instance, object: Self.record)],
            changes: [
                Change(
                    address: instance, provider: Self.record.provider, action: .update,
                    origin: SourceSpan(file: "main.tf", range: SourceRange(start: 10, end: 40)), before: Self.record.attributes,
                    after: Value.object([("id", .unknown(.string, .notNull)), ("content", .string("new"))]), record: planned)
            ],
            vertices: [
                Vertex(kind: .effect(.update, change: 0), identity: Self.record.identity, group: "h", isSelfContained: true),
                Vertex(kind: .join(label: "module.m")), Vertex(kind: .output(0)), Vertex(kind: .condition(0)),
            ], edges: [[], [0], [1], [0]],
            outputs: [OutputChange(name: "page", before: nil, after: .unknown, isSensitive: true)],
            checks: [CheckResult(kind: .check, subject: "check.up", status: .unknown)], isComplete: false,
            withheld: [.init(address: instance, action: .delete, reason: "It holds data.")])
        try compare(plan, with: "plan.json")
    }

    static var record: StateObject {
        let host = ResourceAddress(resource: ResourceName(type: ResourceType("host"), name: "rack")).instance(.key("a"))
        let path = ModulePath([
            .kind(type: ResourceType("web_server"), name: "shop", key: .key("web1")), .module(name: "m", key: .index(0)),
        ])
        let instance = ResourceAddress(module: path, resource: ResourceName(type: ResourceType("host_file"), name: "motd")).instance(.none)
        return StateObject(
            address: ObjectAddress(instance, .deposed("0011aabb")),
            attributes: .object([
                ("id", .string("x")), ("content", Value.string("secret").marked(.sensitive)), ("size", .number(.init(exactly: 3))),
                ("tags", .set([.string("a")], of: .string)), ("none", .null(.list(.string))),
            ]), schemaVersion: 1, privateBytes: [1, 2, 255], status: .tainted, provider: ProviderConfigAddress(name: "host", alias: "dmz"),
            container: host, dependencies: [host.resource], createBeforeDestroy: true, isGuarded: true,
            identity: "host_file|host.rack[\"a\"]|/etc/motd", before: [7])
    }
}
