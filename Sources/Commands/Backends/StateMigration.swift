import Diagnostics
import Foundation
import SQLiteStore
import StateDocuments
import StateModel
import Values

/// Brings states from where they were to where they are to be, after asking.
struct StateMigration {
    let session: Session
    let options: BackendOptions

    fileprivate struct Move {
        var workspace: String
        var source: StateSnapshot
        var target: StateSnapshot
        /// Locked while it is copied; nil for documents of another program.
        var store: (any StateStore)?
    }

    func copy(from old: any Backend, to new: any Backend) async throws {
        var moves: [Move] = []
        for workspace in try await names(of: old) {
            let store = try opened(workspace, in: old)
            let source = try await snapshot(of: store)
            if source.isEmpty { continue }
            let target = try await snapshot(of: try opened(workspace, in: new))
            moves.append(Move(workspace: workspace, source: source, target: target, store: store))
        }
        try await carryOut(moves, to: new, from: old.name)
    }

    /// Documents that a program before this one has left: they stay as they are, and a copy of each beside it.
    func adopt(_ workspaces: [String], of documents: StateFiles, into new: any Backend) async throws {
        var moves: [Move] = []
        for workspace in workspaces {
            let path = documents.path(of: workspace)
            try await refuseLocked(path)
            let target = try await snapshot(of: try opened(workspace, in: new))
            guard target.isEmpty, let bytes = FileManager.default.contents(atPath: path), !bytes.isEmpty else { continue }
            let source: StateSnapshot
            do {
                source = StateSnapshot(try await StateDocument([UInt8](bytes), shapes: session.backend.tools.shapes))
            } catch {
                let reason = (error as? DocumentFault)?.reason ?? "\(error)"
                throw session.fail(
                    [.error("Unsupported state file format", "The state \(path) cannot be taken over: \(reason).")], SourceMap())
            }
            if !source.isEmpty { moves.append(Move(workspace: workspace, source: source, target: target)) }
        }
        if moves.isEmpty { return }
        session.terminal.write("There is a state of Terraform here: \(moves.map(\.summary).joined(separator: ", ")).\n")
        guard try await carryOut(moves, to: new, from: "terraform.tfstate") else { return }
        for move in moves {
            let path = documents.path(of: move.workspace)
            let copy = path + ".before-ashlar"
            if FileManager.default.fileExists(atPath: copy) { continue }
            try session.attempt("Failed to keep a copy of the state") { try FileManager.default.copyItem(atPath: path, toPath: copy) }
        }
        session.terminal.write("It was taken over. The file stays as it is, and is not written any more; a copy is beside it.\n")
        try selectWorkspace(of: moves)
    }

    /// Work goes on in the workspace that was worked in, unless another was chosen since.
    private func selectWorkspace(of moves: [Move]) throws {
        guard !session.workspaces.isChosen,
            let selected = Workspaces.selected(
                in: DataFolder.foreignSelection(directory: session.workingDirectory, environment: session.environment)),
            selected != Workspaces.standard, moves.contains(where: { $0.workspace == selected })
        else { return }
        try session.attempt("Failed to select the workspace") { try session.workspaces.select(selected) }
        session.terminal.write("The workspace \"\(selected)\" is selected, as it was in Terraform.\n")
    }

    /// What a run of Terraform has not finished is not taken over.
    private func refuseLocked(_ path: String) async throws(CommandFailure) {
        do throws(StateStoreError) {
            if try await FilePlace(path: path).currentLock() == nil { return }
        } catch {
            throw session.fail(error)
        }
        throw session.fail(
            [
                .error(
                    "Error acquiring the state lock", "The state \(path) is locked: a run of Terraform is at work on it.",
                    hints: ["Wait for it to end, then run init again."])
            ], SourceMap())
    }

    private func names(of backend: any Backend) async throws(CommandFailure) -> [String] {
        do throws(StateStoreError) { return try await backend.workspaces() } catch { return [session.workspaces.current] }
    }

    private func opened(_ workspace: String, in backend: any Backend) throws(CommandFailure) -> any StateStore {
        do throws(StateStoreError) {
            return Session.keeping(try backend.store(of: workspace))
        } catch {
            throw session.fail(error)
        }
    }

    private func snapshot(of store: any StateStore) async throws(CommandFailure) -> StateSnapshot {
        do throws(StateStoreError) {
            return try await store.snapshot()
        } catch {
            throw session.fail(error)
        }
    }

