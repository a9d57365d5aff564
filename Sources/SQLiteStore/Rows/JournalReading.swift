import GRDB
import StateModel

enum JournalReading {
    static func events(_ db: Database, since first: Int64, limit: Int, path: String) throws -> [(serial: Int64, event: StateEvent)] {
        var result: [(serial: Int64, event: StateEvent)] = []
        let rows = try Row.fetchCursor(
            db, sql: "SELECT serial, epoch, checksum, bytes FROM journal WHERE serial >= ? ORDER BY serial LIMIT ?",
            arguments: [first, Int64(clamping: max(0, limit))])
        while let row = try rows.next() { result.append(try event(row, path: path)) }
        return result
    }

    static func openIntents(_ db: Database, path: String) throws -> [(serial: Int64, intent: Intent)] {
        var result: [(serial: Int64, intent: Intent)] = []
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT o.serial, j.epoch, j.checksum, j.bytes FROM open_intent o LEFT JOIN journal j ON j.serial = o.serial
                ORDER BY o.serial
                """)
        while let row = try rows.next() {
            let (serial, event) = try event(row, path: path)
            guard case .intent(let intent) = event else {
                throw damaged(path, "event \(serial) is no intent, and is said to be an open one")
            }
            result.append((serial, intent))
        }
        return result
    }

    /// - Parameter row: serial, epoch, checksum, bytes.
    static func event(_ row: Row, path: String) throws -> (serial: Int64, event: StateEvent) {
        guard let serial = Int64.fromDatabaseValue(row[0]), let epoch = Int64.fromDatabaseValue(row[1]) else {
            throw damaged(path, "an event of the journal is missing or has no number")
        }
        let bytes = try SnapshotReading.verified(
            row, checksum: 2, bytes: 3, seed: Seed.event(serial: serial, epoch: epoch), path: path, what: "event \(serial) of the journal")
        return (serial, try StateEvent(encoded: bytes))
    }
}
