import FoundationEssentials
import StateModel
import TestSupport
import Testing

@testable import SQLiteStore

/// A state in a folder, its bytes and what they say.
struct Sample {
    let folder: Folder
    let snapshot: StateSnapshot
    let runs: [RunRecord]
    let bytes: [UInt8]

    init(events: Int) async throws {
        folder = try Folder()
        let store = SQLiteStore(path: folder.file)
        let lock = try await store.lock(for: RandomState.holder)
        var random = RandomState(seed: 11, variety: 30)
        let run = RunRecord(id: RunID(rawValue: "run-0-0"), command: .apply, holder: RandomState.holder, beganAt: 1, planDigest: "d")
        _ = try await store.append([.runBegan(run)] + random.events(events), under: lock, expecting: StateVersion(lineage: "", serial: 0))
        try await store.unlock(lock)
        snapshot = try await store.snapshot()
        runs = try await store.history(limit: .max)
        #expect(try await store.verify() == [])
        await store.close()
        bytes = [UInt8](try #require(FileManager.default.contents(atPath: folder.file)))
    }

    /// What a copy with other bytes answers; nil where it is refused, as it must be: as damaged, with the path and what to do.
    func read(_ bytes: some Sequence<UInt8>, _ what: String) async throws -> (snapshot: StateSnapshot, runs: [RunRecord])? {
        let path = folder.path + "/copy"
        try place(bytes, at: path)
        let store = SQLiteStore(path: path, busyTimeout: 1)
        var result: (StateSnapshot, [RunRecord])?
        do throws(StateStoreError) {
            result = (try await store.snapshot(), try await store.history(limit: .max))
        } catch {
            #expect([.damaged, .newerFormat].contains(error.code), "\(what): \(error)")
            #expect(error.message.contains(path) && !error.hints.isEmpty, "\(what): \(error)")
        }
        await store.close()
        for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.removeItem(atPath: path + suffix)
        }
        return result
    }

    func isSame(_ read: (snapshot: StateSnapshot, runs: [RunRecord])) -> Bool {
        read.snapshot.objects == snapshot.objects && read.snapshot.outputs == snapshot.outputs
            && read.snapshot.openIntents == snapshot.openIntents && read.snapshot.version == snapshot.version && read.runs == runs
    }
}

/// A flipped byte anywhere is refused with a message that says so, or does no harm. Never a crash, never a silent difference.
@Suite struct DamageTests {
    @Test func flippedBytes() async throws {
        let sample = try await Sample(events: 120)
        var generator = SeededGenerator(seed: 5)
        // The header whole, every page's beginning and end, the rest by sample; all of it where there is time.
        var offsets = Array(0..<110)
        for page in stride(from: 0, to: sample.bytes.count, by: CheckedPages.pageSize) {
            offsets += [page, page + 3, page + 5, page + 8, page + CheckedPages.pageSize - 1]
        }
        offsets += (0..<(150 * Torture.factor)).map { _ in generator.below(sample.bytes.count) }
        if Torture.factor >= 1000 { offsets = Array(sample.bytes.indices) }
        var refused = 0
        for offset in offsets {
            var broken = sample.bytes
            broken[offset] ^= UInt8(1 << generator.below(8))
            guard let read = try await sample.read(broken, "offset \(offset)") else {
                refused += 1
                continue
            }
            #expect(sample.isSame(read), "a silent difference after a flip at \(offset)")
        }
        #expect(refused > offsets.count / 2)
    }

    /// What reading does not come by, writing and verifying do: the pages of an index, of the journal, of free space.
    @Test func whatIsReadIsRightOrRefusedWhenWritingToo() async throws {
        let sample = try await Sample(events: 60)
        var generator = SeededGenerator(seed: 8)
        let lock = RandomState.holder
        for page in stride(from: 0, to: sample.bytes.count, by: CheckedPages.pageSize) {
            let path = sample.folder.path + "/page"
            var broken = sample.bytes
            broken[page + generator.below(CheckedPages.pageSize)] ^= UInt8(1 << generator.below(8))
            try place(broken, at: path)
            let store = SQLiteStore(path: path, busyTimeout: 1)
            // Verifying reads every page that is in use.
            let problems: [String]?
            do throws(StateStoreError) { problems = try await store.verify() } catch {
                #expect(error.code == .damaged || error.code == .newerFormat, "\(page): \(error)")
                problems = nil
            }
            #expect(problems?.isEmpty != true, "page \(page / CheckedPages.pageSize) is not verified")
            do throws(StateStoreError) {
                let held = try await store.lock(for: lock)
                var random = RandomState(seed: 3, variety: 30)
                let events = random.events(30)
                let version = try await store.append(events, under: held, expecting: sample.snapshot.version)
                var expected = sample.snapshot
                for event in events { expected.fold(event) }
                let now = try await store.snapshot()
                #expect(now.objects == expected.objects && now.outputs == expected.outputs && now.version == version, "page \(page)")
            } catch {
                #expect(error.code == .damaged || error.code == .newerFormat, "\(page): \(error)")
            }
            await store.close()
            for suffix in ["", "-wal", "-shm"] where FileManager.default.fileExists(atPath: path + suffix) {
                try FileManager.default.removeItem(atPath: path + suffix)
            }
        }
    }

    @Test func filesThatEndTooEarly() async throws {
        let sample = try await Sample(events: 120)
        let counts = [0, 1, 99, 100, 511, 512, 4095, 4096] + Array(stride(from: 3001, to: sample.bytes.count, by: 9001))
        for count in counts {
            #expect(try await sample.read(sample.bytes.prefix(count), "\(count) bytes") == nil, "\(count) bytes are taken for a state")
        }
        #expect(try await sample.read(sample.bytes, "all bytes") != nil)
    }

    /// Pages that are whole and stand where others belong: an old one, or its neighbour's.
    @Test func pagesInTheWrongPlace() async throws {
        let sample = try await Sample(events: 120)
        let size = CheckedPages.pageSize
        for page in 1..<(sample.bytes.count / size - 1) {
            var broken = sample.bytes
            broken.replaceSubrange((page * size)..<((page + 1) * size), with: sample.bytes[((page + 1) * size)..<((page + 2) * size)])
            if let read = try await sample.read(broken, "page \(page)") { #expect(sample.isSame(read), "page \(page)") }
        }
    }
}
