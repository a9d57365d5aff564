import CurlTransport
import Foundation
import Testing
import Transport

/// Services that break off, lie, or never answer: each is a clear failure that says truthfully whether it had no effect.
@Suite struct FailureTests {
    let transport = CurlHTTPTransport()

    private func once(_ change: (inout HTTPRequest.Options) -> Void = { _ in }) -> HTTPRequest.Options {
        .quick {
            $0.retry.attempts = 1
            change(&$0)
        }
    }

    @Test(arguments: [
        ("/close", "connection", "closed the connection without an answer"),
        ("/reset", "connection", "broke before the whole answer was there"),
        ("/half", "connection", "broke before the whole answer was there"),
        ("/garbage", "protocolViolation", "is not HTTP"),
        ("/bad-header", "protocolViolation", "is not HTTP"),
    ])
    func brokenAnswers(path: String, code: String, text: String) async throws {
        let server = try TestServer.shared()
        let error = try await failure {
            try await transport.send(HTTPRequest(method: "POST", url: server.url(path + "?token=s3cret"), options: .quick))
        }
        #expect("\(error.code)" == code)
        #expect(error.message.contains(text), "\(error.message)")
        #expect(error.message.hasPrefix("POST http://127.0.0.1:\(server.port)\(path)?token=\u{2026}&id=\u{2026}: "))
        #expect(!error.hadNoEffect)
        #expect(!error.hints.isEmpty)
        // A POST goes out once.
        #expect(try await server.stats(transport).count(path) == 1)
    }

    @Test func nobodyListens() async throws {
        let port = try TestServer().port
        for method in ["GET", "POST"] {
            let error = try await failure {
                try await transport.send(HTTPRequest(method: method, url: "http://127.0.0.1:\(port)/", options: .quick))
            }
            #expect(error.code == .connection)
            #expect(error.hadNoEffect)
            // Before the request was sent, so every method may be repeated.
            #expect(error.message.contains("no connection to 127.0.0.1:\(port) could be made"))
            #expect(error.message.hasSuffix("It was tried 3 times."))
        }
    }

    @Test func namesWithoutAddress() async throws {
        let error = try await failure { try await transport.send(HTTPRequest(url: "http://nothing.invalid/", options: once())) }
        #expect(error.code == .resolution)
        #expect(error.hadNoEffect)
        #expect(error.message.contains("nothing.invalid has no address"))
    }

    @Test func slowAnswersMeetTheDeadline() async throws {
        let server = try TestServer.shared()
        for path in ["/drip", "/hang"] {
            let error = try await failure {
                try await transport.send(HTTPRequest(method: "POST", url: server.url(path), options: .quick { $0.timeout = 0.3 }))
            }
            #expect(error.code == .timeout)
            #expect(!error.hadNoEffect)
            #expect(error.message.contains("no whole answer within 0.3 s"))
        }
        // What may be repeated is asked once more, not five times.
        let error = try await failure {
            try await transport.send(
                HTTPRequest(
                    url: server.url("/hang?get=1"),
                    options: .quick {
                        $0.timeout = 0.2
                        $0.retry.attempts = 5
                    }))
        }
        #expect(error.code == .timeout)
        #expect(try await server.stats(transport).count("/hang?get=1") == 2)
    }

    @Test func connectionsThatNeverOpenMeetTheirOwnDeadline() async throws {
        // A listener whose queue is full: the third connection is never accepted.
        let listener = try FullListener()
        let error = try await failure {
            try await transport.send(HTTPRequest(method: "POST", url: listener.url, options: once { $0.connectTimeout = 0.3 }))
        }
        #expect(error.code == .timeout)
        #expect(error.hadNoEffect)
        #expect(error.message.contains("no connection to 127.0.0.1:\(listener.port) within 0.3 s"), "\(error.message)")
    }

