import Addresses
import Foundation
import SQLiteStore
import StateModel
import TestSupport
import Testing
import Values

@testable import StateDocuments

/// A folder with a document in it, gone afterwards.
final class DocumentFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.path + "/ashlar-document-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // What is left in the temporary directory does no harm.
        try? FileManager.default.removeItem(atPath: path)
    }

    var document: String { path + "/terraform.tfstate" }

    /// Another process on this machine, with the same journal.
    func store() -> DocumentStore { store(FilePlace(path: document)) }

    func store(_ place: any DocumentPlace, journal: String = "/.terraform.tfstate.ashlar") -> DocumentStore {
        DocumentStore(
            place: place, journal: SQLiteStore(path: path + journal), markPath: path + journal + "-published", shapes: SomeShapes(),
            holder: { LockHolder(user: "ada", host: "rack", process: getpid(), operation: $0, since: 1_700_000_000, program: "ashlar 0") })
    }

    var text: String { (try? String(contentsOfFile: document, encoding: .utf8)) ?? "" }
    func write(_ text: String) throws { try text.write(toFile: document, atomically: false, encoding: .utf8) }
}

extension DocumentStore {
    /// Records objects of these names as a run does.
    @discardableResult
    func record(_ names: [String], ending: Bool = true) async throws -> StateLock {
        let lock = try await lock(for: holder("apply"))
        _ = try await append(names.map { .recorded(Self.object($0)) }, under: lock, expecting: try await snapshot().version)
        if ending { try await unlock(lock) }
        return lock
    }

    static func object(_ name: String) -> StateObject {
        StateObject(
            address: ObjectAddress(
                ResourceAddress(resource: ResourceName(type: ResourceType("terraform_data"), name: name)).instance(.none)),
            attributes: .object([
                ("id", .string(name)), ("input", .null), ("output", .null), ("triggers_replace", .null),
            ]), provider: ProviderConfigAddress(name: "terraform"))
    }

    var names: [String] { get async throws { try await snapshot().objects.keys.sorted().map(\.instance.resource.resource.name) } }
}

@Suite struct StoreTests {
    @Test(arguments: StateStoreContract.cases) func aDocumentInAFileKeepsTheContract(_ contract: StateStoreContract.Case) async throws {
        let folder = try DocumentFolder()
        try await contract.run(.init(store: folder.store(), other: folder.store()))
    }

    @Test func whatWasRecordedIsPublishedWhenTheLockIsGivenBack() async throws {
        let folder = try DocumentFolder()
        let store = folder.store()
        let lock = try await store.record(["a"], ending: false)
        #expect(folder.text == "")
        try await store.unlock(lock)
        let first = try await StateDocument(Array(folder.text.utf8), shapes: SomeShapes())
        #expect(first.serial == 1 && first.lineage.count == 36 && first.objects.map(\.address.description) == ["terraform_data.a"])
        // A run that changes nothing writes nothing; one that does keeps what was there.
        let before = folder.text
        try await store.record([])
        #expect(folder.text == before && !FileManager.default.fileExists(atPath: folder.document + ".backup"))
        try await store.record(["b"])
        let second = try await StateDocument(Array(folder.text.utf8), shapes: SomeShapes())
        #expect(second.serial == 2 && second.lineage == first.lineage && second.objects.count == 2)
        #expect(try String(contentsOfFile: folder.document + ".backup", encoding: .utf8) == before)
    }

    @Test func whatAKilledRunHasRecordedIsPublishedByTheNext() async throws {
        let folder = try DocumentFolder()
        let lock = try await folder.store().record(["a"], ending: false)
        // Its process is gone, and with it the lock on the file.
        let next = folder.store()
        #expect(try await next.names == ["a"])
        try await next.breakLock(id: lock.id)
        try await next.record([])
        #expect(try await StateDocument(Array(folder.text.utf8), shapes: SomeShapes()).objects.count == 1)
    }

    @Test func aDocumentThatSomebodyElseHasWrittenIsTakenOver() async throws {
        let folder = try DocumentFolder()
        try await folder.store().record(["a", "b"])
        let other = try await StateDocument(Array(folder.text.utf8), shapes: SomeShapes())
        var changed = other.snapshot
        changed.objects = [ObjectAddress(DocumentStore.object("c").address.instance): DocumentStore.object("c")]
        try folder.write(
            String(
                decoding: try await StateDocument.bytes(of: changed, lineage: "other", serial: 40, shapes: SomeShapes(), sources: [:]),
                as: UTF8.self))
        let store = folder.store()
        #expect(try await store.names == ["c"])
        try await store.record(["d"])
        let written = try await StateDocument(Array(folder.text.utf8), shapes: SomeShapes())
        #expect(written.serial == 41 && written.lineage == "other" && written.objects.count == 2)
        #expect(try await store.history(limit: 9).count == 1)
    }

