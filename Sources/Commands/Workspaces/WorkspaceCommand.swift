import Addresses
import ArgumentParser
import Diagnostics
import Foundation
import SQLiteStore
import StateModel

struct WorkspaceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workspace", abstract: "Keep several states of one configuration.",
        subcommands: [List.self, Show.self, New.self, Select.self, Delete.self], aliases: ["env"])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "list", abstract: "List the workspaces; a star marks the current one.")

        @OptionGroup var output: OutputOptions

        func run() async throws {
            let session = output.session()
            let workspaces = session.workspaces
            for name in try await session.allWorkspaces() { session.terminal.write("\(name == workspaces.current ? "*" : " ") \(name)\n") }
            session.terminal.write("\n")
            if workspaces.isOverridden {
                session.terminal.writeError("The environment variable TF_WORKSPACE selects the workspace \"\(workspaces.current)\".\n")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "show", abstract: "Print the current workspace's name.")

        @OptionGroup var output: OutputOptions

        func run() async throws {
            let session = output.session()
            session.terminal.write(session.workspaces.current + "\n")
        }
    }

    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "new", abstract: "Make a workspace and work in it.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var locking: HiddenLocking

        @Argument(help: "Its name.")
        var name: String

        func run() async throws {
            let session = output.session()
            try session.refuseOverridden("You cannot create a new workspace when using this setting.")
            try session.checkName(name)
            if try await session.allWorkspaces().contains(name) {
                throw session.fail([.error("Workspace \"\(name)\" already exists")], SourceMap())
            }
            try await session.makeWorkspace(name)
        }
    }

    struct Select: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "select", abstract: "Work in another workspace.")

        @OptionGroup var output: OutputOptions

        @Option(name: .customLong("or-create"), help: .hidden)
        var orCreateValue: Toggle?

        @Argument(help: "Its name.")
        var name: String

        func run() async throws {
            let session = output.session()
            try session.refuseOverridden("To select a workspace, change this variable or unset it.")
            try session.checkName(name)
            let workspaces = session.workspaces
            if name == workspaces.current { return }
            let all = try await session.allWorkspaces()
            if !all.contains(name) {
                guard orCreateValue?.isOn == true else { throw session.noWorkspace(name, all) }
                return try await session.makeWorkspace(name)
            }
            try session.attempt("Failed to select the workspace") { try workspaces.select(name) }
            session.terminal.write(session.paint.green("Switched to workspace \"\(name)\".") + "\n")
        }
    }

    struct Delete: AsyncParsableCommand {
        static let configuration = CommandConfiguration(commandName: "delete", abstract: "Remove a workspace and its state.")

        @OptionGroup var output: OutputOptions
        @OptionGroup var locking: HiddenLocking

        @Flag(name: .customLong("force"), help: "Also one whose state names objects: they stay as they are, and are no longer known.")
        var force = false

        @Argument(help: "Its name.")
        var name: String

        func run() async throws {
            let session = output.session()
            let workspaces = session.workspaces
            let all = try await session.allWorkspaces()
            guard all.contains(name) else { throw session.noWorkspace(name, all) }
            if name == workspaces.current {
                throw session.fail(
                    [
                        .error(
                            "Workspace \"\(name)\" is your active workspace.", "The workspace that is worked in cannot be deleted.",
                            hints: ["Switch to another one first: ashlar workspace select NAME"])
                    ], SourceMap())
            }
            let backend = try session.currentBackend()
            let (store, file): (any StateStore, SQLiteStore?)
            let lock: StateLock
            do throws(StateStoreError) {
                (store, file) = try backend.store(of: name)
                // First, so that nobody is at work in it, and what is found there stays what there is.
                lock = try await store.lock(for: session.holder("workspace delete"))
            } catch {
                throw session.fail(error)
            }
            let held: [ObjectAddress]
            do throws(CommandFailure) {
                held = try await look(into: store, session)
            } catch {
                // What is wrong has been said; the next run sees that the lock's holder has ended.
                try? await store.unlock(lock)
                throw error
            }
            do throws(StateStoreError) {
                // With the state goes the lock.
                await file?.close()
                try await backend.removeWorkspace(name)
            } catch {
                throw session.fail(error)
            }
            session.terminal.write(session.paint.green("Deleted workspace \"\(name)\"!") + "\n")
            if !held.isEmpty {
                session.terminal.writeError(
                    "WARNING: \"\(name)\" was non-empty.\nWhat it had recorded may still exist, and nothing knows of it any more.\n")
            }
        }

        /// - Returns: what the workspace holds, if it may be deleted with that.
        private func look(into store: any StateStore, _ session: Session) async throws(CommandFailure) -> [ObjectAddress] {
            let held: [ObjectAddress]
            do throws(StateStoreError) {
                held = try await store.snapshot().objects.keys.sorted()
            } catch {
                throw session.fail(error)
            }
            if !force, !held.isEmpty {
                let some = held.prefix(20).map { "\n  - \($0)" }.joined() + (held.count > 20 ? "\n  - and \(held.count - 20) more" : "")
                throw session.fail(
                    [
                        .error(
                            "Workspace is not empty",
                            "Workspace \"\(name)\" is currently tracking the following resource instances:\(some)\n\nThey would stay as they are, and nothing would know of them any more.",
                            hints: ["Destroy them in that workspace first.", "To delete it nevertheless, and forget them, add -force."])
                    ], SourceMap())
            }
            if name == Workspaces.standard { throw session.fail([.error("Cannot delete the default workspace")], SourceMap()) }
            return held
        }
    }
}

