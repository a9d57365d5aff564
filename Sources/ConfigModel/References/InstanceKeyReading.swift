import Addresses
import Diagnostics
import Evaluation
import HCLSyntax

extension TraversalStep {
    /// The key of an instance that the step names; nil where it names an attribute.
    ///
    /// - Throws: "Invalid address" where it is a number that no index can be.
    func instanceKey(file: String) throws(DiagnosticError) -> InstanceKey? {
        switch self {
        case .attribute: return nil
        case .stringIndex(let key, _): return .key(key)
        case .numberIndex(let digits, let range):
            guard let index = Int(digits) else {
                throw DiagnosticError(
                    .error(
                        "Invalid address", "An index is a whole number; \(digits.prefix(40)) is none, or is too large.",
                        at: SourceSpan(file: file, range: range)))
            }
            return .index(index)
        }
    }
}
