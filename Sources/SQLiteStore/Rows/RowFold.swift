import Addresses
import FoundationEssentials
import GRDB
import StateModel

/// The fold, on rows: only what an event changes is read or written.
struct RowFold: StateFolding {
    typealias Failure = any Error

    let db: Database
    let path: String
    var state: StateRow
    /// Where in the journal the open intents stand.
    var intents: [String: Int64]
    /// The event being folded: an object it carries need not be encoded again.
    var current: EncodedEvent?
    /// Built by the first event that needs it, for the rest of the transaction.
    private var index: DependencyIndex?

    init(db: Database, path: String, state: StateRow, intents: [String: Int64]) {
        self.db = db
        self.path = path
        self.state = state
        self.intents = intents
    }

    // MARK: Objects

    func object(at address: ObjectAddress) throws -> StateObject? {
        let statement = try db.cachedStatement(sql: "SELECT checksum, bytes FROM object WHERE key = ?")
        statement.setUncheckedArguments([Data(address.recordKey)])
        guard let row = try Row.fetchOne(statement) else { return nil }
        return try SnapshotReading.object(row, checksum: 0, bytes: 1, path: path)
    }

    mutating func put(_ object: StateObject) throws {
        let bytes: [UInt8]
        if let current, let start = current.object, case let carried = current.event.carriedAddress, carried == object.address {
            bytes = current.objectBytes(from: start)
        } else {
            bytes = try object.encoded()
        }
        let key = Data(object.address.recordKey)
        let checksum = Checksum.of(bytes, seed: Seed.object)
        if index != nil {
            let previous = try self.object(at: object.address)
            index?.replace(previous, with: object)
        }
        if let (id, old) = try find(key) {
            let update = try db.cachedStatement(sql: "UPDATE object SET checksum = ?, bytes = ? WHERE id = ?")
            update.setUncheckedArguments([checksum, Data(bytes), id])
            try update.execute()
            state.digest = state.digest &- old &+ checksum
        } else {
            let insert = try db.cachedStatement(sql: "INSERT INTO object (key, checksum, bytes) VALUES (?, ?, ?)")
            insert.setUncheckedArguments([key, checksum, Data(bytes)])
            try insert.execute()
            state.digest = state.digest &+ checksum
            state.objects += 1
        }
    }

    mutating func remove(_ address: ObjectAddress) throws {
        guard let (id, checksum) = try find(Data(address.recordKey)) else { return }
        if index != nil {
            let previous = try object(at: address)
            index?.replace(previous, with: nil)
        }
        let delete = try db.cachedStatement(sql: "DELETE FROM object WHERE id = ?")
        delete.setUncheckedArguments([id])
        try delete.execute()
        state.digest = state.digest &- checksum
        state.objects -= 1
    }

    private func find(_ key: Data) throws -> (id: Int64, checksum: Int64)? {
        let statement = try db.cachedStatement(sql: "SELECT id, checksum FROM object WHERE key = ?")
        statement.setUncheckedArguments([key])
        guard let row = try Row.fetchOne(statement) else { return nil }
        guard let id = Int64.fromDatabaseValue(row[0]), let checksum = Int64.fromDatabaseValue(row[1]) else {
            throw damaged(path, "a recorded object has no checksum")
        }
        return (id, checksum)
    }

    func generations(of instance: ResourceInstanceAddress) throws -> [ObjectAddress] {
        let prefix = instance.recordKey
        let statement = try db.cachedStatement(sql: "SELECT checksum, bytes FROM object WHERE key >= ? AND key < ?")
        statement.setUncheckedArguments([Data(prefix), Data(successor(of: prefix))])
        return try Row.fetchAll(statement).map { try SnapshotReading.object($0, checksum: 0, bytes: 1, path: path).address }.sorted()
    }

    mutating func holdsObjects(of resource: ResourceAddress) throws -> Bool {
        let prefix = resource.recordKey
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM object WHERE key >= ? AND key < ? LIMIT 1")
        statement.setUncheckedArguments([Data(prefix), Data(successor(of: prefix))])
        return try Row.fetchOne(statement) != nil
    }

