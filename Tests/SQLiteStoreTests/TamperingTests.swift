import FoundationEssentials
import StateModel
import TestSupport
import Testing

@testable import SQLiteStore

/// Rows that were changed by SQL, so that every page agrees with its checksum: the rows' own checksums and their sum find it.
@Suite struct TamperingTests {
    @Test(arguments: [
        "DELETE FROM object WHERE id = (SELECT min(id) FROM object)",
        "UPDATE object SET bytes = (SELECT bytes FROM object ORDER BY id DESC LIMIT 1)", "DELETE FROM output", "DELETE FROM open_intent",
        "INSERT INTO open_intent VALUES (1)", "UPDATE state SET serial = serial + 1", "UPDATE state SET lineage = 'x'",
        "DELETE FROM state", "UPDATE object SET key = x'0102' WHERE id = (SELECT min(id) FROM object)",
        "UPDATE object SET key = substr(key, 1, length(key) - 1) WHERE id = (SELECT min(id) FROM object)",
        "UPDATE object SET key = substr(key, 1, 1) WHERE id = (SELECT min(id) FROM object)", "UPDATE object SET checksum = 'text'",
        "UPDATE object SET bytes = 7", "DELETE FROM journal", "UPDATE output SET name = name || 'x'", "DROP TABLE object",
        "UPDATE journal SET checksum = checksum + 1",
    ]) func isFoundWhenItIsRead(_ edit: String) async throws {
        let sample = try await Sample(events: 120)
        try tamper(sample.folder.file, edit)
        let store = SQLiteStore(path: sample.folder.file)
        do throws(StateStoreError) {
            _ = try await store.snapshot()
            Issue.record("not found: \(edit)")
        } catch { #expect(error.code == .damaged && !error.hints.isEmpty, "\(edit): \(error)") }
        await store.close()
    }

    @Test(arguments: [
        "DELETE FROM run WHERE serial = (SELECT min(serial) FROM run)", "UPDATE run SET bytes = x'00'", "UPDATE run SET checksum = 1",
        "UPDATE run SET serial = serial + 1000 WHERE serial = (SELECT min(serial) FROM run)",
        "DELETE FROM journal WHERE serial = (SELECT max(serial) FROM journal)", "UPDATE journal SET bytes = x'00' WHERE serial = 3",
        "UPDATE journal SET epoch = epoch + 1 WHERE serial = 2",
    ]) func isFoundByVerifying(_ edit: String) async throws {
        let sample = try await Sample(events: 120)
        #expect(sample.runs.count > 2)
        try tamper(sample.folder.file, edit)
        let store = SQLiteStore(path: sample.folder.file)
        #expect(try await !store.verify().isEmpty, "\(edit)")
        await store.close()
    }

    @Test func aDamagedLockCanBeBroken() async throws {
        let sample = try await Sample(events: 10)
        try tamper(sample.folder.file, "UPDATE lock SET process = 'x'")
        let store = SQLiteStore(path: sample.folder.file)
        await #expect(throws: StateStoreError.self) { _ = try await store.lock(for: RandomState.holder) }
        try await store.breakLock(id: "any")
        _ = try await store.lock(for: RandomState.holder)
        await store.close()
    }
}
