import Diagnostics
import Engine
import StateModel
import Synchronization

/// The backend that a configuration has, found out when something is first asked of it: commands that need no state are not refused for want of
/// one.
final class LazyBackend: Sendable {
    /// It cannot be used: what to say, and the sources that this names.
    struct Fault: Error {
        var diagnostics: [Diagnostic]
        var sources: SourceMap
    }

    private let engine: Engine
    let tools: BackendTools
    private let made = Mutex<Result<any Backend, Fault>?>(nil)

    init(engine: Engine, tools: BackendTools) {
        self.engine = engine
        self.tools = tools
    }

    func get() throws(Fault) -> any Backend {
        if let known = made.withLock({ $0 }) { return try known.get() }
        let result = Result { () throws(Fault) in try make() }
        made.withLock { $0 = result }
        return try result.get()
    }

    /// What there was to be said when it was asked for in vain.
    var fault: Fault? {
        if case .failure(let fault)? = made.withLock({ $0 }) { fault } else { nil }
    }

    /// From now on it is this one: `init` has settled so.
    func settle(_ settings: BackendSettings) {
        let backend = settings.backend(tools)
        made.withLock { $0 = .success(backend) }
    }

    /// Another one than that which holds.
    func made(of settings: BackendSettings) -> any Backend { settings.backend(tools) }

    private func make() throws(Fault) -> any Backend {
        var sources = SourceMap()
        do throws(DiagnosticError) {
            let choice = try BackendChoice(in: tools.data, engine: engine, variables: tools.variables(), sources: &sources)
            return try choice.settled().backend(tools)
        } catch {
            throw Fault(diagnostics: error.diagnostics, sources: sources)
        }
    }
}

/// The state of one workspace, wherever the backend turns out to have it.
final class LazyStore: StateStore {
    private let backend: LazyBackend
    private let workspace: String
    private let made = Mutex<(any StateStore)?>(nil)

    init(_ backend: LazyBackend, workspace: String) {
        self.backend = backend
        self.workspace = workspace
    }

    private func store() throws(StateStoreError) -> any StateStore {
        if let known = made.withLock({ $0 }) { return known }
        let backend: any Backend
        do throws(LazyBackend.Fault) {
            backend = try self.backend.get()
        } catch {
            // `Session.fail` says all of it.
            throw StateStoreError(.other, error.diagnostics.first?.summary ?? "The backend cannot be used.")
        }
        let store = Session.keeping(try backend.store(of: workspace))
        return made.withLock { made in
            let first = made ?? store
            made = first
            return first
        }
    }

    func snapshot() async throws(StateStoreError) -> StateSnapshot { try await store().snapshot() }

    func append(_ events: [StateEvent], under lock: StateLock, expecting version: StateVersion)
        async throws(StateStoreError) -> StateVersion
    {
        try await store().append(events, under: lock, expecting: version)
    }

    func history(limit: Int) async throws(StateStoreError) -> [RunRecord] { try await store().history(limit: limit) }

    func events(since serial: Int64, limit: Int) async throws(StateStoreError) -> [(serial: Int64, event: StateEvent)] {
        try await store().events(since: serial, limit: limit)
    }

    func lock(for holder: LockHolder) async throws(StateStoreError) -> StateLock {
        let store = try store()
        // It is there: `store()` has just asked it.
        if case .success(let backend) = Result(catching: backend.get) { backend.prepare(workspace) }
        return try await store.lock(for: holder)
    }

    func takeOver(_ held: StateLock, for holder: LockHolder) async throws(StateStoreError) -> StateLock {
        try await store().takeOver(held, for: holder)
    }

    func unlock(_ lock: StateLock) async throws(StateStoreError) { try await store().unlock(lock) }
    func currentLock() async throws(StateStoreError) -> StateLock? { try await store().currentLock() }
    func breakLock(id: String) async throws(StateStoreError) { try await store().breakLock(id: id) }
}
