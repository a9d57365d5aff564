import FoundationEssentials
import GRDB
import StateModel

enum Appending {
    /// Writes events to the journal and their fold to the other tables. Runs inside an immediate transaction: no other process can
    /// write between the comparison of lock and version and the commit.
    /// - Returns: the version reached, and where the intents stand that are open then.
    static func append(
        _ events: [EncodedEvent], under lock: StateLock, expecting version: StateVersion,
        knownIntents: (positions: [String: Int64], version: StateVersion)?, db: Database, path: String
    ) throws -> (StateVersion, [String: Int64]) {
        try LockRow.check(lock, db: db, path: path)
        let state = try StateRow.read(db, path: path)
        guard state.version.isSame(as: version) else {
            throw StateStoreError(
                .versionMismatch(expected: version, found: state.version),
                "The state \(path) is at version \(state.version.serial) of lineage \"\(state.version.lineage)\"; "
                    + "version \(version.serial) of \"\(version.lineage)\" was expected. Somebody else wrote to it meanwhile. Nothing was written.",
                hints: ["Plan again: the plan was made for another state."])
        }
        if events.isEmpty { return (state.version, try positions(knownIntents, state: state, db: db, path: path)) }

        var rows = RowFold(
            db: db, path: path, state: state, intents: try positions(knownIntents, state: state, db: db, path: path))
        if rows.state.version.lineage.isEmpty { rows.state.version.lineage = newLineage() }
        let insert = try db.cachedStatement(sql: "INSERT INTO journal (serial, epoch, checksum, bytes) VALUES (?, ?, ?, ?)")
        for event in events {
            rows.state.version.serial += 1
            let serial = rows.state.version.serial
            let checksum = Checksum.of(event.bytes, seed: Seed.event(serial: serial, epoch: lock.epoch))
            insert.setUncheckedArguments([serial, lock.epoch, checksum, Data(event.bytes)])
            try insert.execute()
            rows.current = event
            try rows.fold(event.event)
        }
        try rows.state.update(db)
        return (rows.state.version, rows.intents)
    }

    private static func positions(
        _ known: (positions: [String: Int64], version: StateVersion)?, state: StateRow, db: Database, path: String
    ) throws -> [String: Int64] {
        if let known, known.version == state.version { return known.positions }
        if state.intents == 0 { return [:] }
        var result: [String: Int64] = [:]
        for (serial, intent) in try JournalReading.openIntents(db, path: path) { result[intent.id] = serial }
        return result
    }

    private static func newLineage() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = (0..<2).map { _ in
            let word = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - word.count) + word
        }.joined()
        return digits
    }
}

extension StateVersion {
    /// Before there was a state.
    static let none = StateVersion(lineage: "", serial: 0)

    /// A lineage is drawn with the first event, so that what was planned before it holds for it.
    func isSame(as expected: StateVersion) -> Bool {
        self == expected || (serial == 0 && expected.serial == 0 && (lineage.isEmpty || expected.lineage.isEmpty))
    }
}
