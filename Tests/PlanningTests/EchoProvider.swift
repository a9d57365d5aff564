import Addresses
import ConfigModel
import Diagnostics
import PlanModel
import Planning
import ProviderKit
import StateModel
import Values

/// A provider of one type, `echo_thing`: `input` of any type, `name` that forces replacement, `output` computed, `secret` sensitive,
/// and says where a thing stands, `box` a container reference; and `echo_box`, which holds things,
/// as does `echo_host`, which stays when its record goes. In a box `echo_path` has its name alone, `echo_unit` shares it, and `echo_port`
/// alone may have its `claim`. `echo_nest` has blocks: at most two `rule`s, `free` ones of any type, labelled `part`s and `open` ones.
struct EchoProvider: ProviderSource, Provider, DataReading {
    /// Objects that have gone or changed behind the plan's back, by address.
    var gone: Set<String> = []
    var changed: [String: Value] = [:]
    /// Whether a group of objects can be reached.
    var reaches: @Sendable ([ReadRequest]) -> Bool = { _ in true }
    /// Queries that have no answer.
    var unanswered: Set<String> = []
    /// Notes every configuration, and may take its time or fail.
    var configured: @Sendable (Value) async throws(ProviderFailure) -> Void = { _ in }
    /// What is done with `echo_lease`, an ephemeral resource.
    var leases: Leases?

    var schema: ProviderSchema {
        let thing = BlockSchema(attributes: [
            AttributeSchema(name: "id", type: .string, isComputed: true),
            AttributeSchema(name: "input", type: .dynamic, isOptional: true),
            AttributeSchema(name: "name", type: .string, isOptional: true, forcesReplacement: true),
            AttributeSchema(name: "output", type: .dynamic, isComputed: true),
            AttributeSchema(name: "secret", type: .string, isOptional: true, isSensitive: true),
            AttributeSchema(name: "box", type: .string, isOptional: true, isContainer: true),
            AttributeSchema(name: "protect", type: .bool, isOptional: true),
            AttributeSchema(name: "claim", type: .string, isOptional: true),
            AttributeSchema(name: "tags", type: .map(.string), isOptional: true),
        ])
        let data = BlockSchema(attributes: [
            AttributeSchema(name: "query", type: .string, isRequired: true),
            AttributeSchema(name: "answer", type: .string, isComputed: true),
        ])
        let rule = BlockSchema(attributes: [
            AttributeSchema(name: "port", type: .number, isRequired: true),
            AttributeSchema(name: "secret", type: .string, isOptional: true, isSensitive: true),
        ])
        let sealed = BlockSchema(attributes: [
            AttributeSchema(name: "word", type: .string, isOptional: true),
            AttributeSchema(name: "hidden", type: .string, isOptional: true, isWriteOnly: true),
        ])
        let free = BlockSchema(attributes: [AttributeSchema(name: "value", type: .dynamic, isOptional: true)])
        let nest = BlockSchema(
            attributes: [AttributeSchema(name: "id", type: .string, isComputed: true)],
            blocks: [
                NestedBlockSchema(name: "rule", nesting: .list, block: rule, maximumItems: 2),
                NestedBlockSchema(name: "free", nesting: .list, block: free),
                NestedBlockSchema(name: "part", nesting: .map, block: rule),
                NestedBlockSchema(name: "open", nesting: .map, block: free),
                NestedBlockSchema(name: "sealed", nesting: .list, block: sealed),
                NestedBlockSchema(name: "seal", nesting: .single, block: sealed),
            ])
        return ProviderSchema(
            name: "echo", version: "1", digest: "d",
            configuration: BlockSchema(attributes: [AttributeSchema(name: "token", type: .string, isOptional: true)]),
            resources: [
                ResourceType("echo_thing"): ResourceSchema(
                    type: ResourceType("echo_thing"), block: thing, identity: ["name"], nestedBy: "name"),
                ResourceType("echo_path"): ResourceSchema(
                    type: ResourceType("echo_path"), block: thing, identity: ["box", "name"]),
                ResourceType("echo_unit"): ResourceSchema(
                    type: ResourceType("echo_unit"), block: thing, identity: ["box", "name"], isShared: true),
                ResourceType("echo_port"): ResourceSchema(type: ResourceType("echo_port"), block: thing, unique: ["box", "claim"]),
                ResourceType("echo_box"): ResourceSchema(type: ResourceType("echo_box"), block: thing, isContainer: true),
                ResourceType("echo_host"): ResourceSchema(
                    type: ResourceType("echo_host"), block: thing, isContainer: true, keepsContents: true),
                ResourceType("echo_nest"): ResourceSchema(type: ResourceType("echo_nest"), block: nest),
                ResourceType("echo_vault"): ResourceSchema(type: ResourceType("echo_vault"), block: thing, isGuarded: true),
            ], dataSources: [ResourceType("echo_answer"): ResourceSchema(type: ResourceType("echo_answer"), block: data)],
            ephemerals: [ResourceType("echo_lease"): ResourceSchema(type: ResourceType("echo_lease"), block: data)])
    }

