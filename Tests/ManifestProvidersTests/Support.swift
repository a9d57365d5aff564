import Addresses
import Diagnostics
import Evaluation
import Foundation
import FunctionLibrary
import HCLSyntax
import ProviderKit
import Synchronization
import Testing
import Transport
import Values

@testable import ManifestProviders

/// Answers requests from a list, in order, and keeps what was asked.
final class RecordedExchanges: HTTPTransport {
    struct Exchange: Sendable {
        /// `METHOD URL`, exactly.
        var request: String
        /// Body; nil does not look.
        var body: String?
        var status: Int
        var response: String
        var headers: [HTTPHeader]

        init(_ request: String, body: String? = nil, status: Int = 200, headers: [HTTPHeader] = [], _ response: String) {
            self.request = request
            self.body = body
            self.status = status
            self.headers = headers
            self.response = response
        }
    }

    private let rest: Mutex<[Exchange]>
    let asked = Mutex<[HTTPRequest]>([])

    init(_ exchanges: [Exchange]) { rest = Mutex(exchanges) }

    var unused: [String] { rest.withLock { $0.map(\.request) } }

    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        asked.withLock { $0.append(request) }
        let next = rest.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        guard let next else {
            throw TransportFailure(.connection, "Nothing more was recorded, and \(request.method) \(request.url) came.", hadNoEffect: true)
        }
        #expect("\(request.method) \(request.url)" == next.request)
        if let body = next.body { #expect(String(decoding: request.body ?? [], as: UTF8.self) == body) }
        if next.status == 0 { throw TransportFailure(.interrupted, next.response) }
        return HTTPResponse(
            status: next.status, headers: next.headers.isEmpty ? [HTTPHeader("Content-Type", "application/json")] : next.headers,
            body: Array(next.response.utf8))
    }
}

func transports(http: any HTTPTransport = RecordedExchanges([]), hosts: any HostTransport = LocalShell()) -> ManifestTransports {
    ManifestTransports(
        http: http, hosts: hosts, environment: ["USER": NSUserName(), "TOKEN": "from-environment"], homeDirectory: "/nonexistent")
}

/// A provider of one text.
func source(_ text: String, _ transports: ManifestTransports = transports()) throws -> ManifestProviderSource {
    let (source, diagnostics) = ManifestProviderSource.load(
        directory: "test", files: [("test.hcl", Array(text.utf8))], functions: standardFunctions(), transports: transports)
    try #require(diagnostics.isEmpty, "\(diagnostics.map { "\($0.summary): \($0.detail) \($0.hints)" })")
    return try #require(source)
}

