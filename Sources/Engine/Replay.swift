import Addresses
import Diagnostics
import PlanModel
import Planning
import ProviderKit
import StateModel
import Synchronization
import Values

/// What a saved plan had observed, in the place of the world while it is made again: the same plan comes of it, or it shows that something else
/// has changed. Once the plan is made, the world itself is asked: for what could not be read before, and for deferred data sources.
final class Replay: ProviderCatalog {
    private let base: any ProviderCatalog
    private let observed: [ObjectAddress: StateObject?]
    private let unread: Set<ObjectAddress>
    /// What checks asked for.
    private let ofChecks: Set<ObjectAddress>
    private let imported: [ResourceInstanceAddress: StateObject]
    private let isOver = Mutex(false)

    init(_ base: any ProviderCatalog, of plan: Plan) {
        self.base = base
        observed = Dictionary(plan.observed.filter { $0.kind != .moved }.map { ($0.address, $0.object) }) { first, _ in first }
        imported = Dictionary(plan.changes.compactMap { change in change.importing.map { (change.address.instance, $0.object) } }) {
            first, _ in first
        }
        unread = Set(plan.changes.filter(\.isUnread).map(\.address))
        ofChecks = Set(plan.changes.filter { $0.reason == .checkNested }.map(\.address))
    }

    func source(named name: String) async throws(DiagnosticError) -> any ProviderSource {
        ReplaySource(real: try await base.source(named: name), replay: self)
    }

    func end() { isOver.withLock { $0 = true } }

    /// Nil: the world is to be asked.
    fileprivate func outcomes(_ requests: [ReadRequest]) -> [ReadOutcome]? {
        isOver.withLock { $0 } ? nil : requests.map(outcome)
    }

    private func outcome(_ request: ReadRequest) -> ReadOutcome {
        if unread.contains(request.address) {
            return .unreachable(
                ProviderFailure(.unreachable, summary: "Object was not read", detail: "It was not read when the plan was made."), group: "")
        }
        // What was as recorded is in no plan.
        guard let known = observed[request.address] else { return .found(request.object) }
        guard let object = known else { return .gone }
        return .found(
            RemoteObject(
                type: request.object.type, attributes: object.attributes, privateBytes: object.privateBytes,
                schemaVersion: object.schemaVersion))
    }

    /// What was read of an object that the plan takes over.
    fileprivate func taken(_ request: ImportRequest) -> RemoteObject? {
        guard let object = imported[request.address] else { return nil }
        return RemoteObject(
            type: request.type, attributes: object.attributes.withoutMarks([.sensitive]), privateBytes: object.privateBytes,
            schemaVersion: object.schemaVersion)
    }

    /// Nil: the world is to be asked.
    fileprivate func data(_ request: DataRequest) throws(ProviderFailure) -> Value? {
        if isOver.withLock({ $0 }) { return nil }
        if case let object?? = observed[ObjectAddress(request.address)] { return object.attributes }
        guard ofChecks.contains(ObjectAddress(request.address)) else { return nil }
        throw ProviderFailure(.notFound, summary: "Data source was not read", detail: "It was not read when the plan was made.")
    }
}

private struct ReplaySource: ProviderSource, StateMoving {
    let real: any ProviderSource
    let replay: Replay
    var schema: ProviderSchema { real.schema }

    func validate(_ configuration: Value, of type: ResourceType, mode: ResourceMode) -> [Diagnostic] {
        real.validate(configuration, of: type, mode: mode)
    }

    func moved(_ object: RemoteObject, from provider: String, to type: ResourceType) throws(ProviderFailure) -> RemoteObject? {
        try (real as? any StateMoving)?.moved(object, from: provider, to: type)
    }

    func configure(_ configuration: Value) async throws(ProviderFailure) -> any Provider {
        ReplayProvider(real: try await real.configure(configuration), replay: replay)
    }
}

/// Reads from the plan, applies for real.
private struct ReplayProvider: Provider, DataReading, Importing, EphemeralOpening {
    let real: any Provider
    let replay: Replay

    func batchKey(type: ResourceType, container: Value?) -> String { real.batchKey(type: type, container: container) }
    func parallelism(of batchKey: String) -> Int { real.parallelism(of: batchKey) }

    func read(_ requests: [ReadRequest]) -> AsyncStream<(Int, ReadOutcome)> {
        guard let outcomes = replay.outcomes(requests) else { return real.read(requests) }
        return AsyncStream { continuation in
            for (index, outcome) in outcomes.enumerated() { continuation.yield((index, outcome)) }
            continuation.finish()
        }
    }

    func propose(_ desired: Desired?, from prior: RemoteObject?, of type: ResourceType) async throws(ProviderFailure) -> Proposal {
        try await real.propose(desired, from: prior, of: type)
    }

    func apply(_ group: [ApplyRequest]) -> AsyncStream<(Int, ApplyOutcome)> { real.apply(group) }
    func find(_ request: FindRequest) async throws(ProviderFailure) -> FindOutcome { try await real.find(request) }

    func importObject(_ request: ImportRequest) async throws(ProviderFailure) -> RemoteObject {
        if let known = replay.taken(request) { return known }
        guard let importer = real as? any Importing else { throw .notImportable(request.type) }
        return try await importer.importObject(request)
    }

    // Nothing of them is in a plan: the world is asked.

    func open(_ request: EphemeralRequest) async throws(ProviderFailure) -> OpenEphemeral {
        guard let opener = real as? any EphemeralOpening else {
            throw ProviderFailure(
                .other, summary: "Invalid ephemeral resource", detail: "The provider has no ephemeral resources.")
        }
        return try await opener.open(request)
    }

    func renew(_ open: OpenEphemeral, of type: ResourceType) async throws(ProviderFailure) -> OpenEphemeral {
        try await (real as? any EphemeralOpening)?.renew(open, of: type) ?? open
    }

    func close(_ open: OpenEphemeral, of type: ResourceType) async throws(ProviderFailure) {
        try await (real as? any EphemeralOpening)?.close(open, of: type)
    }

    func readData(_ request: DataRequest) async throws(ProviderFailure) -> Value {
        if let known = try replay.data(request) { return known }
        guard let reader = real as? any DataReading else {
            throw ProviderFailure(.other, summary: "Invalid data source", detail: "The provider has no data sources.")
        }
        return try await reader.readData(request)
    }
}
