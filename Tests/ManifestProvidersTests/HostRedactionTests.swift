import Addresses
import ProviderKit
import Testing
import Values

@testable import ManifestProviders

/// Scripts that read may print what they were given when they fail.
@Suite struct HostRedactionTests {
    private let vault = """
        provider "vault" {
          ssh {}
        }
        resource "vault_entry" {
          attributes = {
            host   = { type = host, required = true, replaces = true }
            name   = { type = string, required = true, replaces = true }
            secret = { type = string, required = true, sensitive = true, replaces = true }
          }
          create { script = "true" }
          read {
            FACTS
          }
          delete { script = "true" }
        }
        """

    @Test(arguments: [
        #"script = "echo checking ${secret(secret)} >&2; exit 3""#,
        #"""
        facts "all" {
              columns = ["name"]
              script  = "for s in ${secret([for o in objects : o.secret])}; do echo checking $s >&2; done; exit 3"
            }
        """#,
    ])
    func failingReadsShowNoSecret(_ read: String) async throws {
        let life = try await Lifecycle(try source(vault.replacing("FACTS", with: read)))
        let objects = try ["hush-1", "hush-2"].map { secret in
            RemoteObject(
                type: ResourceType("vault_entry"),
                attributes: try life.source.configuration(
                    "vault_entry", ["host": localHost, "name": .string("a"), "secret": .string(secret)]))
        }
        for outcome in await life.read(objects) {
            guard case .failed(let failure)? = outcome else {
                Issue.record("\(String(describing: outcome))")
                continue
            }
            #expect(failure.detail.contains("checking (sensitive value)"))
            #expect(!"\(failure)".contains("hush"))
        }
    }
}
