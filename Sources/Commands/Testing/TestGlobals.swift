import ConfigModel
import Diagnostics
import Foundation
import HCLSyntax
import Values

/// Variables that are given from outside: the environment, files, the command line. Those that the module under test does not declare are
/// expressions, for tests to use.
struct TestGlobals {
    let session: Session
    let root: Configuration

    /// - Parameter files: read beside the usual ones, and winning over them.
    func values(with files: [String]) throws(CommandFailure) -> [String: Value] {
        let declared = Set(root.modules[0].variables.map(\.name))
        var undeclared: [String: Value] = [:]
        var commandLine: [VariableInputs.CommandLineItem] = []
        for item in CommandLineArguments.variableInputs(CommandLineArguments.current.arguments) {
            switch item {
            case .file(let path): commandLine.append(.file(path))
            case .assignment(let text):
                let name = String(text.prefix { $0 != "=" })
                if declared.contains(name) || !text.contains("=") {
                    commandLine.append(.assignment(text))
                } else {
                    undeclared[name] = try value(String(text.dropFirst(name.count + 1)), of: name)
                }
            }
        }
        let sources = session.catalog.sources
        let resolved = resolveVariables(
            root: root.modules[0],
            inputs: VariableInputs(
                environment: session.environment, files: VariableInputs.automaticFiles(in: ".", sources: sources) + files,
                commandLine: commandLine), selection: .given, read: sources.read)
        var all = root.sources
        all.merge(resolved.sources)
        if resolved.diagnostics.hasErrors { throw session.fail(resolved.diagnostics, all) }
        return undeclared.merging(resolved.values) { _, declared in declared }
    }

    /// An expression, since no declaration says that it is a text.
    private func value(_ text: String, of name: String) throws(CommandFailure) -> Value {
        let path = "<value for var.\(name)>"
        var sources = SourceMap()
        sources.add(path: path, bytes: Array(text.utf8))
        let parsed = parseExpression(Array(text.utf8), path: path)
        do throws(DiagnosticError) {
            if parsed.diagnostics.hasErrors { throw DiagnosticError(parsed.diagnostics) }
            return try constantValue(of: LocatedExpression(parsed.tree, file: path))
        } catch {
            throw session.fail(error.diagnostics, sources)
        }
    }
}
