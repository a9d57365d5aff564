import CurlTransport
import Foundation
import Synchronization
import Testing
import Transport

/// Requests that work: what arrives is what was asked for, on as few connections as can be.
@Suite struct ExchangeTests {
    let transport = CurlHTTPTransport()

    @Test func methodsBodiesAndHeadersArriveAsWritten() async throws {
        let server = try TestServer()
        for method in ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] {
            for body in [nil, "", #"{"a":1}"#, String(repeating: "x", count: 300_000)] where !(method == "HEAD" && body != nil) {
                let request = HTTPRequest(
                    method: method, url: server.url("/echo/a%2Fb/../c?q=%20x&b=2"),
                    headers: [HTTPHeader("X-One", "1"), HTTPHeader("X-Empty", "")],
                    body: body.map { Array($0.utf8) }, options: .quick)
                let response = try await transport.send(request)
                #expect(response.status == 200)
                guard method != "HEAD" else { continue }
                let seen = try response.seen()
                #expect(seen.method == method)
                #expect(seen.target == "/echo/a%2Fb/../c?q=%20x&b=2")
                #expect(seen.body == body ?? "")
                #expect(seen.header("X-One") == "1")
                #expect(seen.header("X-Empty") == "")
                #expect(seen.header("User-Agent") == "ashlar")
                #expect(seen.header("Host") == "127.0.0.1:\(server.port)")
                // libcurl would add these by itself.
                #expect(seen.header("Content-Type") == nil)
                #expect(seen.header("Expect") == nil)
                if body == nil, ["POST", "PUT", "PATCH"].contains(method) { #expect(seen.header("Content-Length") == "0") }
            }
        }
    }

    @Test func headersOfTheAnswerAreReadInEveryForm() async throws {
        let server = try TestServer.shared()
        let response = try await transport.send(HTTPRequest(url: server.url("/folded"), options: .quick))
        #expect(response.header("x-folded") == "one two")
        #expect(response.header("X-Empty") == "")
        #expect(response.header("X-Interim") == nil)
        #expect(response.text == "ok")
    }

    @Test func connectionsAreReused() async throws {
        let server = try TestServer()
        for _ in 0..<50 {
            _ = try await transport.send(HTTPRequest(url: server.url("/echo"), options: .quick))
        }
        #expect(try await server.stats(transport).connections == 1)
    }

    @Test(arguments: [64, 5]) func soManyAreInFlightAtOnceAndNoMore(limit: Int) async throws {
        let server = try TestServer()
        let url = server.url("/sleep?ms=100")
        let options = HTTPRequest.Options.quick { $0.connectionsPerEndpoint = limit }
        let transport = transport
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<(limit * 4) {
                group.addTask { try await transport.send(HTTPRequest(url: url, options: options)).status }
            }
            for try await status in group { #expect(status == 200) }
        }
        let stats = try await server.stats(transport)
        #expect(stats.most == limit)
        #expect(stats.connections == limit)
        #expect(stats.requests.count == limit * 4)
    }

    @Test func compressionIsUndone() async throws {
        let server = try TestServer.shared()
        let response = try await transport.send(HTTPRequest(url: server.url("/bomb?bytes=5000"), options: .quick))
        #expect(response.body.count == 5000)
        #expect(response.header("Content-Encoding") == nil)
        let request = try await transport.send(HTTPRequest(url: server.url("/echo"), options: .quick)).seen()
        #expect(request.header("Accept-Encoding")?.contains("gzip") == true)
    }

    @Test func unixSocketsAreSpokenTo() async throws {
        let path = NSTemporaryDirectory() + "/ashlar-\(UUID().uuidString.prefix(8)).sock"
        let server = try TestServer("--unix", path)
        defer { try? FileManager.default.removeItem(atPath: path) }  // Only a file in the temporary folder: nothing depends on it.
        let response = try await transport.send(
            HTTPRequest(url: "http://lxd/echo", options: .quick { $0.unixSocketPath = path }))
        #expect(try response.seen().header("Host") == "lxd")
        _ = server
    }

