import Diagnostics
import Engine
import Foundation
import StateModel

extension Session {
    /// What `init` does about the backend.
    func initializeBackend(_ options: BackendOptions) async throws {
        if options.reconfigure, options.migrates {
            throw fail(
                [.error("Invalid init options", "The -migrate-state and -reconfigure options are mutually-exclusive.")], SourceMap())
        }
        var sources = SourceMap()
        let choice: BackendChoice
        let wanted: BackendSettings?
        do throws(DiagnosticError) {
            choice = try BackendChoice(
                in: data, engine: engine, variables: variableInputs, isAnew: options.reconfigure, sources: &sources)
            wanted = try wantedSettings(choice, options, &sources)
        } catch {
            throw fail(error.diagnostics, sources)
        }
        guard wanted != nil || choice.record != nil else {
            if !options.settings.isEmpty {
                show(
                    [
                        .warning(
                            "Missing backend configuration",
                            "-backend-config was used without a \"backend\" block in the configuration: it has no effect.")
                    ], SourceMap())
            }
            return try await adoptDocuments(into: .standard, options)
        }
        terminal.write(paint.bold("Initializing the backend...") + "\n")
        let new = wanted ?? .standard
        if let record = choice.record {
            if record.settings == new, wanted != nil {
                return try settle(new, block: choice.block)
            }
            try await change(from: record.settings, to: new, wanted: wanted, options)
        } else {
            try await adopt(into: new, options)
        }
        try settle(wanted, block: choice.block)
        if let wanted {
            terminal.write(
                "\n"
                    + paint.green(
                        "Successfully configured the backend \"\(wanted.kind.rawValue)\"! Ashlar will automatically\nuse this backend unless the backend configuration changes."
                    ) + "\n")
        } else if let record = choice.record {
            terminal.write(
                "\n"
                    + paint.green(
                        "Successfully unset the backend \"\(record.settings.kind.rawValue)\". The state is now kept beside the configuration."
                    ) + "\n"
            )
        }
    }

    /// The block with what is said on the command line; what was said there once holds as long as the block is the same.
    private func wantedSettings(_ choice: BackendChoice, _ options: BackendOptions, _ sources: inout SourceMap)
        throws(DiagnosticError) -> BackendSettings?
    {
        guard let block = choice.block else { return nil }
        var wanted = block
        if options.settings.isEmpty, !options.reconfigure, let record = choice.record, record.block == block { wanted = record.settings }
        for setting in options.settings { try wanted.add(setting, directory: workingDirectory, sources: &sources) }
        let faults = wanted.faults(environment)
        if !faults.isEmpty { throw DiagnosticError(faults) }
        return wanted
    }

    private func settle(_ settings: BackendSettings?, block: BackendSettings?) throws {
        if let settings, let block {
            try BackendRecord(settings: settings, block: block).write(to: data)
            backend.settle(settings)
        } else {
            try BackendRecord.remove(from: data)
            backend.settle(.standard)
        }
    }

    private func change(from old: BackendSettings, to new: BackendSettings, wanted: BackendSettings?, _ options: BackendOptions)
        async throws
    {
        if options.reconfigure { return }
        guard options.migrates else {
            throw fail(
                [
                    .error(
                        "Backend configuration changed",
                        "A change in the backend configuration has been detected, which may require migrating existing state.",
                        hints: [
                            "To bring the state along, run: ashlar init -migrate-state",
                            "To leave it where it is, run: ashlar init -reconfigure",
                        ])
                ], SourceMap())
        }
        terminal.write(
            "Backend configuration changed!\n\nStates are looked for where they were (\(old.kind.rawValue)) and where they are to be (\(new.kind.rawValue)).\n"
        )
        try await StateMigration(session: self, options: options).copy(from: backend.made(of: old), to: backend.made(of: new))
    }

    /// The first backend of a configuration: what is beside it is brought along.
    private func adopt(into new: BackendSettings, _ options: BackendOptions) async throws {
        if options.reconfigure { return }
        let standard = backend.made(of: .standard)
        if new.kind != .sqlite || new.values != [:], FileManager.default.fileExists(atPath: "\(workingDirectory)/\(Session.stateFile)") {
            return try await StateMigration(session: self, options: options).copy(from: standard, to: backend.made(of: new))
        }
        try await adoptDocuments(into: new, options)
    }

    /// States that Terraform has left beside the configuration.
    private func adoptDocuments(into new: BackendSettings, _ options: BackendOptions) async throws {
        let documents = BackendSettings(kind: .local)
        let standard = StateFiles.documents(in: workingDirectory)
        let names = standard.all.filter { FileManager.default.fileExists(atPath: standard.path(of: $0)) }
        // Where the backend has its states in just these documents they are taken as they are.
        if names.isEmpty || new == documents { return }
        // They were taken over, or left, before: what has become of it since is in the state that is there. Who says so gets them offered again.
        if new == .standard, !options.migrateState, StateFiles.databases(in: workingDirectory).anyExists { return }
        let target = backend.made(of: new)
        if !options.reconfigure {
            try await StateMigration(session: self, options: options).adopt(names, of: standard, into: target)
        }
        // Told to leave them: the empty state is there from now on, so that this is not asked again.
        guard new == .standard, !StateFiles.databases(in: workingDirectory).anyExists else { return }
        try await begin(target)
        terminal.write("The state of Terraform stays as it is; work begins here with an empty one.\n")
    }

    private func begin(_ backend: any Backend) async throws {
        do throws(StateStoreError) {
            let store = Session.keeping(try backend.store(of: Workspaces.standard))
            try await store.unlock(try await store.lock(for: holder("init")))
        } catch {
            throw fail(error)
        }
    }
}
