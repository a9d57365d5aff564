import Addresses
@testable import ManifestProviders
import ProviderKit
import Synchronization
import Testing
import Transport
import Values


private let ownIntent = String(repeating: "ab", count: 16)
private let lxd = "https://lxd.test:8443/1.0"
private let type = ResourceType("lxd_instance")

/// What LXD 5.0.2 answers, shortened.
private enum Answer {
    static func operation(_ id: String) -> String {
        #"{"type":"async","status":"Operation created","status_code":100,"operation":"/1.0/operations/\#(id)","error_code":0,"error":"","metadata":{"id":"\#(id)","class":"task","status":"Running","status_code":103,"err":""}}"#
    }
    static func waited(_ id: String, _ code: Int = 200, _ error: String = "") -> String {
        #"{"type":"sync","status":"Success","status_code":200,"error_code":0,"error":"","metadata":{"id":"\#(id)","status_code":\#(code),"err":"\#(error)"}}"#
    }
    static func failure(_ code: Int, _ message: String) -> String { #"{"type":"error","status":"","status_code":0,"error_code":\#(code),"error":"\#(message)","metadata":null}"# }
    static let notFound = failure(404, "Instance not found")

    static func instance(status: String = "Running", uuid: String = "u-1", intent: String = ownIntent, memory: String = "256MiB") -> String {
        #"{"type":"sync","metadata":{"name":"web1","type":"container","status":"\#(status)","architecture":"x86_64","description":"","ephemeral":false,"profiles":["default"],"location":"none","config":{"image.os":"Debian","limits.memory":"\#(memory)","user.ashlar-intent":"\#(intent)","volatile.uuid":"\#(uuid)"},"devices":{"root":{"type":"disk","path":"/","pool":"default"}},"expanded_devices":{"eth0":{"type":"nic","network":"lxdbr0"}}}}"#
    }
    static func state(_ address: String?) -> String {
        let addresses = address.map { #"{"family":"inet","address":"\#($0)","netmask":"24","scope":"global"},"# } ?? ""
        return
            #"{"type":"sync","metadata":{"status":"Running","network":{"lo":{"addresses":[{"family":"inet","address":"127.0.0.1","scope":"local"}],"hwaddr":""},"eth0":{"addresses":[\#(addresses){"family":"inet6","address":"fe80::1","scope":"link"}],"hwaddr":"00:16:3e:00:00:01"}}}}"#
    }
}

private func etag(_ value: String) -> [HTTPHeader] { [HTTPHeader("Content-Type", "application/json"), HTTPHeader("ETag", value)] }

@Suite struct LXDManifestTests {
    private func life(_ exchanges: [RecordedExchanges.Exchange]) async throws -> (Lifecycle, RecordedExchanges) {
        let http = RecordedExchanges(exchanges)
        let pem = "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n"
        return (
            try await Lifecycle(
                try repositoryProvider("lxd", transports(http: http)),
                settings: [
                    "address": .string("https://lxd.test:8443"), "client_certificate": .string(pem), "client_key": .string(pem),
                    "server_certificate": .string(pem),
                ]), http
        )
    }

    private let wanted: KeyValuePairs<String, Value> = [
        "name": .string("web1"), "image": .string("debian-12"), "limits": .object([("memory", .string("256MiB"))]),
        "wait_for_host_key": .bool(true),
        "device": .tuple([
            .object([("name", .string("root")), ("type", .string("disk")), ("properties", .object([("path", .string("/")), ("pool", .string("default"))]))])
        ]),
    ]
    private let instance = "\(lxd)/instances/web1"

    private var creation: [RecordedExchanges.Exchange] {
        [
            .init(
                "POST \(lxd)/instances?project=default",
                body:
                    #"{"config":{"limits.memory":"256MiB","user.ashlar-intent":"\#(ownIntent)"},"description":"","devices":{"root":{"path":"/","pool":"default","type":"disk"}},"ephemeral":false,"name":"web1","profiles":["default"],"source":{"alias":"debian-12","type":"image"},"type":"container"}"#,
                status: 202, Answer.operation("op-1")),
            .init("GET \(lxd)/operations/op-1/wait?timeout=20", Answer.waited("op-1", 103)),
            .init("GET \(lxd)/operations/op-1/wait?timeout=20", Answer.waited("op-1")),
            .init("GET \(instance)?project=default", Answer.instance(status: "Stopped")),
            .init("PUT \(instance)/state?project=default", body: #"{"action":"start"}"#, status: 202, Answer.operation("op-2")),
            // Finished and forgotten meanwhile.
            .init("GET \(lxd)/operations/op-2/wait?timeout=20", status: 404, Answer.failure(404, "Operation not found")),
            .init("GET \(instance)/state?project=default", Answer.state(nil)), .init("GET \(instance)/state?project=default", Answer.state("10.78.0.9")),
            .init("GET \(instance)/files?path=%2Fetc%2Fssh%2Fssh_host_ed25519_key.pub&project=default", status: 404, Answer.failure(404, "file does not exist")),
            .init("GET \(instance)/files?path=%2Fetc%2Fssh%2Fssh_host_ed25519_key.pub&project=default", headers: [HTTPHeader("Content-Type", "application/octet-stream")], "ssh-ed25519 AAAAC3 root@web1\n"),
        ] + reading()
    }

    private func reading(key: Bool = true, _ text: String = Answer.instance()) -> [RecordedExchanges.Exchange] {
        var result: [RecordedExchanges.Exchange] = [
            .init("GET \(instance)?project=default", text), .init("GET \(instance)/state?project=default", Answer.state("10.78.0.9")),
        ]
        if key {
            result.append(
                .init(
                    "GET \(instance)/files?path=%2Fetc%2Fssh%2Fssh_host_ed25519_key.pub&project=default",
                    headers: [HTTPHeader("Content-Type", "application/octet-stream")], "ssh-ed25519 AAAAC3 root@web1\n"))
        }
        return result
    }

    private func made(_ life: Lifecycle) async throws -> RemoteObject {
        try #require(try await life.done(life.request("lxd_instance", wanted)))
    }

    @Test func createWaitsForOperationsAddressAndHostKey() async throws {
        let (life, http) = try await life(creation)
        let object = try await made(life)
        #expect(object.attributes["id"] == .string("u-1"))
        #expect(object.attributes["ipv4_address"] == .string("10.78.0.9"))
        #expect(object.attributes["mac_address"] == .string("00:16:3e:00:00:01"))
        #expect(object.attributes["status"] == .string("Running"))
        #expect(object.attributes["host_key"] == .string("ssh-ed25519 AAAAC3"))
        #expect(object.attributes["config"]?.isNull == true)
        #expect(http.unused == [])
    }

    @Test func whatIsMadeReadsBackWithoutAChange() async throws {
        let (life, http) = try await life(creation + reading(key: false))
        let object = try await made(life)
        let read = try #require(await life.read([object])[0]?.object)
        #expect(read.attributes == object.attributes)
        #expect(try await life.request("lxd_instance", wanted, prior: read).proposal.planned == read.attributes)
        #expect(http.unused == [])
    }

    @Test func anotherOfTheSameNameIsNotIt() async throws {
        let (life, _) = try await life(
            creation + [
                .init("GET \(instance)?project=default", Answer.instance(uuid: "u-2")), .init("GET \(instance)?project=default", status: 404, Answer.notFound),
            ])
        let object = try await made(life)
        #expect(await life.read([object])[0]?.isGone == true)
        #expect(await life.read([object])[0]?.isGone == true)
    }

    /// Accepted with 202 and failed afterwards: a failure with LXD's words, and nothing of ours there.
    @Test func anAcceptedCreateThatFailsLeavesNothing() async throws {
        let (life, http) = try await life([
            .init("POST \(lxd)/instances?project=default", status: 202, Answer.operation("op-1")),
            .init("GET \(lxd)/operations/op-1/wait?timeout=20", Answer.waited("op-1", 400, #"This \"instances\" entry already exists"#)),
        ])
        guard case .failed(let failure, nil)?? = await life.apply([try await life.request("lxd_instance", wanted)]).first else {
            Issue.record("not failed, or recorded")
            return
        }
        #expect(failure.serviceMessage == #"This "instances" entry already exists"#)
        #expect(!failure.isTransient)
        #expect(http.unused == [])
    }

    /// The operation is gone, and what has the name was made by somebody else.
    @Test func somebodyElsesInstanceIsNotTakenForOurs() async throws {
        let (life, _) = try await life([
            .init("POST \(lxd)/instances?project=default", status: 202, Answer.operation("op-1")),
            .init("GET \(lxd)/operations/op-1/wait?timeout=20", status: 404, Answer.failure(404, "Operation not found")),
            .init("GET \(instance)?project=default", Answer.instance(intent: "other")),
        ])
        guard case .failed(let failure, nil)?? = await life.apply([try await life.request("lxd_instance", wanted)]).first else {
            Issue.record("not failed, or recorded")
            return
        }
        #expect(failure.serviceMessage == "Another instance has this name already.")
    }

    /// LXD accepted and then could not be asked any more: it may be there, and is found by name and intent.
    @Test func anAcceptedCreateThatCannotBeWatchedStaysOpen() async throws {
        let lost = [RecordedExchanges.Exchange](repeating: .init("GET \(lxd)/operations/op-1/wait?timeout=20", status: 0, "cut"), count: 5)
        let (life, http) = try await life(
            [.init("POST \(lxd)/instances?project=default", status: 202, Answer.operation("op-1"))] + lost + [
                .init("GET \(instance)?project=default", status: 404, Answer.notFound), .init("GET \(instance)?project=default", Answer.instance(intent: "other")),
                .init("GET \(instance)?project=default", Answer.instance()),
            ] + reading())
        let request = try await life.request("lxd_instance", wanted)
        guard case .interrupted?? = await life.apply([request]).first else {
            Issue.record("the intent was closed")
            return
        }
        let find = FindRequest(intent: request.intent, action: .create, address: request.address, type: type, planned: request.proposal.planned, prior: nil)
        guard case .absent = try await life.provider.find(find), case .absent = try await life.provider.find(find),
            case .found(let object) = try await life.provider.find(find)
        else {
            Issue.record("not resolved")
            return
        }
        #expect(object.attributes["id"] == .string("u-1"))
        #expect(http.unused == [])
    }

    @Test func updateCarriesTheWholeWithItsETag() async throws {
        let (life, http) = try await life(
            creation + [
                .init("GET \(instance)?project=default", headers: etag("\"7\""), Answer.instance()),
                .init(
                    "PUT \(instance)?project=default",
                    body:
                        #"{"architecture":"x86_64","config":{"image.os":"Debian","limits.memory":"512MiB","user.ashlar-intent":"\#(ownIntent)","volatile.uuid":"u-1"},"description":"","devices":{"root":{"path":"/","pool":"default","type":"disk"}},"ephemeral":false,"profiles":["default"]}"#,
                    status: 202, Answer.operation("op-3")),
                .init("GET \(lxd)/operations/op-3/wait?timeout=20", Answer.waited("op-3")),
                .init("GET \(instance)?project=default", headers: etag("\"8\""), Answer.instance(memory: "512MiB")),
                .init("PUT \(instance)?project=default", status: 412, Answer.failure(412, "ETag doesn't match: A vs B")),
            ])
        let object = try await made(life)
        func change(_ memory: String) async throws -> ApplyRequest {
            let arguments = wanted.map { ($0.key, $0.key == "limits" ? Value.object([("memory", .string(memory))]) : $0.value) }
            return try await life.request("lxd_instance", arguments, prior: object)
        }
        let changed = try #require(try await life.done(try await change("512MiB")))
        #expect(changed.attributes["limits"]?["memory"] == .string("512MiB"))
        #expect(http.asked.withLock { $0.filter { $0.method == "PUT" }.compactMap { $0.headers.first { $0.name == "If-Match" }?.value } } == ["\"7\""])
        guard case .failed(let failure, _)?? = await life.apply([try await change("1GiB")]).first else {
            Issue.record("a stale ETag was ignored")
            return
        }
        #expect(failure.code == .conflict)
        #expect(http.unused == [])
    }

    @Test func deleteStopsFirstAndSeesItGone() async throws {
        let (life, http) = try await life(
            creation + [
                .init("GET \(instance)?project=default", Answer.instance()),
                .init("PUT \(instance)/state?project=default", body: #"{"action":"stop","force":true,"timeout":30}"#, status: 202, Answer.operation("op-3")),
                .init("GET \(lxd)/operations/op-3/wait?timeout=20", Answer.waited("op-3", 400, "The instance is already stopped")),
                .init("DELETE \(instance)?project=default", status: 202, Answer.operation("op-4")),
                .init("GET \(lxd)/operations/op-4/wait?timeout=20", Answer.waited("op-4")),
                .init("GET \(instance)?project=default", status: 404, Answer.notFound),
                // Somebody else was quicker.
                .init("GET \(instance)?project=default", status: 404, Answer.notFound),
            ])
        let object = try await made(life)
        #expect(try await life.done(life.removal("lxd_instance", prior: object)) == nil)
        #expect(try await life.done(life.removal("lxd_instance", prior: object)) == nil)
        #expect(http.unused == [])
    }

    /// A 500 is the user's mistake as a rule: LXD's words are shown, and it is not sent again.
    @Test func refusalsAreShownAndNotRepeated() async throws {
        let (life, http) = try await life([
            .init("POST \(lxd)/instances?project=default", status: 500, Answer.failure(500, "Reached maximum number of instances in project")),
            .init("POST \(lxd)/instances?project=default", status: 403, Answer.failure(403, "not authorized")),
        ])
        for (code, message) in [(ProviderFailure.Code.unavailable, "Reached maximum number of instances in project"), (.denied, "not authorized")] {
            guard case .failed(let failure, nil)?? = await life.apply([try await life.request("lxd_instance", wanted)]).first else {
                Issue.record("not failed")
                return
            }
            #expect(failure.code == code)
            #expect(failure.serviceMessage == message)
            #expect(!failure.isTransient)
        }
        #expect(http.unused == [])
    }

    /// Several firewalls share one list on the network: who comes second reads it again.
    @Test func attachmentYieldsToOthers() async throws {
        let network = "\(lxd)/networks/lxdbr0?project=default"
        func answer(_ acls: String) -> String { #"{"type":"sync","metadata":{"name":"lxdbr0","config":{"ipv4.address":"10.78.0.1/24"\#(acls)}}}"# }
        let (life, http) = try await life([
            .init("GET \(network)", headers: etag("\"1\""), answer("")),
            .init("PATCH \(network)", body: #"{"config":{"security.acls":"fw-a"}}"#, status: 412, Answer.failure(412, "ETag doesn't match: A vs B")),
            .init("GET \(network)", headers: etag("\"2\""), answer(#","security.acls":"fw-b""#)),
            .init("PATCH \(network)", body: #"{"config":{"security.acls":"fw-b,fw-a"}}"#, #"{"type":"sync","metadata":{}}"#),
            .init("GET \(network)", answer(#","security.acls":"fw-b,fw-a""#)),
            .init("GET \(network)", headers: etag("\"3\""), answer(#","security.acls":"fw-b,fw-a""#)),
            .init("PATCH \(network)", body: #"{"config":{"security.acls":"fw-b"}}"#, #"{"type":"sync","metadata":{}}"#),
            .init("GET \(network)", answer(#","security.acls":"fw-b""#)),
        ])
        let object = try #require(try await life.done(life.request("lxd_network_acl_attachment", ["acl": .string("fw-a")])))
        #expect(await life.read([object])[0]?.object?.attributes == object.attributes)
        #expect(try await life.done(life.removal("lxd_network_acl_attachment", prior: object)) == nil)
        #expect(await life.read([object])[0]?.isGone == true)
        #expect(http.unused == [])
    }
}
