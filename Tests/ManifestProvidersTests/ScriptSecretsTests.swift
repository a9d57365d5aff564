import Addresses
import Diagnostics
import Foundation
import ProviderKit
import Testing
import Values

@testable import ManifestProviders

/// What is sensitive is in no argument and no environment of the programs that scripts start.
@Suite struct ScriptSecretsTests {
    private let directory: TemporaryDirectory
    private let log: String
    private let programs: String

    /// Puts in front of every program of this machine one that writes down how it was called.
    ///
    /// Looking into /proc would miss what is short.
    init() throws {
        directory = try TemporaryDirectory()
        (log, programs) = (directory.path + "/log", directory.path + "/programs")
        let files = FileManager.default
        try files.createDirectory(atPath: programs, withIntermediateDirectories: false)
        let witness = directory.path + "/witness"
        try """
        #!/bin/sh
        { printf '%s\\n' "$0" "$@"; /usr/bin/tr '\\0' '\\n' <"/proc/$$/environ"; } >>'\(log)'
        for place in /usr/local/bin /usr/sbin /usr/bin /sbin /bin; do
        if [ -x "$place/${0##*/}" ]; then exec "$place/${0##*/}" "$@"; fi
        done
        exit 127

        """.write(toFile: witness, atomically: false, encoding: .utf8)
        try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: witness)
        for place in ["/usr/bin", "/usr/sbin", "/bin", "/sbin"] {
            for name in try files.contentsOfDirectory(atPath: place) where !files.fileExists(atPath: "\(programs)/\(name)") {
                try files.createSymbolicLink(atPath: "\(programs)/\(name)", withDestinationPath: witness)
            }
        }
    }

    private static let secret = "first-hush '$(id)' \"zebra\"\nsecond-hush-line"

    private func life(_ shell: [String]) async throws -> Lifecycle {
        try await Lifecycle(
            try repositoryProvider("host", transports(hosts: LocalShell(shell: shell, programs: programs))),
            settings: ["user": .string(NSUserName())])
    }

    /// What was called with, once `wanted` programs have been seen there.
    private func expectNone(_ wanted: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let calls = try String(contentsOfFile: log, encoding: .utf8)
        for program in wanted {
            let isSeen = calls.contains("\(programs)/\(program)\n")
            #expect(isSeen, "\(program)", sourceLocation: sourceLocation)
        }
        // Only what was found is told: the rest is the environment of whoever runs the tests.
        for piece in ["hush", "zebra", "$(id)", Data(Self.secret.utf8).base64EncodedString(), hash("zebra")] {
            let lines = calls.split(separator: "\n").filter { $0.contains(piece) }
            #expect(lines.isEmpty, "\(piece)", sourceLocation: sourceLocation)
        }
    }

    private func hash(_ text: String) -> String { Data(text.utf8).map { String(format: "%02x", $0) }.joined() }

    @Test func ofAFile() async throws {
        let life = try await life(["/bin/sh"])
        let path = directory.path + "/a file"
        func file(_ content: String) -> KeyValuePairs<String, Value> {
            [
                "host": localHost, "path": .string(path), "content": .string(content).marked(.sensitive), "mode": .string("0600"),
                "owner": .string(NSUserName()), "validate": .string("test -s \"$candidate\""),
                "check": .string("true"), "reload": .string("sh -c : visible-word"),
            ]
        }
        try "before-hush".write(toFile: path, atomically: false, encoding: .utf8)
        let created = try #require(try await life.done(life.request("host_file", file(Self.secret))))
        #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.secret)
        #expect(await life.read([created]).first??.object != nil)
        // Content that is not what is recorded is carried.
        try (Self.secret + " by hand").write(toFile: path, atomically: false, encoding: .utf8)
        let drifted = try #require(await life.read([created]).first??.object)
        #expect(drifted.attributes["content"]?.stringValue == Self.secret + " by hand")
        let updated = try #require(try await life.done(life.request("host_file", file(Self.secret + " more"), prior: drifted)))
        #expect(try await life.done(life.removal("host_file", prior: updated)) == nil)
        try expectNone(["mktemp", "chown", "mv", "sha256sum", "base64", "sh"])
        // The witness sees what is given on a command line.
        #expect(try String(contentsOfFile: log, encoding: .utf8).contains("visible-word\n"))
    }

    @Test func ofAProbe() async throws {
        // A child of this process has SIGCHLD blocked, with which dash waits for its own forever; bash does not mind.
        let life = try await life(["/bin/bash"])
        let probe: KeyValuePairs<String, Value> = [
            "host": localHost, "name": .string("answers"), "command": .string("grep -q second"),
            "input": .string(Self.secret).marked(.sensitive),
            "timeout": .int(5),
        ]
        let created = try #require(try await life.done(life.request("host_probe", probe)))
        #expect(await life.read([created]).first??.object?.attributes["ready"] == .bool(true))
        try expectNone(["timeout", "sh", "grep"])
    }

    /// What would be part of a command is refused before anything is done.
    @Test(arguments: [
        ("path", true), ("mode", true), ("owner", true), ("validate", true), ("check", true), ("reload", true), ("content", false),
    ])
    func ofACommand(_ attribute: String, isRefused: Bool) async throws {
        let provider = try await life(["/bin/sh"]).source
        var arguments: [(String, Value)] = [("host", localHost), ("path", .string("/etc/f")), ("content", .string("x"))]
        let given: Value = .string(["mode": "0600", "owner": "root"][attribute] ?? "/etc/f")
        let all = arguments.filter { $0.0 != attribute } + [(attribute, given)]
        #expect(provider.validate(try provider.configuration("host_file", all), of: ResourceType("host_file"), mode: .managed).isEmpty)
        arguments = arguments.filter { $0.0 != attribute } + [(attribute, given.marked(.sensitive))]
        let found = provider.validate(try provider.configuration("host_file", arguments), of: ResourceType("host_file"), mode: .managed)
        #expect(found.map(\.summary) == (isRefused ? ["Sensitive value for \"\(attribute)\""] : []))
    }
}
