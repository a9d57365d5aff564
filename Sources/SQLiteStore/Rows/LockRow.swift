import FoundationEssentials
import GRDB
import StateModel

/// The lock of the state: free or held, and how often it was taken.
struct LockRow {
    var epoch: Int64
    var lock: StateLock?
    /// `ProcessIdentity` of the holder; empty where it is not known.
    var process: String

    static let free = LockRow(epoch: 0, lock: nil, process: "")

    // MARK: Taking and giving back

    static func take(for holder: LockHolder, db: Database, path: String) throws -> StateLock {
        let row = try read(db, path: path)
        if let held = row.lock { throw locked(held, process: row.process, path: path) }
        return try row.give(to: holder, db: db)
    }

    /// From `held` where it is still held and its process is gone; of several that try, one succeeds.
    static func takeOver(_ held: StateLock, for holder: LockHolder, db: Database, path: String) throws -> StateLock {
        let row = try read(db, path: path)
        guard let now = row.lock else {
            throw StateStoreError(.notHeld, "The lock \(held.id) cannot be taken over: the state \(path) is not locked.")
        }
        guard now.id == held.id, now.epoch == held.epoch, ProcessIdentity(row.process)?.isGone == true else {
            throw locked(now, process: row.process, path: path)
        }
        return try row.give(to: holder, db: db)
    }

    private func give(to holder: LockHolder, db: Database) throws -> StateLock {
        var row = self
        var generator = SystemRandomNumberGenerator()
        let id = (0..<2).map { _ in String(generator.next(), radix: 16).leftPadded(to: 16) }.joined()
        row.epoch += 1
        let lock = StateLock(id: id, epoch: row.epoch, holder: holder)
        row.lock = lock
        row.process = ProcessIdentity(of: holder.process)?.text ?? ""
        try row.update(db)
        return lock
    }

    static func release(_ lock: StateLock, db: Database, path: String) throws {
        var row = try check(lock, db: db, path: path)
        row.lock = nil
        row.process = ""
        try row.update(db)
    }

    /// - Throws: `.lockLost` where `lock` is not the lock that is held.
    @discardableResult
    static func check(_ lock: StateLock, db: Database, path: String) throws -> LockRow {
        let row = try read(db, path: path)
        guard let held = row.lock, held.id == lock.id, held.epoch == lock.epoch else {
            let now = row.lock.map { "it is now held by \(description(of: $0.holder))" } ?? "nobody holds it now"
            throw StateStoreError(
                .lockLost,
                "The lock of the state \(path) was lost: it was broken or taken by somebody else, and \(now). Nothing was written.",
                hints: ["Find out who broke the lock before running anything again."])
        }
        return row
    }

    /// Gives the lock's place back whatever its holder thinks. A lock that cannot be read is removed by any name.
    static func remove(id: String, db: Database, path: String) throws {
        var row: LockRow
        do {
            row = try read(db, path: path)
        } catch let error as StateStoreError where error.code == .damaged {
            let epoch = try Int64.fetchOne(db, sql: "SELECT max(epoch) FROM journal") ?? 0
            row = LockRow(epoch: epoch + 1, lock: nil, process: "")
            try db.execute(sql: "DELETE FROM lock")
            return try row.insert(db)
        }
        guard let held = row.lock else {
            throw StateStoreError(.notHeld, "The lock \(id) cannot be broken: the state \(path) is not locked.")
        }
        guard held.id == id else {
            throw StateStoreError(
                .notHeld,
                "The lock \(id) cannot be broken: the state \(path) is locked by \(description(of: held.holder)) with lock \(held.id).",
                hints: ["Give the id of the lock that is held."])
        }
        row.lock = nil
        row.process = ""
        try row.update(db)
    }

    // MARK: Rows

    private var arguments: StatementArguments {
        [epoch, lock?.id, lock.map { Data($0.holder.encoded()) }, process, checksum]
    }

    private var checksum: Int64 {
        var bytes: [UInt8] = []
        withUnsafeBytes(of: epoch.littleEndian) { bytes.append(contentsOf: $0) }
        bytes.append(contentsOf: process.utf8)
        if let lock {
            bytes.append(contentsOf: lock.id.utf8)
            bytes.append(contentsOf: lock.holder.encoded())
        }
        return Checksum.of(bytes, seed: Seed.lock)
    }

    func insert(_ db: Database) throws {
        try db.execute(
            sql: "INSERT INTO lock (id, epoch, lock, holder, process, checksum) VALUES (1, ?, ?, ?, ?, ?)", arguments: arguments)
    }

    private func update(_ db: Database) throws {
        try db.execute(
            sql: "UPDATE lock SET epoch = ?, lock = ?, holder = ?, process = ?, checksum = ? WHERE id = 1", arguments: arguments)
    }

    static func read(_ db: Database, path: String) throws -> LockRow {
        let statement = try db.cachedStatement(sql: "SELECT epoch, lock, holder, process, checksum FROM lock WHERE id = 1")
        guard let row = try Row.fetchOne(statement), let epoch = Int64.fromDatabaseValue(row[0]),
            let process = String.fromDatabaseValue(row[3]), let checksum = Int64.fromDatabaseValue(row[4])
        else { throw damaged(path, "its lock cannot be read") }
        var result = LockRow(epoch: epoch, lock: nil, process: process)
        if let id = String.fromDatabaseValue(row[1]), let holder = Data.fromDatabaseValue(row[2]) {
            do throws(StateCodingError) {
                result.lock = StateLock(id: id, epoch: epoch, holder: try LockHolder(encoded: Array(holder)))
            } catch { throw damaged(path, "the holder of its lock cannot be read") }
        }
        guard result.checksum == checksum else { throw damaged(path, "the checksum of its lock does not match") }
        return result
    }
}

// MARK: Words

private func locked(_ lock: StateLock, process: String, path: String) -> StateStoreError {
    let who = description(of: lock.holder)
    if ProcessIdentity(process)?.isGone == true {
        return StateStoreError(
            .locked(lock), "The state \(path) is locked by \(who). That process is no longer running: it left the lock behind.",
            hints: ["Run `ashlar force-unlock \(lock.id)` to remove the lock. What the process had begun is looked for by the next run."],
            isHolderGone: true)
    }
    return StateStoreError(
        .locked(lock), "The state \(path) is locked by \(who).",
        hints: [
            "Wait for it to end (`-lock-timeout` waits for you).",
            "If you are certain that it no longer runs, remove the lock: `ashlar force-unlock \(lock.id)`.",
        ])
}

private func description(of holder: LockHolder) -> String {
    "\(holder.user) on \(holder.host) (process \(holder.process), \(holder.operation), since \(time(holder.since)))"
}

/// `2025-01-31 23:59:59 UTC`.
private func time(_ seconds: Double) -> String {
    guard let whole = Int64(exactly: seconds.rounded(.down)), abs(whole) < 1 << 40 else { return "an unknown time" }
    let day = whole >= 0 ? whole / 86_400 : (whole - 86_399) / 86_400
    let second = whole - day * 86_400
    // Days to a date of the Gregorian calendar, counted in eras of 400 years from 1 March 0000.
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let date = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ number: Int64) -> String { String(number).leftPadded(to: 2) }
    return "\(year)-\(two(month))-\(two(date)) \(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)) UTC"
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String { String(repeating: "0", count: max(0, width - utf8.count)) + self }
}
