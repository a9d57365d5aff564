import Diagnostics
import Values

/// Gathers the faults of parts that do not depend on each other, so that one run tells of all of them.
struct Gathering {
    private var diagnostics: [Diagnostic] = []

    /// The value, or an unknown in the place of one that has a fault.
    mutating func value(_ body: () throws(DiagnosticError) -> Value) -> Value {
        do throws(DiagnosticError) {
            return try body()
        } catch {
            diagnostics += error.diagnostics
            return .unknown
        }
    }

    mutating func run(_ body: () throws(DiagnosticError) -> Void) {
        do throws(DiagnosticError) { try body() } catch { diagnostics += error.diagnostics }
    }

    /// - Throws: all that was gathered, if anything was.
    func end() throws(DiagnosticError) {
        if !diagnostics.isEmpty { throw DiagnosticError(diagnostics) }
    }
}