    @Test(arguments: ["/big?bytes=200000", "/big?bytes=200000&chunked=1", "/bomb?bytes=50000000", "/many-headers"])
    func answersThatAreTooLong(path: String) async throws {
        let server = try TestServer.shared()
        let error = try await failure {
            try await transport.send(HTTPRequest(url: server.url(path), options: .quick { $0.maximumResponseBytes = 100_000 }))
        }
        #expect(error.code == .responseTooLarge)
        #expect(try await server.stats(transport).requests.count == 1)
    }

    @Test func answersUpToTheLimitAreWhole() async throws {
        let server = try TestServer.shared()
        for path in ["/big?bytes=100000", "/big?bytes=100000&chunked=1", "/bomb?bytes=100000"] {
            let response = try await transport.send(
                HTTPRequest(url: server.url(path), options: .quick { $0.maximumResponseBytes = 100_000 }))
            #expect(response.body.count == 100_000)
        }
    }

    @Test func cancelledBeforeItBegins() async throws {
        let server = try TestServer.shared()
        let url = server.url("/echo")
        let transport = transport
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await failure { try await transport.send(HTTPRequest(method: "POST", url: url, options: .quick)) }
        }
        let error = try await task.value
        #expect(error.code == .cancelled)
        #expect(error.hadNoEffect)
        #expect(try await server.stats(transport).requests.isEmpty)
    }

    @Test func cancelledUnderWayAndInTheQueue() async throws {
        let server = try TestServer.shared()
        let url = server.url("/hang")
        let transport = transport
        let tasks = (0..<100).map { _ in
            Task {
                try await failure {
                    try await transport.send(
                        HTTPRequest(
                            method: "POST", url: url,
                            options: .quick {
                                $0.connectionsPerEndpoint = 10
                                $0.timeout = 900
                            }))
                }
            }
        }
        let observer = CurlHTTPTransport()
        while try await server.stats(observer).count("/hang") < 10 { try await Task.sleep(for: .milliseconds(10)) }
        for task in tasks { task.cancel() }
        var without = 0
        for task in tasks {
            let error = try await task.value
            #expect(error.code == .cancelled)
            if error.hadNoEffect { without += 1 }
        }
        // Ten had been sent; of those that waited some may have begun in the place of one that was cancelled before them.
        #expect(without <= 90)
        #expect(without >= 50)
        // And the loop goes on.
        #expect(try await transport.send(HTTPRequest(url: server.url("/echo"), options: .quick)).status == 200)
        #expect(try await server.stats(transport).count("/hang") <= 100 - without)
    }

    @Test func cancelledBetweenTries() async throws {
        let server = try TestServer.shared()
        let url = server.url("/status?code=503&retry-after=60")
        let transport = transport
        let task = Task { try await failure { try await transport.send(HTTPRequest(method: "POST", url: url, options: .quick)) } }
        while try await server.stats(transport).count("/status") == 0 { try await Task.sleep(for: .milliseconds(5)) }
        try await Task.sleep(for: .milliseconds(50))
        task.cancel()
        let error = try await task.value
        #expect(error.code == .cancelled)
        #expect(error.hadNoEffect)
    }

    @Test func aTransportThatGoesAwayLeavesNobodyWaiting() async throws {
        for _ in 0..<20 {
            let short = CurlHTTPTransport()
            let server = try await failure { try await short.send(HTTPRequest(url: "http://127.0.0.1:1/", options: once())) }
            #expect(server.code == .connection)
        }
    }
}

/// A socket that listens and never accepts, its queue filled.
struct FullListener: ~Copyable {
    let port: Int
    private let descriptors: [Int32]
    var url: String { "http://127.0.0.1:\(port)/" }

    init() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 0) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard bound else { throw TestFailure("no listener: \(errno)") }
        port = Int(UInt16(bigEndian: address.sin_port))
        var all = [listener]
        for _ in 0..<8 {
            let client = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_NONBLOCK.rawValue), 0)
            withUnsafePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { _ = connect(client, $0, length) }
            }
            all.append(client)
        }
        descriptors = all
    }

    deinit {
        for descriptor in descriptors { close(descriptor) }
    }
}
