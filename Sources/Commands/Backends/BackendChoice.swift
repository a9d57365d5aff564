import ConfigModel
import Diagnostics
import Engine
import Foundation
import HCLSyntax
import StateModel

/// Which backend a configuration has, compared with what `init` has settled.
struct BackendChoice {
    /// Nil: there is no `backend` block.
    var block: BackendSettings?
    /// Nil: nothing was initialized.
    var record: BackendRecord?
    private let data: DataFolder

    /// - Parameters:
    ///   - isAnew: what was settled before does not matter, and need not be readable.
    ///   - sources: gets the files that faults point into.
    /// - Throws: where the block is at fault, or the configuration so much that there may be one.
    init(in data: DataFolder, engine: Engine, variables: VariableInputs, isAnew: Bool = false, sources: inout SourceMap)
        throws(DiagnosticError)
    {
        self.data = data
        do throws(DiagnosticError) {
            record = try BackendRecord(in: data)
        } catch {
            if !isAnew { throw error }
        }
        guard Self.isMentioned(in: data.directory) else { return }
        let found = engine.backendBlock(variables: variables)
        sources = found.sources
        if let declared = found.block {
            block = try BackendSettings(declared)
        } else if found.diagnostics.hasErrors {
            throw DiagnosticError(found.diagnostics.filter { $0.severity == .error })
        }
    }

    /// Most configurations have no such block: they need not be loaded for it.
    private static func isMentioned(in directory: String) -> Bool {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        let word = Data("backend".utf8)
        return names.contains { name in
            guard name.hasSuffix(".tf") || name.hasSuffix(".tf.json"), !name.hasPrefix(".") else { return false }
            // What cannot be read is told by whoever loads the configuration.
            return FileManager.default.contents(atPath: "\(directory)/\(name)")?.firstRange(of: word) != nil
        }
    }

    /// What holds, unless `init` must be run first.
    func settled() throws(DiagnosticError) -> BackendSettings {
        switch (block, record) {
        case (nil, nil):
            if let foreign = ForeignStates(in: data) { throw Self.notTakenOver(foreign) }
            return .standard
        case (let block?, let record?) where record.block == block: return record.settings
        case (let block?, let record?):
            throw Self.initializationRequired(
                block.kind == record.settings.kind
                    ? "Backend configuration block has changed"
                    : "Backend type changed from \"\(record.settings.kind.rawValue)\" to \"\(block.kind.rawValue)\"")
        case (let block?, nil):
            throw Self.initializationRequired("Initial configuration of the requested backend \"\(block.kind.rawValue)\"")
        case (nil, let record?):
            throw Self.initializationRequired("Unsetting the previously set backend \"\(record.settings.kind.rawValue)\"")
        }
    }

    private static func notTakenOver(_ foreign: ForeignStates) -> DiagnosticError {
        DiagnosticError(
            .error(
                initializationSummary,
                "Reason: \(foreign.example), a state of Terraform, has not been taken over.\n\nFrom an empty state everything that is recorded there would be made a second time. Nothing has been read or changed.",
                hints: [
                    "To take it over, run: ashlar init", "To begin with an empty state, leaving it as it is, run: ashlar init -reconfigure",
                    "To keep the state in that file, write: terraform { backend \"local\" {} }",
                ]))
    }

    private static let initializationSummary = "Backend initialization required, please run \"ashlar init\""

    private static func initializationRequired(_ reason: String) -> DiagnosticError {
        DiagnosticError(
            .error(
                initializationSummary,
                "Reason: \(reason).\n\nThe backend is where the state is kept. Nothing has been read or changed, as it could be the wrong one.",
                hints: [
                    "Run: ashlar init", "Where states are to be brought along, or left behind, say so with -migrate-state or -reconfigure.",
                ]))
    }
}
