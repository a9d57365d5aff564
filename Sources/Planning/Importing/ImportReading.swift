import Addresses
import ConfigModel
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Values

extension Planner {
    /// Finds and reads the objects that are to be taken over, all of a resource in one group. Those that cannot be are reported, and left
    /// out of `works`.
    func importObjects(
        _ works: inout [InstanceWork], _ type: TypeSchema, _ block: ResourceBlock, _ address: ProviderConfigAddress,
        _ provider: any Provider
    ) async {
        guard works.contains(where: { $0.importing != nil }) else { return }
        var requests: [(work: Int, request: ReadRequest)] = []
        var failed: Set<Int> = []
        for index in works.indices {
            guard let wanted = works[index].importing else { continue }
            do throws(DiagnosticError) {
                let remote = try await found(wanted, works[index], type, address, provider)
                requests.append(
                    (index, ReadRequest(object: remote, address: ObjectAddress(works[index].address), container: works[index].container)))
            } catch {
                report(error, address: works[index].address.description)
                failed.insert(index)
            }
        }
        for (index, outcome) in await outcomes(of: requests.map(\.request), from: provider) {
            let index = requests[index].work
            do throws(DiagnosticError) {
                works[index].prior = try taken(outcome, works[index], type, address)
            } catch {
                report(error, address: works[index].address.description)
                failed.insert(index)
            }
        }
        works = works.indices.filter { !failed.contains($0) }.map { works[$0] }
    }

    private func outcomes(of requests: [ReadRequest], from provider: any Provider) async -> [(Int, ReadOutcome)] {
        var groups: [String: [Int]] = [:]
        for (index, request) in requests.enumerated() {
            groups[provider.batchKey(type: request.object.type, container: request.container), default: []].append(index)
        }
        var answers = [ReadOutcome?](repeating: nil, count: requests.count)
        for key in groups.keys.sorted(by: { $0.precedesByBytes($1) }) {
            let members = groups[key] ?? []
            for await (index, outcome) in provider.read(members.map { requests[$0] }) where members.indices.contains(index) {
                answers[members[index]] = outcome
            }
        }
        return answers.enumerated().map { ($0.offset, $0.element ?? .failed(.unanswered)) }
    }

    /// What the provider makes of the id.
    private func found(
        _ wanted: ImportTable.Wanted, _ work: InstanceWork, _ type: TypeSchema, _ address: ProviderConfigAddress, _ provider: any Provider
    ) async throws(DiagnosticError) -> RemoteObject {
        if providers.configured[address]?.hadUnknowns == true {
            throw DiagnosticError(
                .error(
                    "Invalid provider configuration",
                    "The configuration for \(address) depends on values that cannot be determined until apply, so nothing can be imported through it yet.",
                    at: wanted.span))
        }
        if type.containerSlot != nil {
            guard let container = work.container, container["id"]?.isWhollyKnown ?? container.isWhollyKnown else {
                throw DiagnosticError(
                    .error(
                        "Invalid import target",
                        "What holds \(work.address) is not there yet, so that there is nothing on it that could be imported.",
                        at: wanted.span))
            }
        }
        do throws(ProviderFailure) {
            guard let importer = provider as? any Importing else { throw .notImportable(type.schema.type) }
            return try await importer.importObject(
                ImportRequest(
                    address: work.address, id: wanted.id, configuration: work.desired.configuration, container: work.container))
        } catch {
            throw DiagnosticError(error.diagnostic(address: work.address.description, subject: wanted.span))
        }
    }

    /// The record of an object that was read for the first time.
    private func taken(_ outcome: ReadOutcome, _ work: InstanceWork, _ type: TypeSchema, _ address: ProviderConfigAddress)
        throws(DiagnosticError) -> StateObject
    {
        let wanted = work.importing
        switch outcome {
        case .found(let remote):
            return StateObject(
                address: ObjectAddress(work.address), attributes: type.shape.markingSensitive(remote.attributes),
                schemaVersion: remote.schemaVersion, privateBytes: remote.privateBytes, provider: address,
                container: work.containerAddress,
                identity: identity(of: remote.attributes, type, container: work.containerAddress))
        case .gone:
            throw DiagnosticError(
                .error(
                    "Cannot import non-existent remote object",
                    "While attempting to import an existing object to \"\(work.address)\", the provider detected that no object exists with the given id \"\(wanted?.id ?? "")\". Only pre-existing objects can be imported; check that the id is correct and that it is associated with the provider's configured region or endpoint, or create a new object for this resource.",
                    at: wanted?.span))
        case .unreachable(let failure, _), .failed(let failure):
            throw DiagnosticError(failure.diagnostic(address: work.address.description, subject: wanted?.span))
        }
    }

    /// With what the configuration says of it, as if it had been applied.
    func record(
        ofTaken object: StateObject, _ block: ResourceBlock, _ type: TypeSchema, _ id: Cells.CellID, in instance: ModuleInstance
    ) -> StateObject {
        var record = object
        record.dependencies = reached[id] ?? []
        record.createBeforeDestroy = createBeforeDestroy[id.vertex]
        record.preventsDestroy = declarations.preventsDestroy(block, in: instance.module)
        record.isGuarded = isGuarded(object.attributes, type)
        return record
    }

    /// What was asked to be imported to instances that the configuration does not have.
    func refuseImportsToNothing(_ wanted: [ResourceInstanceAddress: ImportTable.Wanted]) {
        for address in wanted.keys.sorted() {
            if let instance = cells.instance(at: address.module),
                let item = declarations.indices[instance.module].resources[address.resource.resource],
                instance.resources[item]?.index[address.key] != nil
            {
                continue
            }
            diagnostics.append(
                .error(
                    "Configuration for import target does not exist",
                    "The configuration for the given import \(address) does not exist. All target instances must have an associated configuration to be imported.",
                    at: wanted[address]?.span))
        }
    }
}
