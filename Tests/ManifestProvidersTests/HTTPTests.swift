import Addresses
import Foundation
import ProviderKit
import Synchronization
import Testing
import Transport
import Values

@testable import ManifestProviders

private let cloud = """
    provider "cloud" {
      setting "token" {
        type      = string
        sensitive = true
        env       = ["TOKEN"]
      }
      http {
        base_url = "https://cloud.test/v1/"
        headers  = { Authorization = "Bearer ${setting.token}" }
        error {
          code       = response.body.error.code
          message    = response.body.error.message
          request_id = response.headers["x-request-id"]
        }
        gone { when = response.status == 404 }
        retry {
          when    = error.code == "locked"
          timeout = 5
        }
        page {
          query = { page = page.number, per_page = 2 }
          next  = response.body.next
        }
      }
    }
    resource "cloud_server" {
      identity = ["name"]
      attributes = {
        id          = { type = string, computed = true }
        name        = { type = string, required = true }
        image       = { type = string, required = true, replaces = true, normalize = lower(value) }
        description = { type = string, optional = true }
        password    = { type = string, optional = true, sensitive = true }
        address     = { type = string, computed = true }
        tags        = { type = list(string), optional = true, unordered = true }
      }
      create {
        request {
          post = "/servers"
          json = { name = name, image = image, description = description, password = password, tags = tags, labels = { intent = intent.id } }
          set  = { id = response.body.server.id }
        }
        wait {
          get      = "/actions/${response.body.action}"
          until    = response.body.status == "success"
          fail     = response.body.status == "error"
          message  = response.body.reason
          interval = 0.01
          timeout  = 5
        }
      }
      read {
        get    = "/servers/${id}"
        object = response.body.server
      }
      list {
        get     = "/servers"
        objects = response.body.servers
        paged   = true
      }
      find {
        get     = "/servers?label=${"intent=${intent.id}"}"
        objects = response.body.servers
        paged   = true
      }
      update {
        attributes = ["name", "description", "password", "tags"]
        retry { begin_again = response.status == 412 }
        request "current" { get = "/servers/${id}" }
        request {
          put     = "/servers/${id}"
          headers = { If-Match = answers.current.headers["etag"] }
          json    = { name = name, description = description }
        }
      }
      delete { delete = "/servers/${id}" }
      object = {
        name        = object.name
        image       = object.image
        description = try(object.description, null)
        address     = object.address
      }
    }
    data "cloud_image" {
      attributes = {
        name = { type = string, required = true }
        id   = { type = string, computed = true }
      }
      read {
        get    = "/images"
        query  = { name = name, exact = true }
        object = try(response.body.images[0], null)
      }
      object = { id = object.id }
    }
    """

private let server = #"{"server":{"name":"a","image":"Debian","address":"192.0.2.1"}}"#
private let type = ResourceType("cloud_server")

@Suite struct HTTPTests {
    private func life(_ exchanges: [RecordedExchanges.Exchange]) async throws -> (Lifecycle, RecordedExchanges) {
        let http = RecordedExchanges(exchanges)
        return (try await Lifecycle(try source(cloud, transports(http: http))), http)
    }

    private func made(_ life: Lifecycle, id: String = "a/b") throws -> RemoteObject {
        let attributes = try life.source.configuration(
            "cloud_server",
            [
                "id": .string(id), "name": .string("a"), "image": .string("debian"), "address": .string("192.0.2.1"),
                "description": .string("d"),
            ])
        return RemoteObject(type: type, attributes: attributes)
    }

