import Addresses
import Diagnostics
import Evaluation
import Values

/// The instances of a repeated provider configuration.
extension Loader {
    /// None where there is a fault, which is reported.
    mutating func keys(of collection: LocatedExpression, for block: ProviderBlock, in scope: EarlyScope) -> [InstanceKey] {
        do throws(DiagnosticError) {
            let value = try scope.value(of: collection, for: "provider.\(block.name)\(block.alias.map { ".\($0)" } ?? "")")
            return try Self.keys(in: value, at: collection.span)
        } catch {
            report(error)
            return []
        }
    }

    private static func keys(in value: Value, at span: SourceSpan) throws(DiagnosticError) -> [InstanceKey] {
        func fault(_ detail: String, hints: [String] = []) -> DiagnosticError {
            DiagnosticError(.error("Invalid for_each argument", detail, at: span, hints: hints))
        }
        let unsuitable = "The given \"for_each\" argument value is unsuitable: "
        if value.isSensitive || value.marks.contains(.ephemeral) {
            throw fault(
                "A value that is \(value.isSensitive ? "sensitive" : "ephemeral"), or made of one, cannot say which instances a provider configuration has: their keys are recorded, and shown."
            )
        }
        if value.isNull { throw fault(unsuitable + "it is null. A map, or set of strings is allowed.") }
        switch value.node {
        case .unknown:
            throw fault("The instances of a provider configuration must be known before anything is planned, and this value is not.")
        case .map(let map): return map.entries.map { .key($0.key) }
        case .object(let object): return object.shape.names.map { .key($0) }
        case .set(let set):
            return try set.values.map { (element: Value) throws(DiagnosticError) -> InstanceKey in
                guard let text = element.stringValue else {
                    throw fault(
                        unsuitable
                            + (element.isNull
                                ? "\"for_each\" sets must not contain null values."
                                : element.isUnknown
                                    ? "not all of its elements are known before anything is planned."
                                    : "\"for_each\" supports maps and sets of strings, but you have provided a set containing type \(element.type.friendlyName).")
                    )
                }
                return .key(text)
            }
        default:
            throw fault(
                unsuitable
                    + "the \"for_each\" argument must be a map, or set of strings, and you have provided a value of type \(value.type.friendlyName).",
                hints: ["Convert a list of strings with toset()."])
        }
    }
}
