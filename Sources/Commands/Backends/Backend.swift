import ConfigModel
import Foundation
import SQLiteStore
import StateDocuments
import StateModel
import Transport

/// Where the states of a configuration are: makes their stores, and knows which there are.
protocol Backend: Sendable {
    /// As people read it.
    var name: String { get }
    /// A store of one workspace, and what is to be closed when the program ends.
    func store(of workspace: String) throws(StateStoreError) -> (store: any StateStore, file: SQLiteStore?)
    /// A state as a document; nil where nothing is recorded.
    func document(of workspace: String) async throws -> [UInt8]?
    /// Whether a state says who has its lock.
    var showsLocks: Bool { get }
    /// Names of those there are, the default first.
    /// - Throws: where there can be only the default, or they cannot be listed.
    func workspaces() async throws(StateStoreError) -> [String]
    func createWorkspace(_ name: String) async throws(StateStoreError)
    /// With its state; nobody is at work in it.
    func removeWorkspace(_ name: String) async throws(StateStoreError)
    /// Makes room for a state, where a store does not do so itself.
    func prepare(_ workspace: String)
}

extension Backend {
    func document(of store: any StateStore, _ tools: BackendTools) async throws -> [UInt8]? {
        if let documents = store as? DocumentStore { return try await documents.document() }
        let snapshot = try await store.snapshot()
        if snapshot.version.lineage.isEmpty { return nil }
        return try await StateDocument.bytes(
            of: snapshot, lineage: snapshot.version.lineage, serial: snapshot.version.serial, shapes: tools.shapes, sources: [:])
    }

    var showsLocks: Bool { true }
    func prepare(_ workspace: String) {}
}

/// What stores of documents are made with.
struct BackendTools: Sendable {
    /// Of the configuration.
    var directory: String
    var environment: [String: String]
    /// What root variables are given.
    var variables: @Sendable () -> VariableInputs
    var shapes: any ObjectShapes
    var transport: @Sendable () -> any HTTPTransport
    var holder: @Sendable (_ operation: String) -> LockHolder

    var data: DataFolder { DataFolder(directory: directory, environment: environment) }
    func resolved(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }
}

extension BackendSettings {
    func backend(_ tools: BackendTools) -> any Backend {
        func path(_ name: String, _ standard: String) -> String { tools.resolved(text(name, tools.environment) ?? standard) }
        switch kind {
        case .sqlite:
            return FileBackend(
                files: StateFiles(
                    standard: path("path", Session.stateFile), folder: path("workspace_dir", "terraform.ashlar.d"), name: Session.stateFile),
                tools: tools, isDocument: false)
        case .local:
            return FileBackend(
                files: StateFiles(
                    standard: path("path", "terraform.tfstate"), folder: path("workspace_dir", "terraform.tfstate.d"),
                    name: "terraform.tfstate"), tools: tools, isDocument: true)
        case .http: return HTTPBackend(settings: self, tools: tools)
        }
    }
}

/// States in files: databases, or documents with a database beside each.
struct FileBackend: Backend {
    var files: StateFiles
    var tools: BackendTools
    var isDocument: Bool

    var name: String { isDocument ? "local" : "sqlite" }

    func store(of workspace: String) -> (store: any StateStore, file: SQLiteStore?) {
        let path = files.path(of: workspace)
        guard isDocument else {
            let store = SQLiteStore(path: path)
            return (store, store)
        }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let beside = (parts.dropLast() + [".\(parts.last ?? "")"]).joined(separator: "/")
        let journal = SQLiteStore(path: beside + ".ashlar")
        return (
            DocumentStore(
                place: FilePlace(path: path), journal: journal, markPath: beside + ".ashlar-published", shapes: tools.shapes,
                holder: tools.holder), journal
        )
    }

    func document(of workspace: String) async throws -> [UInt8]? {
        try await document(of: Session.keeping(store(of: workspace)), tools)
    }

    func workspaces() -> [String] { files.all }

    func createWorkspace(_ name: String) throws(StateStoreError) {
        try attempt("The workspace \"\(name)\" could not be made") { try files.create(name) }
    }

    func removeWorkspace(_ name: String) throws(StateStoreError) {
        try attempt("The workspace \"\(name)\" could not be removed") { try files.remove(name) }
    }

    /// Should it fail, writing the state says why.
    func prepare(_ workspace: String) { try? files.create(workspace) }

    private func attempt(_ failed: String, _ body: () throws -> Void) throws(StateStoreError) {
        do { try body() } catch { throw StateStoreError(.other, "\(failed): \(error.localizedDescription)") }
    }
}