    mutating func dependants(on resource: ResourceAddress) throws -> [StateObject] {
        try (indexed().dependants[resource] ?? []).sorted().compactMap { try object(at: $0) }
    }

    mutating func dependants(on resource: ResourceAddress, butNot other: ResourceAddress) throws -> [StateObject] {
        try indexed().dependants(on: resource, butNot: other).sorted().compactMap { try object(at: $0) }
    }

    mutating func contents(of instance: ResourceInstanceAddress) throws -> [StateObject] {
        try (indexed().contents[instance] ?? []).sorted().compactMap { try object(at: $0) }
    }

    private mutating func indexed() throws -> DependencyIndex {
        if let index { return index }
        let built = try DependencyIndex(SnapshotReading.objects(db, state: nil, path: path))
        index = built
        return built
    }

    /// The least key that does not begin with `prefix` and is greater than those that do. A key's last byte is never 0xFF.
    private func successor(of prefix: [UInt8]) -> [UInt8] { prefix.dropLast() + [(prefix.last ?? 0) &+ 1] }

    // MARK: Intents, outputs, runs

    mutating func open(_ intent: Intent) throws {
        try close(intent: intent.id)
        let serial = state.version.serial
        let insert = try db.cachedStatement(sql: "INSERT INTO open_intent (serial) VALUES (?)")
        insert.setUncheckedArguments([serial])
        try insert.execute()
        intents[intent.id] = serial
        state.intents += 1
        state.digest = state.digest &+ Seed.intent(serial)
    }

    mutating func close(intent id: String) throws {
        guard let serial = intents.removeValue(forKey: id) else { return }
        let delete = try db.cachedStatement(sql: "DELETE FROM open_intent WHERE serial = ?")
        delete.setUncheckedArguments([serial])
        try delete.execute()
        guard db.changesCount == 1 else { throw damaged(path, "an open intent is missing") }
        state.intents -= 1
        state.digest = state.digest &- Seed.intent(serial)
    }

    mutating func setOutput(_ name: String, to record: OutputRecord?) throws {
        let find = try db.cachedStatement(sql: "SELECT checksum FROM output WHERE name = ?")
        find.setUncheckedArguments([name])
        if let old = try Int64.fetchOne(find) {
            try db.cachedStatement(sql: "DELETE FROM output WHERE name = ?").execute(arguments: [name])
            state.digest = state.digest &- old
            state.outputs -= 1
        }
        guard let record else { return }
        let bytes = try record.encoded()
        let checksum = SnapshotReading.outputChecksum(name: name, bytes: bytes)
        try db.cachedStatement(sql: "INSERT INTO output (name, checksum, bytes) VALUES (?, ?, ?)")
            .execute(arguments: [name, checksum, Data(bytes)])
        state.digest = state.digest &+ checksum
        state.outputs += 1
    }

    mutating func begin(_ run: RunRecord) throws {
        let bytes = run.encoded()
        try db.execute(
            sql: "INSERT OR REPLACE INTO run (serial, id, checksum, bytes) VALUES (?, ?, ?, ?)",
            arguments: [state.version.serial, run.id.rawValue, Checksum.of(bytes, seed: Seed.run), Data(bytes)])
    }

    mutating func end(_ run: RunID, result: RunRecord.Result, at time: Double, counts: RunRecord.Counts) throws {
        guard let row = try Row.fetchOne(db, sql: "SELECT checksum, bytes FROM run WHERE id = ?", arguments: [run.rawValue]) else { return }
        var record = try SnapshotReading.run(row, path: path)
        record.result = result
        record.endedAt = time
        record.counts = counts
        let bytes = record.encoded()
        try db.execute(
            sql: "UPDATE run SET checksum = ?, bytes = ? WHERE id = ?",
            arguments: [Checksum.of(bytes, seed: Seed.run), Data(bytes), run.rawValue])
    }
}

extension StateEvent {
    /// Address of the object that the event carries whole.
    fileprivate var carriedAddress: ObjectAddress? {
        switch self {
        case .fact(_, let address, .some), .observed(let address, .some): address
        case .recorded(let object), .imported(let object, _): object.address
        default: nil
        }
    }
}
