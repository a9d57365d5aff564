import Addresses
import ConfigModel
import Diagnostics
import PlanModel
import StateModel

extension Planner {
    /// Why a recorded object may not be deleted; nil: it may. Its block says so, or the kind that it is a part of; where that is gone,
    /// what held when it was last applied goes on holding until somebody says otherwise. What a replacement has left over goes, as that
    /// was agreed to.
    func protection(of object: StateObject) -> Diagnostic? {
        guard object.address.generation == .current else { return nil }
        let address = object.address.instance
        if let place = resourceItem(address) {
            let block = inputs.configuration.modules[place.module].resources[place.item]
            return declarations.preventsDestroy(block, in: place.module) ? preventedDestroy(of: address, at: block.span) : nil
        }
        if let kind = preventingKind(around: address) { return preventedDestroy(of: address, at: kind.span) }
        guard object.preventsDestroy, !isConsentedTo(address) else { return nil }
        let removable = removableName(of: address)
        return .error(
            "Instance cannot be destroyed",
            "\(address) was last applied with lifecycle.prevent_destroy. What declared it is no longer in the configuration, and the plan calls for it to be destroyed; what protects an object outlives its block.",
            address: address.description,
            hints: [
                "To keep it, put its block back, or let go of it with a removed block (from = \(removable)) that says destroy = false.",
                "To destroy it, say destroy = true in such a block, or allow it for one run with -unprotect='\(address)'.",
            ])
    }

    func preventedDestroy(of address: ResourceInstanceAddress, at span: SourceSpan) -> Diagnostic {
        .error(
            "Instance cannot be destroyed",
            "Resource \(address) has lifecycle.prevent_destroy set, but the plan calls for this resource to be destroyed. To avoid this error and continue with the plan, either disable lifecycle.prevent_destroy or reduce the scope of the plan using the -target option.",
            at: span)
    }

    /// Where in the configuration a recorded instance's resource stands, whatever its keys.
    func resourceItem(_ address: ResourceInstanceAddress) -> (module: Int, item: Int)? {
        guard let module = inputs.configuration.index(of: address.module.call),
            let item = declarations.indices[module].resources[address.resource.resource]
        else { return nil }
        return (module, item)
    }

    /// The block that the configuration still has for a recorded object.
    func origin(of object: StateObject) -> SourceSpan? {
        resourceItem(object.address.instance).map { inputs.configuration.modules[$0.module].resources[$0.item].span }
    }

    /// A kind that is configured although it has no such part any more.
    private func preventingKind(around address: ResourceInstanceAddress) -> ModuleCall? {
        var steps = address.module.call.steps
        while !steps.isEmpty {
            if let module = inputs.configuration.index(of: ModuleCallPath(steps)) {
                return declarations.kindsAround(module).first(where: \.lifecycle.preventDestroy)
            }
            steps.removeLast()
        }
        return nil
    }

    private func isConsentedTo(_ address: ResourceInstanceAddress) -> Bool {
        selection.unprotects(address)
            || removedPatterns(destroying: true).contains { $0.matches(address) }
    }

    /// What a `removed` block says instead of an instance's address: the whole kind, no keys.
    private func removableName(of address: ResourceInstanceAddress) -> String {
        if let kind = address.module.kind { return kind.call.description }
        let call = address.module.call
        return (call.isRoot ? "" : "\(call).") + address.resource.resource.description
    }

    /// What `removed` blocks name, by whether it is to be destroyed or merely forgotten.
    func removedPatterns(destroying: Bool) -> [AddressPattern] {
        inputs.configuration.modules.flatMap { module in
            module.removed.filter { $0.destroys == destroying }.map { $0.address.pattern(within: module.path) }
        }
    }
}
