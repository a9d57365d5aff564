import Dispatch
import GRDB
public import StateModel

/// The recorded state of one workspace in one SQLite file.
///
/// The file is made, readable by its owner alone, when a lock is first taken; until then every question has the empty answer and
/// nothing is written. Writes are synced before they return. Nothing here blocks a thread of Swift's concurrency pool: all work is
/// done, in order, on a queue of the store's own.
public final class SQLiteStore: StateStore {
    /// As given.
    public let path: String

    private let queue: DispatchQueue
    private let database: StateDatabase

    /// Opens nothing yet.
    /// - Parameters:
    ///   - path: of the file; its directory must exist when a lock is taken.
    ///   - busyTimeout: seconds to wait for another process's transaction, which takes milliseconds as a rule.
    public init(path: String, busyTimeout: Double = 10) {
        self.path = path
        queue = DispatchQueue(label: "ashlar.state", qos: .userInitiated)
        database = StateDatabase(path: path, busyTimeout: busyTimeout)
    }

    public func snapshot() async throws(StateStoreError) -> StateSnapshot {
        try await perform("read the state") { database in
            try database.reading(default: StateSnapshot(version: .none)) { try SnapshotReading.snapshot($0, path: database.path) }
        }
    }

    public func append(_ events: [StateEvent], under lock: StateLock, expecting version: StateVersion)
        async throws(StateStoreError) -> StateVersion
    {
        try await perform("record \(events.count) event\(events.count == 1 ? "" : "s") in the state") { database in
            try database.append(events, under: lock, expecting: version)
        }
    }

    public func history(limit: Int) async throws(StateStoreError) -> [RunRecord] {
        try await perform("read the history of the state") { database in
            try database.reading(default: []) { try SnapshotReading.history($0, limit: limit, path: database.path) }
        }
    }

    public func lock(for holder: LockHolder) async throws(StateStoreError) -> StateLock {
        try await perform("lock the state") { try $0.lock(for: holder) }
    }

    public func takeOver(_ held: StateLock, for holder: LockHolder) async throws(StateStoreError) -> StateLock {
        try await perform("take over the lock of the state") { try $0.takeOver(held, for: holder) }
    }

    public func unlock(_ lock: StateLock) async throws(StateStoreError) {
        try await perform("unlock the state") { try $0.unlock(lock) }
    }

    public func currentLock() async throws(StateStoreError) -> StateLock? {
        try await perform("read the lock of the state") { database in
            try database.reading(default: nil) { try LockRow.read($0, path: database.path).lock }
        }
    }

    public func breakLock(id: String) async throws(StateStoreError) {
        try await perform("break the lock of the state") { try $0.breakLock(id: id) }
    }

    /// The events from `serial` on, oldest first, each with its number.
    public func events(since serial: Int64 = 1, limit: Int = .max) async throws(StateStoreError) -> [(serial: Int64, event: StateEvent)] {
        try await perform("read the journal of the state") { database in
            try database.reading(default: []) { try JournalReading.events($0, since: serial, limit: limit, path: database.path) }
        }
    }

    /// Reads everything there is, compares each checksum, folds the journal anew and compares the fold with what is recorded.
    /// - Returns: what is wrong, one full sentence each; empty where all is well.
    public func verify() async throws(StateStoreError) -> [String] {
        try await perform("verify the state") { database in
            try database.reading(default: []) { try Verification.problems($0, path: database.path) }
        }
    }

    /// Closes the file, so that all is in it and nothing beside it. The next call opens it again.
    public func close() async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.database.close()
                continuation.resume()
            }
        }
    }

    /// With a disk that is full sooner, or a file that nobody may change: for tests.
    init(path: String, busyTimeout: Double, maximumPages: Int? = nil, isImmutable: Bool = false) {
        self.path = path
        queue = DispatchQueue(label: "ashlar.state", qos: .userInitiated)
        database = StateDatabase(path: path, busyTimeout: busyTimeout, maximumPages: maximumPages, isImmutable: isImmutable)
    }

    /// Runs `body` on the store's queue; whatever it throws becomes a `StateStoreError` that says what was attempted and where.
    private func perform<T: Sendable>(_ attempt: String, _ body: @escaping @Sendable (StateDatabase) throws -> T)
        async throws(StateStoreError) -> T
    {
        let result: Result<T, StateStoreError> = await withCheckedContinuation { continuation in
            queue.async {
                let database = self.database
                do {
                    continuation.resume(returning: .success(try body(database)))
                } catch {
                    // A connection that has failed is not trusted with the next statement.
                    if !(error is StateStoreError) { database.close() }
                    continuation.resume(returning: .failure(stateStoreError(error, attempt: attempt, path: database.path)))
                }
            }
        }
        return try result.get()
    }
}
