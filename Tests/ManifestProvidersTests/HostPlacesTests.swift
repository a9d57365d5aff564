import Addresses
import Diagnostics
import Foundation
import Glibc
import ProviderKit
import Testing
import Transport
import Values

@testable import ManifestProviders

/// Files, links and directories where another user may write: whatever stands there, nothing else is written, owned or removed.
@Suite struct HostPlacesTests {
    let directory: TemporaryDirectory
    let life: Lifecycle
    let me = NSUserName()

    init() async throws {
        directory = try TemporaryDirectory()
        life = try await Lifecycle(
            try repositoryProvider("host", transports(hosts: LocalShell())), settings: ["user": .string(NSUserName())])
    }

    private func path(_ name: String) -> String { directory.path + "/" + name }

    private func file(_ name: String, _ content: String) -> [(String, Value)] {
        [("host", localHost), ("path", .string(path(name))), ("content", .string(content)), ("owner", .string(me))]
    }

    private func made(_ type: String, _ arguments: [(String, Value)]) async throws -> RemoteObject {
        try #require(try await life.done(life.request(type, arguments)))
    }

    private func names(in name: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
    }

    private func makeDirectory(_ name: String, mode: Int = 0o755) throws {
        try FileManager.default.createDirectory(
            atPath: path(name), withIntermediateDirectories: false, attributes: [.posixPermissions: mode])
    }

