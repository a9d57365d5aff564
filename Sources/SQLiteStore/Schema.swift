import GRDB

/// The tables of a state file.
///
/// `journal` is the truth. `object`, `output`, `open_intent` and `run` are its fold, written in the transaction that writes the
/// events, so that opening a state reads no history. The one row of `state` ties all together: the version, how many rows there
/// are, and the sum of their checksums.
enum Schema {
    /// "ASHL", in the file's header.
    static let applicationID: Int64 = 0x4153_484C
    /// 2: pages have checksums.
    static let format: Int64 = 2

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

    /// Makes the tables of a new state.
    static func create(_ db: Database) throws {
        try db.execute(sql: sql)
        try StateRow.empty.insert(db)
        try LockRow.free.insert(db)
    }
}
