import Foundation
import Glibc
import TestSupport
import Testing

@testable import ManifestProviders

/// Where creates keep what was there before, for users who are not root.
@Suite struct KeepsakePlaceTests {
    let directory: TemporaryDirectory
    private let owner = KeepsakeOwner(lineage: "owner", run: "run")

    init() throws { directory = try TemporaryDirectory() }

    /// Runs a script without root's own place.
    private func run(_ script: String, home: String?) throws -> (status: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // A guard that failed to hold would remove what stands in the root directory: nothing is removed here, only named.
        let harmless = "rm() { echo \"removes $*\" >&2; }\nrmdir() { :; }\n" + script.replacing("[ -w /var/lib ]", with: "false")
        process.arguments = ["-c", harmless]
        process.environment = ["PATH": "/usr/bin:/bin"]
        process.environment?["HOME"] = home
        let (output, errors) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let texts = [output, errors].map { String(decoding: $0.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self) }
        process.waitUntilExit()
        return (process.terminationStatus, texts[0], texts[1])
    }

    private func keeping(_ script: String) -> String {
        Prelude.text(token: "T", owner: owner) + "_x=; _mark 0 intent\n( set -e\n\(script)\n)\n"
    }

    @Test func withoutHomeNothingIsKeptAnywhere() throws {
        for home in [nil, ""] {
            let (status, output, errors) = try run(keeping("remember mode 640; echo went on >&2"), home: home)
            #expect(status == 1 && errors.contains("HOME is not set") && !errors.contains("went on"))
            #expect(!output.contains("640"))
        }
        #expect(!FileManager.default.fileExists(atPath: "/tmp/.local/state/ashlar"))
    }

    @Test func withHomeItIsKeptThereAndRecalled() throws {
        let kept = directory.path + "/.local/state/ashlar/before/owner-run/intent/fact.mode"
        #expect(try run(keeping("remember mode 640"), home: directory.path).status == 0)
        #expect(try String(contentsOfFile: kept, encoding: .utf8) == "640")
        let recalled = try run(keeping(Prelude.recalling("intent")), home: directory.path)
        #expect(recalled.status == 0 && recalled.output.contains("T r 4 3\nmode\n640\n"))
        let released = try run(Prelude.releasing(of: owner, and: [], keeping: []), home: directory.path)
        #expect(released.errors.contains("removes -rf -- \(directory.path)/.local/state/ashlar/before/owner-run/intent\n"))
    }

    /// A run begins to change something only when what became of those before it is recorded.
    @Test func earlierRunsOfTheSameStateAreClearedUpAfter() throws {
        let folder = directory.path + "/.local/state/ashlar/before"
        for run in ["owner-before", "owner-run", "other-before"] {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(run)/intent", withIntermediateDirectories: true)
        }
        let swept = try run(keeping(":") + Prelude.sweeping(of: owner), home: directory.path)
        #expect(swept.status == 0 && swept.errors.contains("removes -rf -- \(folder)/owner-before\n"))
        #expect(!swept.errors.contains("owner-run") && !swept.errors.contains("other-before"))
        let nowhere = try run(keeping(":") + Prelude.sweeping(of: owner), home: nil)
        #expect(nowhere.status == 0 && !nowhere.errors.contains("removes"))
    }

    /// The connection is gone, the script is not: what it is just making is not looked for yet.
    @Test func whatIsStillAtWorkIsWaitedFor() throws {
        let working = keeping("changed; echo \"$_k/$_i\" >there; sleep 2; echo done >it")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "cd '\(directory.path)'\n" + working.replacing("[ -w /var/lib ]", with: "false")]
        process.environment = ["PATH": "/usr/bin:/bin", "HOME": directory.path]
        process.standardOutput = FileHandle.nullDevice
        try process.runUnblocked()
        while !FileManager.default.fileExists(atPath: directory.path + "/there") { usleep(10_000) }
        let recalled = try run(keeping(Prelude.recalling("intent") + "\ncat '\(directory.path)/it' >&2"), home: directory.path)
        #expect(recalled.output.contains("T c 0 0\n") && recalled.errors.contains("done"))
        process.waitUntilExit()
        // Of one that has ended nothing is waited for, also if its number is another process's by now.
        try "\(ProcessInfo.processInfo.processIdentifier) 1\n".write(
            toFile: directory.path + "/.local/state/ashlar/before/owner-run/intent/changed", atomically: false, encoding: .utf8)
        let clock = ContinuousClock.now
        _ = try run(keeping(Prelude.recalling("intent")), home: directory.path)
        #expect(ContinuousClock.now - clock < .seconds(10))
    }

    /// What would be looked for below an empty place is the root directory.
    @Test func withoutHomeNothingIsRecalledOrRemoved() throws {
        let released = try run(Prelude.releasing(of: owner, and: ["intent"], keeping: []), home: nil)
        #expect(released.status == 0 && released.errors.isEmpty)
        let recalled = try run(keeping(Prelude.recalling("intent")), home: nil)
        #expect(recalled.status == 0 && !recalled.output.contains("T r"))
    }
}