    @Test func createWaitsAndReadsBack() async throws {
        let (life, http) = try await life([
            .init(
                "POST https://cloud.test/v1/servers",
                body: #"{"image":"debian","labels":{"intent":"\#(String(repeating: "ab", count: 16))"},"name":"a","password":"hush"}"#,
                status: 201,
                #"{"server":{"id":"a/b"},"action":17}"#),
            .init("GET https://cloud.test/v1/actions/17", #"{"status":"running"}"#),
            .init("GET https://cloud.test/v1/actions/17", status: 0, "cut"),
            .init("GET https://cloud.test/v1/actions/17", #"{"status":"success"}"#),
            .init("GET https://cloud.test/v1/servers/a%2Fb", server),
        ])
        let object = try #require(
            try await life.done(
                life.request("cloud_server", ["name": .string("a"), "image": .string("debian"), "password": .string("hush")])))
        #expect(object.attributes["id"] == .string("a/b"))
        #expect(object.attributes["address"] == .string("192.0.2.1"))
        #expect(object.attributes["image"] == .string("debian"))
        #expect(http.unused == [])
        let headers = http.asked.withLock { $0[0].headers }
        #expect(headers.first { $0.name == "Authorization" } == HTTPHeader("Authorization", "Bearer from-environment", isSensitive: true))
    }

    @Test func failedActionTaintsAndSaysWhy() async throws {
        let (life, _) = try await life([
            .init("POST https://cloud.test/v1/servers", status: 202, #"{"server":{"id":"x"},"action":17}"#),
            .init("GET https://cloud.test/v1/actions/17", #"{"status":"error","reason":"no capacity for hush"}"#),
        ])
        let outcome = await life.apply([
            try await life.request("cloud_server", ["name": .string("a"), "image": .string("i"), "password": .string("hush")])
        ])
        guard case .failed(let failure, let object?)?? = outcome.first else {
            Issue.record("\(outcome)")
            return
        }
        #expect(failure.serviceMessage == "no capacity for (sensitive value)")
        #expect(failure.detail.contains("creating cloud_server.test"))
        #expect(object.attributes["id"] == .string("x"))
        #expect(object.attributes.isWhollyKnown)
    }

    @Test func readUpdateDelete() async throws {
        let (life, http) = try await life([
            .init("GET https://cloud.test/v1/servers/a%2Fb", server),
            .init(
                "GET https://cloud.test/v1/servers/a%2Fb",
                headers: [HTTPHeader("ETag", "\"7\""), HTTPHeader("Content-Type", "application/json")], server),
            .init("PUT https://cloud.test/v1/servers/a%2Fb", body: #"{"description":"new","name":"a"}"#, "{}"),
            .init("DELETE https://cloud.test/v1/servers/a%2Fb", status: 404, ""),
            .init("GET https://cloud.test/v1/servers/a%2Fb", status: 404, "{}"),
        ])
        let object = try made(life)
        let read = try #require(await life.read([object]).first??.object)
        #expect(read.attributes["description"]?.isNull == true)
        #expect(read.attributes["image"] == .string("Debian"))
        let request = try await life.request(
            "cloud_server", ["name": .string("a"), "image": .string("debian"), "description": .string("new")], prior: read)
        #expect(request.proposal.replaces == [])
        #expect(request.proposal.planned?["image"] == .string("Debian"))
        #expect(request.proposal.planned?["address"] == .string("192.0.2.1"))
        let updated = try #require(try await life.done(request))
        #expect(http.asked.withLock { $0[2].headers.first { $0.name == "If-Match" }?.value } == "\"7\"")
        #expect(try await life.done(life.removal("cloud_server", prior: updated)) == nil)
        #expect(await life.read([updated]).first??.isGone == true)
        #expect(http.unused == [])
    }

    @Test func whatIsNoLongerSoIsReadAgain() async throws {
        func current(_ tag: String) -> RecordedExchanges.Exchange {
            .init(
                "GET https://cloud.test/v1/servers/x",
                headers: [HTTPHeader("ETag", tag), HTTPHeader("Content-Type", "application/json")], server)
        }
        let refused = RecordedExchanges.Exchange("PUT https://cloud.test/v1/servers/x", status: 412, #"{"error":{"code":"changed"}}"#)
        let (life, http) = try await life([
            current("1"), refused, current("2"), .init("PUT https://cloud.test/v1/servers/x", "{}"),
        ])
        let update = try await life.request(
            "cloud_server", ["name": .string("b"), "image": .string("Debian")], prior: try made(life, id: "x"))
        #expect(try await life.done(update) != nil)
        #expect(http.asked.withLock { $0.compactMap { $0.headers.first { $0.name == "If-Match" }?.value } } == ["1", "2"])
        #expect(http.unused == [])
        // Somebody who always comes first wins in the end.
        let (other, _) = try await self.life((0..<6).flatMap { _ in [current("1"), refused] })
        guard case .failed(let failure, object: nil)? = await other.apply([update])[0] else {
            Issue.record("not refused")
            return
        }
        #expect(failure.code == .conflict && failure.serviceCode == "changed")
    }

    @Test func manyAreReadByPages() async throws {
        func entry(_ id: Int) -> String { #"{"id":\#(id),"name":"n\#(id)","image":"i","address":"192.0.2.\#(id)"}"# }
        let (life, http) = try await life([
            .init("GET https://cloud.test/v1/servers?page=1&per_page=2", #"{"servers":[\#(entry(1)),\#(entry(2))],"next":2}"#),
            .init("GET https://cloud.test/v1/servers?page=2&per_page=2", #"{"servers":[\#(entry(3))],"next":null}"#),
            .init("GET https://cloud.test/v1/servers/4", status: 404, "{}"),
        ])
        let outcomes = await life.read(try (1...4).map { try made(life, id: String($0)) })
        #expect(outcomes.prefix(3).map { $0?.object?.attributes["address"] } == (1...3).map { .string("192.0.2.\($0)") })
        #expect(outcomes[3]?.isGone == true)
        #expect(http.unused == [])
    }

    @Test func refusalsCarryTheServicesWords() async throws {
        let cases: [(Int, String, ProviderFailure.Code)] = [
            (401, #"{"error":{"code":"unauthorized","message":"no such token"}}"#, .unauthenticated),
            (403, #"{"error":{"code":"forbidden","message":"not yours"}}"#, .denied),
            (409, #"{"error":{"code":"uniqueness","message":"taken"}}"#, .conflict),
            (429, #"{"error":{"code":"rate_limit","message":"slowly"}}"#, .rateLimited), (500, "<html>oops</html>", .unavailable),
            (503, "busy", .unavailable),
            (422, "", .rejected),
        ]
        for (status, body, code) in cases {
            let (life, _) = try await life([
                .init(
                    "POST https://cloud.test/v1/servers", status: status,
                    headers: [
                        HTTPHeader("X-Request-Id", "r-1"),
                        HTTPHeader("Content-Type", body.hasPrefix("<") ? "text/html" : "application/json"),
                    ], body)
            ])
            let outcome = await life.apply([try await life.request("cloud_server", ["name": .string("a"), "image": .string("i")])])
            // Whether a service that is in trouble has made something is for the next run to find out.
            let failure: ProviderFailure
            switch outcome.first {
            case .failed(let refused, nil)?? where status < 500: failure = refused
            case .interrupted(let open)?? where status >= 500: failure = open
            default:
                Issue.record("\(outcome)")
                return
            }
            #expect(failure.code == code)
            #expect(failure.requestID == "r-1")
            #expect(failure.detail.contains("POST https://cloud.test/v1/servers"))
            #expect(failure.detail.contains("status \(status)"))
            if body.hasPrefix("{") { #expect(failure.serviceMessage.map { body.contains($0) } == true) }
        }
    }

    @Test func lockedIsTriedAgainAndGarbageIsNot() async throws {
        let (life, http) = try await life([
            .init(
                "GET https://cloud.test/v1/servers/x", status: 423, headers: [HTTPHeader("Retry-After", "0.01")],
                #"{"error":{"code":"locked","message":"busy"}}"#),
            .init("GET https://cloud.test/v1/servers/x", server), .init("GET https://cloud.test/v1/servers/x", #"{"server":"#),
            .init("GET https://cloud.test/v1/servers/x", #"{"other":1}"#),
            .init("GET https://cloud.test/v1/servers/x", #"{"server":null}"#),
            .init("GET https://cloud.test/v1/servers/x", status: 0, "cut"),
        ])
        let object = try made(life, id: "x")
        #expect(await life.read([object]).first??.object != nil)
        for _ in 0..<3 {
            guard case .failed? = await life.read([object])[0] else {
                Issue.record("garbage was taken for an answer")
                return
            }
        }
        guard case .unreachable(_, let group)? = await life.read([object])[0] else {
            Issue.record("not unreachable")
            return
        }
        #expect(group == "cloud")
        #expect(http.unused == [])
    }

    @Test func lostAnswerLeavesTheIntentOpenAndFindResolvesIt() async throws {
        let list = "GET https://cloud.test/v1/servers?label=intent%3D\(String(repeating: "ab", count: 16))&page="
        let (life, http) = try await life([
            .init("POST https://cloud.test/v1/servers", status: 0, "cut"),
            // Filtered pages may be empty and not the last.
            .init(list + "1&per_page=2", #"{"servers":[],"next":2}"#), .init(list + "2&per_page=2", #"{"servers":[]}"#),
            .init(list + "1&per_page=2", #"{"servers":[{"id":"n1"}],"next":2}"#),
            .init(list + "2&per_page=2", #"{"servers":[{"id":"n2"}]}"#),
            // Of what stands on a page that cannot be had nobody knows.
            .init(list + "1&per_page=2", #"{"servers":[],"next":2}"#),
            .init(list + "2&per_page=2", status: 404, #"{"error":{"code":"gone","message":"no such page"}}"#),
            .init(list + "1&per_page=2", #"{"servers":[],"next":2}"#), .init(list + "2&per_page=2", #"{"servers":[{"id":"n1"}]}"#),
            .init("GET https://cloud.test/v1/servers/n1", server),
        ])
        let request = try await life.request("cloud_server", ["name": .string("a"), "image": .string("i")])
        guard case .interrupted? = await life.apply([request])[0] else {
            Issue.record("not interrupted")
            return
        }
        let find = FindRequest(
            intent: request.intent, action: .create, address: request.address, type: type, planned: request.proposal.planned, prior: nil)
        guard case .absent = try await life.provider.find(find), case .uncertain(let candidates) = try await life.provider.find(find)
        else {
            Issue.record("not resolved")
            return
        }
        let incomplete = await #expect(throws: ProviderFailure.self) { _ = try await life.provider.find(find) }
        #expect(incomplete?.summary == "List is not whole" && incomplete?.detail.contains("page 2 of the list") == true)
        guard case .found(let object) = try await life.provider.find(find) else {
            Issue.record("not found")
            return
        }
        #expect(candidates == ["n1", "n2"])
        #expect(object.attributes["id"] == .string("n1"))
        #expect(object.attributes["address"] == .string("192.0.2.1"))
        #expect(http.unused == [])
    }

    /// What a list that never ends does not name is not declared absent.
    @Test func aListWithoutEndIsNotBelieved() async throws {
        let endless = EndlessList()
        let life = try await Lifecycle(try source(cloud, transports(http: endless)))
        let request = try await life.request("cloud_server", ["name": .string("a"), "image": .string("i")])
        let failure = await #expect(throws: ProviderFailure.self) {
            _ = try await life.provider.find(
                FindRequest(
                    intent: request.intent, action: .create, address: request.address, type: type, planned: request.proposal.planned,
                    prior: nil))
        }
        #expect(failure?.detail.contains("goes on after 10000 pages") == true)
        #expect(endless.pages.withLock { $0 } == 10_000)
    }

    /// Services repeat what they were sent, in whatever part of a refusal.
    @Test func secretsAreTakenOutOfEveryPartOfARefusal() async throws {
        let (life, _) = try await life([
            .init(
                "POST https://cloud.test/v1/servers", status: 422,
                headers: [HTTPHeader("X-Request-Id", "r-hush-1"), HTTPHeader("Content-Type", "application/json")],
                #"{"error":{"code":"bad_hush","message":"hush is too short"}}"#)
        ])
        let outcome = await life.apply([
            try await life.request("cloud_server", ["name": .string("a"), "image": .string("i"), "password": .string("hush")])
        ])
        guard case .failed(let failure, nil)?? = outcome.first else {
            Issue.record("\(outcome)")
            return
        }
        #expect(failure.serviceCode == "bad_(sensitive value)")
        #expect(failure.requestID == "r-(sensitive value)-1")
        #expect(failure.serviceMessage == "(sensitive value) is too short")
        #expect(!"\(failure)".contains("hush"))
    }

    /// A rule that reads a field which an answer lacks does not hold; one that calls what does not exist is the manifest's fault.
    @Test(arguments: [("code.none", false), ("nope(error.code)", true), ("respnse.status == 1", true)])
    func rulesThatCannotHold(_ rule: String, _ isMistake: Bool) async throws {
        let text = cloud.replacing(
            "when    = error.code == \"locked\"", with: "when    = \(rule.hasPrefix("code") ? "error.\(rule)" : rule)")
        let http = RecordedExchanges([.init("GET https://cloud.test/v1/servers/x", status: 422, #"{"error":{"code":"c"}}"#)])
        let life = try await Lifecycle(try source(text, transports(http: http)))
        guard case .failed(let failure)? = await life.read([try made(life, id: "x")])[0] else {
            Issue.record("not failed")
            return
        }
        #expect((failure.serviceCode == "c") == !isMistake)
        if isMistake { #expect(failure.detail.contains("nope") || failure.detail.contains("respnse")) }
    }

    @Test func dataSource() async throws {
        let (life, http) = try await life([
            .init("GET https://cloud.test/v1/images?exact=true&name=a%20%26%20b", #"{"images":[{"id":"i1"}]}"#),
            .init("GET https://cloud.test/v1/images?exact=true&name=a%20%26%20b", #"{"images":[]}"#),
        ])
        let reading = try #require(life.provider as? any DataReading)
        let configuration = try life.source.configuration("cloud_image", ["name": .string("a & b")], mode: .data)
        let value = try await reading.readData(DataRequest(address: address("cloud_image"), configuration: configuration))
        #expect(value == .object([("name", .string("a & b")), ("id", .string("i1"))]))
        await #expect(throws: ProviderFailure.self) {
            try await reading.readData(DataRequest(address: address("cloud_image"), configuration: configuration))
        }
        #expect(http.unused == [])
    }

    @Test(arguments: ["", ".", ".."]) func pathSegmentsNameNothingElse(_ id: String) async throws {
        let (life, http) = try await life([])
        guard case .failed? = await life.read([try made(life, id: id)])[0] else {
            Issue.record("\"\(id)\" went into a path")
            return
        }
        #expect(http.asked.withLock { $0.isEmpty })
    }

    @Test func unorderedAndNormalizedAreNoChange() async throws {
        let (life, _) = try await life([])
        var prior = try made(life)
        prior.attributes = try #require(
            prior.attributes.replacing(at: [.attribute("tags")], with: .list([.string("x"), .string("y")], of: .string)))
        let arguments: KeyValuePairs<String, Value> = [
            "name": .string("a"), "image": .string("DEBIAN"), "description": .string("d"), "tags": .tuple([.string("y"), .string("x")]),
        ]
        let same = try await life.request("cloud_server", arguments, prior: prior)
        #expect(same.proposal.planned == prior.attributes)
        let other = try await life.request("cloud_server", ["name": .string("a"), "image": .string("alpine")], prior: prior)
        #expect(other.proposal.replaces == [[.attribute("image")]])
    }
}

/// Has one more page, always.
private final class EndlessList: HTTPTransport {
    let pages = Mutex(0)

    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        let page = pages.withLock { count in
            count += 1
            return count
        }
        return HTTPResponse(
            status: 200, headers: [HTTPHeader("Content-Type", "application/json")], body: Array(#"{"servers":[],"next":\#(page + 1)}"#.utf8)
        )
    }
}
