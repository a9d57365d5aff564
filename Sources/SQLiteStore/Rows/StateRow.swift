import GRDB
import StateModel

/// The one row that ties the fold together: change any other row of it, and this no longer agrees.
struct StateRow: Equatable {
    var version: StateVersion
    var objects: Int64
    var outputs: Int64
    var intents: Int64
    /// Sum, modulo 2^64, of the checksums of all rows of objects and outputs and of the numbers of open intents.
    var digest: Int64

    static let empty = StateRow(version: .none, objects: 0, outputs: 0, intents: 0, digest: 0)

    private var checksum: Int64 {
        var bytes = Array(version.lineage.utf8)
        for number in [version.serial, objects, outputs, intents, digest] {
            withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
        }
        return Checksum.of(bytes, seed: 1)
    }

    private var arguments: StatementArguments {
        [version.lineage, version.serial, objects, outputs, intents, digest, checksum]
    }

    func insert(_ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO state (id, lineage, serial, objects, outputs, intents, digest, checksum) VALUES (1, ?, ?, ?, ?, ?, ?, ?)",
            arguments: arguments)
    }

    func update(_ db: Database) throws {
        let statement = try db.cachedStatement(
            sql: "UPDATE state SET lineage = ?, serial = ?, objects = ?, outputs = ?, intents = ?, digest = ?, checksum = ? WHERE id = 1")
        try statement.execute(arguments: arguments)
    }

    static func read(_ db: Database, path: String) throws -> StateRow {
        let statement = try db.cachedStatement(
            sql: "SELECT lineage, serial, objects, outputs, intents, digest, checksum FROM state WHERE id = 1")
        guard let row = try Row.fetchOne(statement) else { throw damaged(path, "it has no version") }
        guard let lineage = String.fromDatabaseValue(row[0]), let serial = Int64.fromDatabaseValue(row[1]),
            let objects = Int64.fromDatabaseValue(row[2]), let outputs = Int64.fromDatabaseValue(row[3]),
            let intents = Int64.fromDatabaseValue(row[4]), let digest = Int64.fromDatabaseValue(row[5]),
            let checksum = Int64.fromDatabaseValue(row[6])
        else { throw damaged(path, "its version cannot be read") }
        let state = StateRow(
            version: StateVersion(lineage: lineage, serial: serial), objects: objects, outputs: outputs, intents: intents, digest: digest)
        guard state.checksum == checksum else { throw damaged(path, "the checksum of its version does not match") }
        return state
    }
}

/// Seeds keep rows of one kind from passing for rows of another.
enum Seed {
    static func event(serial: Int64, epoch: Int64) -> UInt64 {
        UInt64(bitPattern: serial) &* 0x9E37_79B9_7F4A_7C15 ^ UInt64(bitPattern: epoch)
    }
    static let object: UInt64 = 2
    static let output: UInt64 = 3
    static let run: UInt64 = 4
    static let lock: UInt64 = 5
    /// What an open intent adds to the digest.
    static func intent(_ serial: Int64) -> Int64 { serial &* 0x5851_F42D_4C95_7F2D &+ 1 }
}
