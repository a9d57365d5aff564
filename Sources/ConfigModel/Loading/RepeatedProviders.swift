import Addresses
import Diagnostics
import Evaluation
import HCLSyntax

/// Repeated provider configurations beside what uses their instances.
extension Loader {
    /// Whoever takes an element out of a collection that repeats both takes away at once the object and what could destroy it.
    mutating func warnOfSharedCollections(in module: DeclaredModule) {
        for block in module.providers {
            guard let own = collection(of: block.repetition) else { continue }
            func uses(_ reference: ProviderReference) -> Bool {
                reference.name == block.name && reference.alias == block.alias && reference.key != nil
            }
            let resource = module.resources.first { uses($0.provider) && collection(of: $0.repetition) == own }
            let call = module.calls.first { declared in
                declared.call.providers.contains { uses($0.outer) } && collection(of: declared.call.repetition) == own
            }
            guard let user = resource.map({ $0.name.description }) ?? call.map({ $0.call.path.description }),
                case .forEach(let expression) = block.repetition
            else { continue }
            diagnostics.append(
                Diagnostic(
                    .warning, "Provider configuration for_each matches \(resource == nil ? "module" : "resource")",
                    "This provider configuration and \(user) are repeated by the same collection. Once an element is taken out of it, what \(user) has made there could not be destroyed: the instance of the provider would be gone, too.",
                    subject: expression.span, context: resource?.span ?? call?.call.span,
                    hints: ["Let \(user) be repeated by less: for_each = setsubtract(\(own), DISABLED), and disable an element first."]))
        }
    }

    /// As it is written, where it is a name alone.
    private func collection(of repetition: Repetition) -> String? {
        guard case .forEach(let located) = repetition, case .traversal(let root, let steps) = located.expression.kind else { return nil }
        return Traversal(root: root, steps: steps, range: located.expression.range).text
    }
}
