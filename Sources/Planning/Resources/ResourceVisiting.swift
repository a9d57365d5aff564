import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import PlanModel
import ProviderKit
import StateModel
import Values

/// One instance of a resource on its way through a visit.
struct InstanceWork {
    let number: Int
    let address: ResourceInstanceAddress
    let repetition: RepetitionValues
    var desired: Desired
    var prior: StateObject?
    var container: Value?
    var containerAddress: ResourceInstanceAddress?
    /// Arguments written in place of recorded ones so that a container is read where it is now.
    var overlay: [String] = []
    var isUnread = false
    var wasGone = false
    var hasOpenPreconditions = false
    /// It is there already, and is taken over.
    var importing: ImportTable.Wanted?
}

extension Planner {
    /// Plans every instance of a resource in one module instance: evaluates all, begins to read all, then decides one by one.
    func visitResource(_ item: Int, vertex: Int, in instance: ModuleInstance) async {
        let module = inputs.configuration.modules[instance.module]
        let block = module.resources[item]
        let id = Cells.CellID(vertex: vertex, instance: instance.number)
        let resource = ResourceAddress(module: instance.path, resource: block.name)
        let providerAddress = inputs.configuration.providerConfiguration(for: block.provider, in: module)
        let mode: RepetitionMode
        let repetitions: [RepetitionValues]
        let type: TypeSchema
        do throws(DiagnosticError) {
            (mode, repetitions) = try expansion(of: block.repetition, in: instance)
            type = try await schema(of: block, provider: providerAddress)
        } catch {
            report(error, address: resource.description)
            return
        }
        if !isConfiguringOnly { checkProvisioners(of: block, type, in: instance) }
        let shared: SharedValues?
        switch block.repetition {
        case .single: shared = nil
        default:
            shared = SharedValues(
                body: block.body, except: block.attributeFiles.keys,
                isImpureFunction: { [functions = cells.functions] in functions.isImpure($0) })
        }
        let cell = ResourceCell(
            mode: mode, keys: repetitions.map(\.key), eachValues: repetitions.map(\.eachValue), shared: shared,
            isOpen: repetitions.first?.isOpen ?? false)
        instance.resources[item] = cell
        if instance.number == 0 { checkIgnored(block, type) }
        let wanted = wantedImports(of: block, in: module)
        defer { if instance === cells.instances[instance.module].last { refuseImportsToNothing(wanted) } }
        if isValidating {
            _ = providerAddresses(of: block, repetitions, in: instance)
            for (number, repetition) in repetitions.enumerated() {
                let address = resource.instance(repetition.key)
                let desired = decode(block, type, repetition, shared: shared, in: instance, address: address)
                let value = desired.map { validated($0.configuration, type) } ?? .unknown(type.shape.impliedType)
                cell.set(number, block.name.mode == .ephemeral ? value.marked(.ephemeral) : value)
                await validate(desired, block, providerAddress, address)
                validateOwnAttributes(of: block, repetition, .unknown(type.shape.impliedType), in: instance, address: address)
            }
            return
        }
        if isRecalling, mode != .single, !cell.keys.contains(where: { inputs.base.objects[ObjectAddress(resource.instance($0))] != nil }) {
            // Nothing of it was ever made: how many there will be is for a plan to say.
            instance.resources[item] = ResourceCell(mode: mode, keys: cell.keys, eachValues: cell.eachValues, shared: nil, isOpen: true)
            return
        }
        defer { noteExcluded(resource, cell.keys, vertex: vertex) }
        let isForProvider = block.name.mode == .ephemeral && behindProviders.contains(vertex)
        if isConfiguringOnly, !isForProvider {
            for (number, key) in cell.keys.enumerated() {
                let recorded = inputs.base.objects[ObjectAddress(resource.instance(key))]?.attributes
                cell.set(number, recorded.map(type.shape.markingSensitive) ?? .unknown(type.shape.impliedType))
            }
            return
        }
        let addresses = providerAddresses(of: block, repetitions, in: instance)
        let behind = resourcesReached(from: vertex, instance)
        reached[id] = behind
        if block.name.mode == .ephemeral {
            await visitEphemeral(block, type, addresses, cell: cell, id: id, in: instance, repetitions)
            return
        }
        if block.name.mode == .data {
            await visitData(block, type, addresses, cell: cell, id: id, in: instance, repetitions)
            return
        }
        let mayHold = type.containerSlot == nil ? [] : Set(behind)
        var works: [InstanceWork] = []
        works.reserveCapacity(repetitions.count)
        for (number, repetition) in repetitions.enumerated() {
            let address = resource.instance(repetition.key)
            claimed.insert(ObjectAddress(address))
            let prior = inputs.base.objects[ObjectAddress(address)]
            guard plans(address, vertex: vertex), inputs.mode != .destroy else {
                cell.set(number, prior.map { type.shape.markingSensitive($0.attributes) } ?? .unknown(type.shape.impliedType))
                if inputs.mode == .destroy { claimed.remove(ObjectAddress(address)) }
                continue
            }
            guard addresses[number] != nil,
                let desired = decode(block, type, repetition, shared: shared, in: instance, address: address)
            else {
                cell.set(number, .unknown(type.shape.impliedType))
                continue
            }
            if let prior, let fault = newer(prior, type) {
                diagnostics.append(fault)
                cell.set(number, .unknown(type.shape.impliedType))
                continue
            }
            var work = InstanceWork(number: number, address: address, repetition: repetition, desired: desired, prior: prior)
            resolveContainer(&work, type, reached: mayHold)
            if prior == nil { work.importing = wanted[address] }
            works.append(work)
        }
        if works.isEmpty, inputs.mode == .destroy {
            for case let address? in distinct(addresses) { await configureForDestroy(address, span: block.span) }
        }
        guard !works.isEmpty else { return }
        var ready: [(work: InstanceWork, provider: any Provider, address: ProviderConfigAddress)] = []
        for case let address? in distinct(works.map { addresses[$0.number] }) {
            var group = works.filter { addresses[$0.number] == address }
            let all = group
            do throws(DiagnosticError) {
                let provider = try await self.provider(address, neededBy: block.span)
                beginReading(&group, type, address, provider)
                await importObjects(&group, type, block, address, provider)
                ready += group.map { ($0, provider, address) }
            } catch {
                report(error, address: resource.description)
                group = []
            }
            let left = Set(group.map(\.number))
            for work in all where !left.contains(work.number) { cell.set(work.number, .unknown(type.shape.impliedType)) }
        }
        for (work, provider, address) in ready.sorted(by: { $0.work.number < $1.work.number }) {
            await plan(work, block: block, type: type, provider: provider, providerAddress: address, cell: cell, id: id, in: instance)
        }
    }

