import CurlTransport
import Foundation
import Testing
import Transport

/// Where an answer may lead, and what is taken along.
@Suite struct RedirectTests {
    let transport = CurlHTTPTransport()
    let credentials = [
        HTTPHeader("Authorization", "s3cret"), HTTPHeader("Cookie", "s3cret"), HTTPHeader("X-Auth-Token", "s3cret"),
        HTTPHeader("X-Amz-Security-Token", "s3cret"), HTTPHeader("X-Own", "s3cret", isSensitive: true), HTTPHeader("Api-Key", "s3cret"),
        HTTPHeader("Accept", "s3cret", isSensitive: true),
    ]

    @Test func withinAnOriginEverythingGoesAlong() async throws {
        let server = try TestServer()
        for location in ["/echo?x=1", server.url("/echo?x=1"), "echo?x=1"] {
            let to = location.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let seen = try await transport.send(
                HTTPRequest(url: server.url("/redirect?to=\(to)"), headers: credentials, options: .quick)
            ).seen()
            #expect(seen.target == "/echo?x=1")
            for header in credentials { #expect(seen.header(header.name) == "s3cret") }
        }
    }

    @Test func toAnotherOriginNoCredentialGoes() async throws {
        let server = try TestServer()
        let other = try TestServer()
        let named = "http%3A%2F%2Flocalhost%3A\(server.port)%2Fecho"
        let elsewhere = "http%3A%2F%2F127.0.0.1%3A\(other.port)%2Fecho"
        let slashes = "%2F%2F127.0.0.1%3A\(other.port)%2Fecho"
        for to in [named, elsewhere, slashes] {
            let seen = try await transport.send(
                HTTPRequest(
                    url: server.url("/redirect?to=\(to)"), headers: credentials + [HTTPHeader("Accept-Language", "de")], options: .quick)
            ).seen()
            #expect(seen.header("Accept-Language") == "de")
            #expect(!seen.headers.joined().contains("s3cret"))
        }
        // Nor on the way back.
        let back = "http%3A%2F%2Flocalhost%3A\(server.port)%2Fredirect%3Fto%3Dhttp%253A%252F%252F127.0.0.1%253A\(server.port)%252Fecho"
        let seen = try await transport.send(
            HTTPRequest(url: server.url("/redirect?to=\(back)"), headers: credentials, options: .quick)
        ).seen()
        #expect(!seen.headers.joined().contains("s3cret"))
    }

    @Test(arguments: [(301, "POST"), (302, "POST"), (303, "GET"), (307, "POST"), (308, "POST")])
    func methodsAndBodies(status: Int, method: String) async throws {
        let server = try TestServer.shared()
        let seen = try await transport.send(
            HTTPRequest(
                method: "POST", url: server.url("/redirect?code=\(status)&to=/echo"),
                headers: [HTTPHeader("Content-Type", "application/json")], body: Array("{}".utf8), options: .quick)
        ).seen()
        #expect(seen.method == method)
        #expect(seen.body == (method == "POST" ? "{}" : ""))
        #expect(seen.header("Content-Type") == (method == "POST" ? "application/json" : nil))
    }

    @Test func bodiesDoNotGoToAnotherOrigin() async throws {
        let server = try TestServer()
        let other = try TestServer()
        let to = "http%3A%2F%2F127.0.0.1%3A\(other.port)%2Fecho"
        let error = try await failure {
            try await transport.send(
                HTTPRequest(method: "POST", url: server.url("/redirect?code=307&to=\(to)"), body: Array("s3cret".utf8), options: .quick))
        }
        #expect(error.code == .protocolViolation)
        #expect(error.message.contains("to another origin, http://127.0.0.1:\(other.port)/echo, which must not get its body"))
        #expect(error.hadNoEffect)
        #expect(try await other.stats(transport).requests.isEmpty)
    }

    @Test func neverFromEncryptedToPlain() async throws {
        let certificates = try Certificates()
        let secure = try TestServer("--cert", certificates.server.certificate, "--key", certificates.server.key)
        let plain = try TestServer()
        let options = HTTPRequest.Options.quick { $0.tls.certificateAuthorities = certificates.authority }
        let error = try await failure {
            try await transport.send(
                HTTPRequest(url: secure.url("/redirect?to=http%3A%2F%2F127.0.0.1%3A\(plain.port)%2Fecho"), options: options))
        }
        #expect(error.code == .protocolViolation)
        #expect(error.message.contains("from https to http://127.0.0.1:\(plain.port)/echo"))
        #expect(try await plain.stats(transport).requests.isEmpty)
    }

    @Test(arguments: ["file%3A%2F%2F%2Fetc%2Fpasswd", "gopher%3A%2F%2F127.0.0.1%2F", "http%3A%2F%2F", "http%3A%2F%2Fa%00b%2F"])
    func placesThatAreNone(to: String) async throws {
        let server = try TestServer.shared()
        let error = try await failure {
            try await transport.send(HTTPRequest(url: server.url("/redirect?to=\(to)"), options: .quick))
        }
        #expect(error.code == .other || error.code == .protocolViolation, "\(error)")
    }

    @Test func circlesEnd() async throws {
        let server = try TestServer.shared()
        let error = try await failure { try await transport.send(HTTPRequest(url: server.url("/circle"), options: .quick)) }
        #expect(error.message.contains("more than 5 times"))
        #expect(try await server.stats(transport).count("/circle") == 6)
        let response = try await transport.send(HTTPRequest(url: server.url("/circle"), options: .quick { $0.maximumRedirects = 0 }))
        #expect(response.status == 302)
    }
}
