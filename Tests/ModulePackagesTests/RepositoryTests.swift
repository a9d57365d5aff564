import Foundation
import Testing

@testable import ModulePackages

/// Git repositories on disk.
@Suite struct RepositoryTests {
    private func repository() async throws -> Installation {
        var place = try Installation()
        place.settings.environment["GIT_CONFIG_GLOBAL"] = "/dev/null"
        try await place.shell(
            """
            git init -q -b main repo && cd repo && mkdir -p modules/in && echo '# one' > main.tf && echo '# in one' > modules/in/main.tf
            git add . && git commit -q -m one && git tag v1 && git checkout -q -b side && echo '# side' > main.tf && git commit -q -a -m side
            git checkout -q main && echo '# two' > main.tf && git commit -q -a -m two
            """)
        return place
    }

    @Test func referencesAreTaken() async throws {
        let place = try await repository()
        defer { place.remove() }
        let base = "git::file://\(place.folder.path)/repo"
        let first = try await place.shell("git -C repo rev-parse v1")
        let outcome = try await place.install([
            (base, nil), ("\(base)?ref=v1", nil), ("\(base)?ref=side", nil), ("\(base)?ref=\(first)", nil),
            ("\(base)//modules/in?ref=v1", nil),
            ("\(base)?ref=main&depth=1", nil), ("\(base)?depth=1&ref=v1", nil),
            ("git::\(place.folder.path)/repo?ref=\(first.prefix(10))", nil),
        ])
        #expect(outcome.summaries == [])
        let texts = try outcome.directories.map { try place.text($0) }
        #expect(texts == ["# two\n", "# one\n", "# side\n", "# one\n", "# in one\n", "# two\n", "# one\n", "# one\n"])
        #expect(!FileManager.default.fileExists(atPath: "\(place.path)/\(try #require(outcome.directories[0]))/.git"))
        let lock = try String(contentsOfFile: place.path + "/modules.json", encoding: .utf8)
        #expect(lock.contains("\"revision\":\"\(first)\""))
    }

    @Test func commitStaysUntilEverythingIsRenewed() async throws {
        let place = try await repository()
        defer { place.remove() }
        let source = "git::file://\(place.folder.path)/repo"
        let first = try await place.install([(source, nil)])
        try await place.shell("cd repo && echo '# three' > main.tf && git commit -q -a -m three")
        #expect(try place.text(try await place.install([(source, nil)]).directories[0]) == "# two\n")
        // Only its folder is gone: what was written down comes again.
        try FileManager.default.removeItem(atPath: "\(place.path)/\(try #require(first.directories[0]))")
        #expect(try place.text(try await place.install([(source, nil)]).directories[0]) == "# two\n")
        #expect(try place.text(try await place.install([(source, nil)], .everything).directories[0]) == "# three\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: place.path).sorted().filter { !$0.hasPrefix(".") }.count == 2)
    }

    @Test func archiveStaysUntilEverythingIsRenewed() async throws {
        let place = try Installation()
        defer { place.remove() }
        let source = "file://\(place.folder.path)/m.tar.gz"
        try await place.shell("mkdir m && echo '# one' > m/main.tf && tar czf m.tar.gz -C m .")
        let first = try await place.install([(source, nil)])
        #expect(first.summaries == [])
        try await place.shell("echo '# evil' > m/main.tf && tar czf m.tar.gz -C m .")
        try FileManager.default.removeItem(atPath: "\(place.path)/\(try #require(first.directories[0]))")
        let second = try await place.install([(source, nil)])
        #expect(second.summaries == ["Failed to download module"])
        #expect("\(second.diagnostics)".contains("not what was installed before"))
        #expect(try place.text(try await place.install([(source, nil)], .everything).directories[0]) == "# evil\n")
    }

