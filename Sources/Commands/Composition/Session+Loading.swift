import ConfigModel
import Diagnostics
import Engine
import Foundation
import PlanModel
import Planning
import StateModel
import Values

extension Session {
    var paint: Paint { Paint(isOn: terminal.color) }

    /// Diagnostics to standard error, warnings too.
    func show(_ diagnostics: [Diagnostic], _ sources: SourceMap) {
        var all = sources
        all.merge(catalog.readManifests)
        for diagnostic in diagnostics {
            terminal.writeError("\n" + diagnostic.rendered(sources: all, color: terminal.color, width: terminal.width))
        }
    }

    /// Shows them and gives what to throw.
    func fail(_ diagnostics: [Diagnostic], _ sources: SourceMap) -> CommandFailure {
        show(diagnostics, sources)
        return .failed
    }

    func fail(_ error: StateStoreError) -> CommandFailure {
        fail([error.diagnostic], SourceMap())
    }

    /// The configuration, or nothing but an error; warnings are shown.
    func configuration() throws(CommandFailure) -> Configuration {
        let (configuration, sources, diagnostics) = engine.load()
        guard let configuration else { throw fail(diagnostics, sources) }
        show(diagnostics, sources)
        return configuration
    }

    func validated() async -> (Configuration?, SourceMap, [Diagnostic]) {
        let (configuration, sources, diagnostics) = engine.load()
        guard let configuration else { return (nil, sources, diagnostics) }
        let found = diagnostics + (await engine.validate(configuration))
        return (found.hasErrors ? nil : configuration, sources, found)
    }
}

extension StateStoreError {
    var diagnostic: Diagnostic {
        let summary: String =
            switch code {
            case .locked: "Error acquiring the state lock"
            case .lockLost: "The state lock was lost"
            case .versionMismatch: "The state has changed meanwhile"
            case .damaged: "The state is damaged"
            case .newerFormat: "The state was written by a newer version"
            case .full: "The disk is full"
            case .permission: "The state cannot be written"
            case .other: "The state cannot be used"
            }
        return .error(summary, message, hints: hints)
    }
}
