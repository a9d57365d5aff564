import GRDB
import StateModel

/// The tables of a state file.
///
/// `journal` is the truth. `object`, `output`, `open_intent` and `run` are its fold, written in the transaction that writes the
/// events, so that opening a state reads no history. The one row of `state` ties all together: the version, how many rows there
/// are, and the sum of their checksums.
enum Schema {
    /// "ASHL", in the file's header.
    static let applicationID: Int64 = 0x4153_484C
    static let format: Int64 = 1

    static let sql = """
        CREATE TABLE state (
            id INTEGER PRIMARY KEY CHECK (id = 1), lineage TEXT NOT NULL, serial INTEGER NOT NULL,
            objects INTEGER NOT NULL, outputs INTEGER NOT NULL, intents INTEGER NOT NULL,
            digest INTEGER NOT NULL, checksum INTEGER NOT NULL);
        CREATE TABLE lock (
            id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, lock TEXT, holder BLOB, process TEXT NOT NULL,
            checksum INTEGER NOT NULL);
        CREATE TABLE journal (
            serial INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, checksum INTEGER NOT NULL, bytes BLOB NOT NULL);
        CREATE TABLE object (
            id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, checksum INTEGER NOT NULL, bytes BLOB NOT NULL);
        CREATE TABLE output (name TEXT PRIMARY KEY, checksum INTEGER NOT NULL, bytes BLOB NOT NULL) WITHOUT ROWID;
        CREATE TABLE open_intent (serial INTEGER PRIMARY KEY);
        CREATE TABLE run (
            serial INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, checksum INTEGER NOT NULL, bytes BLOB NOT NULL);
        """

    /// Makes the tables where the file is empty; does nothing where they exist already.
    static func create(_ db: Database, path: String) throws {
        try db.inTransaction(.immediate) {
            guard try isEmpty(db) else { return .commit }
            try db.execute(sql: sql)
            try StateRow.empty.insert(db)
            try LockRow.free.insert(db)
            try db.execute(sql: "PRAGMA application_id = \(applicationID)")
            try db.execute(sql: "PRAGMA user_version = \(format)")
            return .commit
        }
    }

    /// Says plainly what a file is that is not a state of a format known here.
    static func check(_ db: Database, path: String) throws {
        let application = try Int64.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        let version = try Int64.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        guard application == applicationID else {
            throw StateStoreError(
                .damaged, "The file \(path) is an SQLite database, but not a state: its header names another application.",
                hints: ["Check the path of the state. If the file was a state once, restore it from a backup."])
        }
        guard version <= format else {
            throw StateStoreError(
                .newerFormat,
                "The state \(path) has format \(version), which a later version of this program wrote. This version knows format \(format).",
                hints: ["Use the version that wrote it, or a later one."])
        }
        guard version == format else {
            throw StateStoreError(.damaged, "The state \(path) says that it has format \(version), which never was.")
        }
    }

    static func isEmpty(_ db: Database) throws -> Bool {
        try Int64.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") == 0
    }
}
