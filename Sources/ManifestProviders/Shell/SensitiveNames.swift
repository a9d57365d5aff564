import Evaluation
import HCLSyntax

/// The attributes of a type that are secret, by all names that lead to them.
struct SensitiveNames: Sendable {
    var attributes: Set<String> = []
    var lets = Lets()

    private static let objects = ["planned", "prior", "config", "write_only"]

    /// Secret attributes that an expression reads, itself or through a let.
    func names(in expression: Expression) -> [String] {
        lets.traversals(in: expression).compactMap { traversal in
            guard Self.objects.contains(traversal.root.name) else {
                return attributes.contains(traversal.root.name) ? traversal.root.name : nil
            }
            guard case .attribute(let name)? = traversal.steps.first else { return nil }
            return attributes.contains(name.name) || traversal.root.name == "write_only" ? name.name : nil
        }
    }
}
