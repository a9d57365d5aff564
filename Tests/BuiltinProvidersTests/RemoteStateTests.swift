import BuiltinProviders
import Diagnostics
import ProviderKit
import TestSupport
import Testing
import Values

extension BuiltinProvider {
    static let terraform = BuiltinProvider.terraform(http: { transport })
}

/// `data.terraform_remote_state`.
struct RemoteStateTests {
    let data = Lifecycle(.terraform, "terraform_remote_state")
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private static let document = """
        {"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "a", "resources": [], "outputs": {
          "text": {"value": "x", "type": "string"},
          "list": {"value": [1, 2], "type": ["list", "number"]},
          "set": {"value": ["b", "a"], "type": ["set", "string"]},
          "tuple": {"value": [1, "a"], "type": ["tuple", ["number", "string"]]},
          "object": {"value": {"k": null, "l": true}, "type": ["object", {"k": "string", "l": "bool"}]},
          "map": {"value": {"a": {"b": 1}}, "type": ["map", ["object", {"b": "number"}]]},
          "secret": {"value": "s", "type": "string", "sensitive": true}
        }}
        """

    private func config(_ path: String) -> Value { .object([("path", .string(path))]) }

    @Test func outputsHaveTheirTypes() async throws {
        let path = try scratch.write("terraform.tfstate", Self.document)
        let read = try await data.data([
            "backend": "local", "config": config(path), "defaults": .object([("text", "default"), ("more", .int(1))]),
        ])
        let outputs = try #require(read["outputs"])
        #expect(outputs["text"] == "x" && outputs["more"] == .int(1) && outputs["secret"] == "s")
        #expect(outputs["list"]?.type == .list(.number) && outputs["set"]?.type == .set(.string))
        #expect(outputs["tuple"]?.type == .tuple([.number, .string]))
        #expect(outputs["object"]?["k"]?.type == .string && outputs["object"]?["k"]?.isNull == true)
        #expect(outputs["map"]?["a"]?["b"] == .int(1))
        #expect(outputs.entries?.count == 8)
        #expect(read["workspace"]?.isNull == true)
    }

    @Test func statesBehindAURL() async throws {
        let model = FakeStateService(credentials: "ada:secret")
        let service = try ScriptedService(model)
        model["/a"].document = Self.document
        func read(_ path: String, _ more: [String: Value] = [:]) async throws -> Value {
            let config: [String: Value] = [
                "address": .string("http://127.0.0.1:\(service.port)\(path)"), "username": "ada", "password": "secret",
            ]
            return try await data.data(
                ["backend": "http", "config": .object(config.map { ($0.key, $0.value) })].merging(more) { _, new in new })
        }
        #expect(try await read("/a")["outputs"]?["list"]?.type == .list(.number))
        let missing = await #expect(throws: ProviderFailure.self) { try await read("/b") }
        #expect(missing?.summary == "Unable to find remote state")
        let other = await #expect(throws: ProviderFailure.self) { try await read("/a", ["workspace": "dev"]) }
        #expect(other?.detail.contains("workspaces not supported") == true)
        let refused = await #expect(throws: ProviderFailure.self) {
            try await data.data(["backend": "http", "config": .object([("address", .string("http://127.0.0.1:\(service.port)/a"))])])
        }
        #expect(refused?.detail.contains("status 401") == true)
    }

    @Test func workspacesLieWhereTheReferencePutsThem() async throws {
        try scratch.write("states/dev/terraform.tfstate", Self.document)
        let read = try await data.data([
            "backend": "local", "workspace": "dev", "config": .object([("workspace_dir", .string("\(scratch.path)/states"))]),
        ])
        #expect(read["outputs"]?["text"] == "x")
    }

    @Test(
        arguments: [
            (nil, "Unable to find remote state"), ("{bad", "Unsupported state file format"), ("{}", "Unsupported state file format"),
            ("{\"version\": 3}", "Unsupported state file format"),
            ("{\"version\": 4, \"outputs\": {\"a\": {\"value\": 1}}}", "Unsupported state file format"),
            ("{\"version\": 4, \"outputs\": {\"a\": {\"value\": \"x\", \"type\": \"number\"}}}", "Unsupported state file format"),
            ("SQLite format 3\u{0}", "Unsupported state file format"),
        ] as [(String?, String)])
    func whatCannotBeReadIsSaid(text: String?, summary: String) async throws {
        if let text { try scratch.write("terraform.tfstate", text) }
        let failure = await #expect(throws: ProviderFailure.self) {
            try await data.data([
                "backend": "local", "config": config("\(scratch.path)/terraform.tfstate"), "defaults": .object([("a", .int(1))]),
            ])
        }
        #expect(failure?.summary == summary)
    }

    /// Each as the reference says it, but for backends that it has and this has not.
    @Test(
        arguments: [
            (["backend": "nope"], "Invalid backend configuration", "There is no backend type named \"nope\"."),
            (
                ["backend": "s3"], "Invalid backend configuration",
                "States in the backend \"s3\" are not read: only those in files and behind HTTP are."
            ),
            (
                ["backend": "local", "config": .object([("pat", "x")])], "Invalid backend configuration",
                "The given configuration is not valid for backend \"local\": unexpected attribute \"pat\"."
            ),
            (
                ["backend": "local", "config": "x"], "Invalid backend configuration",
                "The given configuration is not valid for backend \"local\": an object is required."
            ),
            (
                ["backend": "http", "config": .object([("path", "x")])], "Invalid backend configuration",
                "The given configuration is not valid for backend \"http\": unexpected attribute \"path\"."
            ),
            (["backend": "local", "defaults": "x"], "Invalid default values", "Defaults must be given in an object value."),
        ] as [([String: Value], String, String)])
    func faultsAreFoundBeforehand(arguments: [String: Value], summary: String, detail: String) throws {
        let faults = try data.dataFaults(arguments)
        #expect(faults.map(\.summary) == [summary] && faults.map(\.detail) == [detail])
    }
}
