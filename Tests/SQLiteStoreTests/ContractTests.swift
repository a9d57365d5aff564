import FoundationEssentials
import SQLiteStore
import StateModel
import TestSupport
import Testing

/// A folder of its own, gone afterwards.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/ashlar-store-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // What is left in the temporary directory does no harm.
        try? FileManager.default.removeItem(atPath: path)
    }

    var file: String { path + "/ashlar.state" }
}

@Suite struct ContractTests {
    @Test(arguments: StateStoreContract.cases) func sqliteKeepsTheContract(_ contract: StateStoreContract.Case) async throws {
        let folder = try Folder()
        let (store, other) = (SQLiteStore(path: folder.file), SQLiteStore(path: folder.file))
        try await contract.run(.init(store: store, other: other))
        #expect(try await store.verify() == [])
        await store.close()
        await other.close()
    }

    @Test(arguments: StateStoreContract.cases) func memoryKeepsTheContract(_ contract: StateStoreContract.Case) async throws {
        let store = InMemoryStore()
        try await contract.run(.init(store: store, other: store))
    }

    @Test func closingLeavesOneFileAndOpeningReadsIt() async throws {
        let folder = try Folder()
        let store = SQLiteStore(path: folder.file)
        let lock = try await store.lock(for: RandomState.holder)
        let version = try await store.append(RandomState.sample, under: lock, expecting: StateVersion(lineage: "", serial: 0))
        try await store.unlock(lock)
        let before = try await store.snapshot()
        await store.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["ashlar.state"])
        #expect(try await store.snapshot().objects == before.objects)
        #expect(try await SQLiteStore(path: folder.file).snapshot().version == version)
    }

    @Test func theJournalIsReadBack() async throws {
        let folder = try Folder()
        let store = SQLiteStore(path: folder.file)
        let lock = try await store.lock(for: RandomState.holder)
        _ = try await store.append(RandomState.sample, under: lock, expecting: StateVersion(lineage: "", serial: 0))
        #expect(try await store.events().map(\.event) == RandomState.sample)
        #expect(try await store.events(since: 38).map(\.serial) == [38, 39, 40])
        #expect(try await store.events(limit: 2).map(\.serial) == [1, 2])
    }
}
