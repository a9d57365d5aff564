import Foundation
import TestSupport
import Testing

/// Services that cannot be reached, or are not who they should be: nothing is sent, nothing is recorded, and a second run completes.
@Suite struct ReachTests {
    private func configuration(_ settings: String) -> [String: String] {
        [
            "main.tf": """
            provider "lxd" {
              client_certificate = ""
              client_key         = ""
              \(settings)
            }
            resource "lxd_network_acl" "web" { name = "web" }
            """
        ]
    }

    private func refused(_ ashlar: AshlarProgram, _ lxd: FakeLXD, says parts: [String]) async throws {
        let broken = try await ashlar("apply", "-auto-approve")
        #expect(broken.code == 1, "\(broken.all)")
        for part in parts + ["While creating lxd_network_acl.web", "with lxd_network_acl.web, on main.tf line"] {
            #expect(broken.words.contains(part), "\(part)\nin\n\(broken.all)")
        }
        // A connection that was never made leaves nothing in doubt.
        #expect(!broken.words.contains("next run"), "\(broken.all)")
        #expect(lxd.creates == 0)
        #expect(try await ashlar("state", "list").output == "")
    }

    private func completes(_ ashlar: AshlarProgram, _ lxd: FakeLXD) async throws {
        let second = try await ashlar("apply", "-auto-approve")
        #expect(second.code == 0, "\(second.all)")
        #expect(lxd.creates == 1)
        #expect(try await ashlar("plan", "-detailed-exitcode").code == 0)
    }

    @Test func connectionRefused() async throws {
        let lxd = FakeLXD()
        let first = try ReservedPort()
        let ashlar = try AshlarProgram("reach", files: configuration("address = \"http://127.0.0.1:\(first.port)\""))
        defer { ashlar.remove() }
        try await refused(
            ashlar, lxd,
            says: [
                "Unreachable", "no connection to 127.0.0.1:\(first.port) could be made",
                "Check that the service runs",
            ])
        let service = try ScriptedService(lxd, port: first.port)
        defer { service.stop() }
        try await completes(ashlar, lxd)
    }

    @Test func certificateNotTrusted() async throws {
        let lxd = FakeLXD()
        let service = try ScriptedService(lxd)
        defer { service.stop() }
        let ashlar = try AshlarProgram("tls")
        defer { ashlar.remove() }
        let pair = try await TLSFront.certificate("server", names: "IP:127.0.0.1", in: ashlar.folder)
        let front = try TLSFront(certificate: pair.certificate, key: pair.key, to: service.port)
        defer { front.stop() }
        let address = "address = \"https://127.0.0.1:\(front.port)\""
        try ashlar.write("main.tf", configuration(address)["main.tf"] ?? "")
        try await refused(
            ashlar, lxd,
            says: ["Server certificate not trusted", "127.0.0.1:\(front.port) is not trusted", "give its PEM in the provider's settings"])
        try ashlar.write("main.tf", configuration(address + "\nserver_certificate = \"server.crt\"")["main.tf"] ?? "")
        try await completes(ashlar, lxd)
    }

    @Test func certificateOfAnotherName() async throws {
        let lxd = FakeLXD()
        let service = try ScriptedService(lxd)
        defer { service.stop() }
        let ashlar = try AshlarProgram("tls")
        defer { ashlar.remove() }
        let other = try await TLSFront.certificate("other", names: "DNS:other.example", in: ashlar.folder)
        // The second one takes the first one's port: nobody else may, in between.
        let place = try ReservedPort()
        let front = try TLSFront(certificate: other.certificate, key: other.key, to: service.port, port: place.port)
        try ashlar.write(
            "main.tf",
            configuration(
                "address = \"https://127.0.0.1:\(front.port)\"; server_certificate = file(\"trusted.crt\")".replacing("; ", with: "\n  "))[
                    "main.tf"] ?? "")
        try FileManager.default.copyItem(at: other.certificate, to: ashlar.folder.appending(path: "trusted.crt"))
        try await refused(
            ashlar, lxd, says: ["Server certificate not trusted", "is for another name", "Use the name that the certificate is for"])
        front.stop()
        let right = try await TLSFront.certificate("right", names: "IP:127.0.0.1", in: ashlar.folder)
        try FileManager.default.removeItem(at: ashlar.folder.appending(path: "trusted.crt"))
        try FileManager.default.copyItem(at: right.certificate, to: ashlar.folder.appending(path: "trusted.crt"))
        let again = try TLSFront(certificate: right.certificate, key: right.key, to: service.port, port: place.port)
        defer { again.stop() }
        try await completes(ashlar, lxd)
    }

    /// A client's key that is not there is a mistake that is found before anything is sent.
    @Test func missingClientKey() async throws {
        let lxd = FakeLXD()
        let service = try ScriptedService(lxd)
        defer { service.stop() }
        let text = (configuration("address = \"http://127.0.0.1:\(service.port)\"")["main.tf"] ?? "")
        let ashlar = try AshlarProgram(
            "reach", files: ["main.tf": text.replacing("client_key         = \"\"", with: "client_key = \"nowhere.key\"")])
        defer { ashlar.remove() }
        let broken = try await ashlar("apply", "-auto-approve")
        #expect(broken.code == 1)
        for part in ["Missing file", "nowhere.key, named by \"client_key\", does not exist", "with lxd_network_acl.web, on main.tf line 6"]
        {
            #expect(broken.words.contains(part), "\(part)\nin\n\(broken.all)")
        }
        #expect(service.requests.isEmpty)
        try ashlar.write("main.tf", text)
        try await completes(ashlar, lxd)
    }
}
