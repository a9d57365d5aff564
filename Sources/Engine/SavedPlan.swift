import Addresses
public import Diagnostics
import FoundationEssentials
public import PlanModel
public import Planning
public import ProviderKit
import StateModel
import Values

/// A plan on disk: the plan as a value, and its digest.
public struct SavedPlan: Sendable, Codable {
    public var plan: Plan
    public var digest: String
    /// The program that wrote it.
    public var program: String

    public init(plan: Plan, digest: String, program: String) {
        self.plan = plan
        self.digest = digest
        self.program = program
    }

    static let magic = Array("ashlar-plan 1\n".utf8)

    /// Deterministic.
    public func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Self.magic + [UInt8](try encoder.encode(self))
    }

    /// - Throws: a diagnostic that says what the file is not.
    public init(_ bytes: [UInt8], path: String) throws(DiagnosticError) {
        guard bytes.starts(with: Self.magic) else {
            throw DiagnosticError(
                .error(
                    "Failed to load \"\(path)\" as a plan file",
                    "\(path) is not a plan that this program wrote.", hints: ["Write one with: ashlar plan -out=\(path)"]))
        }
        do {
            self = try JSONDecoder().decode(SavedPlan.self, from: Data(bytes[Self.magic.count...]))
        } catch {
            throw DiagnosticError(
                .error(
                    "Failed to load \"\(path)\" as a plan file", "\(path) is damaged: it begins as a plan and does not go on as one.",
                    hints: ["Plan again with: ashlar plan -out=\(path)"]))
        }
        let isWhole: Bool
        do throws(RecordError) {
            isWhole = try plan.digest() == digest
        } catch {
            isWhole = false
        }
        // Up to the end of the year 9999: what shows the time, and functions that count from it, rely on it.
        let isTime = (0..<253_402_300_800).contains(plan.createdAt)
        guard isWhole && isTime || plan.formatVersion > Plan.currentFormatVersion else {
            throw DiagnosticError(
                .error(
                    "Failed to load \"\(path)\" as a plan file", "\(path) is damaged: what it holds is not what was saved.",
                    hints: ["Plan again."]))
        }
        guard plan.formatVersion <= Plan.currentFormatVersion else {
            throw DiagnosticError(
                .error(
                    "Plan file is too new",
                    "\(path) has format \(plan.formatVersion), written by \(program); this program reads up to \(Plan.currentFormatVersion).",
                    hints: ["Use the program that wrote it, or plan again."]))
        }
    }
}

/// A catalog whose providers answer readings from a plan instead of the world: planning again from it gives the same plan, or shows
/// that something else has changed.
public struct ReplayCatalog: ProviderCatalog {
    let base: any ProviderCatalog
    let observed: [ObjectAddress: StateObject?]
    let unread: Set<ObjectAddress>

    public init(_ base: any ProviderCatalog, plan: Plan) {
        self.base = base
        observed = Dictionary(plan.observed.map { ($0.address, $0.object) }) { first, _ in first }
        unread = Set(plan.changes.filter(\.isUnread).map(\.address))
    }

    public func source(named name: String) async throws(DiagnosticError) -> any ProviderSource {
        ReplaySource(real: try await base.source(named: name), catalog: self)
    }
}

private struct ReplaySource: ProviderSource {
    let real: any ProviderSource
    let catalog: ReplayCatalog
    var schema: ProviderSchema { real.schema }

    func validate(_ configuration: Value, of type: ResourceType, mode: ResourceMode) -> [Diagnostic] {
        real.validate(configuration, of: type, mode: mode)
    }

    func configure(_ configuration: Value) async throws(ProviderFailure) -> any Provider {
        ReplayProvider(real: try await real.configure(configuration), catalog: catalog)
    }
}

/// Reads from the plan, applies for real.
private struct ReplayProvider: Provider, DataReading {
    let real: any Provider
    let catalog: ReplayCatalog

    func batchKey(type: ResourceType, container: Value?) -> String { real.batchKey(type: type, container: container) }
    func parallelism(of batchKey: String) -> Int { real.parallelism(of: batchKey) }

    func read(_ requests: [ReadRequest]) -> AsyncStream<(Int, ReadOutcome)> {
        AsyncStream { continuation in
            for (index, request) in requests.enumerated() {
                let address = ObjectAddress(request.address)
                if catalog.unread.contains(address) {
                    continuation.yield(
                        (
                            index,
                            .unreachable(
                                ProviderFailure(
                                    .unreachable, summary: "Object was not read", detail: "It was not read when the plan was made."),
                                group: "")
                        ))
                } else if let known = catalog.observed[address] {
                    if let object = known {
                        continuation.yield(
                            (
                                index,
                                .found(
                                    RemoteObject(
                                        type: request.object.type, attributes: object.attributes, privateBytes: object.privateBytes,
                                        schemaVersion: object.schemaVersion))
                            ))
                    } else {
                        continuation.yield((index, .gone))
                    }
                } else {
                    continuation.yield((index, .found(request.object)))
                }
            }
            continuation.finish()
        }
    }

    func propose(_ desired: Desired?, from prior: RemoteObject?, of type: ResourceType) async throws(ProviderFailure) -> Proposal {
        try await real.propose(desired, from: prior, of: type)
    }

    func apply(_ group: [ApplyRequest]) -> AsyncStream<(Int, ApplyOutcome)> { real.apply(group) }
    func find(_ request: FindRequest) async throws(ProviderFailure) -> FindOutcome { try await real.find(request) }

    func readData(_ configuration: Value, of type: ResourceType, container: Value?) async throws(ProviderFailure) -> Value {
        // A deferred one is read for real, while applying.
        guard let reader = real as? any DataReading else {
            throw ProviderFailure(.other, summary: "Invalid data source", detail: "The provider has no data sources.")
        }
        return try await reader.readData(configuration, of: type, container: container)
    }
}