extension Session {
    /// Where the configuration has its states.
    func currentBackend() throws(CommandFailure) -> any Backend {
        do throws(LazyBackend.Fault) {
            return try backend.get()
        } catch {
            throw fail(error.diagnostics, error.sources)
        }
    }

    func allWorkspaces() async throws(CommandFailure) -> [String] {
        let backend = try currentBackend()
        do throws(StateStoreError) {
            return try await backend.workspaces()
        } catch {
            throw fail(error)
        }
    }

    func noWorkspace(_ name: String, _ all: [String]) -> CommandFailure {
        let near = nearestName(name, among: all).map { ["Did you mean \"\($0)\"?"] } ?? []
        return fail(
            [
                .error(
                    "Workspace \"\(name)\" doesn't exist.", "It would be made by: ashlar workspace new \(name)",
                    hints: near + ["Or add -or-create to \"workspace select\"."])
            ], SourceMap())
    }

    func checkName(_ name: String) throws(CommandFailure) {
        if Workspaces.isName(name) { return }
        throw fail(
            [
                .error(
                    "Invalid workspace name",
                    "The workspace name \"\(name)\" is not allowed. The name must contain only URL safe characters, and no path separators."
                )
            ], SourceMap())
    }

    func refuseOverridden(_ detail: String) throws(CommandFailure) {
        guard workspaces.isOverridden else { return }
        throw fail(
            [.error("The workspace is overridden by TF_WORKSPACE", detail, hints: ["Unset TF_WORKSPACE, and try again."])], SourceMap())
    }

    func makeWorkspace(_ name: String) async throws(CommandFailure) {
        let backend = try currentBackend()
        do throws(StateStoreError) { try await backend.createWorkspace(name) } catch { throw fail(error) }
        try attempt("Failed to create the workspace") { try workspaces.select(name) }
        terminal.write(
            paint.bold(paint.green("Created and switched to workspace \"\(name)\"!"))
                + "\n\nIts state is empty: a plan made here knows nothing of what other workspaces have recorded.\n")
    }

    func attempt(_ summary: String, _ body: () throws -> Void) throws(CommandFailure) {
        do {
            try body()
        } catch {
            throw fail([.error(summary, "\(error.localizedDescription)")], SourceMap())
        }
    }
}
