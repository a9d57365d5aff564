import BuiltinProviders
import Diagnostics
import FoundationEssentials
import Glibc
import ProviderKit
import Testing
import Values

struct LocalTests {
    /// A directory of its own, removed afterwards.
    func inDirectory(_ body: (String) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "local-files-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer {
            // What is left lies in the temporary directory.
            try? FileManager.default.removeItem(atPath: directory)
        }
        try await body(directory)
    }

    func text(_ path: String) throws -> String { String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self) }

    func mode(_ path: String) throws -> mode_t {
        var status = stat()
        #expect(stat(path, &status) == 0)
        return status.st_mode & 0o7777
    }

    @Test func aFileIsWrittenReadAndRemoved() async throws {
        try await inDirectory { directory in
            let file = Lifecycle(.local, "local_file")
            let path = "\(directory)/a/b/x.txt"
            let object = try await file.create(["filename": .string(path), "content": .string("hello\n")])
            #expect(try text(path) == "hello\n")
            #expect(object.attributes["id"] == .string("f572d396fae9206628714fb2ce00f72e94f2258f"))
            #expect(object.attributes["content_md5"] == .string("b1946ac92492d2347c6235b4d2611184"))
            #expect(
                object.attributes["content_sha256"] == .string("5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03"))
            #expect(object.attributes["content_base64sha256"] == .string("WJG1tSLV3whtD/CxEPvZ0hu0/HFjrzTQgoai6Eb2vgM="))
            #expect(object.attributes["file_permission"] == .string("0777"))
            guard case .found(let same) = try await file.read(object) else { throw Lifecycle.Unexpected() }
            #expect(same == object)
            try await file.delete(object)
            #expect(!FileManager.default.fileExists(atPath: path))
            guard case .gone = try await file.read(object) else { throw Lifecycle.Unexpected() }
            // Once more: what is gone stays gone.
            try await file.delete(object)
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(directory)/a/b").isEmpty)
        }
    }

    @Test func contentMayBeBinaryOrCopied() async throws {
        try await inDirectory { directory in
            let file = Lifecycle(.local, "local_file")
            let binary = try await file.create(["filename": .string("\(directory)/x"), "content_base64": .string("AP8Q")])
            #expect(try Array(Data(contentsOf: URL(filePath: "\(directory)/x"))) == [0, 255, 16])
            let copy = try await file.create(["filename": .string("\(directory)/y"), "source": .string("\(directory)/x")])
            #expect(copy.attributes["id"] == binary.attributes["id"])
            // A copy that was changed is to be made again.
            try Data("other".utf8).write(to: URL(filePath: "\(directory)/y"))
            guard case .gone = try await file.read(copy) else { throw Lifecycle.Unexpected() }
        }
    }

    @Test func aChangeByHandIsSeenAndReplaced() async throws {
        try await inDirectory { directory in
            let file = Lifecycle(.local, "local_file")
            let path = "\(directory)/x"
            let arguments: [String: Value] = ["filename": .string(path), "content": .string("mine")]
            let object = try await file.create(arguments)
            try Data("theirs".utf8).write(to: URL(filePath: path))
            guard case .found(let now) = try await file.read(object) else { throw Lifecycle.Unexpected() }
            #expect(now.attributes["content"] == .string("theirs"))
            #expect(now.attributes["id"] != object.attributes["id"])
            let proposal = try await file.propose(arguments, from: now)
            #expect(proposal.replaces.map(\.description) == ["content"])
            #expect(proposal.planned?["content_sha1"]?.isUnknown == true)
        }
    }

    @Test func aSensitiveFileIsForItsOwnerAlone() async throws {
        try await inDirectory { directory in
            let file = Lifecycle(.local, "local_sensitive_file")
            let path = "\(directory)/s/key"
            _ = try await file.create(["filename": .string(path), "content": .string("secret")])
            #expect(try mode(path) & 0o077 == 0)
            #expect(try mode("\(directory)/s") & 0o077 == 0)
            _ = try await file.create(["filename": .string(path), "content": .string("secret"), "file_permission": .string("0600")])
            #expect(try mode(path) == 0o600)
            let schema = try #require(BuiltinProvider.local.schema.resources[file.type])
            #expect(schema.block.attribute("content")?.isSensitive == true)
        }
    }

    @Test func whatCannotBeWrittenIsSaidAndLeavesNothing() async throws {
        try await inDirectory { directory in
            let file = Lifecycle(.local, "local_file")
            let proposal = try await file.propose(["filename": .string(directory), "content": .string("x")])
            guard case .failed(let failure, object: nil) = try await file.apply(.create, proposal) else { throw Lifecycle.Unexpected() }
            #expect(failure.summary == "Local file error")
            #expect(failure.detail.contains(directory))
            let missing = try await file.propose(["filename": .string("\(directory)/x"), "source": .string("\(directory)/nope")])
            guard case .failed(let other, object: nil) = try await file.apply(.create, missing) else { throw Lifecycle.Unexpected() }
            #expect(other.code == .notFound)
            #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
        }
    }

    @Test func theFirstFailureEndsTheGroup() async throws {
        try await inDirectory { directory in
            let file = Lifecycle(.local, "local_file")
            var group: [ApplyRequest] = []
            for path in ["\(directory)/a", directory, "\(directory)/c"] {
                group.append(
                    ApplyRequest(
                        action: .create, address: file.address, type: file.type, desired: nil, prior: nil,
                        proposal: try await file.propose(["filename": .string(path), "content": .string("x")]),
                        intent: IntentID(rawValue: path)))
            }
            var words: [String] = []
            for await (index, outcome) in file.provider.apply(group) {
                switch outcome {
                case .done: words.append("\(index) done")
                case .failed: words.append("\(index) failed")
                case .notBegun: words.append("\(index) not begun")
                case .waiting: words.append("\(index) waiting")
                case .interrupted: words.append("\(index) interrupted")
                }
            }
            #expect(words == ["0 done", "1 failed", "2 not begun"])
        }
    }

    @Test func anIntentIsResolvedByLooking() async throws {
        try await inDirectory { directory in
            let file = Lifecycle(.local, "local_file")
            let proposal = try await file.propose(["filename": .string("\(directory)/x"), "content": .string("x")])
            let request = FindRequest(
                intent: IntentID(rawValue: "0"), action: .create, address: file.address, type: file.type, planned: proposal.planned,
                prior: nil)
            guard case .absent = try await file.provider.find(request) else { throw Lifecycle.Unexpected() }
            let object = try await file.create(["filename": .string("\(directory)/x"), "content": .string("x")])
            guard case .found(let found) = try await file.provider.find(request) else { throw Lifecycle.Unexpected() }
            #expect(found.attributes == object.attributes)
            // A file with another content was there before: the create, which makes it in one step, had not come to it.
            try Data("mine".utf8).write(to: URL(filePath: "\(directory)/x"))
            guard case .absent = try await file.provider.find(request) else { throw Lifecycle.Unexpected() }
        }
    }

    @Test func dataSourcesRead() async throws {
        try await inDirectory { directory in
            try Data("hello\n".utf8).write(to: URL(filePath: "\(directory)/x"))
            for type in ["local_file", "local_sensitive_file"] {
                let file = Lifecycle(.local, type)
                let schema = try #require(BuiltinProvider.local.schema.dataSources[file.type])
                let configuration = Value.object(
                    schema.block.attributes.map { ($0.name, $0.name == "filename" ? .string("\(directory)/x") : .null($0.type)) })
                let data = try await BuiltinProvider.local.readData(DataRequest(address: file.address, configuration: configuration))
                #expect(data["content"] == .string("hello\n"))
                #expect(data["content_base64"] == .string("aGVsbG8K"))
                #expect(data.isWhollyKnown && data["content_sha512"]?.isNull == false)
                await #expect(throws: ProviderFailure.self) {
                    try await BuiltinProvider.local.readData(
                        DataRequest(address: file.address, configuration: .object(["filename": .string("\(directory)/nope")])))
                }
            }
        }
    }

    @Test(
        arguments: [
            (["filename": Value.string("x")], "Missing Attribute Configuration"),
            (["filename": .string("x"), "content": .string("a"), "source": .string("b")], "Invalid Attribute Combination"),
            (
                ["filename": .string("x"), "content": .string("a"), "file_permission": .string("0888")],
                "Invalid File Permission String Value"
            ),
            (["filename": .string("x"), "content_base64": .string("?")], "Invalid base64"),
        ] as [([String: Value], String)])
    func faultsAreFoundBeforehand(arguments: [String: Value], summary: String) throws {
        #expect(try Lifecycle(.local, "local_file").validate(arguments).map(\.summary) == [summary])
    }
}
