import Addresses
import ProviderKit
import Testing
import Values

@testable import ManifestProviders

/// Creates of several requests that end between them: what exists by then is recorded or looked for, never lost.
@Suite struct HalfMadeTests {
    /// `cloud_named` has a name for its identity, `cloud_numbered` an id that only a search tells.
    private let cloud = """
        provider "cloud" {
          http {
            base_url = "https://cloud.test/"
            error { message = response.body.message }
            gone { when = response.status == 404 }
          }
        }
        resource "cloud_named" {
          identity = ["name"]
          attributes = {
            name  = { type = string, required = true, replaces = true }
            rules = { type = string, required = true, replaces = true }
          }
          object = { name = object.name, rules = object.rules }
          create {
            request {
              post = "/named"
              json = { name = name }
            }
            request {
              put  = "/named/${name}/rules"
              json = { rules = rules }
            }
          }
          read {
            get    = "/named/${name}"
            object = response.body
          }
          find {
            get    = "/named/${name}"
            object = response.body
          }
          delete { delete = "/named/${name}" }
        }
        resource "cloud_numbered" {
          attributes = {
            id    = { type = string, computed = true }
            rules = { type = string, required = true, replaces = true }
          }
          create {
            request {
              post = "/numbered"
              json = { label = intent.id }
            }
            request {
              put  = "/numbered-by-label/${intent.id}"
              json = { rules = rules }
            }
          }
          read {
            get    = "/numbered/${id}"
            object = response.body
          }
          find {
            get    = "/numbered?label=${intent.id}"
            objects = response.body
          }
          delete { delete = "/numbered/${id}" }
        }
        """

    private func life(_ exchanges: [RecordedExchanges.Exchange]) async throws -> Lifecycle {
        try await Lifecycle(try source(cloud, transports(http: RecordedExchanges(exchanges))))
    }

    private let named: KeyValuePairs<String, Value> = ["name": .string("a"), "rules": .string("r")]

    @Test func aRefusalOfALaterRequestLeavesTheObject() async throws {
        let life = try await life([
            .init("POST https://cloud.test/named", "{}"),
            .init("PUT https://cloud.test/named/a/rules", status: 422, #"{"message":"no such rule"}"#),
        ])
        let outcome = try #require(await life.apply([try await life.request("cloud_named", named)]).first ?? nil)
        guard case .failed(let failure, let object?) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(failure.serviceMessage == "no such rule" && object.attributes["name"] == .string("a"))
        #expect(object.attributes.isWhollyKnown)
    }

    @Test func aRefusalOfTheFirstRequestLeavesNothing() async throws {
        let life = try await life([.init("POST https://cloud.test/named", status: 422, #"{"message":"no"}"#)])
        let outcome = try #require(await life.apply([try await life.request("cloud_named", named)]).first ?? nil)
        guard case .failed(_, nil) = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    @Test func whatHasNoNameYetIsLookedFor() async throws {
        let life = try await life([
            .init("POST https://cloud.test/numbered", "{}"),
            .init(
                "PUT https://cloud.test/numbered-by-label/\(String(repeating: "ab", count: 16))", status: 422,
                #"{"message":"no such rule"}"#
            ),
        ])
        let request = try await life.request("cloud_numbered", ["rules": .string("r")])
        let outcome = try #require(await life.apply([request]).first ?? nil)
        guard case .interrupted = outcome else {
            Issue.record("\(outcome)")
            return
        }
    }

    /// Cut off between its requests: found, and not as it was asked for.
    @Test(arguments: [("r", true), ("default", false)]) func findingTellsWhatIsUnfinished(_ rules: String, _ isFinished: Bool) async throws
    {
        let answer = #"{"name":"a","rules":"\#(rules)"}"#
        let life = try await life([
            .init("GET https://cloud.test/named/a", answer), .init("GET https://cloud.test/named/a", answer),
        ])
        let request = try await life.request("cloud_named", named)
        let found = try await life.provider.find(
            FindRequest(
                intent: request.intent, action: .create, address: request.address, type: request.type, planned: request.proposal.planned,
                prior: nil))
        switch found {
        case .found(let object): #expect(isFinished && object.attributes["rules"] == .string("r"))
        case .unfinished(let object, let what):
            #expect(!isFinished && object.attributes["name"] == .string("a") && what.contains("rules is not yet as asked for"))
        default: Issue.record("\(found)")
        }
    }
}
