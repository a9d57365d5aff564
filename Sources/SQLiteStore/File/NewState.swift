import GRDB
import GRDBSQLite
import StateModel

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Makes a state in one step: the file is there whole, or it is not there.
///
/// It is written under another name, synced, and given its own only then. Hence a file that is empty or ends too early was never a new
/// state, and is refused instead of being taken for one.
enum NewState {
    /// Does nothing where there is a file already; of several processes at once one makes it.
    static func createIfMissing(_ path: String) throws {
        try StateFile.requireRegular(path)
        if FileFacts(path: path).exists { return }
        let draft = "\(path).new-\(getpid())-\(UInt32.random(in: .min ... .max))"
        try StateFile.create(draft, for: path)
        defer { for suffix in ["", "-wal", "-shm", "-journal"] { unlink(draft + suffix) } }
        try write(draft)
        try StateHeader.check(draft)
        try StateFile.place(draft, at: path)
        try StateFile.syncDirectory(of: path)
    }

    private static func write(_ draft: String) throws {
        try CheckedPages.register()
        var configuration = Configuration()
        configuration.label = "ashlar.state.new"
        configuration.foreignKeysEnabled = false
        configuration.prepareDatabase { db in
            let code = CheckedPages.reserve(db.sqliteConnection)
            guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
            try db.execute(
                sql: """
                    PRAGMA page_size = \(CheckedPages.pageSize);
                    PRAGMA application_id = \(Schema.applicationID);
                    PRAGMA user_version = \(Schema.format);
                    PRAGMA synchronous = FULL;
                    """)
            _ = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
        }
        let queue = try DatabaseQueue(path: draft, configuration: configuration)
        try queue.inDatabase { db in
            try db.inTransaction(.immediate) {
                try Schema.create(db)
                return .commit
            }
        }
        // Brings all that the log holds into the file, and syncs it. Closing would do so, too, and keep a full disk to itself.
        try queue.inDatabase { db in
            let answer = try Row.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)")
            guard let busy: Int = answer?[0], busy == 0 else { throw DatabaseError(resultCode: .SQLITE_BUSY) }
        }
        try queue.close()
    }
}
