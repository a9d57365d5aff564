import BuiltinProviders
import Diagnostics
import ProviderKit
import Testing
import Values

/// User data of several parts: the texts are those that the reference's libraries write.
struct CloudInitTests {
    private static let plain =
        "Q29udGVudC1UeXBlOiBtdWx0aXBhcnQvbWl4ZWQ7IGJvdW5kYXJ5PSJNSU1FQk9VTkRBUlkiCk1JTUUtVmVyc2lvbjogMS4wDQoNCi0tTUlNRUJPVU5EQVJZDQpDb250ZW50LURpc3Bvc2l0aW9uOiBhdHRhY2htZW50OyBmaWxlbmFtZT0iaW5pdC5jZmciDQpDb250ZW50LVRyYW5zZmVyLUVuY29kaW5nOiA3Yml0DQpDb250ZW50LVR5cGU6IHRleHQvY2xvdWQtY29uZmlnDQpNaW1lLVZlcnNpb246IDEuMA0KWC1NZXJnZS1UeXBlOiBsaXN0KGFwcGVuZCkNCg0KcGFja2FnZXM6IFtuZ2lueF0KDQotLU1JTUVCT1VOREFSWQ0KQ29udGVudC1UcmFuc2Zlci1FbmNvZGluZzogN2JpdA0KQ29udGVudC1UeXBlOiB0ZXh0L3BsYWluDQpNaW1lLVZlcnNpb246IDEuMA0KDQojIS9iaW4vc2gKZWNobyBoaQoNCi0tTUlNRUJPVU5EQVJZLS0NCg=="
    private static let compressed =
        "H4sIAAAAAAAA/5TPwUrDQBAG4PvCvsMaL3rYRk9CSg9qe/AQBamiiIfpZrIZTGaX3Qmkby8tikVF8Djw/zPfXAcWZLHrbcTKDGMvFCFJOdCEzdxswsgNpO2iqG/q1dXdw+3y8v65ULvJPmLKFLgy57MzrbSy9jCk1efuJeUYMsk+CyLgugFZ5qalHhkGXBTEJDPX+uKrtU7AucVkV+xCQ+wrc7EhOQjsyYKTlK4PY2Nd4Ja8VjUN+A33ZGtMHj86PWU5gRiRm9MdPIJ7A4+5Mi/siafXP575Dyv2QPyrR6vjo3JDXOZOoeuC6ejHTWu1eg8AAP//ZKYTPZ8BAAA="

    private func arguments(_ data: Lifecycle) throws -> [String: Value] {
        [
            "part": try data.block(
                "part",
                [
                    "content_type": "text/cloud-config", "content": "packages: [nginx]\n", "filename": "init.cfg",
                    "merge_type": "list(append)",
                ], ["content": "#!/bin/sh\necho hi\n"])
        ]
    }

    @Test(arguments: [("cloudinit", "cloudinit_config"), ("template", "template_cloudinit_config")])
    func theTextIsThatOfTheReference(provider: String, type: String) async throws {
        let data = Lifecycle(try .named(provider), type)
        let arguments = try arguments(data)
        let packed = try await data.data(arguments)
        #expect(packed["rendered"] == .string(Self.compressed) && packed["id"] == "528933730")
        #expect(packed["gzip"] == .true && packed["base64_encode"] == .true)
        let plain = try await data.data(arguments.merging(["gzip": .false]) { $1 })
        #expect(plain["rendered"] == .string(Self.plain) && plain["id"] == "176243601")
        let text = try await data.data(arguments.merging(["gzip": .false, "base64_encode": .false]) { $1 })
        #expect(text["rendered"]?.stringValue?.hasSuffix("echo hi\n\r\n--MIMEBOUNDARY--\r\n") == true)
        #expect(
            try data.dataFaults(arguments.merging(["base64_encode": .false]) { $1 }).map(\.summary) == ["Invalid Attribute Configuration"])
    }

    @Test func aResourceRendersTheSame() async throws {
        let data = Lifecycle(.cloudinit, "cloudinit_config")
        let object = try await data.create(arguments(data))
        #expect(object.attributes["rendered"] == .string(Self.compressed))
        #expect(try await data.propose(arguments(data), from: object).planned == object.attributes)
        #expect(
            try await data.propose(arguments(data).merging(["gzip": .false]) { $1 }, from: object).replaces.map(\.description) == ["gzip"])
    }

    @Test func aTemplateIsGivenItsVariables() async throws {
        let provider = try #require(
            BuiltinProvider.all(
                http: { BuiltinProvider.transport },
                rendering: { (text, variables) throws(ProviderFailure) in
                    "\(text)/\(variables.keys.sorted().joined(separator: ","))"
                })["template"])
        let data = Lifecycle(provider, "template_file")
        let read = try await data.data(["template": "t", "vars": .map([("b", "1"), ("a", "2")], of: .string)])
        #expect(read["rendered"] == "t/a,b")
        #expect(try data.dataFaults(["filename": "x"]).map(\.summary) == ["Invalid or unknown key"])
    }

    @Test func inputsComeOut() async throws {
        let data = Lifecycle(.null, "null_data_source")
        let read = try await data.data(["inputs": .map([("a", "1")], of: .string)])
        #expect(read["outputs"] == .map([("a", "1")], of: .string))
        #expect(read["has_computed_default"] == "default" && read["id"] == "static" && read.isWhollyKnown)
    }
}
