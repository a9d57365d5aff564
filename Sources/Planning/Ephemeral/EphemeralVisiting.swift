import Addresses
import ConfigModel
public import Diagnostics
import Evaluation
import PlanModel
import ProviderKit
import Values

extension Planner {
    /// Opens ephemeral resources, or leaves that to the apply: by the rules by which data sources are read.
    func visitEphemeral(
        _ block: ResourceBlock, _ type: TypeSchema, _ addresses: [ProviderConfigAddress?], cell: ResourceCell, id: Cells.CellID,
        in instance: ModuleInstance, _ repetitions: [RepetitionValues]
    ) async {
        let resource = ResourceAddress(module: instance.path, resource: block.name)
        // Where only providers are wanted nothing is pending: what is not recorded is unknown.
        let isPending = !isConfiguringOnly && hasPendingEffect(before: id, through: .values)
        let closed = Value.unknown(type.shape.impliedType).marked(.ephemeral)
        for (number, repetition) in repetitions.enumerated() {
            let own = resource.instance(repetition.key)
            cell.set(number, closed)
            // What goes is not asked for secrets; a provider that needs some is configured from what is open.
            guard plans(own, vertex: id.vertex), let address = addresses[number],
                let desired = decode(block, type, repetition, shared: cell.shared, in: instance, address: own),
                let open = isConfiguringOnly
                    ? []
                    : conditions(
                        block.lifecycle.preconditions, of: own, id: id, number: number, in: instance, repetition: repetition, own: nil)
            else { continue }
            openConditions.free(open)
            if isPending || !desired.configuration.isWhollyKnown || !open.isEmpty {
                if inputs.mode == .normal { ephemerals.wait(own, id, number) }
                continue
            }
            do throws(DiagnosticError) {
                let value = try await opened(desired.configuration, own, block, type, address)
                cell.set(number, value)
                // Conditions are for a plan to judge.
                if isConfiguringOnly { continue }
                _ = conditions(
                    block.lifecycle.postconditions, of: own, id: id, number: number, in: instance, repetition: repetition, own: value)
            } catch {
                report(isConfiguringOnly ? DiagnosticError(error.diagnostics.map(\.asWarning)) : error, address: own.description)
            }
        }
    }

    private func opened(
        _ configuration: Value, _ own: ResourceInstanceAddress, _ block: ResourceBlock, _ type: TypeSchema,
        _ address: ProviderConfigAddress
    ) async throws(DiagnosticError) -> Value {
        let provider = try await provider(for: address)
        if let source = providers.knownSource(address) {
            let faults = source.validate(configuration, of: block.name.type, mode: .ephemeral).map { located($0, in: block, of: own) }
            diagnostics.append(contentsOf: faults.filter { $0.severity != .error })
            if faults.hasErrors { throw DiagnosticError(faults) }
        }
        guard let opener = provider as? any EphemeralOpening else {
            throw DiagnosticError(
                .error("Invalid ephemeral resource", "The provider \(address.name) has no ephemeral resources.", at: block.span))
        }
        let plain = configuration.withoutMarks([.ephemeral, .sensitive])
        do throws(ProviderFailure) {
            let handle = try await opener.open(EphemeralRequest(address: own, configuration: plain))
            guard handle.result.isWhollyKnown else {
                throw ProviderFailure(
                    .unexpectedAnswer, summary: "Provider produced invalid object",
                    detail: "The provider opened \(own) and gave a value that is not known. This is a fault of the provider.")
            }
            let index = ephemerals.open.count
            ephemerals.open.append(Ephemerals.Open(address: own, opener: opener, handle: handle))
            keepOpen(index)
            let marked = type.shape.markingSensitive(handle.result.withMarks(at: configuration.unmarkedDeep().1))
            return marked.marked(.ephemeral)
        } catch {
            throw DiagnosticError(error.ephemeralDiagnostic(own, block.span))
        }
    }

    /// Renews it as often as it asks for, until it is closed. A provider that asks for no time at all does not get all of it.
    private func keepOpen(_ index: Int) {
        guard let seconds = ephemerals.open[index].handle.renewAfter, !ephemerals.isClosing else { return }
        ephemerals.open[index].renewing = Task { [weak self] in
            do {
                try await Task.sleep(for: .seconds(max(1, seconds)))
            } catch {
                // Closed meanwhile.
                return
            }
            await self?.renew(index)
        }
    }

