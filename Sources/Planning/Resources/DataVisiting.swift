import Addresses
import ConfigModel
import DependencyGraph
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Values

extension Planner {
    /// Reads data sources now, or leaves them to the apply: where their configuration holds an unknown, or something that they
    /// refer to or depend on has a pending effect (known inputs alone do not suffice).
    func visitData(
        _ block: ResourceBlock, _ type: TypeSchema, _ addresses: [ProviderConfigAddress?], cell: ResourceCell, id: Cells.CellID,
        in instance: ModuleInstance, _ repetitions: [RepetitionValues]
    ) async {
        let resource = ResourceAddress(module: instance.path, resource: block.name)
        // Its own conditions may be about anything that it comes from.
        let isConditional = !block.lifecycle.preconditions.isEmpty || !block.lifecycle.postconditions.isEmpty
        let isPending = hasPendingEffect(before: id, through: isConditional ? .everything : .values)
        var ready: [ReadyRead] = []
        for (number, repetition) in repetitions.enumerated() {
            let own = resource.instance(repetition.key)
            if inputs.mode != .destroy { claimed.insert(ObjectAddress(own)) }
            guard plans(own, vertex: id.vertex), let address = addresses[number],
                let desired = decode(block, type, repetition, shared: cell.shared, in: instance, address: own)
            else {
                cell.set(number, .unknown(type.shape.impliedType))
                continue
            }
            guard
                let open = conditions(
                    block.lifecycle.preconditions, of: own, id: id, number: number, in: instance, repetition: repetition, own: nil)
            else {
                cell.set(number, .unknown(type.shape.impliedType))
                continue
            }
            if inputs.mode != .destroy, isPending || !desired.configuration.isWhollyKnown {
                let planned = deferredValue(desired.configuration, type)
                cell.set(number, planned)
                var draft = reading(
                    own, desired.configuration.isWhollyKnown ? .dependencyPending : .configUnknown, planned, address, block, id, number)
                // Its step looks at the preconditions itself.
                draft.openConditions =
                    conditions(
                        block.lifecycle.postconditions, of: own, id: id, number: number, in: instance, repetition: repetition, own: planned)
                    ?? []
                append(draft)
            } else {
                openConditions.free(open)
                ready.append(ReadyRead(number: number, address: own, provider: address, desired: desired))
            }
        }
        guard !ready.isEmpty else { return }
        if inputs.mode == .destroy, ready.contains(where: { !$0.desired.configuration.isWhollyKnown }) { return }
        await readNow(ready, block, type, cell: cell, id: id, in: instance, repetitions)
    }

    /// A data source that everything is known of.
    private struct ReadyRead {
        let number: Int
        let address: ResourceInstanceAddress
        let provider: ProviderConfigAddress
        let desired: Desired
    }

    private func reading(
        _ own: ResourceInstanceAddress, _ reason: Change.Reason, _ planned: Value, _ address: ProviderConfigAddress, _ block: ResourceBlock,
        _ id: Cells.CellID, _ number: Int
    ) -> ChangeDraft {
        var draft = ChangeDraft(
            change: Change(
                address: ObjectAddress(own), provider: address, action: .read, reason: reason, origin: block.span, after: planned),
            cell: id, number: number)
        draft.isData = true
        return draft
    }

    private static func result(of request: DataRequest, by reader: any DataReading) async -> Result<Value, ProviderFailure> {
        do throws(ProviderFailure) {
            let value = try await reader.readData(request)
            return .success(value)
        } catch {
            return .failure(error)
        }
    }

    private func readNow(
        _ ready: [ReadyRead], _ block: ResourceBlock, _ type: TypeSchema, cell: ResourceCell, id: Cells.CellID, in instance: ModuleInstance,
        _ repetitions: [RepetitionValues]
    ) async {
        var readers: [ProviderConfigAddress: any DataReading] = [:]
        for item in ready where readers[item.provider] == nil {
            do throws(DiagnosticError) {
                readers[item.provider] = try await dataReader(item.provider, block)
            } catch {
                report(error, address: block.name.description)
                return
            }
        }
        let container = type.schema.containerAttribute
        let results = await withTaskGroup(of: (Int, Result<Value, ProviderFailure>).self) { group in
            for (index, item) in ready.enumerated() {
                let configuration = item.desired.configuration
                let request = DataRequest(
                    address: item.address, configuration: configuration, container: container.flatMap { configuration[$0] })
                guard let reader = readers[item.provider] else { continue }
                group.addTask {
                    // Apart from its number: of a tuple of which one half is awaited, Swift 6.3's optimiser has lost the other.
                    let result = await Self.result(of: request, by: reader)
                    return (index, result)
                }
            }
            var results = [Result<Value, ProviderFailure>?](repeating: nil, count: ready.count)
            for await (index, result) in group { results[index] = result }
            return results
        }
        let check = declarations.indices[instance.module].checkData[block.name]
        for (index, item) in ready.enumerated() {
            switch results[index] {
            case .success(let value)?:
                let marked = type.shape.markingSensitive(value.withMarks(at: item.desired.configuration.unmarkedDeep().1))
                cell.set(item.number, marked)
                claimed.insert(ObjectAddress(item.address))
                observed.append(
                    .init(
                        kind: .data, address: ObjectAddress(item.address),
                        object: StateObject(address: ObjectAddress(item.address), attributes: marked, provider: item.provider)))
                openConditions.free(
                    conditions(
                        block.lifecycle.postconditions, of: item.address, id: id, number: item.number, in: instance,
                        repetition: repetitions[item.number], own: marked) ?? [])
                if check != nil, inputs.mode == .normal {
                    append(reading(item.address, .checkNested, marked, item.provider, block, id, item.number))
                }
            case .failure(let failure)?:
                cell.set(item.number, .unknown(type.shape.impliedType))
                if let check, inputs.mode != .destroy {
                    let problem = failure.diagnostic(address: item.address.description, subject: block.span)
                    note(unanswered: problem, check: check, in: instance)
                    guard inputs.mode == .normal else { continue }
                    let planned = deferredValue(item.desired.configuration, type)
                    cell.set(item.number, planned)
                    append(reading(item.address, .checkNested, planned, item.provider, block, id, item.number))
                    continue
                }
                // While destroying, what cannot be read any more is no reason to stop.
                if inputs.mode != .destroy {
                    report(DiagnosticError(failure.diagnostic(address: item.address.description, subject: block.span)))
                }
            case nil: cell.set(item.number, .unknown(type.shape.impliedType))
            }
        }
    }

    func dataReader(_ address: ProviderConfigAddress, _ block: ResourceBlock) async throws(DiagnosticError) -> any DataReading {
        let provider = try await provider(address, neededBy: block.span)
        guard let reader = provider as? any DataReading else {
            throw DiagnosticError(
                .error("Invalid data source", "The provider \(address.name) has no data sources.", at: block.span))
        }
        return reader
    }

    /// Computed attributes are unknown until it is read.
    private func deferredValue(_ configuration: Value, _ type: TypeSchema) -> Value {
        guard case .object(let object) = configuration.node else { return .unknown(type.shape.impliedType) }
        var slots = object.slots
        for (slot, member) in type.shape.members.enumerated() {
            if case .attribute(let schema) = member, schema.isComputed, slots[slot].isNull { slots[slot] = .unknown(schema.type) }
        }
        return type.shape.markingSensitive(.object(shape: object.shape, slots: slots))
    }
}
