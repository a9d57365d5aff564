import ConfigModel
import Diagnostics
import Engine
import Foundation
import PlanModel
import Planning
import ProviderKit
import StateModel
import Values

extension Session {
    var paint: Paint { Paint(isOn: terminal.color) }

    /// Diagnostics to standard error, warnings too; into the stream of messages where there is one.
    func show(_ diagnostics: [Diagnostic], _ sources: SourceMap) {
        var all = sources
        all.merge(catalog.readManifests)
        if let messages { return messages.diagnostics(diagnostics, all) }
        if isCompact, !diagnostics.isEmpty, !diagnostics.hasErrors { return terminal.writeError(compactText(of: diagnostics, all)) }
        for diagnostic in diagnostics.withoutRepetitions() {
            terminal.writeError("\n" + diagnostic.rendered(sources: all, color: terminal.errorColor, width: terminal.width))
        }
    }

    /// Shows them and gives what to throw.
    func fail(_ diagnostics: [Diagnostic], _ sources: SourceMap) -> CommandFailure {
        show(diagnostics, sources)
        return .failed
    }

    func fail(_ error: StateStoreError) -> CommandFailure {
        if let fault = backend.fault { return fail(fault.diagnostics, fault.sources) }
        return fail([error.diagnostic], SourceMap())
    }

    /// What this run gives root variables: by the environment, by files that are read unasked, by the command line.
    var variableInputs: VariableInputs { Self.variableInputs(environment, catalog.sources) }

    static func variableInputs(_ environment: [String: String], _ sources: ModuleSources) -> VariableInputs {
        let items = CommandLineArguments.variableInputs(CommandLineArguments.current.arguments)
        return VariableInputs(
            environment: environment, files: VariableInputs.automaticFiles(in: ".", sources: sources),
            commandLine: items.map { item in
                switch item {
                case .assignment(let text): .assignment(text)
                case .file(let path): .file(path)
                }
            })
    }

    /// The configuration, or nothing but an error; warnings are shown.
    ///
    /// - Parameter fixed: values of root variables that hold in place of given ones: those of a saved plan.
    func configuration(fixed: [String: Value] = [:]) throws(CommandFailure) -> Configuration {
        let (configuration, sources, diagnostics) = engine.load(variables: variableInputs, fixed: fixed)
        guard let configuration else { throw fail(diagnostics, sources) }
        show(diagnostics, sources)
        return configuration
    }

    /// What the providers that a configuration names offer, by their names.
    func schemas(_ configuration: Configuration) async throws(CommandFailure) -> [String: ProviderSchema] {
        var names: Set<String> = []
        for module in configuration.modules {
            for resource in module.resources {
                names.insert(configuration.providerName(of: configuration.providerConfiguration(for: resource.provider, in: module)))
            }
        }
        var schemas: [String: ProviderSchema] = [:]
        for name in names.sorted() {
            do throws(DiagnosticError) {
                schemas[name] = try await catalog.source(named: name).schema
            } catch {
                throw fail(error.diagnostics, configuration.sources)
            }
        }
        return schemas
    }

    func validated() async -> (Configuration?, SourceMap, [Diagnostic]) {
        let (configuration, sources, diagnostics) = engine.load(variables: variableInputs)
        guard let configuration else { return (nil, sources, diagnostics) }
        let found = diagnostics + builtinVersionFaults(configuration) + (await engine.validate(configuration))
        return (found.hasErrors ? nil : configuration, sources, found)
    }
}

extension StateStoreError {
    var diagnostic: Diagnostic {
        let summary: String =
            switch code {
            case .locked: "Error acquiring the state lock"
            case .lockLost: "The state lock was lost"
            case .notHeld: "Failed to unlock state"
            case .versionMismatch: "The state has changed meanwhile"
            case .damaged: "The state is damaged"
            case .newerFormat: "The state was written by a newer version"
            case .full: "The disk is full"
            case .permission: "The state cannot be written"
            case .noWorkspaces: "workspaces not supported"
            case .other: "The state cannot be used"
            }
        return .error(summary, message, hints: hints)
    }
}