    private func renew(_ index: Int) async {
        let open = ephemerals.open[index]
        // Of a task of its own: closing ends the pause before a renewal, and waits for one that is under way.
        let renewal = Task { () -> Result<OpenEphemeral, ProviderFailure> in
            do throws(ProviderFailure) {
                return .success(try await open.opener.renew(open.handle, of: open.address.type))
            } catch {
                return .failure(error)
            }
        }
        switch await renewal.value {
        case .success(let handle):
            ephemerals.open[index].handle = handle
            keepOpen(index)
        case .failure(let failure):
            // Whoever uses it finds out; that it is so is told at the end.
            failedRenewals.append(failure.ephemeralDiagnostic(open.address, nil))
        }
    }

    /// While applying: opens what could not be opened while planning.
    public func open(_ vertex: Int) async -> [Diagnostic] {
        guard let layout, layout.vertices.indices.contains(vertex), case .open(let address) = layout.vertices[vertex].kind,
            let deferred = ephemerals.deferred(address), case .resource(let item) = declarations.vertices[deferred.cell.vertex].declaration
        else { return [] }
        let module = declarations.vertices[deferred.cell.vertex].module
        let instance = cells.instances[module][deferred.cell.instance]
        let block = inputs.configuration.modules[module].resources[item]
        let choice = inputs.configuration.providerChoice(for: block.provider, in: inputs.configuration.modules[module])
        guard let cell = instance.resources[item], let source = providers.knownSource(choice.address),
            let type = providers.type(block.name.type, mode: .ephemeral, of: source)
        else { return [] }
        let repetition = repetition(deferred.number, of: cell, block, in: instance)
        let own = ResourceAddress(module: instance.path, resource: block.name).instance(repetition.key)
        do throws(DiagnosticError) {
            try hold(block.lifecycle.preconditions, of: own, instance, repetition, own: nil)
            let providerAddress = try providerAddress(choice, own, repetition, in: instance)
            cell.shared?.renew(asOf: cells.open.progress)
            guard let desired = decode(block, type, repetition, shared: cell.shared, in: instance, address: own),
                desired.configuration.isWhollyKnown
            else {
                return [
                    .error(
                        "Configuration contains unknown value",
                        "Everything that \(own) waits for is done, and its configuration is not known.", at: block.span,
                        address: own.description)
                ]
            }
            let value = try await opened(desired.configuration, own, block, type, providerAddress)
            cell.set(deferred.number, value)
            cells.open.advance()
            try hold(block.lifecycle.postconditions, of: own, instance, repetition, own: value)
            return []
        } catch {
            return error.diagnostics
        }
    }

    private func hold(
        _ conditions: [ConditionBlock], of own: ResourceInstanceAddress, _ instance: ModuleInstance, _ repetition: RepetitionValues,
        own value: Value?
    ) throws(DiagnosticError) {
        for condition in conditions {
            let (status, problems) = evaluate(
                condition, in: instance, repetition: repetition, own: value,
                summary: value == nil ? "Resource precondition failed" : "Resource postcondition failed", address: own.description)
            if status == .fail || status == .error { throw DiagnosticError(problems) }
        }
    }

    /// Closes everything that is open, the last one first. Once; what cannot be closed, or was not renewed, is told as warnings.
    public func closeEphemerals() async -> [Diagnostic] {
        guard !ephemerals.isClosing else { return [] }
        ephemerals.isClosing = true
        var told: [Diagnostic] = []
        for index in ephemerals.open.indices.reversed() {
            // A renewal under way ends first: what it gives is what is to be closed.
            ephemerals.open[index].renewing?.cancel()
            await ephemerals.open[index].renewing?.value
            let open = ephemerals.open[index]
            // Of a task of its own, too: what is closed because a run was cancelled is closed all the same.
            let closing = Task { () -> ProviderFailure? in
                do throws(ProviderFailure) {
                    try await open.opener.close(open.handle, of: open.address.type)
                    return nil
                } catch {
                    return error
                }
            }
            if let failure = await closing.value { told.append(failure.ephemeralDiagnostic(open.address, nil)) }
        }
        told = failedRenewals + told
        failedRenewals = []
        ephemerals.open = []
        ephemerals.isClosing = false
        return told.map(\.asWarning)
    }
}
