import Foundation
import Synchronization
import Testing
import Transport

@testable import CurlTransport

/// When the same request goes out again, and when it must not.
@Suite struct RetryTests {
    let transport = CurlHTTPTransport()

    @Test(arguments: [
        // method, status, safe to repeat, goes out again
        ("GET", 429, false, true), ("POST", 429, false, true), ("GET", 503, false, true), ("POST", 503, false, true),
        ("GET", 502, false, true), ("POST", 502, false, false), ("POST", 502, true, true), ("PUT", 504, false, true),
        ("PATCH", 504, false, false), ("GET", 500, false, false), ("GET", 404, false, false), ("POST", 409, true, false),
    ])
    func statuses(method: String, status: Int, isSafe: Bool, again: Bool) async throws {
        let server = try TestServer.shared()
        let response = try await transport.send(
            HTTPRequest(
                method: method, url: server.url("/status?code=\(status)&key=k"), body: Array("body".utf8),
                options: .quick { $0.retry.isSafeToRepeat = isSafe }))
        #expect(response.status == (again ? 200 : status))
        #expect(response.attempts == (again ? 2 : 1))
        if again { #expect(try response.seen().body == "body") }
    }

    @Test func triesEndAndTheLastAnswerIsGiven() async throws {
        let server = try TestServer.shared()
        let response = try await transport.send(HTTPRequest(url: server.url("/status?code=503"), options: .quick))
        #expect(response.status == 503)
        #expect(response.attempts == 3)
        let never = try await transport.send(
            HTTPRequest(url: server.url("/status?code=503"), options: .quick { $0.retry.retriesStatuses = false }))
        #expect(never.attempts == 1)
    }

    @Test func retryAfterIsHonoured() async throws {
        let server = try TestServer.shared()
        let start = ContinuousClock.now
        let response = try await transport.send(HTTPRequest(url: server.url("/status?code=429&key=k&retry-after=1"), options: .quick))
        #expect(response.attempts == 2)
        #expect(start.duration(to: .now) >= .seconds(1))
        // Too long to wait for here: the caller decides.
        let long = try await transport.send(HTTPRequest(url: server.url("/status?code=429&retry-after=3600"), options: .quick))
        #expect(long.status == 429)
        #expect(long.attempts == 1)
    }

    @Test(arguments: ["GET", "PUT", "DELETE", "POST", "PATCH"])
    func connectionsThatBreak(method: String) async throws {
        let server = try TestServer.shared()
        let isRepeated = method != "POST" && method != "PATCH"
        for safe in [false, true] {
            // A fresh connection: on one that was used before libcurl itself would send once more.
            let transport = CurlHTTPTransport()
            let request = HTTPRequest(
                method: method, url: server.url("/close?key=\(safe)"), options: .quick { $0.retry.isSafeToRepeat = safe })
            if isRepeated || safe {
                #expect(try await transport.send(request).attempts == 2)
            } else {
                let error = try await failure { try await transport.send(request) }
                #expect(error.code == .connection)
                #expect(!error.hadNoEffect)
            }
        }
    }

    /// libcurl by itself would send again what it sent on a connection that died: the service has acted on the first.
    @Test(arguments: ["POST", "GET"])
    func reusedConnectionsThatDieUnderARequest(method: String) async throws {
        let server = try TestServer.shared()
        _ = try await transport.send(HTTPRequest(method: method, url: server.url("/close-reused"), options: .quick))
        let second = HTTPRequest(method: method, url: server.url("/close-reused?second=1"), options: .quick)
        if method == "GET" {
            #expect(try await transport.send(second).text == "first")
        } else {
            let error = try await failure { try await transport.send(second) }
            #expect(error.code == .connection)
            #expect(!error.hadNoEffect)
            #expect(error.message.contains("was closed before an answer came"))
            #expect(try await server.stats(transport).count("/close-reused?second=1") == 1)
        }
    }

    @Test func aTryThatMayHaveHadAnEffectIsRememberedInTheLastFailure() async throws {
        let server = try TestServer()
        let url = server.url("/close")
        let transport = transport
        let task = Task {
            try await failure {
                try await transport.send(
                    HTTPRequest(
                        method: "PUT", url: url,
                        options: .quick {
                            $0.retry.baseDelay = 1
                            $0.retry.maximumDelay = 1
                            $0.retry.attempts = 2
                        }))
            }
        }
        while try await server.stats(transport).count("/close") == 0 { try await Task.sleep(for: .milliseconds(5)) }
        server.stop()
        let error = try await task.value
        #expect(error.code == .connection)
        #expect(error.message.contains("no connection to 127.0.0.1:\(server.port)"), "\(error.message)")
        #expect(!error.hadNoEffect)
    }

    /// A service that bears four at once: the limit finds that out, and everything is done in the end.
    @Test func theLimitAdaptsToTheService() async throws {
        let server = try TestServer()
        let url = server.url("/limited?most=4")
        let transport = transport
        let options = HTTPRequest.Options.quick {
            $0.connectionsPerEndpoint = 32
            $0.retry.attempts = 10
        }
        let refusals = Mutex(0)
        try await withThrowingTaskGroup(of: HTTPResponse.self) { group in
            for _ in 0..<200 { group.addTask { try await transport.send(HTTPRequest(method: "POST", url: url, options: options)) } }
            for try await response in group {
                #expect(response.status == 200)
                refusals.withLock { $0 += response.attempts - 1 }
            }
        }
        // Without adapting, nearly every round of 32 would have 28 refused.
        #expect(refusals.withLock { $0 } < 200)
    }

    @Test func theLimitHalvesOnceForARoundAndGrowsBack() {
        var limit = AdaptiveLimit()
        #expect(limit.allows(1000, atMost: 1000))
        #expect(!limit.allows(17, atMost: 16))
        #expect(limit.allows(1, atMost: 0))
        // Sixteen of one round are refused: halved once.
        for running in stride(from: 16, through: 1, by: -1) { limit.ended(throttled: true, begunIn: 0, running: running) }
        #expect(limit.epoch == 1)
        #expect(limit.allows(8, atMost: 16))
        #expect(!limit.allows(9, atMost: 16))
        for _ in 0..<9 { limit.ended(throttled: false, begunIn: 1, running: 8) }
        #expect(limit.allows(9, atMost: 16))
        #expect(!limit.allows(10, atMost: 16))
        for _ in 0..<20 { limit.ended(throttled: true, begunIn: limit.epoch, running: 1) }
        #expect(limit.allows(1, atMost: 16))
        #expect(!limit.allows(2, atMost: 16))
    }

    @Test func delaysGrowWithJitterUpToTheLongest() {
        var policy = HTTPRequest.RetryPolicy()
        policy.baseDelay = 1
        policy.maximumDelay = 5
        let busy = Result<HTTPResponse, TransportFailure>.success(HTTPResponse(status: 503, headers: [], body: []))
        func delay(_ attempt: Int, _ random: Double) -> RetryDecision {
            RetryDecision(busy, method: "POST", policy: policy, attempt: attempt, of: 10, random: random)
        }
        #expect(delay(1, 0) == .wait(seconds: 0.5))
        #expect(delay(1, 1) == .wait(seconds: 1))
        #expect(delay(2, 1) == .wait(seconds: 2))
        #expect(delay(3, 1) == .wait(seconds: 4))
        #expect(delay(4, 1) == .wait(seconds: 5))
        #expect(delay(9, 0) == .wait(seconds: 2.5))
        #expect(delay(10, 0) == .finished)
    }

    @Test(arguments: [
        ("0", 0.0), ("120", 120), ("1.5", 1.5), ("-3", 0), ("Sun, 06 Nov 1994 08:49:37 GMT", 10),
        ("Sunday, 06-Nov-94 08:49:37 GMT", 10), ("Sun Nov  6 08:49:37 1994", 10), ("Sun, 06 Nov 1994 08:49:00 GMT", 0),
    ])
    func retryAfterValues(value: String, seconds: Double) {
        #expect(RetryAfter.seconds(value, now: 784_111_767) == seconds)
    }

    @Test(arguments: ["", "soon", "inf", "nan"]) func retryAfterNonsense(value: String) {
        #expect(RetryAfter.seconds(value, now: 0) == nil)
    }
}