    @Test func whatWasNotPublishedIsNotOverruled() async throws {
        let folder = try DocumentFolder()
        let first = folder.store()
        try await first.record(["a"])
        let published = folder.text
        let lock = try await first.record(["b"], ending: false)
        let killed = folder.store()
        try await killed.breakLock(id: lock.id)
        try folder.write(published.replacing("\"a\"", with: "\"z\""))
        for attempt in 1...2 {
            await #expect("attempt \(attempt)") {
                _ = try await folder.store().record(["c"])
            } throws: { error in
                let error = error as? StateStoreError
                return error?.message.contains("changed by somebody else") == true && error?.message.contains("terraform_data.b") == true
                    && error?.hints.count == 2
            }
        }
        #expect(folder.text == published.replacing("\"a\"", with: "\"z\""), "nothing was written")
        // Put back, it goes on from there.
        try folder.write(published)
        try await folder.store().record(["c"])
        #expect(try await StateDocument(Array(folder.text.utf8), shapes: SomeShapes()).objects.count == 3)
    }

    @Test(arguments: ["", nil]) func aDocumentThatIsGoneIsNotAnEmptyState(_ left: String?) async throws {
        let folder = try DocumentFolder()
        try await folder.store().record(["a"])
        let text = folder.text
        if let left { try folder.write(left) } else { try FileManager.default.removeItem(atPath: folder.document) }
        await #expect { _ = try await folder.store().snapshot() } throws: { ($0 as? StateStoreError)?.code == .damaged }
        await #expect { _ = try await folder.store().record(["b"]) } throws: { ($0 as? StateStoreError)?.code == .damaged }
        try folder.write(text)
        #expect(try await folder.store().names == ["a"])
    }

    /// Every beginning of a write, and the zeros that a power cut leaves: what was being written holds.
    @Test func aWriteThatWasCutShortIsEnded() async throws {
        let folder = try DocumentFolder()
        try await folder.store().record(["a"])
        let mark = folder.path + "/.terraform.tfstate.ashlar-published"
        let before = try Data(contentsOf: URL(filePath: mark))
        try await folder.store().record(["b"])
        let whole = Array(folder.text.utf8)
        for length in stride(from: 0, to: whole.count, by: 37) {
            for zeros in [0, 5] {
                try Data(whole.prefix(length) + Array(repeating: 0, count: min(zeros, whole.count - length))).write(
                    to: URL(filePath: folder.document))
                try Data(whole).write(to: URL(filePath: folder.path + "/.terraform.tfstate.ashlar-draft"))
                // As it was before the publication, with what it was to become.
                let after = try #require(try PublicationMark(at: mark)?.published)
                try before.write(to: URL(filePath: mark))
                var pending = try #require(try PublicationMark(at: mark))
                pending.pending = after
                try pending.write(to: mark)
                let store = folder.store()
                #expect(try await store.names == ["a", "b"])
                try await store.record([])
                let isWhole = Array(folder.text.utf8) == whole
                #expect(isWhole, "cut at \(length)")
            }
        }
    }

    @Test func terraformsLockKeepsUsOutAndOursKeepsItOut() async throws {
        let folder = try DocumentFolder()
        let store = folder.store()
        try await store.record(["a"])
        // What Terraform does: a record lock on the file, and a word about who has it beside it.
        let descriptor = open(folder.document, O_RDWR | O_CLOEXEC)
        #expect(FileLock.take(descriptor) == true)
        try
            #"{"ID":"t-1","Operation":"OperationTypeApply","Info":"","Who":"bob@ci","Version":"1.11.4","Created":"2026-01-02T03:04:05.678Z","Path":"terraform.tfstate"}"#
            .write(toFile: folder.path + "/.terraform.tfstate.lock.info", atomically: true, encoding: .utf8)
        await #expect { _ = try await store.record(["b"]) } throws: { error in
            guard let error = error as? StateStoreError, case .locked(let lock) = error.code else { return false }
            return lock.id == "t-1" && lock.holder.user == "bob" && lock.holder.since == 1_767_323_045 && error.message.contains("bob@ci")
        }
        #expect(try await store.currentLock()?.id == "t-1")
        // It has begun to write: whoever only reads is told who does.
        let whole = folder.text
        try folder.write(String(whole.prefix(40)))
        await #expect { _ = try await folder.store().snapshot() } throws: { error in
            (error as? StateStoreError)?.message.contains("bob@ci") == true
        }
        try folder.write(whole)
        await #expect { try await store.breakLock(id: "t-1") } throws: { ($0 as? StateStoreError)?.code == .notHeld }
        close(descriptor)
        // A program that another test starts holds it for a moment longer.
        let probe = open(folder.document, O_RDWR | O_CLOEXEC)
        while FileLock.take(probe) != true { try await Task.sleep(for: .milliseconds(2)) }
        close(probe)
        let lock = try await retrying { try await store.record(["b"], ending: false) }
        let second = open(folder.document, O_RDWR | O_CLOEXEC)
        #expect(FileLock.take(second) == false)
        try await store.unlock(lock)
        while FileLock.take(second) != true { try await Task.sleep(for: .milliseconds(2)) }
        close(second)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/.terraform.tfstate.lock.info"))
    }

    /// A lock that has just been given back may be held for a moment by a program that is being started.
    private func retrying<Result>(_ body: () async throws -> Result) async throws -> Result {
        for _ in 0..<1_000 {
            do { return try await body() } catch let error as StateStoreError {
                guard case .locked = error.code else { throw error }
                try await Task.sleep(for: .milliseconds(2))
            }
        }
        return try await body()
    }

    /// Reading the file elsewhere in the process does not give the lock away, as it would an ordinary record lock.
    @Test func readingTheDocumentKeepsItsLock() async throws {
        let folder = try DocumentFolder()
        try await folder.store().record(["a"])
        let store = folder.store()
        let lock = try await store.record(["b"], ending: false)
        _ = folder.text
        let other = open(folder.document, O_RDWR | O_CLOEXEC)
        #expect(FileLock.take(other) == false)
        close(other)
        try await store.unlock(lock)
    }

    @Test func whoWasOverruledDoesNotWriteTheDocument() async throws {
        let folder = try DocumentFolder()
        try await folder.store().record(["a"])
        let stale = folder.store()
        let lock = try await stale.record(["b"], ending: false)
        let next = folder.store()
        try await next.breakLock(id: lock.id)
        try await next.record(["c"])
        let text = folder.text
        await #expect { try await stale.unlock(lock) } throws: { ($0 as? StateStoreError)?.code == .lockLost }
        #expect(folder.text == text)
        #expect(try await folder.store().names == ["a", "b", "c"])
    }
}
