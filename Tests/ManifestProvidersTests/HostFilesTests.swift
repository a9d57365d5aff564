import Addresses
import Foundation
import ProviderKit
import Synchronization
import Testing
import Transport
import Values

@testable import ManifestProviders

/// The host's manifests for files, carried out by a shell of this machine in a directory of its own.
@Suite struct HostFilesTests {
    let directory: TemporaryDirectory
    let shell = LocalShell()
    let life: Lifecycle
    let me = NSUserName()

    init() async throws {
        directory = try TemporaryDirectory()
        life = try await Lifecycle(try repositoryProvider("host", transports(hosts: shell)), settings: ["user": .string(NSUserName())])
    }

    private func path(_ name: String) -> String { directory.path + "/" + name }

    private func file(_ name: String, _ content: String, mode: String = "0640") -> KeyValuePairs<String, Value> {
        ["host": localHost, "path": .string(path(name)), "content": .string(content), "mode": .string(mode), "owner": .string(me)]
    }

    private func text(_ name: String) -> String? { try? String(contentsOfFile: path(name), encoding: .utf8) }

    private func mode(_ name: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int)
    }

    @Test func fileIsMadeReadChangedHealedAndRemoved() async throws {
        let created = try #require(try await life.done(life.request("host_file", file("a file's name", "hello $(id)\n'"))))
        #expect(created.attributes.isWhollyKnown)
        #expect(text("a file's name") == "hello $(id)\n'")
        #expect(try mode("a file's name") == 0o640)
        // Read back: no difference.
        let read = await life.read([created]).first??.object
        #expect(read?.attributes == created.attributes)
        let same = try await life.request("host_file", file("a file's name", "hello $(id)\n'", mode: "640"), prior: created)
        #expect(same.proposal.planned == created.attributes)
        #expect(same.proposal.replaces == [])
        // Drift in content and mode.
        try "by hand\n".write(toFile: path("a file's name"), atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path("a file's name"))
        let drifted = try #require(await life.read([created]).first??.object)
        #expect(drifted.attributes["content"] == .string("by hand\n"))
        #expect(drifted.attributes["mode"] == .string("0600"))
        #expect(drifted.attributes["sha256"] != created.attributes["sha256"])
        let healed = try #require(try await life.done(life.request("host_file", file("a file's name", "hello $(id)\n'"), prior: drifted)))
        #expect(healed.attributes == created.attributes)
        #expect(text("a file's name") == "hello $(id)\n'")
        #expect(try await life.done(life.removal("host_file", prior: healed)) == nil)
        #expect(!FileManager.default.fileExists(atPath: path("a file's name")))
        #expect(await life.read([healed]).first??.isGone == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == [])
    }

    /// What is too long to be carried, or no text, has the hash that it has on the host.
    @Test func driftHasTheHashOfTheFile() async throws {
        let created = try #require(try await life.done(life.request("host_file", file("f", "x"))))
        for (data, expected) in [
            (Data(repeating: 0x61, count: Prelude.fileLimit + 1), "\(Prelude.fileLimit + 1) bytes: too long to compare"),
            (Data([0xFF, 0xFE, 0x0A]), "\u{FFFD}"),
        ] {
            try data.write(to: URL(fileURLWithPath: path("f")))
            let sum = Process()
            sum.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
            sum.arguments = [path("f")]
            let output = Pipe()
            sum.standardOutput = output
            try sum.run()
            let hash = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self).prefix(64)
            sum.waitUntilExit()
            let drifted = try #require(await life.read([created]).first??.object)
            #expect(drifted.attributes["content"]?.stringValue?.contains(expected) == true)
            #expect(hash.count == 64 && drifted.attributes["sha256"] == .string(String(hash)))
        }
    }

    @Test func whatWasThereBeforeIsGivenBack() async throws {
        let bytes = Data([0, 1, 2, 0xFF, 10, 10])
        try bytes.write(to: URL(fileURLWithPath: path("old")))
        try FileManager.default.setAttributes([.posixPermissions: 0o604], ofItemAtPath: path("old"))
        let created = try #require(try await life.done(life.request("host_file", file("old", "new"))))
        #expect(text("old") == "new")
        let updated = try #require(try await life.done(life.request("host_file", file("old", "newer"), prior: created)))
        _ = try await life.done(life.removal("host_file", prior: updated))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path("old"))) == bytes)
        #expect(try mode("old") == 0o604)
    }

    /// The run is killed when the file has been replaced and nothing of that is recorded.
    @Test func whatWasThereBeforeSurvivesALostRecord() async throws {
        let transports = transports(hosts: shell)
        transports.keepsakes.belong(to: "../here")
        let life = try await Lifecycle(try repositoryProvider("host", transports), settings: ["user": .string(me)])
        try "a secret of before\n\n".write(toFile: path("old"), atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o604], ofItemAtPath: path("old"))
        let request = try await life.request("host_file", file("old", "new"))
        _ = try await life.done(request)
        let kept = shell.keepsakes + "/\(transports.keepsakes.owner.folder)/" + request.intent.rawValue
        #expect(try FileManager.default.attributesOfItem(atPath: kept)[.posixPermissions] as? Int == 0o700)
        #expect(try FileManager.default.attributesOfItem(atPath: kept + "/file.content")[.posixPermissions] as? Int == 0o600)
        let find = FindRequest(
            intent: request.intent, action: .create, address: request.address, type: request.type, planned: request.proposal.planned,
            prior: nil)
        guard case .found(let object) = try await life.provider.find(find) else {
            Issue.record("not found")
            return
        }
        await transports.keepsakes.release(over: shell, keeping: [request.intent.rawValue])
        #expect(FileManager.default.fileExists(atPath: kept))
        _ = try await life.provider.find(find)
        await transports.keepsakes.release(over: shell, keeping: [])
        #expect(!FileManager.default.fileExists(atPath: shell.keepsakes))
        _ = try await life.done(life.removal("host_file", prior: object))
        #expect(text("old") == "a secret of before\n\n")
        #expect(try mode("old") == 0o604)
    }

    /// Whoever owns the folder around it may put a link to any place where a directory was.
    @Test func aLinkInADirectorysPlaceIsNotFollowed() async throws {
        let other = path("other")
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        try FileManager.default.createSymbolicLink(atPath: path("www"), withDestinationPath: other)
        let request = try await life.request(
            "host_directory", ["host": localHost, "path": .string(path("www")), "mode": .string("0755"), "owner": .string(me)])
        guard case .failed(let failure, nil)? = await life.apply([request]).first ?? nil else {
            Issue.record("not refused")
            return
        }
        #expect(failure.detail.contains("is a symbolic link"))
        #expect(try mode("other") == 0o700)
    }

    @Test func candidateIsCheckedBeforeItReplaces() async throws {
        var arguments: [(String, Value)] = file("checked", "good").map { ($0.key, $0.value) }
        arguments.append(("validate", .string("grep -q good \"$candidate\" || { echo no good; exit 3; }")))
        let created = try #require(try await life.done(life.request("host_file", arguments)))
        arguments[2].1 = .string("bad")
        let outcome = await life.apply([try await life.request("host_file", arguments, prior: created)]).first ?? nil
        guard case .failed(let failure, nil)? = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        #expect(failure.detail.contains("exit status 3"))
        #expect(failure.detail.contains("providers/host/file.hcl line "))
        #expect(failure.detail.contains("sh -c ${validate}"))
        #expect(failure.serviceMessage == "no good")
        #expect(text("checked") == "good")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["checked"])
    }

    @Test func failedCheckPutsTheOldOneBack() async throws {
        var arguments: [(String, Value)] = file("config", "one").map { ($0.key, $0.value) }
        arguments.append(("check", .string("grep -q one \(path("config"))")))
        let created = try #require(try await life.done(life.request("host_file", arguments)))
        arguments[2].1 = .string("two")
        let outcome = await life.apply([try await life.request("host_file", arguments, prior: created)]).first ?? nil
        guard case .failed? = outcome else {
            Issue.record("\(String(describing: outcome))")
            return
        }
        #expect(text("config") == "one")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["config"])
    }

    @Test func failedCheckPutsTheOldOneBackWhateverItIsCalled() async throws {
        let name = "it's \"a\" $(file) of \\ 'two' words"
        var arguments: [(String, Value)] = file(name, "one").map { ($0.key, $0.value) }
        arguments.append(("check", .string("! grep -rqx two '\(directory.path)'")))
        let created = try #require(try await life.done(life.request("host_file", arguments)))
        arguments[2].1 = .string("two")
        guard case .failed? = await life.apply([try await life.request("host_file", arguments, prior: created)]).first ?? nil else {
            Issue.record("not refused")
            return
        }
        #expect(text(name) == "one")
        #expect(await life.read([created])[0]?.object?.attributes == created.attributes)
    }

    /// A service that did not take up a change does so with the next apply, whoever looked at the file meanwhile.
    @Test func whatWasNotReloadedIsReloadedByTheNextApply() async throws {
        var arguments: [(String, Value)] = file("config", "one").map { ($0.key, $0.value) }
        arguments.append(("reload", .string("[ -e \(path("up")) ] && echo reloaded >>\(path("log"))")))
        try "".write(toFile: path("up"), atomically: false, encoding: .utf8)
        let created = try #require(try await life.done(life.request("host_file", arguments)))
        #expect(created.attributes["settled"] == .bool(true) && text("log") == "reloaded\n")
        unlink(path("up"))
        arguments[2].1 = .string("two")
        guard case .failed(_, let left?)? = await life.apply([try await life.request("host_file", arguments, prior: created)]).first ?? nil
        else {
            Issue.record("not refused, or nothing is said of what it left")
            return
        }
        #expect(left.attributes["content"] == .string("two") && left.attributes["settled"] == .bool(false))
        #expect(shell.unsettled != [])
        let now = try #require(await life.read([created])[0]?.object)
        #expect(now.attributes["content"] == .string("two") && now.attributes["settled"] == .bool(false))
        try "".write(toFile: path("up"), atomically: false, encoding: .utf8)
        let again = try await life.request("host_file", arguments, prior: now)
        #expect(again.action == .update)
        let healed = try #require(try await life.done(again))
        #expect(healed.attributes["settled"] == .bool(true) && text("log") == "reloaded\nreloaded\n")
        let settled = try #require(await life.read([healed])[0]?.object)
        #expect(settled.attributes == healed.attributes)
        #expect(try await life.request("host_file", arguments, prior: settled).proposal.planned == settled.attributes)
        #expect(shell.unsettled == [])
    }

    @Test func groupTravelsAsOneScriptAndStopsAtTheFirstFailure() async throws {
        let outcomes = await life.apply([
            try await life.request("host_directory", ["host": localHost, "path": .string(path("d")), "owner": .string(me)]),
            try await life.request("host_file", file("d/a", "1")),
            try await life.request("host_file", file("none/b", "2")),
            try await life.request("host_file", file("d/c", "3")),
        ])
        #expect(shell.commands.withLock { $0.count } == 1)
        guard case .done? = outcomes[0], case .done? = outcomes[1], case .failed(let failure, nil)? = outcomes[2],
            case .notBegun? = outcomes[3]
        else {
            Issue.record("\(outcomes)")
            return
        }
        #expect(failure.detail.contains("none/"))
        #expect(text("d/a") == "1")
        #expect(text("d/c") == nil)
    }

    @Test func thousandFilesAreReadInOneScript() async throws {
        var objects: [RemoteObject] = []
        for index in 0..<1_000 {
            let text = "content \(index)\n"
            // Foundation would wait for the disk a thousand times.
            let stream = try #require(fopen(path("f\(index)"), "w"))
            fputs(text, stream)
            fclose(stream)
            let configuration = try life.source.configuration("host_file", file("f\(index)", text, mode: "0644"))
            let planned = try #require(
                try await life.provider.propose(Desired(configuration: configuration), from: nil, of: ResourceType("host_file")).planned)
            objects.append(
                RemoteObject(
                    type: ResourceType("host_file"), attributes: ObjectFilling.filled(planned, from: .object([("group", .string("g"))]))))
        }
        try FileManager.default.removeItem(atPath: path("f500"))
        try "other".write(toFile: path("f501"), atomically: false, encoding: .utf8)
        let outcomes = await life.read(objects)
        #expect(shell.commands.withLock { $0.count } == 1)
        #expect(outcomes[500]?.isGone == true)
        #expect(outcomes[501]?.object?.attributes["content"] == .string("other"))
        for (index, outcome) in outcomes.enumerated() where index != 500 && outcome?.object == nil {
            Issue.record("\(index): \(String(describing: outcome))")
            break
        }
        #expect(outcomes[7]?.object?.attributes["content"] == .string("content 7\n"))
    }

    @Test func directoryAndLink() async throws {
        let arguments: KeyValuePairs<String, Value> = [
            "host": localHost, "path": .string(path("dir")), "mode": .string("0750"), "owner": .string(me),
        ]
        let made = try #require(try await life.done(life.request("host_directory", arguments)))
        #expect(try mode("dir") == 0o750)
        #expect(await life.read([made]).first??.object?.attributes == made.attributes)
        let link: KeyValuePairs<String, Value> = ["host": localHost, "path": .string(path("dir/l")), "target": .string("some where")]
        let linked = try #require(try await life.done(life.request("host_link", link)))
        #expect(await life.read([linked]).first??.object?.attributes == linked.attributes)
        // Not empty: refused, and it says what is in it.
        guard case .failed(let failure, _)? = await life.apply([try await life.removal("host_directory", prior: made)]).first ?? nil else {
            Issue.record("removed")
            return
        }
        #expect(failure.detail.contains("it holds: l"))
        _ = try await life.done(life.removal("host_link", prior: linked))
        // Another record claims it still: it stays.
        _ = try await life.done(life.removal("host_directory", prior: made, isStillClaimed: true))
        #expect(FileManager.default.fileExists(atPath: path("dir")))
        _ = try await life.done(life.removal("host_directory", prior: made))
        #expect(!FileManager.default.fileExists(atPath: path("dir")))
    }

    @Test func sensitiveContentIsInNoArgumentAndNoMessage() async throws {
        let secret = "swordfish-\(UUID().uuidString)"
        var arguments: [(String, Value)] = file("secret", "").map { ($0.key, $0.value) }
        arguments[2].1 = .string(secret + "\n").marked(.sensitive)
        // The check prints the command lines of all processes, and what it is given.
        arguments.append(
            (
                "validate",
                .string("cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c \(secret.prefix(9))[-]; cat \"$candidate\"; exit 4")
            ))
        guard case .failed(let failure, _)? = await life.apply([try await life.request("host_file", arguments)]).first ?? nil else {
            Issue.record("no failure")
            return
        }
        #expect(!failure.detail.contains(secret))
        #expect(failure.detail.contains("(sensitive value)"))
        #expect(failure.serviceMessage?.hasPrefix("0\n") == true)
        let created = try #require(try await life.done(life.request("host_file", Array(arguments.prefix(5)))))
        #expect(created.attributes["content"]?.isSensitive == true)
        let read = try #require(await life.read([created]).first??.object)
        #expect(read.attributes == created.attributes)
    }

    @Test func brokenConnectionLeavesWhatIsNotKnownOpen() async throws {
        let broken = LocalShell(breaksAfter: " x 1 0")
        let life = try await Lifecycle(try repositoryProvider("host", transports(hosts: broken)), settings: ["user": .string(me)])
        let outcomes = await life.apply([
            try await life.request("host_link", ["host": localHost, "path": .string(path("l1")), "target": .string("x")]),
            try await life.request("host_file", file("none/b", "2")), try await life.request("host_file", file("c", "3")),
        ])
        guard case .done? = outcomes[0], case .interrupted? = outcomes[1], case .interrupted? = outcomes[2] else {
            Issue.record("\(outcomes)")
            return
        }
    }

    @Test func unreachableHostIsSaidOncePerHost() async throws {
        let dead = DeadHost(failure: TransportFailure(.connection, "no route to host", hadNoEffect: true))
        let life = try await Lifecycle(try repositoryProvider("host", transports(hosts: dead)))
        let object = RemoteObject(
            type: ResourceType("host_link"),
            attributes: try life.source.configuration("host_link", ["host": localHost, "path": .string("/x"), "target": .string("y")]))
        for outcome in await life.read([object, object]) {
            guard case .unreachable(let failure, let group)? = outcome else {
                Issue.record("\(String(describing: outcome))")
                return
            }
            #expect(group == "local:22")
            #expect(failure.code == .unreachable)
        }
        let outcomes = await life.apply([
            try await life.request("host_link", ["host": localHost, "path": .string("/x"), "target": .string("y")]),
            try await life.request("host_link", ["host": localHost, "path": .string("/z"), "target": .string("y")]),
        ])
        guard case .failed(_, nil)? = outcomes[0], case .notBegun? = outcomes[1] else {
            Issue.record("\(outcomes)")
            return
        }
    }

    @Test func intentIsResolved() async throws {
        let request = try await life.request("host_file", file("found", "x"))
        let find = FindRequest(
            intent: request.intent, action: .create, address: request.address, type: request.type, planned: request.proposal.planned,
            prior: nil)
        guard case .absent = try await life.provider.find(find) else {
            Issue.record("not absent")
            return
        }
        let made = try #require(try await life.done(request))
        guard case .found(let object) = try await life.provider.find(find) else {
            Issue.record("not found")
            return
        }
        #expect(object.attributes == made.attributes)
        // Changed by hand since: for the next plan to see.
        try "other".write(toFile: path("found"), atomically: false, encoding: .utf8)
        guard case .found(let changed) = try await life.provider.find(find) else {
            Issue.record("not found")
            return
        }
        #expect(changed.attributes["content"] == .string("other"))
        // Of another intent, it is somebody else's.
        var other = find
        other.intent = IntentID(rawValue: String(repeating: "cd", count: 16))
        guard case .absent = try await life.provider.find(other) else {
            Issue.record("taken for what an intent made that had not begun")
            return
        }
    }
}
