import Foundation
import Glibc
import Testing

/// What goes wrong with a real host, each a session: what is said, that nothing is lost, and that a second run completes.
///
/// In the sessions `lab` does harm to the host and heals it, and `lab exec 1 -- COMMAND` is root on it without SSH. `HOST` is its address,
/// `KEYS` the folder with keys it accepts, and `KNOWN_HOSTS` the file that knows its key.
@Suite(.serialized) struct HostFaultTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "HostFaults")

    /// `ASHLAR_CASE` names one to be run alone.
    static var cases: [String] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()
        guard let one = ProcessInfo.processInfo.environment["ASHLAR_CASE"] else { return names }
        return names.filter { $0 == one }
    }

    @Test func thereAreCases() { #expect(ProcessInfo.processInfo.environment["ASHLAR_CASE"] != nil || Self.cases.count >= 10) }

    @Test(arguments: cases)
    func session(_ name: String) async throws {
        let lab = try await Self.lab.value
        let address = Self.network + ".1"
        // As new, whatever the case before left.
        let (text, status) = try await shell("lab reset 1", environment: lab)
        #expect(status == 0, "\(text)")
        try await CaseSession(
            Self.folder.appending(path: name), in: URL(filePath: Self.scratch + "/work"),
            environment: lab.merging([
                "ASHLAR_PROVIDERS": Self.scratch + "/providers", "HOST": address, "KEYS": Self.scratch + "/lab/keys",
                "KNOWN_HOSTS": Self.scratch + "/lab/known_hosts",
                "TF_VAR_address": address, "TF_VAR_keys": Self.scratch + "/lab/keys",
                "TF_VAR_known_hosts": Self.scratch + "/lab/known_hosts",
            ]) { _, new in new },
            words: [Self.scratch: "SCRATCH"]
        ).hold()
    }

    private static let scratch = "/tmp/ashlar-host-faults"
    private static let network = "10.94.0"

    /// One host, started when it is first asked for and taken down when the run ends; what its commands find in their environment.
    private static let lab = Task {
        guard geteuid() == 0 else { throw NotRoot() }
        var environment = [
            "PATH": CaseTests.binary.path + ":" + Workplace.root.appending(path: "Tests/Lab").path + ":/usr/sbin:/usr/bin:/sbin:/bin",
            "LAB_DIR": "\(scratch)/lab", "LAB_NAME": "ashflt", "LAB_NET": network,
        ]
        environment["LAB_CACHE"] = ProcessInfo.processInfo.environment["LAB_CACHE"] ?? "/var/cache/ashlar-lab"
        try await takeTurn()
        // Lines of messages are broken by the length of the paths in them: these are the same everywhere.
        try? FileManager.default.removeItem(atPath: scratch + "/providers")
        try FileManager.default.createSymbolicLink(
            atPath: scratch + "/providers", withDestinationPath: Workplace.root.appending(path: "providers").path)
        atexit {
            // Nobody is left to be told of a failure.
            _ = try? Process.run(
                URL(filePath: "/bin/sh"),
                arguments: [
                    "-c",
                    "LAB_DIR=\(HostFaultTests.scratch)/lab '\(Workplace.root.path)/Tests/Lab/lab' down; rm -rf \(HostFaultTests.scratch)",
                ]
            ).waitUntilExit()
        }
        let (text, status) = try await shell("lab up 1", environment: environment)
        guard status == 0 else { throw NoLab(description: text) }
        return environment
    }

    /// Two runs at once would cut each other's cables: the second waits for the first, which takes everything away at its end, the lock too.
    private static func takeTurn() async throws {
        let path = "\(scratch)/run.lock"
        while true {
            try FileManager.default.createDirectory(
                atPath: scratch, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let lock = open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
            guard lock >= 0 else { throw NoLab(description: "cannot open \(path): \(String(cString: strerror(errno)))") }
            while flock(lock, LOCK_EX | LOCK_NB) != 0 { try await Task.sleep(for: .milliseconds(200)) }
            var (held, there) = (stat(), stat())
            if fstat(lock, &held) == 0, stat(path, &there) == 0, held.st_ino == there.st_ino { return }
            close(lock)
        }
    }

    struct NotRoot: Error {}
    struct NoLab: Error, CustomStringConvertible {
        let description: String
    }
}