    @Test(arguments: [
        "REPO?ref=nope", "REPO?ref=--upload-pack=touch%20bad", "REPO?ref=-b", "REPO?ref=a..b", "REPO?depth=x", "REPO?depth=-1",
        "REPO?sshkey=abc", "git::ext::sh -c 'touch bad' x", "git::file:///nonexistent", "REPO//none",
        "git::https://user:hunter2@127.0.0.1:1/x.git",
    ])
    func refused(_ source: String) async throws {
        let place = try await repository()
        defer { place.remove() }
        let outcome = try await place.install([
            (source.replacingOccurrences(of: "REPO", with: "git::file://\(place.folder.path)/repo"), nil)
        ])
        if source.hasSuffix("//none") {
            // A folder that is missing is found out when the module is read.
            #expect(outcome.summaries == [])
        } else {
            #expect(outcome.summaries == ["Failed to download module"])
        }
        #expect(!"\(outcome.diagnostics)".contains("hunter2"))
        #expect(!FileManager.default.fileExists(atPath: place.folder.appending(path: "bad").path))
        #expect(!FileManager.default.fileExists(atPath: "bad"))
    }

    @Test func nothingIsRemovedBehindALink() async throws {
        let place = try await repository()
        defer { place.remove() }
        try await place.shell(
            "mkdir -p victim \"$(dirname \(place.path))\" && touch victim/keep && rm -rf \(place.path) && ln -s $PWD/victim \(place.path)")
        let source = "git::file://\(place.folder.path)/repo"
        let outcome = try await place.install([(source, nil)])
        #expect(outcome.summaries.contains("Failed to write the module folder"))
        #expect(FileManager.default.fileExists(atPath: place.folder.appending(path: "victim/keep").path))
    }

    @Test func onlyPackagesAreRemoved() async throws {
        let place = try await repository()
        defer { place.remove() }
        let source = "git::file://\(place.folder.path)/repo"
        let first = try #require(try await place.install([(source, nil)]).directories[0])
        try await place.shell("touch \(place.path)/notes")
        _ = try await place.install([("\(source)?ref=main", nil)])
        let names = try FileManager.default.contentsOfDirectory(atPath: place.path)
        #expect(names.contains("notes") && !names.contains(first))
    }

    @Test func linkOutOfARepository() async throws {
        let place = try await repository()
        defer { place.remove() }
        try await place.shell("cd repo && ln -s /etc/passwd out.tf && git add . && git commit -q -m link")
        let outcome = try await place.install([("git::file://\(place.folder.path)/repo", nil)])
        #expect(outcome.summaries == ["Failed to download module"])
        try await place.shell("cd repo && rm out.tf && ln -s main.tf out.tf && git add . && git commit -q -m link")
        #expect(try await place.install([("git::file://\(place.folder.path)/repo", nil)]).summaries == [])
    }

    @Test func submodules() async throws {
        let place = try await repository()
        defer { place.remove() }
        try await place.shell(
            "git init -q -b main outer && cd outer && git -c protocol.file.allow=always submodule --quiet add file://$PWD/../repo inner && git commit -q -m outer"
        )
        let outcome = try await place.install([("git::file://\(place.folder.path)/outer//inner", nil)])
        #expect(outcome.summaries == [])
        #expect(try place.text(outcome.directories[0]) == "# two\n")
    }

    @Test func foldersAndArchivesByPath() async throws {
        let place = try await repository()
        defer { place.remove() }
        try await place.shell("cd repo && tar cJf ../a.tar.xz main.tf && tar cjf ../a.tbz2 main.tf && tar cf ../a.tar main.tf")
        let root = place.folder.path
        let outcome = try await place.install([
            ("\(root)/repo//modules/in", nil), ("file://\(root)/a.tar.xz", nil), ("\(root)/a.tbz2", nil), ("\(root)/a.tar", nil),
        ])
        #expect(outcome.summaries == [])
        #expect(try outcome.directories.map { try place.text($0) } == ["# in one\n", "# two\n", "# two\n", "# two\n"])
        #expect(try await place.install([("\(root)/none", nil)]).summaries == ["Failed to download module"])
        #expect(try await place.install([("\(root)/repo/main.tf", nil)]).summaries == ["Failed to download module"])
    }
}
