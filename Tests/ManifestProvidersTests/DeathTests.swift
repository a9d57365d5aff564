import Addresses
import Foundation
import ProviderKit
import TestSupport
import Testing
import Transport
import Values

@testable import ManifestProviders

/// A create that dies before any of the programs it starts: what was there before is never taken for its work, and what is its work is found.
@Suite struct DeathTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var type: String
        var arguments: [(String, Value)]
        /// Shell commands that put something in the place beforehand.
        var before: String
        var testDescription: String { "\(type) over: \(before.isEmpty ? "nothing" : before)" }
    }

    private static let me = NSUserName()
    private static let file: [(String, Value)] = [("content", .string("same\n")), ("mode", .string("0640")), ("owner", .string(me))]
    private static let folder: [(String, Value)] = [("mode", .string("0750")), ("owner", .string(me)), ("delete_contents", .bool(true))]
    private static let link: [(String, Value)] = [("target", .string("/srv/target"))]

    static let cases: [Case] = [
        Case(type: "host_file", arguments: file, before: ""),
        Case(type: "host_file", arguments: file, before: "echo same >it; chmod 640 it"),
        Case(type: "host_file", arguments: file, before: "echo other >it; chmod 600 it"),
        Case(type: "host_file", arguments: file, before: "ln -s /srv/other it"),
        Case(type: "host_directory", arguments: folder, before: ""),
        Case(type: "host_directory", arguments: folder, before: "mkdir -m 750 it; echo precious >it/data"),
        Case(type: "host_directory", arguments: folder, before: "mkdir -m 700 it; echo precious >it/data"),
        Case(type: "host_link", arguments: link, before: ""),
        Case(type: "host_link", arguments: link, before: "ln -s /srv/target it"),
        Case(type: "host_link", arguments: link, before: "ln -s /srv/other it"),
    ]

    @Test(arguments: cases) func diesAnywhere(_ example: Case) async throws {
        var deaths = 0
        while try await dies(before: deaths + 1, example) { deaths += 1 }
        #expect(deaths >= 3)
    }

    /// - Returns: whether it died, and had not come to its end by then.
    private func dies(before program: Int, _ example: Case) async throws -> Bool {
        let directory = try TemporaryDirectory()
        let place = directory.path + "/place"
        try sh("mkdir \(place) && cd \(place) && \(example.before.isEmpty ? ":" : example.before)")
        let was = try seen(place)
        let programs = try deadly(directory.path + "/programs", after: program)
        // In a group of processes of its own: it is killed as a whole.
        let shell = LocalShell(shell: ["/usr/bin/setsid", "-w", "/bin/sh"], programs: programs)
        let arguments: [(String, Value)] = [("host", localHost), ("path", .string(place + "/it"))] + example.arguments
        let request: ApplyRequest
        let outcome: ApplyOutcome
        do {
            let life = try await life(shell)
            request = try await life.request(example.type, arguments)
            outcome = try #require(await life.apply([request]).first ?? nil)
        }
        if case .done = outcome { return false }
        guard case .interrupted = outcome else {
            Issue.record("\(outcome)")
            return false
        }
        // The next run.
        let after = AnotherRun(of: shell)
        let life = try await life(after)
        let find = FindRequest(
            intent: request.intent, action: .create, address: request.address, type: request.type, planned: request.proposal.planned,
            prior: nil)
        let what = "dead before program \(program)"
        var object: RemoteObject?
        if case .found(let found) = try await life.provider.find(find) {
            object = found
        } else {
            #expect(try seen(place) == was, "\(what): untouched")
            object = try await life.done(try await life.request(example.type, arguments))
        }
        _ = try await life.done(life.removal(example.type, prior: try #require(object)))
        #expect(try seen(place) == was, "\(what): as it was")
        return true
    }

    private func life(_ shell: any HostTransport) async throws -> Lifecycle {
        try await Lifecycle(try repositoryProvider("host", transports(hosts: shell)), settings: ["user": .string(Self.me)])
    }

    /// Everything in a place, but directories of scripts that died.
    private func seen(_ place: String) throws -> String {
        try sh("cd \(place) && find . -name '.ashlar.*' -prune -o ! -path . -printf '%p %m %u %g %l\\n' -type f -exec cat {} \\; | sort")
    }

    @discardableResult private func sh(_ command: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        let output = Pipe()
        process.standardOutput = output
        try process.runUnblocked()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(command)")
        return text
    }

    /// Programs that change something, of which the given one kills the script instead.
    private func deadly(_ folder: String, after count: Int) throws -> String {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try "\(count)\n".write(toFile: folder + "/count", atomically: false, encoding: .utf8)
        for name in ["mktemp", "mkdir", "ln", "cp", "cat", "chown", "chmod", "mv", "rm", "rmdir", "base64", "sync", "readlink", "wc"] {
            let script = """
                #!/bin/sh
                read -r n <'\(folder)/count'
                echo $((n - 1)) >'\(folder)/count'
                [ "$n" != 1 ] || kill -9 0
                PATH=/usr/bin:/bin exec \(name) "$@"

                """
            try script.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(name)")
        }
        return folder + ":/usr/sbin:/usr/bin:/sbin:/bin"
    }
}