/// The repository's own folder of a provider.
func repositoryProvider(_ name: String, _ transports: ManifestTransports) throws -> ManifestProviderSource {
    let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appendingPathComponent("providers/\(name)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".hcl") }.sorted()
    let files = try names.map { (name: "providers/\(name)/\($0)", bytes: [UInt8](try Data(contentsOf: folder.appendingPathComponent($0)))) }
    let (source, diagnostics) = ManifestProviderSource.load(
        directory: "providers/\(name)", files: files, functions: standardFunctions(), transports: transports)
    try #require(diagnostics.isEmpty, "\(diagnostics.map { "\($0.subject?.file ?? ""): \($0.summary): \($0.detail) \($0.hints)" })")
    return try #require(source)
}

extension ProviderSource {
    /// A configuration of a type: the given arguments, nulls for the rest.
    func configuration(_ type: String, _ arguments: KeyValuePairs<String, Value>, mode: ResourceMode = .managed) throws -> Value {
        try configuration(type, arguments.map { ($0.key, $0.value) }, mode: mode)
    }

    func configuration(_ type: String, _ arguments: [(String, Value)], mode: ResourceMode = .managed) throws -> Value {
        let schema = try #require(mode == .data ? schema.dataSources[ResourceType(type)] : schema.resources[ResourceType(type)])
        var slots: [(String, Value)] =
            schema.block.attributes.map { ($0.name, .null($0.type)) }
            + schema.block.blocks.map { ($0.name, .list([], of: $0.block.impliedType)) }
        for (name, value) in arguments {
            let index = try #require(slots.firstIndex { $0.0 == name })
            let wanted = schema.block.attribute(name)?.type ?? schema.block.block(name)?.impliedType ?? .dynamic
            slots[index].1 = try value.converted(to: wanted)
        }
        return .object(slots)
    }
}

let localHost: Value = .object([
    ("id", .string("local:22")), ("address", .string("127.0.0.1")), ("port", .int(22)), ("user", .string("root")),
    ("host_key", .string("SHA256:x")),
])

func address(_ type: String, _ name: String = "test") -> ResourceInstanceAddress {
    ResourceAddress(resource: ResourceName(type: ResourceType(type), name: name)).instance(.none)
}

/// Proposes and applies one object, as planning and applying would.
struct Lifecycle {
    let source: ManifestProviderSource
    let provider: any Provider

    init(_ source: ManifestProviderSource, settings: KeyValuePairs<String, Value> = [:]) async throws {
        self.source = source
        var slots: [(String, Value)] = source.schema.configuration.attributes.map { ($0.name, .null($0.type)) }
        for (name, value) in settings {
            let index = try #require(slots.firstIndex { $0.0 == name })
            slots[index].1 = value
        }
        provider = try await source.configure(.object(slots))
    }

    func request(
        _ type: String, _ arguments: KeyValuePairs<String, Value>, prior: RemoteObject? = nil, before: [UInt8]? = nil,
        isStillClaimed: Bool = false
    ) async throws -> ApplyRequest {
        try await request(type, arguments.map { ($0.key, $0.value) }, prior: prior, before: before, isStillClaimed: isStillClaimed)
    }

    func request(
        _ type: String, _ arguments: [(String, Value)]?, prior: RemoteObject? = nil, before: [UInt8]? = nil, isStillClaimed: Bool = false
    ) async throws -> ApplyRequest {
        let desired = try arguments.map { Desired(configuration: try source.configuration(type, $0)) }
        let proposal = try await provider.propose(desired, from: prior, of: ResourceType(type))
        return ApplyRequest(
            action: desired == nil ? .delete : prior == nil ? .create : .update, address: address(type), type: ResourceType(type),
            desired: desired,
            prior: prior, proposal: proposal, intent: IntentID(rawValue: String(repeating: "ab", count: 16)), container: nil,
            isStillClaimed: isStillClaimed, before: before)
    }

    func removal(_ type: String, prior: RemoteObject, before: [UInt8]? = nil, isStillClaimed: Bool = false) async throws -> ApplyRequest {
        let none: [(String, Value)]? = nil
        return try await request(type, none, prior: prior, before: before, isStillClaimed: isStillClaimed)
    }

    func apply(_ requests: [ApplyRequest]) async -> [ApplyOutcome?] {
        var outcomes = [ApplyOutcome?](repeating: nil, count: requests.count)
        for await (index, outcome) in provider.apply(requests) {
            if case .waiting = outcome { continue }
            #expect(outcomes[index] == nil, "answered twice")
            outcomes[index] = outcome
        }
        return outcomes
    }

    /// Applies and expects success.
    func done(_ request: ApplyRequest) async throws -> RemoteObject? {
        let outcome = try #require(await apply([request]).first ?? nil)
        guard case .done(let object) = outcome else {
            Issue.record("\(outcome)")
            return nil
        }
        return object
    }

    func read(_ objects: [RemoteObject]) async -> [ReadOutcome?] {
        var outcomes = [ReadOutcome?](repeating: nil, count: objects.count)
        for await (index, outcome) in provider.read(
            objects.map { ReadRequest(object: $0, address: ObjectAddress(address($0.type.rawValue))) })
        {
            #expect(outcomes[index] == nil, "answered twice")
            outcomes[index] = outcome
        }
        return outcomes
    }
}

extension ReadOutcome {
    var object: RemoteObject? { if case .found(let object) = self { object } else { nil } }
    var isGone: Bool { if case .gone = self { true } else { false } }
}

/// A directory of its own, removed at the end.
final class TemporaryDirectory {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "ashlar-manifests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