    /// Each once, in the order of the instances.
    private func distinct(_ addresses: [ProviderConfigAddress?]) -> [ProviderConfigAddress?] {
        guard let first = addresses.first else { return [] }
        if addresses.allSatisfy({ $0 == first }) { return [first] }
        var seen: Set<ProviderConfigAddress?> = []
        return addresses.filter { seen.insert($0).inserted }
    }

    private func configureForDestroy(_ address: ProviderConfigAddress, span: SourceSpan) async {
        // Only asked so that a provider without a block is ready; its faults are told by whatever needs it.
        _ = try? await provider(address, neededBy: span)
    }

    func schema(of block: ResourceBlock, provider: ProviderConfigAddress) async throws(DiagnosticError) -> TypeSchema {
        let source: any ProviderSource
        do throws(DiagnosticError) {
            source = try await providers.source(provider, from: catalog)
        } catch {
            throw DiagnosticError(
                error.diagnostics.map { diagnostic in
                    var located = diagnostic
                    if located.subject == nil { located.subject = block.span }
                    return located
                })
        }
        if let type = providers.type(block.name.type, mode: block.name.mode, of: source) { return type }
        let (what, summary, offered) =
            switch block.name.mode {
            case .managed: ("resource type", "Invalid resource type", source.schema.resources)
            case .data: ("data source", "Invalid data source", source.schema.dataSources)
            case .ephemeral: ("ephemeral resource", "Invalid ephemeral resource", source.schema.ephemerals)
            }
        let known = offered.keys.map(\.rawValue).sorted()
        var hints: [String] = []
        if let near = nearestName(block.name.type.rawValue, among: known) { hints.append("Did you mean \"\(near)\"?") }
        throw DiagnosticError(
            .error(
                summary,
                "The provider \(source.schema.name) does not support \(what) \"\(block.name.type.rawValue)\".", at: block.span, hints: hints
            ))
    }

    /// The desired value of one instance; nil after reporting faults.
    func decode(
        _ block: ResourceBlock, _ type: TypeSchema, _ repetition: RepetitionValues, shared: SharedValues?, in instance: ModuleInstance,
        address: ResourceInstanceAddress
    ) -> Desired? {
        var decoder = BodyDecoder { [cells] file in
            cells.evaluator(file, in: instance, repetition: repetition, shared: shared)
        }
        decoder.allowsEphemeral = block.name.mode == .ephemeral
        let desired = decoder.decode(block.body, type.shape, files: block.attributeFiles)
        for var diagnostic in decoder.diagnostics {
            if diagnostic.address == nil { diagnostic.address = address.description }
            diagnostics.append(diagnostic)
        }
        return decoder.diagnostics.hasErrors ? nil : desired
    }
}
