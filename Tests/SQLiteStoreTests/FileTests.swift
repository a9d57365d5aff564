import FoundationEssentials
import StateModel
import TestSupport
import Testing

@testable import SQLiteStore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@Suite struct FileTests {
    private let none = StateVersion(lineage: "", serial: 0)

    private func mode(_ path: String) -> UInt32? {
        var status = stat()
        return stat(path, &status) == 0 ? UInt32(status.st_mode) & 0o777 : nil
    }

    private func error(_ body: () async throws -> Void) async -> StateStoreError? {
        do {
            try await body()
            return nil
        } catch { return error as? StateStoreError }
    }

    @Test func allFilesAreTheOwnersAlone() async throws {
        let folder = try Folder()
        let store = SQLiteStore(path: folder.file)
        let lock = try await store.lock(for: RandomState.holder)
        _ = try await store.append(RandomState.sample, under: lock, expecting: none)
        #expect(mode(folder.file) == 0o600 && mode(folder.file + "-wal") == 0o600 && mode(folder.file + "-shm") == 0o600)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
        await store.close()
    }

    @Test func readingMakesNoFile() async throws {
        let folder = try Folder()
        let store = SQLiteStore(path: folder.file)
        #expect(try await store.snapshot().version == none)
        #expect(try await store.history(limit: 3).isEmpty)
        #expect(try await store.currentLock() == nil)
        #expect(try await store.verify().isEmpty)
        #expect(try await store.events().isEmpty)
        #expect(await error { try await store.breakLock(id: "x") } != nil)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func planningBeforeTheFirstEventHoldsForTheNewState() async throws {
        let folder = try Folder()
        let store = SQLiteStore(path: folder.file)
        let planned = try await store.snapshot().version
        let lock = try await store.lock(for: RandomState.holder)
        // A lock makes the file, and no lineage: what was planned before still holds.
        #expect(try await store.snapshot().version == planned)
        #expect(try await store.append(RandomState.sample, under: lock, expecting: planned).serial == 40)
    }

    @Test(arguments: [
        ("missing/ashlar.state", "does not exist"), ("file/ashlar.state", "is not a directory"), ("", "is a directory"),
    ]) func pathsThatCannotBe(_ path: String, _ words: String) async throws {
        let folder = try Folder()
        try place([], at: folder.path + "/file")
        let store = SQLiteStore(path: folder.path + (path.isEmpty ? "" : "/" + path))
        let refused = try #require(await error { _ = try await store.lock(for: RandomState.holder) })
        #expect(refused.code == .permission && refused.message.contains(folder.path), "\(refused)")
        if !path.isEmpty { #expect(refused.message.contains(words) && !refused.hints.isEmpty, "\(refused)") }
    }

    /// Where even the superuser may not write.
    @Test func aDirectoryThatCannotBeWrittenTo() async throws {
        let store = SQLiteStore(path: "/proc/ashlar.state")
        let refused = try #require(await error { _ = try await store.lock(for: RandomState.holder) })
        #expect(refused.code == .permission && refused.message.contains("/proc"), "\(refused)")
    }

    @Test(.enabled(if: geteuid() != 0)) func aDirectoryWithoutTheRightToWrite() async throws {
        let folder = try Folder()
        chmod(folder.path, 0o500)
        defer { chmod(folder.path, 0o700) }
        let refused = try #require(await error { _ = try await SQLiteStore(path: folder.file).lock(for: RandomState.holder) })
        #expect(refused.code == .permission && refused.hints.contains { $0.contains(folder.path) }, "\(refused)")
    }

    @Test func aFileThatIsNoDatabase() async throws {
        let folder = try Folder()
        try place("{\"version\": 4, \"serial\": 1, \"lineage\": \"terraform\"}".utf8, at: folder.file)
        let store = SQLiteStore(path: folder.file)
        for refused in [await error { _ = try await store.snapshot() }, await error { _ = try await store.lock(for: RandomState.holder) }] {
            #expect(refused?.code == .damaged && refused?.message.contains("is not a state") == true, "\(refused as Any)")
        }
        #expect(try String(contentsOfFile: folder.file, encoding: .utf8).hasPrefix("{\"version\""))
    }

    @Test func whatIsNoFileIsRefusedAtOnce() async throws {
        let folder = try Folder()
        let link = folder.path + "/link"
        #expect(symlink(folder.path + "/nowhere", link) == 0)
        let pipe = folder.path + "/pipe"
        #expect(mkfifo(pipe, 0o600) == 0)
        for (path, words) in [(link, "symbolic link"), (pipe, "no regular file"), (folder.path, "a directory")] {
            let store = SQLiteStore(path: path)
            #expect(await error { _ = try await store.lock(for: RandomState.holder) }?.message.contains(words) == true)
            #expect(await error { _ = try await store.snapshot() }?.message.contains(words) == true)
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/nowhere"))
    }

    @Test func aDatabaseOfSomebodyElse() async throws {
        let folder = try Folder()
        try tamper(folder.file, "CREATE TABLE player (name TEXT)")
        let store = SQLiteStore(path: folder.file)
        for refused in [await error { _ = try await store.snapshot() }, await error { _ = try await store.lock(for: RandomState.holder) }] {
            #expect(refused?.code == .damaged && refused?.message.contains("another application") == true, "\(refused as Any)")
        }
    }

    @Test func aLaterFormat() async throws {
        let folder = try Folder()
        let store = SQLiteStore(path: folder.file)
        try await store.unlock(try await store.lock(for: RandomState.holder))
        await store.close()
        try tamper(folder.file, "PRAGMA user_version = 3")
        for refused in [await error { _ = try await store.snapshot() }, await error { _ = try await store.lock(for: RandomState.holder) }] {
            #expect(refused?.code == .newerFormat && refused?.hints.isEmpty == false, "\(refused as Any)")
        }
    }

    @Test func aFormatFromBeforeTheFirstRelease() async throws {
        let folder = try Folder()
        let store = SQLiteStore(path: folder.file)
        try await store.unlock(try await store.lock(for: RandomState.holder))
        await store.close()
        try tamper(folder.file, "PRAGMA user_version = 1")
        let refused = await error { _ = try await store.snapshot() }
        #expect(refused?.code == .damaged && refused?.message.contains("format 1") == true, "\(refused as Any)")
    }

    /// A new state is there whole or not at all: nothing was ever a state.
    @Test(arguments: [0, 1, 60, 4096]) func aFileOfNothingIsNoNewState(_ count: Int) async throws {
        let folder = try Folder()
        try place([UInt8](repeating: 0, count: count), at: folder.file)
        let store = SQLiteStore(path: folder.file)
        for refused in [await error { _ = try await store.snapshot() }, await error { _ = try await store.lock(for: RandomState.holder) }] {
            #expect(refused?.code == .damaged && refused?.message.contains(folder.file) == true, "\(refused as Any)")
            #expect(refused?.hints.contains { $0.contains("backup") } == true)
        }
        #expect(FileManager.default.contents(atPath: folder.file)?.count == count)
    }

    @Test func ofManyFirstRunsOneMakesTheState() async throws {
        let folder = try Folder()
        let taken = try await withThrowingTaskGroup(of: Bool.self) { tasks in
            for _ in 0..<12 {
                tasks.addTask {
                    let store = SQLiteStore(path: folder.file)
                    do throws(StateStoreError) {
                        _ = try await store.lock(for: RandomState.holder)
                        return true
                    } catch {
                        guard case .locked = error.code else { throw error }
                        return false
                    }
                }
            }
            return try await tasks.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(taken == 1)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.allSatisfy { $0.hasPrefix("ashlar.state") && !$0.contains(".new") }, "\(names)")
    }

    /// What is written to a file that has no name any more is lost with the process.
    @Test func aStateThatIsRemovedWhileItIsInUse() async throws {
        let folder = try Folder()
        let store = SQLiteStore(path: folder.file)
        let lock = try await store.lock(for: RandomState.holder)
        let version = try await store.append(RandomState.sample, under: lock, expecting: none)
        try FileManager.default.removeItem(atPath: folder.file)
        let refused = await error { _ = try await store.append(RandomState.sample, under: lock, expecting: version) }
        #expect(refused?.message.contains("removed or replaced") == true && refused?.hints.isEmpty == false, "\(refused as Any)")
        #expect(!FileManager.default.fileExists(atPath: folder.file))
        await store.close()
    }

    @Test func aFullDiskLosesNothingAndIsSaid() async throws {
        let folder = try Folder()
        let store = SQLiteStore(path: folder.file, busyTimeout: 1, maximumPages: 60)
        let lock = try await store.lock(for: RandomState.holder)
        var version = none
        var expected = StateSnapshot(version: none)
        var random = RandomState(seed: 1, variety: 300)
        var refused: StateStoreError?
        while refused == nil {
            let events = random.events(20)
            do throws(StateStoreError) {
                version = try await store.append(events, under: lock, expecting: version)
                for event in events { expected.fold(event) }
            } catch { refused = error }
        }
        #expect(
            refused?.code == .full && refused?.message.contains(folder.file) == true && refused?.hints.isEmpty == false, "\(refused as Any)"
        )
        let after = try await store.snapshot()
        #expect(after.version == version && after.objects == expected.objects && after.openIntents == expected.openIntents)
        #expect(try await store.verify() == [])
        // With space again, the same lock goes on.
        await store.close()
        let roomy = SQLiteStore(path: folder.file)
        let next = try await roomy.append(random.events(20), under: lock, expecting: version)
        #expect(next.serial == version.serial + 20)
    }

    @Test func aFileThatMayOnlyBeRead() async throws {
        let folder = try Folder()
        let store = SQLiteStore(path: folder.file)
        let lock = try await store.lock(for: RandomState.holder)
        _ = try await store.append(RandomState.sample, under: lock, expecting: none)
        try await store.unlock(lock)
        let expected = try await store.snapshot()
        await store.close()
        let uri = SQLiteStore(path: folder.file, busyTimeout: 1, isImmutable: true)
        #expect(try await uri.snapshot().objects == expected.objects)
        #expect(chmod(folder.file, 0o444) == 0)
        let refused = await error { _ = try await uri.lock(for: RandomState.holder) }
        // Nothing is forbidden to root.
        #expect(refused?.code == (geteuid() == 0 ? nil : .permission))
    }

    // MARK: Locks

    @Test func aLockThatADeadProcessLeftIsKnownAsSuch() async throws {
        let folder = try Folder()
        let store = SQLiteStore(path: folder.file)
        var child = pid_t()
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/sleep"), strdup("900"), nil]
        defer { for argument in arguments { free(argument) } }
        #expect(posix_spawn(&child, "/bin/sleep", nil, nil, &arguments, environ) == 0)
        var holder = RandomState.holder
        holder.process = child
        let lock = try await store.lock(for: holder)
        var refused = try #require(await error { _ = try await store.lock(for: RandomState.holder) })
        #expect(refused.code == .locked(lock) && !refused.message.contains("no longer running"), "\(refused)")
        kill(child, SIGKILL)
        var status: Int32 = 0
        waitpid(child, &status, 0)
        refused = try #require(await error { _ = try await store.lock(for: RandomState.holder) })
        #expect(refused.code == .locked(lock) && refused.message.contains("no longer running"), "\(refused)")
        #expect(refused.hints.contains { $0.contains("force-unlock \(lock.id)") })
        #expect(refused.message.contains("ada on rack") && refused.message.contains("2023-11-14 22:13:20 UTC"))
        // Of many that take it over one gets it, and the others are told who has it now.
        let stores = (0..<4).map { _ in SQLiteStore(path: folder.file) }
        let taken = await withTaskGroup(of: Result<StateLock, StateStoreError>.self) { tasks in
            for index in 0..<16 {
                tasks.addTask {
                    do throws(StateStoreError) {
                        return .success(try await stores[index % 4].takeOver(lock, for: RandomState.holder))
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await tasks.reduce(into: []) { $0.append($1) }
        }
        let now = try #require(try await store.currentLock())
        #expect(now.epoch == lock.epoch + 1 && now.id != lock.id)
        #expect(taken.count { $0 == .success(now) } == 1)
        #expect(taken.allSatisfy { if case .failure(let error) = $0 { error.code == .locked(now) } else { true } }, "\(taken)")
        // Nobody's lock is taken over while its process runs, nor one that is free.
        #expect(await error { _ = try await store.takeOver(now, for: RandomState.holder) }?.code == .locked(now))
        #expect(await error { try await store.unlock(lock) }?.code == .lockLost)
        try await store.unlock(now)
        #expect(await error { _ = try await store.takeOver(lock, for: RandomState.holder) }?.code == .notHeld)
    }

    @Test func anotherMachinesLockIsNeverKnownToBeStale() {
        #expect(ProcessIdentity("other-machine/boot/pid:[1]/1/1")?.isGone == false)
        #expect(ProcessIdentity("nonsense") == nil)
        let own = ProcessIdentity(of: getpid())
        #expect(own?.isGone == false && own.flatMap { ProcessIdentity($0.text) } == own)
    }
}
