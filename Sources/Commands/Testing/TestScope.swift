import ConfigModel
import Diagnostics
import Evaluation
import HCLSyntax
import Values

/// Names as the `variables` and `provider` blocks of a test file see them: variables from further out, and runs before this one.
struct TestScope: EvaluationScope {
    var variables: [String: Value] = [:]
    /// Outputs of the runs that have ended, by name.
    var runs: [String: Value] = [:]
    /// Every run of the file.
    var allRuns: Set<String> = []
    /// Of the file's own `variables` block, which sees no runs.
    var isFileLevel = false

    func resolve(_ root: Identifier, _ steps: [TraversalStep], in file: String) throws(DiagnosticError) -> ResolvedName {
        let range = steps.first.map { root.range.union($0.range) } ?? root.range
        func fault(_ summary: String, _ detail: String, near: String? = nil) -> DiagnosticError {
            DiagnosticError(
                .error(summary, detail, at: SourceSpan(file: file, range: range), hints: near.map { ["Did you mean \"\($0)\"?"] } ?? []))
        }
        guard case .attribute(let name)? = steps.first, root.name == "var" || root.name == "run" else {
            throw fault(
                "Invalid reference",
                "You can only reference earlier run blocks, file level, and global variables while defining variables from inside a run block."
            )
        }
        if root.name == "var" {
            if let value = variables[name.name] { return ResolvedName(value, consumed: 1) }
            let where_ =
                isFileLevel
                ? "context. You can only reference global variables."
                : "run block. You can only reference variables defined at the file or global levels."
            throw fault(
                "Reference to unavailable variable", "The input variable \"\(name.name)\" is not available to the current \(where_)",
                near: nearestName(name.name, among: variables.keys.sorted()))
        }
        if isFileLevel {
            throw fault("Invalid reference", "You can not reference run blocks from within the file variables block.")
        }
        if let value = runs[name.name] { return ResolvedName(value, consumed: 1) }
        if allRuns.contains(name.name) {
            throw fault(
                "Reference to unavailable run block",
                "The run block \"\(name.name)\" has not executed yet. You can only reference run blocks that are in the same test file and will execute before the current run block."
            )
        }
        throw fault(
            "Reference to unknown run block",
            "The run block \"\(name.name)\" does not exist within this test file. You can only reference run blocks that are in the same test file and will execute before the current run block.",
            near: nearestName(name.name, among: allRuns.sorted()))
    }
}
