import Foundation
import Testing

@testable import ManifestProviders

/// Where creates keep what was there before, for users who are not root.
@Suite struct KeepsakePlaceTests {
    let directory: TemporaryDirectory

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
        Prelude.text(token: "T", owner: "owner") + "_x=; _mark 0 intent\n( set -e\n\(script)\n)\n"
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
        let kept = directory.path + "/.local/state/ashlar/before/owner/intent/fact.mode"
        #expect(try run(keeping("remember mode 640"), home: directory.path).status == 0)
        #expect(try String(contentsOfFile: kept, encoding: .utf8) == "640")
        let recalled = try run(keeping(Prelude.recalling("intent")), home: directory.path)
        #expect(recalled.status == 0 && recalled.output.contains("T r 4 3\nmode\n640\n"))
        let released = try run(Prelude.releasing(of: "owner", and: [], keeping: []), home: directory.path)
        #expect(released.errors.contains("removes -rf -- \(directory.path)/.local/state/ashlar/before/owner/intent\n"))
    }

    /// What would be looked for below an empty place is the root directory.
    @Test func withoutHomeNothingIsRecalledOrRemoved() throws {
        let released = try run(Prelude.releasing(of: "owner", and: ["intent"], keeping: []), home: nil)
        #expect(released.status == 0 && released.errors.isEmpty)
        let recalled = try run(keeping(Prelude.recalling("intent")), home: nil)
        #expect(recalled.status == 0 && !recalled.output.contains("T r"))
    }
}
