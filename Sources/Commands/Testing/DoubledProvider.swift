import Addresses
import ProviderKit
import Values

/// A provider in a test: objects that are overridden, and all of a mocked one, are made up; everything else is the real one's.
struct DoubledProvider: Provider, AddressedProposing, DataReading, Importing, EphemeralOpening {
    /// Nil: mocked.
    let real: (any Provider)?
    let mock: MockProvider?
    let overrides: [TestOverride]
    let schema: ProviderSchema

    /// What makes an object up; nil where the real provider has it.
    private func double(_ address: ResourceInstanceAddress) -> (values: MadeUpValues, isDuringPlan: Bool)? {
        let isDuringPlan = mock?.isDuringPlan ?? false
        if let override = Doubles.override(of: address, among: overrides) {
            return (MadeUpValues(given: override.values), override.values.isDuringPlan ?? isDuringPlan)
        }
        guard let mock else { return nil }
        let given = address.mode == .managed ? mock.resources[address.type] : mock.dataSources[address.type]
        return (MadeUpValues(given: given), given?.isDuringPlan ?? isDuringPlan)
    }

    private func block(_ type: ResourceType, _ mode: ResourceMode) -> BlockSchema {
        switch mode {
        case .managed: schema.resources[type]?.block ?? BlockSchema()
        case .data: schema.dataSources[type]?.block ?? BlockSchema()
        case .ephemeral: schema.ephemerals[type]?.block ?? BlockSchema()
        }
    }

    private var unconfigured: ProviderFailure {
        ProviderFailure(.other, summary: "Provider is mocked", detail: "The provider \(schema.name) is mocked and makes nothing.")
    }

    // MARK: Planning

    func batchKey(type: ResourceType, container: Value?) -> String {
        real?.batchKey(type: type, container: container) ?? type.rawValue
    }

    func parallelism(of batchKey: String) -> Int { real?.parallelism(of: batchKey) ?? 0 }

    func propose(_ desired: Desired?, from prior: RemoteObject?, of type: ResourceType) async throws(ProviderFailure) -> Proposal {
        if let real { return try await real.propose(desired, from: prior, of: type) }
        return try proposal(desired, prior, type, MadeUpValues(given: mock?.resources[type]), isKnown: mock?.isDuringPlan ?? false)
    }

    func propose(_ desired: Desired?, from prior: RemoteObject?, of type: ResourceType, at address: ResourceInstanceAddress)
        async throws(ProviderFailure) -> Proposal
    {
        guard let double = double(address) else { return try await propose(desired, from: prior, of: type) }
        return try proposal(desired, prior, type, double.values, isKnown: double.isDuringPlan)
    }

    private func proposal(_ desired: Desired?, _ prior: RemoteObject?, _ type: ResourceType, _ values: MadeUpValues, isKnown: Bool)
        throws(ProviderFailure) -> Proposal
    {
        guard let desired else { return Proposal(planned: nil) }
        return Proposal(
            planned: try values.planned(desired.configuration, from: prior?.attributes, block(type, .managed), isKnown: isKnown))
    }

    func read(_ requests: [ReadRequest]) -> AsyncStream<(Int, ReadOutcome)> {
        let (doubled, others) = split(requests.map(\.address.instance))
        return AsyncStream { continuation in
            for index in doubled { continuation.yield((index, .found(requests[index].object))) }
            guard let real, !others.isEmpty else { return continuation.finish() }
            let task = Task {
                for await (index, outcome) in real.read(others.map { requests[$0] }) { continuation.yield((others[index], outcome)) }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Places of those that are made up, and of the others.
    private func split(_ addresses: [ResourceInstanceAddress]) -> (doubled: [Int], others: [Int]) {
        (addresses.indices.filter { double(addresses[$0]) != nil }, addresses.indices.filter { double(addresses[$0]) == nil })
    }

    func readData(_ request: DataRequest) async throws(ProviderFailure) -> Value {
        if let double = double(request.address) { return try double.values.read(request.configuration, block(request.type, .data)) }
        guard let reader = real as? any DataReading else { throw unconfigured }
        return try await reader.readData(request)
    }

    // MARK: Applying

    func apply(_ group: [ApplyRequest]) -> AsyncStream<(Int, ApplyOutcome)> {
        let (doubled, others) = split(group.map(\.address))
        return AsyncStream { continuation in
            for index in doubled { continuation.yield((index, outcome(of: group[index]))) }
            guard let real, !others.isEmpty else { return continuation.finish() }
            let task = Task {
                for await (index, outcome) in real.apply(others.map { group[$0] }) { continuation.yield((others[index], outcome)) }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    private func outcome(of request: ApplyRequest) -> ApplyOutcome {
        guard let planned = request.proposal.planned, request.action != .delete, let double = double(request.address) else {
            return .done(nil)
        }
        do throws(ProviderFailure) {
            return .done(
                RemoteObject(
                    type: request.type, attributes: try double.values.filled(planned, block(request.type, .managed)),
                    schemaVersion: schema.resources[request.type]?.version ?? 0))
        } catch {
            return .failed(error, object: nil)
        }
    }

    func find(_ request: FindRequest) async throws(ProviderFailure) -> FindOutcome {
        try await real?.find(request) ?? .absent
    }

    // MARK: Abilities

    func importObject(_ request: ImportRequest) async throws(ProviderFailure) -> RemoteObject {
        if let importer = real as? any Importing { return try await importer.importObject(request) }
        throw real == nil ? unconfigured : .notImportable(request.type)
    }

    func open(_ request: EphemeralRequest) async throws(ProviderFailure) -> OpenEphemeral {
        if let opener = real as? any EphemeralOpening { return try await opener.open(request) }
        guard real == nil else { throw unconfigured }
        return OpenEphemeral(result: try MadeUpValues(given: nil).read(request.configuration, block(request.type, .ephemeral)))
    }

    func renew(_ open: OpenEphemeral, of type: ResourceType) async throws(ProviderFailure) -> OpenEphemeral {
        guard let opener = real as? any EphemeralOpening else { return open }
        return try await opener.renew(open, of: type)
    }

    func close(_ open: OpenEphemeral, of type: ResourceType) async throws(ProviderFailure) {
        if let opener = real as? any EphemeralOpening { try await opener.close(open, of: type) }
    }
}
