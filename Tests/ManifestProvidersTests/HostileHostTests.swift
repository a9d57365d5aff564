import Addresses
import ProviderKit
import Testing
import Values

@testable import ManifestProviders

/// A host that says more than it was asked decides nothing about itself.
@Suite struct HostileHostTests {
    private let manifest = """
        provider "box" {
          ssh {}
        }
        resource "box" {
          container  = true
          identity   = ["address"]
          attributes = {
            address = { type = string, required = true }
            user    = { type = string, optional = true }
            timeout = { type = number, default = 5 }
            key     = { type = string, optional = true, computed = true }
            id      = { type = string, computed = true }
            label   = { type = string, computed = true, value = "box ${address}" }
            kernel  = { type = string, computed = true }
          }
          create { script = ":" }
          update {}
          delete {}
          read { script = "cat >/dev/null; $SAYS" }
        }
        """

    @Test(arguments: [
        ("emit kernel 6.1", true), ("emit id same", true), ("emit id other", false), ("emit address 10.0.0.1", false),
        ("emit user root", false), ("emit timeout 1", false), ("emit key mine", false), ("emit label x", false),
    ]) func saysOnlyWhatIsItsToSay(_ said: String, _ isTaken: Bool) async throws {
        let life = try await Lifecycle(
            try source(manifest.replacing("$SAYS", with: said), transports(hosts: LocalShell())))
        let attributes = try life.source.configuration(
            "box", ["address": .string("127.0.0.1"), "timeout": .int(5), "id": .string("same"), "label": .string("box 127.0.0.1")])
        let outcome = await life.read([RemoteObject(type: ResourceType("box"), attributes: attributes)]).first ?? nil
        switch outcome {
        case .found(let object): #expect(isTaken && object.attributes["address"] == .string("127.0.0.1"))
        case .failed(let failure): #expect(!isTaken && failure.detail.contains("not for the host to say"), "\(failure)")
        default: Issue.record("\(String(describing: outcome))")
        }
    }
}