    func validate(_ configuration: Value, of type: ResourceType, mode: ResourceMode) -> [Diagnostic] { [] }
    func configure(_ configuration: Value) async throws(ProviderFailure) -> any Provider {
        try await configured(configuration)
        return self
    }
    func batchKey(type: ResourceType, container: Value?) -> String { "echo" }
    func parallelism(of batchKey: String) -> Int { 0 }

    func read(_ requests: [ReadRequest]) -> AsyncStream<(Int, ReadOutcome)> {
        AsyncStream { continuation in
            guard reaches(requests) else {
                let failure = ProviderFailure(.unreachable, summary: "No answer", detail: "Nobody is there.")
                for index in requests.indices { continuation.yield((index, .unreachable(failure, group: "echo"))) }
                return continuation.finish()
            }
            for (index, request) in requests.enumerated() {
                let name = request.address.description
                if gone.contains(name) {
                    continuation.yield((index, .gone))
                } else {
                    var object = request.object
                    if let value = changed[name] {
                        object.attributes = object.attributes.replacing(at: [.attribute("input")], with: value) ?? object.attributes
                    }
                    continuation.yield((index, .found(object)))
                }
            }
            continuation.finish()
        }
    }

    func propose(_ desired: Desired?, from prior: RemoteObject?, of type: ResourceType) async throws(ProviderFailure) -> Proposal {
        guard let desired else { return Proposal(planned: nil) }
        var planned = desired.configuration
        func set(_ name: String, _ value: Value) { planned = planned.replacing(at: [.attribute(name)], with: value) ?? planned }
        set("id", prior?.attributes["id"] ?? .unknown(.string, .notNull))
        let same = prior.map { $0.attributes["input"] == desired.configuration["input"] } ?? false
        set("output", same ? prior?.attributes["output"] ?? .unknown : .unknown)
        var replaces: [Path] = []
        if let prior, prior.attributes["name"] != desired.configuration["name"] { replaces.append([.attribute("name")]) }
        return Proposal(planned: planned, replaces: replaces)
    }

    func readData(_ request: DataRequest) async throws(ProviderFailure) -> Value {
        let configuration = request.configuration
        let query = configuration["query"]?.stringValue ?? ""
        if unanswered.contains(query) {
            throw ProviderFailure(.notFound, summary: "No answer", detail: "There is no answer to \(query).")
        }
        return configuration.replacing(at: [.attribute("answer")], with: .string("to " + query)) ?? configuration
    }

    func apply(_ group: [ApplyRequest]) -> AsyncStream<(Int, ApplyOutcome)> { AsyncStream { $0.finish() } }
    func find(_ request: FindRequest) async throws(ProviderFailure) -> FindOutcome { .absent }
}

struct EchoCatalog: ProviderCatalog {
    var provider = EchoProvider()

    func source(named name: String) async throws(DiagnosticError) -> any ProviderSource {
        guard name == "echo" else { throw DiagnosticError(.error("No provider", "There is no provider \(name).")) }
        return provider
    }
}
