import Addresses
import Foundation
import StateModel
import TestSupport
import Testing
import Values

@testable import StateDocuments

/// The one type of the documents here, and what a configuration could say.
struct SomeShapes: ObjectShapes {
    var sources: [String: String] = [:]

    func shape(of type: ResourceType, provider: String) async -> ObjectShape? {
        guard type.rawValue == "terraform_data" else { return nil }
        return ObjectShape(
            type: .object(["id": .string, "input": .dynamic, "output": .dynamic, "triggers_replace": .dynamic]))
    }

    func source(of provider: ProviderConfigAddress) async -> String? { sources[provider.name] }
    func localName(of source: String, in module: ModuleCallPath) async -> String? { sources.first { $0.value == source }?.key }
}

/// Documents that Terraform has written, and what becomes of them. Taken out are its results of checks, which every plan makes anew; put in order are
/// paths of secrets, which it writes in any.
@Suite struct FormatTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Documents")
    static let names = ["deposed", "empty", "modules", "secrets", "tainted", "values"]

    static func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.appending(path: name + ".tfstate"))) }

    @Test(arguments: names) func whatTerraformWroteIsWrittenAgainByteForByte(_ name: String) async throws {
        let bytes = try Self.bytes(name)
        let document = try await StateDocument(bytes, shapes: SomeShapes())
        let written = try await StateDocument.bytes(
            of: document.snapshot, lineage: document.lineage, serial: document.serial, shapes: SomeShapes(), sources: document.sources)
        let lines = [written, bytes].map { String(decoding: $0, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) }
        let place = zip(lines[0], lines[1]).enumerated().first { $0.element.0 != $0.element.1 }
        #expect(place == nil, "line \((place?.offset ?? 0) + 1): \(place?.element.0 ?? "") instead of \(place?.element.1 ?? "")")
        #expect(lines[0].count == lines[1].count)
    }

    @Test func objectsAreWhatTheirTypeSays() async throws {
        let document = try await StateDocument(try Self.bytes("values"), shapes: SomeShapes())
        let big = try #require(document.objects.first { $0.address.description == "terraform_data.big" })
        let input = try #require(big.attributes["input"])
        #expect(input["s"]?.type == .set(.string) && input["m"]?.type == .map(.number))
        #expect(input["n"] == .number(try #require(Number(decimal: "123456789012345678901234567890.5"))))
        #expect(input["nul"] == .null(.string) && input["u"]?.stringValue == "é<>&\u{2028}\ttab")
        let keys = document.objects.map(\.address.instance.key)
        #expect(keys.contains(.index(2)) && keys.contains(.key("q\"${z}\\")) && keys.contains(.key("é")))
        #expect(
            document.objects.first { $0.address.instance.resource.resource.name == "b" }?.dependencies.map(\.description)
                == ["terraform_data.a"])
    }

    @Test func modulesOneObjectAndItsDependencies() async throws {
        let document = try await StateDocument(try Self.bytes("modules"), shapes: SomeShapes())
        #expect(
            document.objects.map(\.address.description) == [
                "module.m[\"p\"].terraform_data.c", "module.m[\"p\"].terraform_data.d", "module.m[\"q r\"].terraform_data.c",
                "module.m[\"q r\"].terraform_data.d", "module.n[0].terraform_data.c", "module.n[0].terraform_data.d",
                "module.n[1].terraform_data.c", "module.n[1].terraform_data.d",
            ])
        let last = try #require(document.objects.last)
        #expect(last.createBeforeDestroy)
        // A name stands for the resource in every instance of its module.
        #expect(last.dependencies.count == 6)
    }

    @Test func statusGenerationAndProvidersOwnBytes() async throws {
        let document = try await StateDocument(try Self.bytes("deposed"), shapes: SomeShapes())
        #expect(
            document.objects.map(\.address.generation) == [.current, .deposed("00000001"), .deposed("0a1b2c3d")])
        #expect(document.objects.map(\.status) == [.ready, .ready, .tainted])
        #expect(document.objects[2].privateBytes == Array("{\"a\":1}".utf8))
    }

    @Test func secretsStaySo() async throws {
        let document = try await StateDocument(try Self.bytes("secrets"), shapes: SomeShapes())
        let whole = try #require(document.objects.first { $0.address.description == "terraform_data.whole" })
        #expect(whole.attributes.sensitivePaths.map(\.description) == ["input", "output"])
        let within = try #require(document.objects.first { $0.address.description == "terraform_data.within" })
        #expect(
            within.attributes.sensitivePaths.map(\.description)
                == ["input.a[0]", "input.m[\"k.1\"]", "input.set", "output.a[0]", "output.m[\"k.1\"]", "output.set"])
        #expect(document.outputs["e"]?.isSensitive == true && document.outputs["a"]?.isSensitive == false)
    }

    /// What the document has no words for comes back from it.
    @Test func recordsOfEveryKindComeBack() async throws {
        for seed in 1...40 as ClosedRange<UInt64> {
            var random = RandomState(seed: seed, variety: 8)
            var snapshot = StateSnapshot(version: StateVersion(lineage: "", serial: 0))
            for event in random.events(30) { snapshot.fold(event) }
            var objects = snapshot.objects.values.filter { $0.address.instance.mode == .managed }
            // Types of no known provider: values are kept as JSON has them, so only such are put in.
            for index in objects.indices {
                objects[index].attributes = .object([
                    ("id", .string("i-\(index)")), ("n", .int(index)), ("secret", Value.string("s").marked(.sensitive)),
                ])
                objects[index].dependencies = []
                objects[index].provider.module = .root
            }
            let state = StateSnapshot(
                version: StateVersion(lineage: "", serial: 0),
                objects: Dictionary(objects.map { ($0.address, $0) }) { first, _ in first })
            let bytes = try await StateDocument.bytes(of: state, lineage: "l", serial: 1, shapes: SomeShapes(), sources: [:])
            let read = try await StateDocument(bytes, shapes: SomeShapes())
            // Instances of one resource are of one provider.
            func comparable(_ object: StateObject) -> StateObject {
                var object = object
                object.provider = ProviderConfigAddress(name: "p")
                return object
            }
            #expect(read.objects.map(comparable) == objects.map(comparable).sorted { $0.address < $1.address }, "seed \(seed)")
        }
    }

    @Test func providersKeepTheirPlaceInTheWorld() async throws {
        let text = """
            {"version": 4, "lineage": "l", "serial": 3, "resources": [{"mode": "managed", "type": "github_team", "name": "a",
            "module": "module.x", "provider": "module.x.provider[\\"registry.terraform.io/integrations/github\\"].west",
            "instances": [{"schema_version": 1, "attributes": {"id": "1"}}]}, {"mode": "data", "type": "x", "name": "y",
            "provider": "provider[\\"a/b/c\\"]", "instances": []}]}
            """
        let document = try await StateDocument(Array(text.utf8), shapes: SomeShapes())
        #expect(
            document.objects.map(\.provider) == [
                ProviderConfigAddress(module: ModuleCallPath([.module(name: "x")]), name: "github", alias: "west")
            ])
        func written(_ shapes: SomeShapes) async throws -> String {
            String(
                decoding: try await StateDocument.bytes(
                    of: document.snapshot, lineage: "l", serial: 3, shapes: shapes, sources: document.sources), as: UTF8.self)
        }
        #expect(try await written(SomeShapes()).contains(#""module.x.provider[\"registry.terraform.io/integrations/github\"].west""#))
        #expect(
            try await written(SomeShapes(sources: ["github": "registry.opentofu.org/x/github"])).contains(
                #""module.x.provider[\"registry.opentofu.org/x/github\"].west""#))
    }

    private static func resource(_ members: String, _ instances: String = "") -> String {
        var all = [#""provider": "provider[\"x\"]""#, #""instances": [\#(instances)]"#, members]
        if !members.contains("\"type\"") { all.append(#""type": "a""#) }
        if !members.contains("\"name\"") { all.append(#""name": "b""#) }
        return #"{"version": 4, "lineage": "a", "serial": 1, "resources": [{\#(all.joined(separator: ", "))}]}"#
    }

    @Test(arguments: [
        ("", "it is no JSON"), ("{}", "which version"), (#"{"version": 3}"#, "version 3 of the format"),
        (#"{"version": 4}"#, "no lineage"),
        (#"{"version": 4, "lineage": "a", "serial": 1, "outputs": {"x": {"value": 1}}}"#, "\"x\" has no type"),
        (#"{"version": 4, "lineage": "a", "serial": 1, "outputs": {"x": {"value": "a", "type": "number"}}}"#, "not of its type"),
        (#"{"version": 4, "lineage": "a", "serial": 1, "resources": [{}]}"#, "no type, name or provider"),
        (
            #"{"version": 4, "lineage": "a", "serial": 1, "resources": [{"mode": "managed", "type": "a", "name": "b", "provider": "provider[\"x\"]", "instances": [{"attributes_flat": {}}]}]}"#,
            "0.11"
        ),
        (resource(#""mode": "odd""#), "mode that is not known"),
        (resource(#""mode": "managed", "type": "a\u001b[2J""#), "which cannot be"),
        (resource(#""mode": "managed", "name": "a\u202eb""#), "which cannot be"),
        (resource(#""mode": "managed", "module": "module.x\u001b""#), "it names the module"),
        (resource(#""mode": "managed""#, #"{"attributes": {}, "index_key": {}}"#), "index_key"),
        (resource(#""mode": "managed""#, #"{"attributes": {}}, {"attributes": {}}"#), "a.b twice"),
        (#"{"version": 4, "lineage": "a", "serial": 1, "outputs": {"x\n": {"value": 1, "type": "number"}}}"#, "names the output"),
    ]) func whatIsNoStateIsRefused(_ text: String, _ reason: String) async throws {
        await #expect {
            _ = try await StateDocument(Array(text.utf8), shapes: SomeShapes())
        } throws: { error in
            (error as? DocumentFault)?.reason.contains(reason) == true
        }
    }
}

extension StateDocument {
    var snapshot: StateSnapshot {
        StateSnapshot(
            version: StateVersion(lineage: lineage, serial: 0), objects: Dictionary(objects.map { ($0.address, $0) }) { first, _ in first },
            outputs: outputs)
    }
}