    @discardableResult
    private func carryOut(_ moves: [Move], to new: any Backend, from old: String) async throws -> Bool {
        let moves = moves.filter { !$0.isDone }
        if moves.isEmpty { return false }
        if !options.forceCopy {
            guard try ask(moves, to: new, from: old) else { return false }
        }
        for move in moves { try await carryOut(move, to: new) }
        session.terminal.write("Copied to \"\(new.name)\": \(moves.map(\.summary).joined(separator: ", ")).\n")
        return true
    }

    private func ask(_ moves: [Move], to new: any Backend, from old: String) throws(CommandFailure) -> Bool {
        guard options.input.isOn else { throw cannotAsk }
        let lost = moves.filter { !$0.target.isEmpty }
        let warning = lost.map { "\n  What is recorded there would be overwritten: \($0.targetSummary)." }.joined()
        let question = session.paint.bold("Do you want to copy existing state to the new backend?")
        let what = moves.map(\.summary).joined(separator: ", ")
        session.terminal.write("\n\(question)\n  From \"\(old)\" to \"\(new.name)\": \(what).\(warning)\n")
        session.terminal.write(
            "  Enter \"yes\" to copy and \"no\" to leave it where it is.\n\n  " + session.paint.bold("Enter a value: "))
        guard let answer = readLine() else { throw cannotAsk }
        session.terminal.write("\n")
        return answer == "yes"
    }

    private var cannotAsk: CommandFailure {
        session.fail(
            [
                .error(
                    "Can't ask approval for state migration when interactive input is disabled.",
                    "Please remove the \"-input=false\" option and try again.", hints: ["Or say beforehand: -force-copy, or -reconfigure."])
            ], SourceMap())
    }

    private func carryOut(_ move: Move, to new: any Backend) async throws {
        do {
            if move.workspace != Workspaces.standard, try await !names(of: new).contains(move.workspace) {
                try await new.createWorkspace(move.workspace)
            }
            new.prepare(move.workspace)
            let target = Session.keeping(try new.store(of: move.workspace))
            guard let store = move.store else { return try await write(move.source, to: target) }
            try await locked(store) { _ in try await write(try await store.snapshot(), to: target) }
        } catch let error as StateStoreError {
            throw session.fail(error)
        }
    }

    private func write(_ source: StateSnapshot, to store: any StateStore) async throws {
        try await locked(store) { lock in
            let target = try await store.snapshot()
            let run = session.run(.stateEdit, "init")
            let end = StateEvent.runEnded(run.id, result: .done, at: Date().timeIntervalSince1970, counts: .init())
            _ = try await store.append(
                [.runBegan(run)] + source.events(replacing: target) + [end], under: lock, expecting: target.version)
        }
    }

    private func locked(_ store: any StateStore, _ body: (StateLock) async throws -> Void) async throws {
        let lock = try await store.lock(for: session.holder("init"))
        do {
            try await body(lock)
        } catch {
            try await store.unlock(lock)
            throw error
        }
        try await store.unlock(lock)
    }
}

extension StateMigration.Move {
    /// The target says what the source does.
    fileprivate var isDone: Bool {
        source.objects == target.objects && source.outputs == target.outputs && source.openIntents == target.openIntents
    }
    fileprivate var summary: String { "\(workspace) (\(Self.count(source)))" }
    fileprivate var targetSummary: String { "\(workspace) (\(Self.count(target)))" }
    private static func count(_ snapshot: StateSnapshot) -> String {
        "\(snapshot.objects.count) object\(snapshot.objects.count == 1 ? "" : "s")"
    }
}

extension StateSnapshot {
    fileprivate init(_ document: StateDocument) {
        self.init(
            version: StateVersion(lineage: document.lineage, serial: 0),
            objects: Dictionary(document.objects.map { ($0.address, $0) }) { first, _ in first }, outputs: document.outputs)
    }

    var isEmpty: Bool { objects.isEmpty && outputs.isEmpty && openIntents.isEmpty }

    /// What makes another state one that records the same.
    func events(replacing other: StateSnapshot) -> [StateEvent] {
        var events: [StateEvent] = other.openIntents.map { .withdrawn(intent: $0.id) }
        for address in other.objects.keys.sorted() where objects[address] == nil { events.append(.observed(address: address, object: nil)) }
        for address in objects.keys.sorted() { if let object = objects[address] { events.append(.recorded(object)) } }
        for name in other.outputs.keys.sorted() where outputs[name] == nil { events.append(.output(name: name, nil)) }
        for (name, output) in outputs.sorted(by: { $0.key.precedesByBytes($1.key) }) { events.append(.output(name: name, output)) }
        return events + openIntents.map { .intent($0) }
    }
}
