import Addresses
import FoundationEssentials
import GRDB
import StateModel

/// Reads the fold, comparing every checksum on the way.
enum SnapshotReading {
    static func snapshot(_ db: Database, path: String) throws -> StateSnapshot {
        let state = try StateRow.read(db, path: path)
        var digest: Int64 = 0
        var objects: [ObjectAddress: StateObject] = [:]
        objects.reserveCapacity(Int(clamping: min(state.objects, 10_000_000)))
        for object in try Self.objects(db, state: state, path: path, digest: &digest) {
            guard objects.updateValue(object, forKey: object.address) == nil else {
                throw damaged(path, "\(object.address) is recorded twice")
            }
        }
        var outputs: [String: OutputRecord] = [:]
        for (name, output, checksum) in try Self.outputs(db, path: path) {
            outputs[name] = output
            digest = digest &+ checksum
        }
        let intents = try JournalReading.openIntents(db, path: path)
        for (serial, _) in intents { digest = digest &+ Seed.intent(serial) }
        guard objects.count == state.objects, outputs.count == state.outputs, intents.count == state.intents, digest == state.digest else {
            throw damaged(
                path,
                "it should hold \(state.objects) objects, \(state.outputs) outputs and \(state.intents) open intents, "
                    + "and what it holds is not that")
        }
        return StateSnapshot(version: state.version, objects: objects, outputs: outputs, openIntents: intents.map(\.intent))
    }

    // MARK: Objects

    static func objects(_ db: Database, state: StateRow?, path: String) throws -> [StateObject] {
        var digest: Int64 = 0
        return try objects(db, state: state, path: path, digest: &digest)
    }

    private static func objects(_ db: Database, state: StateRow?, path: String, digest: inout Int64) throws -> [StateObject] {
        var result: [StateObject] = []
        result.reserveCapacity(Int(clamping: min(state?.objects ?? 0, 10_000_000)))
        let rows = try Row.fetchCursor(db.cachedStatement(sql: "SELECT checksum, bytes, key FROM object"))
        while let row = try rows.next() {
            let object = try object(row, checksum: 0, bytes: 1, key: 2, path: path)
            guard let checksum = Int64.fromDatabaseValue(row[0]) else { throw damaged(path, "a recorded object has no checksum") }
            digest = digest &+ checksum
            result.append(object)
        }
        return result
    }

    static func object(_ row: Row, checksum: Int, bytes: Int, key: Int? = nil, path: String) throws -> StateObject {
        let encoded = try verified(row, checksum: checksum, bytes: bytes, seed: Seed.object, path: path, what: "a recorded object")
        let (object, own) = try StateObject.read(encoded)
        if let key {
            let agrees = try row.withUnsafeData(atIndex: key) { $0?.elementsEqual(encoded[..<own]) ?? false }
            guard agrees else { throw damaged(path, "a recorded object is filed under another name than its own") }
        }
        return object
    }

    /// The bytes of a row whose checksum agrees with them.
    static func verified(_ row: Row, checksum: Int, bytes: Int, seed: UInt64, path: String, what: String) throws -> [UInt8] {
        guard let expected = Int64.fromDatabaseValue(row[checksum]) else { throw damaged(path, "\(what) has no checksum") }
        let content: [UInt8]? = try row.withUnsafeData(atIndex: bytes) { data in data.map { [UInt8]($0) } }
        guard let content, Checksum.of(content, seed: seed) == expected else {
            throw damaged(path, "the checksum of \(what) does not match")
        }
        return content
    }

    // MARK: Outputs and runs

    static func outputChecksum(name: String, bytes: [UInt8]) -> Int64 {
        Checksum.of(bytes, seed: UInt64(bitPattern: Checksum.of(Array(name.utf8), seed: Seed.output)))
    }

    static func outputs(_ db: Database, path: String) throws -> [(name: String, output: OutputRecord, checksum: Int64)] {
        var result: [(name: String, output: OutputRecord, checksum: Int64)] = []
        let rows = try Row.fetchCursor(db.cachedStatement(sql: "SELECT name, checksum, bytes FROM output"))
        while let row = try rows.next() {
            guard let name = String.fromDatabaseValue(row[0]), let checksum = Int64.fromDatabaseValue(row[1]) else {
                throw damaged(path, "an output has no name")
            }
            let seed = UInt64(bitPattern: Checksum.of(Array(name.utf8), seed: Seed.output))
            let bytes = try verified(row, checksum: 1, bytes: 2, seed: seed, path: path, what: "the output \"\(name)\"")
            result.append((name, try OutputRecord(encoded: bytes), checksum))
        }
        return result
    }

    static func run(_ row: Row, path: String) throws -> RunRecord {
        try RunRecord(encoded: verified(row, checksum: 0, bytes: 1, seed: Seed.run, path: path, what: "a run of the history"))
    }

    static func history(_ db: Database, limit: Int, path: String) throws -> [RunRecord] {
        try Row.fetchAll(
            db, sql: "SELECT checksum, bytes FROM run ORDER BY serial DESC LIMIT ?", arguments: [Int64(clamping: max(0, limit))]
        ).map { try run($0, path: path) }
    }
}
