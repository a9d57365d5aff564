import BuiltinProviders
import Diagnostics
import Foundation
import ProviderKit
import Testing
import Values

/// Archives: their bytes are those that the reference's libraries write, whose digests stand in the cases.
struct ArchiveTests {
    let data: Lifecycle
    let scratch: Scratch

    init() throws {
        data = Lifecycle(.archive, "archive_file")
        scratch = try Scratch()
    }

    private var output: Value { .string("\(scratch.path)/out/archive") }

    /// What the cases' contents are made of; the program that made the digests has the same.
    private func generated(_ kind: String, _ size: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        var state: UInt32 = 7
        while bytes.count < size {
            state = state &* 1_664_525 &+ 1_013_904_223
            switch kind {
            case "text": bytes += Array("line \(bytes.count % 977) of the text, \((state >> 24) % 50)\n".utf8)
            case "noise": bytes.append(UInt8(state >> 24))
            default: bytes.append(UInt8(ascii: "a"))
            }
        }
        return Array(bytes.prefix(size))
    }

    @Test func bytesAreThoseOfTheReferencesLibraries() async throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/archives.json")
        let cases = try #require(try Value.parsingJSON(Array(try Data(contentsOf: path))).elements)
        #expect(cases.count > 10)
        for example in cases {
            let name = try #require(example["name"]?.stringValue)
            let folder = "\(scratch.path)/\(name)"
            var blocks: [[String: Value]] = []
            for member in example["members"]?.elements ?? [] {
                let file = try #require(member["name"]?.stringValue)
                let bytes =
                    member["content"]?.stringValue.map { Array($0.utf8) }
                    ?? generated(member["generated"]?.stringValue ?? "", member["size"]?.intValue ?? 0)
                let mode = try #require(member["mode"]?.intValue)
                if mode < 0 {
                    blocks.append(["filename": .string(file), "content": .string(String(decoding: bytes, as: UTF8.self))])
                } else {
                    let url = URL(filePath: "\(folder)/\(file)")
                    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                    try Data(bytes).write(to: url)
                    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: url.path)
                }
            }
            for type in ["zip", "tar.gz"] {
                var arguments: [String: Value] = ["type": .string(type), "output_path": output]
                if blocks.isEmpty {
                    arguments["source_dir"] = .string(folder)
                    // The cases list members in their own order; a directory has that of names.
                    if name == "modes" { continue }
                } else {
                    arguments["source"] = .set(
                        blocks.map { Value.object($0.map { ($0.key, $0.value) }) },
                        of: try #require(data.provider.schema.dataSources[data.type]?.block.block("source")).block.impliedType)
                }
                let read = try await data.data(arguments)
                #expect(read["output_base64sha256"] == example[type], "\(name), \(type)")
                let written = try Data(contentsOf: URL(filePath: output.stringValue ?? ""))
                #expect(read["output_size"] == .int(written.count))
                // Read once more it is the same.
                #expect(try await data.data(arguments) == read)
            }
        }
    }

    /// A directory with a bit of everything.
    private func tree() throws -> Value {
        for (name, mode) in [
            ("index.js", 0o644), ("bin/run", 0o755), ("node_modules/a/b.js", 0o644), ("lib/x.test.js", 0o644), ("lib/x.js", 0o600),
        ] {
            try scratch.write("tree/\(name)", "content of \(name)\n", mode: mode)
        }
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/tree/linked.js", withDestinationPath: "index.js")
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/tree/shared", withDestinationPath: "lib")
        return .string("\(scratch.path)/tree")
    }

    private func names() throws -> [String] {
        try run(
            "python3", "-c",
            "import zipfile,sys; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print('\\n'.join(z.namelist()))",
            output.stringValue ?? ""
        )
        .split(separator: "\n").map(String.init)
    }

    @Test func aDirectoryIsPackedInOrderWithoutWhatIsExcluded() async throws {
        let directory = try tree()
        _ = try await data.data(["type": "zip", "output_path": output, "source_dir": directory])
        #expect(
            try names() == [
                "bin/run", "index.js", "lib/x.js", "lib/x.test.js", "linked.js", "node_modules/a/b.js", "shared/x.js", "shared/x.test.js",
            ])
        let shown = try run("unzip", "-Z", output.stringValue ?? "")
        #expect(shown.contains("-rwxr-xr-x  2.0 unx") && shown.contains("-rw-------"))
        for (patterns, wanted) in [
            (["node_modules"], ["bin/run", "index.js", "lib/x.js", "lib/x.test.js", "linked.js", "shared/x.js", "shared/x.test.js"]),
            (["**/*.test.js", "node_modules/**", "shared"], ["bin/run", "index.js", "lib/x.js", "linked.js"]),
            (["*.js", "{lib,shared}", "**/b.js"], ["bin/run"]),
        ] {
            _ = try await data.data([
                "type": "zip", "output_path": output, "source_dir": directory,
                "excludes": .set(patterns.map { Value.string($0) }, of: .string),
                "output_file_mode": "0666",
            ])
            #expect(try names() == wanted, "\(patterns)")
        }
        #expect(try run("unzip", "-Z", output.stringValue ?? "").contains("-rw-rw-rw-"))
        _ = try await data.data([
            "type": "tar.gz", "output_path": output, "source_dir": directory, "exclude_symlink_directories": .true,
        ])
        #expect(
            try run("tar", "tzf", output.stringValue ?? "").split(separator: "\n") == [
                "bin/run", "index.js", "lib/x.js", "lib/x.test.js", "linked.js", "node_modules/a/b.js",
            ])
    }

    @Test func whatCannotBeArchivedIsSaid() async throws {
        try FileManager.default.createDirectory(atPath: "\(scratch.path)/loop/empty", withIntermediateDirectories: true)
        for (arguments, part) in [
            (["source_file": Value.string("\(scratch.path)/nope")], "could not archive missing file"),
            (["source_dir": .string("\(scratch.path)/nope")], "could not archive missing directory"),
            (["source_dir": .string("\(scratch.path)/loop")], "it would be empty"),
        ] {
            let failure = await #expect(throws: ProviderFailure.self) {
                try await data.data(arguments.merging(["type": "zip", "output_path": output]) { $1 })
            }
            #expect(failure?.summary == "Archive creation error" && failure?.detail.contains(part) == true)
            #expect(!FileManager.default.fileExists(atPath: output.stringValue ?? ""))
        }
        try FileManager.default.createSymbolicLink(atPath: "\(scratch.path)/loop/again", withDestinationPath: ".")
        await #expect(throws: ProviderFailure.self) {
            try await data.data(["type": "zip", "output_path": output, "source_dir": .string("\(scratch.path)/loop")])
        }
    }

    @Test func aResourceFollowsItsSources() async throws {
        let file = try scratch.write("main.py", "print(1)\n")
        let arguments: [String: Value] = ["type": "zip", "output_path": output, "source_file": .string(file)]
        let object = try await data.create(arguments)
        guard case .found(let same) = try await data.read(object) else { throw Lifecycle.Unexpected() }
        #expect(same == object)
        try scratch.write("main.py", "print(2)\n")
        guard case .found(let changed) = try await data.read(object) else { throw Lifecycle.Unexpected() }
        #expect(changed.attributes["output_sha256"] != object.attributes["output_sha256"])
        #expect(try await data.propose(arguments, from: changed).planned == changed.attributes)
        #expect(try await data.propose(arguments.merging(["type": "tar.gz"]) { $1 }, from: changed).replaces.map(\.description) == ["type"])
        try FileManager.default.removeItem(atPath: file)
        guard case .found(let kept) = try await data.read(changed) else { throw Lifecycle.Unexpected() }
        #expect(kept == changed)
        try await data.delete(changed)
    }

    @Test(
        arguments: [
            (["type": "rar", "source_file": "x"], "Archive creation error"), (["type": "zip"], "Missing Attribute Configuration"),
            (["type": "zip", "source_file": "x", "source_dir": "y"], "Invalid Attribute Combination"),
            (["type": "zip", "source_content": "x"], "Missing Attribute Configuration"),
            (
                ["type": "zip", "source_file": "x", "excludes": .set(["a"], of: .string)],
                "Invalid Attribute Combination"
            ),
        ] as [([String: Value], String)])
    func faultsAreFoundBeforehand(arguments: [String: Value], summary: String) throws {
        #expect(try data.dataFaults(arguments.merging(["output_path": "o"]) { $1 }).map(\.summary) == [summary])
    }
}
