import Addresses
import CurlTransport
import Foundation
import SQLiteStore
import StateModel
import TestSupport
import Testing
import Transport

@testable import StateDocuments

/// Documents behind a URL, each store a machine with a journal of its own unless it says otherwise.
@Suite struct HTTPTests {
    static let transport = CurlHTTPTransport()
    let folder: DocumentFolder
    let model = FakeStateService(credentials: "ada:secret")
    let service: ScriptedService

    init() throws {
        folder = try DocumentFolder()
        service = try ScriptedService(model)
    }

    func place(_ change: (inout HTTPPlace.Settings) -> Void = { _ in }) -> HTTPPlace {
        var settings = HTTPPlace.Settings(address: "http://127.0.0.1:\(service.port)/state/a")
        settings.lockAddress = settings.address + "/lock"
        settings.unlockAddress = settings.address + "/lock"
        settings.username = "ada"
        settings.password = "secret"
        settings.waits = (0.01, 0.05)
        change(&settings)
        return HTTPPlace(settings, transport: { Self.transport })
    }

    func machine(_ name: String, _ place: HTTPPlace? = nil) -> DocumentStore {
        folder.store(place ?? self.place(), journal: "/\(name).ashlar")
    }

    var document: StateDocument {
        get async throws { try await StateDocument(Array((model["/state/a"].document ?? "").utf8), shapes: SomeShapes()) }
    }

    @Test(arguments: StateStoreContract.cases) func aDocumentBehindAURLKeepsTheContract(_ contract: StateStoreContract.Case) async throws {
        try await contract.run(.init(store: machine("one"), other: machine("one")))
    }

    @Test func whatOneMachinePublishesTheOtherReads() async throws {
        let (one, two) = (machine("one"), machine("two"))
        try await one.record(["a"])
        #expect(try await two.names == ["a"])
        try await two.record(["b"])
        #expect(try await one.names == ["a", "b"])
        #expect(try await document.serial == 2)
        #expect(model["/state/a"].lock == nil)
        let posts = service.requests.filter { $0.method == "POST" }
        #expect(posts.count == 2 && posts.allSatisfy { $0.target.contains("?ID=") && $0.headers["content-md5"]?.count == 24 })
    }

    @Test func theOtherMachineIsKeptOutAndToldByWhom() async throws {
        let one = machine("one")
        let lock = try await one.record(["a"], ending: false)
        await #expect { _ = try await machine("two").record(["b"]) } throws: { error in
            guard let error = error as? StateStoreError, case .locked(let held) = error.code else { return false }
            return held.id == lock.id && held.holder.user == "ada" && held.holder.process == getpid()
        }
        try await one.unlock(lock)
        try await machine("two").record(["b"])
        #expect(try await document.objects.count == 2)
    }

    @Test func aLockThatAKilledRunLeftIsBroken() async throws {
        let lock = try await machine("one").record(["a"], ending: false)
        let two = machine("two")
        await #expect { try await two.breakLock(id: "other") } throws: { ($0 as? StateStoreError)?.code == .notHeld }
        try await two.breakLock(id: lock.id)
        try await two.record(["b"])
        // The first machine has what was never published: nothing is overruled, on either side.
        let one = machine("one")
        try await one.journal.breakLock(id: lock.id)
        await #expect { _ = try await one.record(["c"]) } throws: { error in
            (error as? StateStoreError)?.message.contains("terraform_data.a") == true
        }
        #expect(try await document.objects.count == 1 && model["/state/a"].lock == nil)
    }

    /// The document could not be written: the lock stays, and the same machine goes on.
    @Test func whatCouldNotBePublishedIsPublishedLater() async throws {
        let one = machine("one")
        service.misbehave([ServiceFault("POST", .answer(ServiceAnswer(500)))])
        let lock = try await one.record(["a"], ending: false)
        await #expect { try await one.unlock(lock) } throws: { error in
            (error as? StateStoreError)?.message.contains("status 500") == true
        }
        #expect(service.requests.count { $0.method == "POST" } == 3)
        #expect(model["/state/a"].lock != nil && model["/state/a"].document == nil)
        service.misbehave([])
        let next = machine("one")
        try await next.breakLock(id: lock.id)
        try await next.record([])
        #expect(try await document.objects.count == 1)
    }

    /// Answers that are lost after the work is done: a lock that is ours, a document that is there, an unlocking that was heard.
    @Test(arguments: ["LOCK", "POST", "UNLOCK", "GET"]) func lostAnswersAreAskedForAgain(_ method: String) async throws {
        let one = machine("one")
        try await one.record(["z"])
        service.misbehave([ServiceFault(method, times: 1, afterTheWork: true, .close)])
        try await one.record(["a"])
        #expect(try await document.objects.count == 2)
        #expect(model["/state/a"].lock == nil)
    }

    /// The service has the document, but not we its word: the next command sees that it is there.
    @Test func aPublicationWithoutAnAnswerIsFoundDone() async throws {
        let one = machine("one", place { $0.retries = 0 })
        service.misbehave([ServiceFault("POST", afterTheWork: true, .answer(ServiceAnswer(500)))])
        let lock = try await one.record(["a"], ending: false)
        await #expect(throws: StateStoreError.self) { try await one.unlock(lock) }
        service.misbehave([])
        let next = machine("one")
        try await next.breakLock(id: lock.id)
        try await next.record([])
        #expect(service.requests.count { $0.method == "POST" } == 1)
        #expect(try await machine("two").names == ["a"])
    }

    /// Without an address for locks nobody is kept out, but what somebody else wrote is not overwritten.
    @Test func withoutALockAChangeIsSeen() async throws {
        let (one, two) = (machine("one", place { $0.lockAddress = nil }), machine("two", place { $0.lockAddress = nil }))
        let lock = try await one.record(["a"], ending: false)
        try await two.record(["b"])
        await #expect { try await one.unlock(lock) } throws: { ($0 as? StateStoreError)?.code == .lockLost }
        #expect(try await document.objects.map(\.address.description) == ["terraform_data.b"])
    }

    @Test func credentialsAreWanted() async throws {
        for (change, hint) in [
            ({ $0.username = nil }, true), ({ $0.password = "wrong" }, false),
        ] as [((inout HTTPPlace.Settings) -> Void, Bool)] {
            await #expect { _ = try await machine("one", place(change)).snapshot() } throws: { error in
                let error = error as? StateStoreError
                return error?.code == .permission && error?.message.contains("secret") == false && (error?.hints.isEmpty == false) == hint
            }
        }
        #expect(place { $0.address = "https://u:p@x.example/a/b?token=1" }.name == "https://x.example/a/b")
    }

    @Test func methodsAreAsConfigured() async throws {
        let one = machine("one", place { $0.updateMethod = "PUT" })
        try await one.record(["a"])
        #expect(service.requests.contains { $0.method == "PUT" } && !service.requests.contains { $0.method == "POST" })
    }
}
