import Diagnostics
import HCLSyntax
import Values

/// How much one expression may build. A few lines can ask for more than any machine holds, by doubling what they doubled; the reference is killed
/// by the system then.
struct ExtentBudget {
    /// In the units of `Value.extent`: some gigabyte of memory.
    static let most: UInt32 = 50_000_000
    private(set) var used: UInt32 = 1

    /// - Returns: whether it is still within the budget.
    mutating func add(_ extent: UInt32) -> Bool {
        used = used.adding(extent)
        return used <= Self.most
    }
}

extension Evaluator {
    /// - Throws: where the value is larger than anything that can be planned.
    func bounded(_ value: Value, _ range: SourceRange) throws(DiagnosticError) -> Value {
        if value.extent > ExtentBudget.most { throw tooLarge(range) }
        return value
    }

    func spend(_ extent: UInt32, of budget: inout ExtentBudget, _ range: SourceRange) throws(DiagnosticError) {
        if !budget.add(extent) { throw tooLarge(range) }
    }

    func tooLarge(_ range: SourceRange) -> DiagnosticError {
        fault(
            "Value too large",
            "This expression would give a value of more than \(ExtentBudget.most / 1_000_000) million parts (eight bytes of text count as one), which is more than can be planned with.",
            range)
    }
}
