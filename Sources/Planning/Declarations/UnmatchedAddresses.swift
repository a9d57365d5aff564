import Addresses
import ConfigModel
import Diagnostics
import PlanModel
import StateModel

extension Planner {
    /// Warnings of addresses given with flags that name nothing, neither configured nor recorded: an empty plan is no answer to a slip of
    /// the pen.
    func unmatchedAddresses() -> [Diagnostic] {
        let given = selection.given(inputs.options)
        guard !given.isEmpty else { return [] }
        let known = Set(drafts.map(\.change.address.instance)).union(inputs.base.objects.keys.map(\.instance)).union(excluded).sorted()
        var warnings = incompleteReplacements(among: known)
        for (flag, text, pattern) in given where !known.contains(where: { pattern.matches($0) }) {
            // Declared, with no instance at the moment: that is what it says.
            if !pattern.hasKey, isDeclared(pattern) { continue }
            var hints: [String] = []
            let instances = known.filter { pattern.matchesWithoutKeys($0) }
            if !instances.isEmpty {
                let some = instances.prefix(5).map(\.description).joined(separator: ", ")
                hints.append("There \(instances.count == 1 ? "is" : "are") \(some)\(instances.count > 5 ? " and others" : "").")
            } else if let near = nearestName(text, among: known.map(\.description) + declaredNames) {
                hints.append("Did you mean \(near)?")
            } else {
                hints.append("List what is recorded with: ashlar state list")
            }
            warnings.append(
                .warning(
                    "Nothing at the address given with \(flag)",
                    "\(text) is neither in the configuration nor in the state, so that \(flag) changes nothing\(flag == "-target" ? " and nothing is planned for it" : "").",
                    hints: hints))
        }
        return warnings
    }

    /// `-replace` of a repeated resource as a whole, which replaces none of its instances.
    private func incompleteReplacements(among known: [ResourceInstanceAddress]) -> [Diagnostic] {
        selection.replaced.compactMap { pattern in
            guard pattern.instance?.key == InstanceKey.none, isRepeated(pattern) else { return nil }
            let instances = known.filter { $0.key != .none && !pattern.isAround($0) && pattern.matches($0) }
            return .warning(
                "Incompletely-matched force-replace resource instance",
                "\(pattern.description) is repeated: -replace changes nothing, as it does not say which of its instances it means.",
                hints: instances.isEmpty
                    ? ["It has no instances at the moment."]
                    : ["Name them:" + instances.prefix(10).map { " -replace='\($0)'" }.joined() + (instances.count > 10 ? " …" : "")])
        }
    }

    private func isRepeated(_ pattern: AddressPattern) -> Bool {
        inputs.configuration.modules.contains { module in
            module.resources.contains { block in
                guard pattern.mayMatch(call: module.path, resource: block.name) else { return false }
                switch block.repetition {
                case .single, .enabled: return false
                case .count, .forEach: return true
                }
            }
        }
    }

    private func isDeclared(_ pattern: AddressPattern) -> Bool {
        inputs.configuration.modules.contains { module in
            module.resources.contains { pattern.mayMatch(call: module.path, resource: $0.name) }
        }
    }

    private var declaredNames: [String] {
        inputs.configuration.modules.flatMap { module in
            let prefix = module.path.isRoot ? "" : "\(module.path)."
            return (module.path.isRoot ? [] : ["\(module.path)"]) + module.resources.map { prefix + $0.name.description }
        }
    }
}