    private func makeLink(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path(name), withDestinationPath: target)
    }

    private func refusal(_ request: ApplyRequest) async throws -> String {
        guard case .failed(let failure, _)? = await life.apply([request]).first ?? nil else {
            Issue.record("not refused")
            return ""
        }
        return failure.detail + "\n" + (failure.serviceMessage ?? "")
    }

    /// What the owner of the directory can do at the worst moment: the staged file's directory is moved, and a link stands for it.
    @Test func stagingThatIsSwappedForALinkIsNotFollowed() async throws {
        try makeDirectory("victim")
        try "untouched".write(toFile: path("victim/new"), atomically: false, encoding: .utf8)
        let attack = "d=${candidate%/new}; mv \"$d\" \"$d.moved\"; ln -s \(path("victim")) \"$d\""
        _ = try await made("host_file", file("f", "text") + [("validate", .string(attack))])
        #expect(try String(contentsOfFile: path("f"), encoding: .utf8) == "text")
        #expect(try names(in: "victim") == ["new"])
        #expect(try String(contentsOfFile: path("victim/new"), encoding: .utf8) == "untouched")
    }

    @Test func candidateIsOutOfOthersReach() async throws {
        let look = "stat -c '%a %u' \"${candidate%/new}\" >\(path("seen"))"
        _ = try await made("host_file", file("f", "text") + [("validate", .string(look))])
        #expect(try String(contentsOfFile: path("seen"), encoding: .utf8) == "700 \(getuid())\n")
        #expect(try names() == ["f", "seen"])
    }

    @Test func linkInADirectorysPlaceIsRefused() async throws {
        try makeDirectory("victim", mode: 0o700)
        try makeLink("d", to: path("victim"))
        let arguments: [(String, Value)] = [
            ("host", localHost), ("path", .string(path("d"))), ("mode", .string("0777")), ("owner", .string(me)),
        ]
        #expect(try await refusal(life.request("host_directory", arguments)).contains("is a symbolic link"))
        // The link comes after the directory was made.
        unlink(path("d"))
        let object = try await made("host_directory", arguments)
        rmdir(path("d"))
        try makeLink("d", to: path("victim"))
        let other = arguments.map { $0.0 == "mode" ? ("mode", Value.string("0755")) : $0 }
        #expect(try await refusal(life.request("host_directory", other, prior: object)).contains("is a symbolic link"))
        #expect(try await refusal(life.removal("host_directory", prior: object)).contains("is a symbolic link"))
        #expect(try FileManager.default.attributesOfItem(atPath: path("victim"))[.posixPermissions] as? Int == 0o700)
    }

    /// Only root can make what belongs to another; elsewhere the lab's tests see it.
    @Test(.enabled(if: getuid() == 0)) func anotherUsersLinkOnTheWayIsNotFollowed() async throws {
        let nobody: uid_t = 65_534
        try makeDirectory("victim")
        try "untouched".write(toFile: path("victim/f"), atomically: false, encoding: .utf8)
        try makeDirectory("home")
        chown(path("home"), nobody, nobody)
        try makeLink("home/x", to: path("victim"))
        lchown(path("home/x"), nobody, nobody)
        #expect(try await refusal(life.request("host_file", file("home/x/f", "text"))).contains("another user could lead anywhere"))
        // Also not through a link of root's own.
        try makeLink("through", to: path("home/x"))
        #expect(try await refusal(life.request("host_file", file("through/f", "text"))).contains("another user could lead anywhere"))
        #expect(try String(contentsOfFile: path("victim/f"), encoding: .utf8) == "untouched")
        // To what is theirs anyway they may lead as they like; and root's links are root's.
        try makeDirectory("home/own")
        chown(path("home/own"), nobody, nobody)
        unlink(path("home/x"))
        try makeLink("home/x", to: "own")
        lchown(path("home/x"), nobody, nobody)
        _ = try await made("host_file", file("home/x/f", "theirs"))
        try makeLink("rooted", to: "./home/../victim")
        _ = try await made("host_file", file("rooted/g", "root's"))
        #expect(try names(in: "home/own") == ["f"])
        #expect(try names(in: "victim") == ["f", "g"])
    }

    /// The owner of a folder puts a link to a secret of root's where a directory was, and waits for a plan to show it.
    @Test(.enabled(if: geteuid() == 0)) func whatALinkLeadsToIsNotRead() async throws {
        let nobody: uid_t = 65_534
        try makeDirectory("secret", mode: 0o700)
        try "root's".write(toFile: path("secret/key"), atomically: false, encoding: .utf8)
        try makeDirectory("home")
        chown(path("home"), nobody, nobody)
        try makeDirectory("home/app")
        chown(path("home/app"), nobody, nobody)
        let key = try await made("host_file", file("home/app/key", "public"))
        let other = try await made("host_file", file("other", "text"))
        rename(path("home/app"), path("home/app.old"))
        try makeLink("home/app", to: path("secret"))
        lchown(path("home/app"), nobody, nobody)
        let outcomes = await life.read([key, other])
        guard case .failed(let failure)? = outcomes[0] else {
            Issue.record("\(String(describing: outcomes[0]))")
            return
        }
        #expect(failure.detail.contains("another user could lead anywhere") && !"\(failure)".contains("root's"))
        #expect(outcomes[1]?.object?.attributes == other.attributes)
        // Nor a link in the file's own place, whoever made it.
        unlink(path("home/app"))
        rename(path("home/app.old"), path("home/app"))
        unlink(path("home/app/key"))
        try makeLink("home/app/key", to: path("secret/key"))
        #expect(await life.read([key]).first??.isGone == true)
        // Root's own links are followed.
        try makeLink("rooted", to: path("home/app"))
        unlink(path("home/app/key"))
        let rooted = try await made("host_file", file("rooted/key", "mine"))
        try "changed".write(toFile: path("home/app/key"), atomically: false, encoding: .utf8)
        #expect(await life.read([rooted]).first??.object?.attributes["content"] == .string("changed"))
    }

    @Test func whatStoodThereIsNotFollowedAndIsGivenBack() async throws {
        try makeLink("f", to: "/etc/passwd")
        let object = try await made("host_file", file("f", "text"))
        #expect(try String(contentsOfFile: path("f"), encoding: .utf8) == "text")
        _ = try await life.done(life.removal("host_file", prior: object))
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: path("f")) == "/etc/passwd")
        // A pipe cannot be given back.
        mkfifo(path("pipe"), 0o600)
        #expect(try await refusal(life.request("host_file", file("pipe", "text"))).contains("is there and is no file"))
        #expect(try names() == ["f", "pipe"])
    }

    @Test(.timeLimit(.minutes(15))) func pipesDevicesAndEndlessFilesHoldUpNothing() async throws {
        let all = ["pipe", "device", "endless", "slow", "back\\slash", "same"]
        var objects: [RemoteObject] = []
        for name in all { objects.append(try await made("host_file", file(name, "text"))) }
        unlink(path("pipe"))
        mkfifo(path("pipe"), 0o666)
        unlink(path("device"))
        try makeLink("device", to: "/dev/zero")
        truncate(path("endless"), 20 << 30)
        try "more".write(toFile: path("back\\slash"), atomically: false, encoding: .utf8)
        let outcomes = await life.read(objects)
        #expect(outcomes[0]?.isGone == true)
        #expect(outcomes[1]?.isGone == true)
        #expect(outcomes[2]?.object?.attributes["content"] == .string("(\(20 << 30) bytes: too long to compare)"))
        #expect(outcomes[2]?.object?.attributes["sha256"] == .string("(it cannot be told: too long, or not to be read)"))
        #expect(outcomes[3]?.object?.attributes == objects[3].attributes)
        #expect(outcomes[4]?.object?.attributes["content"] == .string("more"))
        #expect(outcomes[5]?.object?.attributes == objects[5].attributes)
    }

    /// "\r\n" is one Character and no line end; a target may hold a line end, which is nobody's line.
    @Test func lineEndsInWhatIsReadHideNothing() async throws {
        func link(_ name: String, _ target: String) async throws -> RemoteObject {
            try await made("host_link", [("host", localHost), ("path", .string(path(name))), ("target", .string(target))])
        }
        let objects = [try await link("a", "x\r"), try await link("b", "y"), try await link("c", "z")]
        unlink(path("c"))
        try makeLink("c", to: "z\n\(path("b"))\tforged")
        let outcomes = await life.read(objects)
        #expect(outcomes[0]?.object?.attributes == objects[0].attributes)
        #expect(outcomes[1]?.object?.attributes == objects[1].attributes)
        #expect(outcomes[2]?.isGone == true)
    }

    @Test func leftoversOfALostMachineGo() async throws {
        for name in [".ashlar.abcdef", ".ashlar.ghijkl"] {
            try makeDirectory(name, mode: 0o700)
            try "half".write(toFile: path(name + "/new"), atomically: false, encoding: .utf8)
        }
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -60)], ofItemAtPath: path(".ashlar.abcdef"))
        // Somebody has just made it, and is about to work in it, however slow this machine is.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: 3600)], ofItemAtPath: path(".ashlar.ghijkl"))
        _ = try await made("host_file", file("f", "text"))
        #expect(try names() == [".ashlar.ghijkl", "f"])
    }

    @Test(arguments: [
        ("host_file", "path", "/srv//same"), ("host_file", "path", "/srv/./same"), ("host_file", "path", "/srv/../same"),
        ("host_file", "path", "/srv/.."), ("host_file", "path", "/srv/a\tb"), ("host_file", "path", "/srv/a\r"),
        ("host_file", "path", "/srv/a\n"), ("host_link", "path", "/srv/."), ("host_link", "path", "//srv"),
        ("host_directory", "path", "/../srv"), ("host_directory", "path", "/srv/a\u{7F}"),
        ("host_file", "owner", "--reference=/etc/shadow"), ("host_file", "owner", "root:adm"), ("host_file", "owner", ""),
        ("host_file", "group", "-x"), ("host_directory", "owner", "--from=root"), ("host_directory", "group", "a b"),
        ("host_service", "name", "--root=/x"), ("host_service", "name", "a\n"), ("host_user", "name", "-r"), ("host_user", "name", "bob\n"),
        ("host_group", "name", "adm\n"), ("host_package", "name", "-o"), ("host_package", "name", "vim\n"),
        ("host_postgresql_setting", "service", "--now"),
    ])
    func refused(_ type: String, _ attribute: String, _ text: String) async throws {
        func problems(_ value: String) throws -> [String] {
            var arguments: [(String, Value)] = [("host", localHost)]
            switch type {
            case "host_file", "host_directory": arguments.append(("path", .string("/srv/.x/..y/a b")))
            case "host_link": arguments += [("path", .string("/srv/x")), ("target", .string("y"))]
            case "host_postgresql_setting": arguments += [("name", .string("port")), ("value", .string("1"))]
            default: break
            }
            arguments.removeAll { $0.0 == attribute }
            arguments.append((attribute, .string(value)))
            return life.source.validate(try life.source.configuration(type, arguments), of: ResourceType(type), mode: .managed).map(
                \.detail)
        }
        #expect(try problems(text) != [])
        #expect(try problems(attribute == "path" ? "/srv/.x/..y/a b.../é" : "www-data") == [])
    }
}
