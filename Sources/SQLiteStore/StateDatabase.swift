import GRDB
import StateModel

/// The open file. Not thread-safe.
///
/// `@unchecked Sendable`: made once, and afterwards touched only on `SQLiteStore`'s serial queue.
final class StateDatabase: @unchecked Sendable {
    let path: String
    private let busyTimeout: Double
    private let maximumPages: Int?
    private let isImmutable: Bool
    private var connection: DatabaseQueue?
    private var isReadOnly = false
    /// The file that is open.
    private var identity: FileIdentity?
    /// Where in the journal the open intents stand, so that closing one needs no search. Valid for one version of the state.
    private var intents: (positions: [String: Int64], version: StateVersion)?

    init(path: String, busyTimeout: Double, maximumPages: Int? = nil, isImmutable: Bool = false) {
        self.path = path
        self.busyTimeout = busyTimeout
        self.maximumPages = maximumPages
        self.isImmutable = isImmutable
    }

    func close() {
        intents = nil
        isReadOnly = false
        identity = nil
        // Closing writes back the log. A failure there loses nothing: the log stays and the next opening reads it.
        try? connection?.close()
        connection = nil
    }

    /// Runs `body` in one read transaction; answers `default` where there is no state yet.
    func reading<T>(default empty: T, _ body: (Database) throws -> T) throws -> T {
        guard let connection = try openExisting() else { return empty }
        return try connection.inDatabase { db in
            var result: T?
            try db.inTransaction(.deferred) {
                result = try body(db)
                return .commit
            }
            return result ?? empty
        }
    }

    /// Runs `body` in one write transaction.
    func writing<T>(_ body: (Database) throws -> T) throws -> T {
        let connection = try openForWriting()
        return try connection.inDatabase { db in
            var result: T?
            try db.inTransaction(.immediate) {
                result = try body(db)
                return .commit
            }
            guard let result else { throw StateStoreError(.other, "A write to the state \(path) gave no answer.") }
            return result
        }
    }

    func append(_ events: [StateEvent], under lock: StateLock, expecting version: StateVersion) throws -> StateVersion {
        // Encoded before the transaction begins: what cannot be recorded is refused before anything is written.
        let encoded = try EncodedEvent.all(events)
        let known = intents
        intents = nil
        let (reached, positions) = try writing { db in
            try Appending.append(encoded, under: lock, expecting: version, knownIntents: known, db: db, path: path)
        }
        intents = (positions, reached)
        return reached
    }

    func lock(for holder: LockHolder) throws -> StateLock {
        try writing { try LockRow.take(for: holder, db: $0, path: path) }
    }

    func takeOver(_ held: StateLock, for holder: LockHolder) throws -> StateLock {
        try writing { try LockRow.takeOver(held, for: holder, db: $0, path: path) }
    }

    func unlock(_ lock: StateLock) throws {
        try writing { try LockRow.release(lock, db: $0, path: path) }
        // Moves what the log holds into the file, so that the file alone is the state. Another reader may prevent it: no harm.
        _ = try? connection?.inDatabase { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    func breakLock(id: String) throws {
        guard FileFacts(path: path).exists else {
            throw StateStoreError(.notHeld, "The lock \(id) cannot be broken: there is no state at \(path).")
        }
        try writing { try LockRow.remove(id: id, db: $0, path: path) }
    }

    // MARK: Opening

    private func openForWriting() throws -> DatabaseQueue {
        if let connection, !isReadOnly {
            // What is written to a file without a name is lost with the process.
            guard FileFacts(path: path).identity == identity else {
                throw StateStoreError(
                    .other, "The state \(path) was removed or replaced while it was in use. Nothing more was written.",
                    hints: ["Bring the file back to where it was, or restore it from a backup, before running anything again."])
            }
            return connection
        }
        close()
        try NewState.createIfMissing(path)
        try StateHeader.check(path)
        return try remember(open(path: path, readOnly: false))
    }

    private func remember(_ opened: DatabaseQueue, readOnly: Bool = false) -> DatabaseQueue {
        connection = opened
        isReadOnly = readOnly
        identity = FileFacts(path: path).identity
        return opened
    }

    /// Nil where there is no file. A file that may only be read is opened so.
    private func openExisting() throws -> DatabaseQueue? {
        try StateFile.requireRegular(path)
        let facts = FileFacts(path: path)
        // Removed or replaced under our feet: what is open is no longer the state.
        if connection != nil, facts.identity != identity { close() }
        guard facts.exists else { return nil }
        if let connection { return connection }
        try StateHeader.check(path)
        do {
            if isImmutable { throw DatabaseError(resultCode: .SQLITE_READONLY) }
            return remember(try open(path: path, readOnly: false))
        } catch let error as DatabaseError where isPermission(error) && facts.isReadable {
            // Without a log beside it, a file is whole by itself; SQLite then needs to write nothing in order to read it.
            return remember(try open(path: facts.hasLog ? path : StateFile.immutableURI(path), readOnly: true), readOnly: true)
        }
    }

    private func open(path: String, readOnly: Bool) throws -> DatabaseQueue {
        try CheckedPages.register()
        var configuration = Configuration()
        configuration.label = "ashlar.state.sqlite"
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(busyTimeout)
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            if !readOnly {
                // Answers the mode that holds: a file system without shared memory keeps the rollback journal, as durable and slower.
                _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            }
            try db.execute(
                sql: """
                    PRAGMA synchronous = FULL;
                    PRAGMA temp_store = MEMORY;
                    PRAGMA secure_delete = ON;
                    PRAGMA cell_size_check = ON;
                    PRAGMA trusted_schema = OFF;
                    PRAGMA wal_autocheckpoint = 4000;
                    """)
        }
        if let maximumPages {
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA max_page_count = \(maximumPages)") }
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }
}
