import Addresses
import ConfigModel
import Diagnostics
import Evaluation
import PlanModel
import StateModel
import Values

/// Which instance of a repeated provider configuration something uses.
extension Planner {
    /// For each instance of a resource; nil where that cannot be told, which is reported.
    func providerAddresses(of block: ResourceBlock, _ repetitions: [RepetitionValues], in instance: ModuleInstance)
        -> [ProviderConfigAddress?]
    {
        let choice = inputs.configuration.providerChoice(for: block.provider, in: inputs.configuration.modules[instance.module])
        if choice.key == nil { return Array(repeating: choice.address, count: repetitions.count) }
        let resource = ResourceAddress(module: instance.path, resource: block.name)
        return repetitions.map { repetition in
            do throws(DiagnosticError) {
                return try providerAddress(choice, resource.instance(repetition.key), repetition, in: instance)
            } catch {
                // What goes is made by what is recorded.
                if inputs.mode != .destroy { report(error, address: resource.instance(repetition.key).description) }
                return nil
            }
        }
    }

    func providerAddress(
        _ choice: ProviderChoice, _ user: ResourceInstanceAddress, _ repetition: RepetitionValues, in instance: ModuleInstance
    ) throws(DiagnosticError) -> ProviderConfigAddress {
        guard let key = choice.key else { return choice.address }
        var evaluator = cells.evaluator(key.file, in: instance, repetition: repetition)
        if let call = choice.call {
            guard let called = inputs.configuration.index(of: call).flatMap({ instance.ancestor(of: $0) }), let caller = called.parent
            else {
                return choice.address
            }
            evaluator = cells.evaluator(key.file, in: caller, repetition: called.repetition)
        }
        let value = try evaluator.value(of: key.expression)
        // Which one it will be does not matter for what can be validated.
        if isValidating, !value.isWhollyKnown { return choice.address }
        var address = choice.address
        do throws(DiagnosticError) {
            address.key = try Self.instanceKey(value, at: key.span)
        } catch {
            throw evaluator.withReferences(error, in: key.expression)
        }
        guard let block = inputs.configuration.providerBlock(at: address), !block.keys.contains(address.key) else { return address }
        let known = block.keys.compactMap { key in if case .key(let text) = key { text } else { nil } }
        var hints = ["Its instances are: \(known.isEmpty ? "none" : known.joined(separator: ", "))."]
        if case .key(let text) = address.key, let near = nearestName(text, among: known) { hints = ["Did you mean \"\(near)\"?"] }
        throw DiagnosticError(
            .error(
                "Provider instance not present",
                "\(user) is to use the provider instance \(address), and \"for_each\" of the provider configuration has no such key.",
                at: key.span, hints: hints))
    }

    private static func instanceKey(_ value: Value, at span: SourceSpan) throws(DiagnosticError) -> InstanceKey {
        func fault(_ detail: String) -> DiagnosticError { DiagnosticError(.error("Invalid provider instance key", detail, at: span)) }
        if value.holdsSensitive {
            throw fault("A provider instance key must not be derived from a sensitive value: it is recorded, and shown.")
        }
        if value.holdsEphemeral { throw fault("A provider instance key must not be derived from an ephemeral value: it is recorded.") }
        if value.isNull { throw fault("A provider instance key must not be null.") }
        guard value.isWhollyKnown else {
            throw fault(
                "The provider instance key depends on values that cannot be determined until apply, so nothing can be planned by it."
            )
            .caused(by: .notKnownYet)
        }
        guard let text = (try? value.converted(to: .string))?.stringValue else {
            throw fault("A provider instance key is a string, and this is \(value.type.friendlyName).")
        }
        return .key(text)
    }

    /// Why a recorded provider instance cannot be had any more; nil where it can, or where its configuration never had instances.
    func absence(of address: ProviderConfigAddress, neededBy user: String) -> Diagnostic? {
        let block = inputs.configuration.providerBlock(at: address)
        if let block, case .forEach = block.repetition {
            if block.keys.contains(address.key) { return nil }
        } else if address.key == .none {
            return nil
        }
        if address.key == .none {
            return .error(
                "Provider configuration not present",
                "To work with \(user) its original provider configuration at \(address) is required, and that has \"for_each\" now: which of its instances is to be used is recorded nowhere.",
                at: block?.span,
                hints: [
                    "Declare \(user) with a provider argument that names the instance, apply that, and remove the object afterwards."
                ])
        }
        let isThere = block.map { if case .forEach = $0.repetition { true } else { false } } ?? false
        return .error(
            "Provider instance not present",
            "To work with \(user) its original provider instance at \(address) is required, but it has been removed. This occurs when \(isThere ? "an element is removed from the provider configuration's for_each collection" : "a provider configuration is removed, or its for_each,") while objects created by that instance still exist in the state.",
            at: block?.span,
            hints: [
                "Bring the key \(address.key.description.dropFirst().dropLast()) back\(isThere ? " into the for_each of the provider" : "") to destroy \(user); after that it can go.",
                "Where a resource and its provider are repeated by one collection, leave out elements of the resource's alone at first: for_each = setsubtract(COLLECTION, DISABLED).",
            ])
    }
}
