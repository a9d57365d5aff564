import Addresses
import ConfigModel
import Diagnostics
import PlanModel
import ProviderKit
import StateModel
import Values

extension Planner {
    func removalProvider(of object: StateObject) async throws(DiagnosticError) -> (any Provider, TypeSchema) {
        let address = object.provider
        let source = try await providers.source(address, from: catalog)
        guard let type = providers.type(object.address.instance.type, mode: .managed, of: source) else {
            throw DiagnosticError(
                .error(
                    "Invalid resource type",
                    "The state has \(object.address), but the provider \(source.schema.name) has no resource type \"\(object.address.instance.type.rawValue)\" any more.",
                    hints: ["Use a version of the provider that has it, or forget the object: ashlar state rm '\(object.address.instance)'"]
                ))
        }
        if let absence = absence(of: address, neededBy: object.address.description) { throw DiagnosticError(absence) }
        if providers.configured[address] == nil, source.schema.configuration.attributes.contains(where: \.isRequired) {
            throw DiagnosticError(
                .error(
                    "Provider configuration not present",
                    "To work with \(object.address) its original provider configuration at \(address) is required, but it has been removed. This occurs when a provider configuration is removed while objects created by that provider still exist in the state.",
                    hints: [
                        "Re-add the provider configuration to destroy \(object.address), after which you can remove the provider configuration again."
                    ]))
        }
        return (try await provider(address, neededBy: nil), type)
    }

    func beginReadingRemovals(_ ready: [(StateObject, any Provider, TypeSchema)]) {
        guard inputs.options.refresh else { return }
        for (object, provider, type) in ready where type.schema.isContainer && object.address.generation == .current {
            var requests = [
                (object.address, ReadRequest(object: object.remote, address: object.address, container: containerValue(object)))
            ]
            for held in refresh.contents(of: object.address.instance, provider: object.provider) {
                guard let record = inputs.base.objects[held] else { continue }
                requests.append((held, ReadRequest(object: record.remote, address: held, container: object.attributes)))
            }
            refresh.startTogether(requests, with: provider)
        }
        for (object, provider, type) in ready where object.container == nil && !type.schema.isContainer {
            refresh.startFree(object.provider, with: provider)
        }
        // What is left goes together by where it is.
        var groups: [RemovalPlace: [(ObjectAddress, ReadRequest)]] = [:]
        var order: [(RemovalPlace, any Provider)] = []
        for (object, provider, _) in ready where !refresh.isStarted(object.address) {
            let place = RemovalPlace(provider: object.provider, container: object.container)
            if groups[place] == nil { order.append((place, provider)) }
            groups[place, default: []].append(
                (object.address, ReadRequest(object: object.remote, address: object.address, container: containerValue(object))))
        }
        for (place, provider) in order { refresh.start(groups[place] ?? [], with: provider) }
    }

    /// What holds a recorded object, as planned now, else as recorded.
    func containerValue(_ object: StateObject) -> Value? {
        guard let container = object.container else { return nil }
        if let index = draftByAddress[ObjectAddress(container)], let now = drafts[index].change.before ?? drafts[index].change.after {
            return now
        }
        return inputs.base.objects[ObjectAddress(container)]?.attributes
    }

    /// Whether what holds a recorded object, or what holds that, was found to be gone.
    func isContainerGone(of object: StateObject) async -> Bool {
        guard let container = object.container, let record = inputs.base.objects[ObjectAddress(container)] else { return false }
        if await isContainerGone(of: record) { return true }
        // A host that does not answer may be slow to say so: only what holds it can tell that it is gone.
        guard record.container == nil else { return false }
        if case .gone? = await refresh.outcome(ObjectAddress(container)) { return true }
        return false
    }
}

/// What is read in one group before it goes.
private struct RemovalPlace: Hashable {
    let provider: ProviderConfigAddress
    let container: ResourceInstanceAddress?
}
