import Foundation
import ProviderKit
import Testing
import Values

@testable import ManifestProviders

@Suite struct ProbeTests {
    /// A command that takes long works as long as it is given, when it is waited for and when a plan looks again.
    @Test func aCommandHasTheTimeThatItIsGiven() async throws {
        let directory = try TemporaryDirectory()
        let log = directory.path + "/log"
        try "#!/bin/sh\necho \"$1\" >>\(log)\nshift\nexec \"$@\"\n".write(
            toFile: directory.path + "/timeout", atomically: false, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: directory.path + "/timeout")
        let shell = LocalShell(programs: directory.path + ":/usr/bin:/bin")
        let life = try await Lifecycle(try repositoryProvider("host", transports(hosts: shell)), settings: ["user": .string(NSUserName())])
        for (seconds, looks) in [(7, 7), (600, 50)] {
            try "".write(toFile: log, atomically: false, encoding: .utf8)
            let request = try await life.request(
                "host_probe",
                ["host": localHost, "name": .string("it"), "command": .string("exit 0"), "timeout": .int(seconds)])
            let made = try #require(try await life.done(request))
            #expect(await life.read([made])[0]?.object?.attributes["ready"] == .bool(true))
            #expect(try String(contentsOfFile: log, encoding: .utf8) == "\(seconds)\n\(looks)\n")
        }
    }
}
