import Foundation
import Transport

/// One run of `serverScript`, on a port of loopback that the system chose.
final class TestServer: @unchecked Sendable {
    // Sendable: nothing changes after `init`, and a test ends the child only once.
    let port: Int
    let scheme: String
    private let child: Child
    /// One server for all tests that need none of their own.
    private static let common = Result { try TestServer() }

    static func shared() throws -> Shared { Shared(server: try common.get()) }

    /// The common server as one test sees it: its requests carry a mark, and it counts only those.
    struct Shared {
        let server: TestServer
        let id = "id=\(UInt64.random(in: 0...UInt64.max))"
        var port: Int { server.port }

        func url(_ path: String, host: String = "127.0.0.1") -> String {
            server.url(path + (path.contains("?") ? "&" : "?") + id, host: host)
        }

        func stats(_ transport: some HTTPTransport) async throws -> Stats {
            var stats = try await server.stats(transport)
            stats.requests.removeAll { !$0.target.contains(id) }
            return stats
        }
    }

    init(_ arguments: String...) throws {
        child = try Child(["python3", "-c", serverScript] + arguments)
        guard let port = Int(child.readLine()) else {
            throw TestFailure("the server did not say its port")
        }
        self.port = port
        scheme = arguments.contains("--cert") ? "https" : "http"
    }

    func stop() {
        child.end()
    }

    func url(_ path: String, host: String = "127.0.0.1") -> String {
        "\(scheme)://\(host):\(port)\(path)"
    }

    /// What the server has seen.
    func stats(_ transport: some HTTPTransport, _ options: HTTPRequest.Options = .init()) async throws -> Stats {
        let response = try await transport.send(HTTPRequest(url: url("/stats"), options: options))
        return try JSONDecoder().decode(Stats.self, from: Data(response.body))
    }

    struct Stats: Decodable {
        var connections: Int
        /// Requests under way at once, at most.
        var most: Int
        var requests: [Seen]

        func count(_ path: String) -> Int { requests.count { $0.target.hasPrefix(path) } }
    }

    struct Seen: Decodable {
        var method: String
        var target: String
        var headers: [[String]]
        var connection: Int
        var body: String

        func header(_ name: String) -> String? {
            headers.first { $0.first?.lowercased() == name.lowercased() }?.last
        }
    }
}

struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

extension HTTPResponse {
    /// The body of `/echo`.
    func seen() throws -> TestServer.Seen {
        try JSONDecoder().decode(TestServer.Seen.self, from: Data(body))
    }

    var text: String { String(decoding: body, as: UTF8.self) }
}

extension HTTPRequest.Options {
    /// Few and short delays, so that tests end soon.
    static var quick: Self {
        var options = Self()
        options.timeout = 5
        options.connectTimeout = 2
        options.retry.baseDelay = 0.02
        options.retry.maximumDelay = 0.1
        options.retry.attempts = 3
        return options
    }

    static func quick(_ change: (inout Self) -> Void) -> Self {
        var options = quick
        change(&options)
        return options
    }
}

/// What was thrown; fails the test where nothing was.
func failure(_ body: () async throws -> some Any) async throws -> TransportFailure {
    do {
        _ = try await body()
    } catch let failure as TransportFailure {
        return failure
    }
    throw TestFailure("no failure was thrown")
}