    @Test func traceHoldsNoSecret() async throws {
        let server = try TestServer.shared()
        let lines = Mutex<[String]>([])
        let traced = CurlHTTPTransport(trace: { line in
            let text = line()
            lines.withLock { $0.append(text) }
        })
        _ = try await traced.send(
            HTTPRequest(
                method: "POST", url: server.url("/echo?token=s3cret&page=2", host: "user:s3cret@127.0.0.1"),
                headers: [HTTPHeader("Authorization", "Bearer s3cret"), HTTPHeader("X-Own", "s3cret", isSensitive: true)],
                body: Array("s3cret".utf8), options: .quick))
        let taken = lines.withLock { $0 }
        #expect(taken.count == 1)
        let line = try #require(taken.first)
        #expect(
            line.hasPrefix("http POST http://127.0.0.1:\(server.port)/echo?token=\u{2026}&page=\u{2026}&id=\u{2026} -> 200, 6 bytes out, "))
        #expect(line.hasSuffix("try 1"))
        #expect(!taken.joined().contains("s3cret"))
    }

    @Test func lineBreaksInHeadersAreRefused() async throws {
        let server = try TestServer.shared()
        for header in [
            HTTPHeader("X-A", "1\r\nX-B: 2"), HTTPHeader("X-A", "1\nX-B: 2"), HTTPHeader("X-A\r\nX-B", "1"), HTTPHeader("X A", "1"),
            HTTPHeader("", "1"), HTTPHeader("X-A", "\0"),
        ] {
            let error = try await failure { try await transport.send(HTTPRequest(url: server.url("/echo"), headers: [header])) }
            #expect(error.hadNoEffect)
            #expect(error.message.contains("header"))
        }
        for url in ["nonsense", "ftp://127.0.0.1/", "http://", "http://a b/", "http://127.0.0.1/\r\nX: y", "file:///etc/passwd"] {
            let error = try await failure { try await transport.send(HTTPRequest(url: url)) }
            #expect(error.hadNoEffect, "\(url)")
        }
        let error = try await failure { try await transport.send(HTTPRequest(method: "GET /x", url: server.url("/echo"))) }
        #expect(error.message == "\"GET /x\" is not a method of HTTP.")
        #expect(try await server.stats(transport).requests.isEmpty)
    }

    @Test func proxiesCarryHTTPAndTunnelHTTPS() async throws {
        let server = try TestServer()
        let proxy = try TestServer("--proxy")
        let certificates = try Certificates()
        let secure = try TestServer("--cert", certificates.server.certificate, "--key", certificates.server.key)
        let address = "http://user:s3cret@127.0.0.1:\(proxy.port)"
        let through = CurlHTTPTransport(proxies: .init(http: address, https: address))
        // The proxy answers in the server's place: it got the absolute URL.
        let plain = try await through.send(HTTPRequest(url: server.url("/echo"), headers: [HTTPHeader("X-A", "1")], options: .quick)).seen()
        #expect(plain.target == server.url("/echo"))
        #expect(plain.header("Proxy-Authorization") != nil)
        let options = HTTPRequest.Options.quick { $0.tls.certificateAuthorities = certificates.authority }
        let tunnelled = try await through.send(
            HTTPRequest(url: secure.url("/echo"), headers: [HTTPHeader("Authorization", "x")], options: options)
        ).seen()
        #expect(tunnelled.target == "/echo")
        #expect(tunnelled.header("Proxy-Authorization") == nil)
        let connect = try #require(try await proxy.stats(transport).requests.first { $0.method == "CONNECT" })
        #expect(connect.target == "127.0.0.1:\(secure.port)")
        // The tunnel's end learns nothing that was meant for the service.
        #expect(connect.header("Authorization") == nil)

        let direct = CurlHTTPTransport(proxies: .init(http: address, https: address, no: "10.0.0.0/8,127.0.0.0/8"))
        #expect(try await direct.send(HTTPRequest(url: server.url("/echo"), options: .quick)).seen().target == "/echo")
    }

    @Test func proxiesAreReadFromVariables() {
        typealias Proxies = CurlHTTPTransport.Proxies
        #expect(Proxies(environment: [:]) == Proxies())
        #expect(Proxies(environment: ["HTTP_PROXY": "http://evil"]) == Proxies())
        #expect(
            Proxies(environment: ["http_proxy": "a", "HTTPS_PROXY": "b", "all_proxy": "c", "NO_PROXY": "d"])
                == Proxies(http: "a", https: "b", no: "d"))
        #expect(Proxies(environment: ["ALL_PROXY": "c", "https_proxy": ""]) == Proxies(http: "c", https: "c"))
    }

    @Test func theEnvironmentIsNotRead() async throws {
        // libcurl reads it at each request unless it is told not to.
        setenv("http_proxy", "http://127.0.0.1:1", 1)
        setenv("no_proxy", "*", 1)
        defer {
            unsetenv("http_proxy")
            unsetenv("no_proxy")
        }
        let server = try TestServer()
        #expect(try await transport.send(HTTPRequest(url: server.url("/echo"), options: .quick)).status == 200)
        let proxy = try TestServer("--proxy")
        let through = CurlHTTPTransport(proxies: .init(http: "http://127.0.0.1:\(proxy.port)"))
        let seen = try await through.send(HTTPRequest(url: server.url("/echo"), options: .quick)).seen()
        #expect(seen.target == server.url("/echo"))
    }
}
