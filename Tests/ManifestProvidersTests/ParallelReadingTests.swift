import Addresses
import ProviderKit
import Synchronization
import Testing
import Transport
import Values

@testable import ManifestProviders

/// Counts how many requests are under way at once.
private final class CountingService: HTTPTransport {
    struct Count { var now = 0, most = 0, all = 0 }
    let count = Mutex(Count())

    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        count.withLock {
            $0.now += 1
            $0.all += 1
            $0.most = max($0.most, $0.now)
        }
        // A few turns, in which all that may come do come.
        for _ in 0..<20 { await Task.yield() }
        count.withLock { $0.now -= 1 }
        return HTTPResponse(status: 200, headers: [HTTPHeader("Content-Type", "application/json")], body: Array("{}".utf8))
    }
}

@Suite struct ParallelReadingTests {
    /// Objects are read as many at once as the provider says, and none waits for ever.
    @Test(arguments: [("parallelism = 3", 3), ("parallelism = 1", 1), ("", 16)]) func isBounded(_ setting: String, _ limit: Int)
        async throws
    {
        let service = CountingService()
        let life = try await Lifecycle(
            try source(
                """
                provider "p" {
                  http {
                    base_url = "https://p.test"
                    \(setting)
                  }
                }
                resource "p_a" {
                  attributes = { id = { type = string, computed = true } }
                  create { post = "/" }
                  read {
                    get    = "/${id}"
                    object = response.body
                  }
                  delete { delete = "/${id}" }
                }
                """, transports(http: service)))
        let objects = try (0..<60).map { number in
            RemoteObject(type: ResourceType("p_a"), attributes: try life.source.configuration("p_a", ["id": .string("\(number)")]))
        }
        let read = await life.read(objects)
        let count = service.count.withLock { $0 }
        #expect(read.allSatisfy { $0?.object != nil } && count.all == 60)
        #expect(count.most <= limit, "\(count.most)")
        if limit > 1 { #expect(count.most > 1) }
    }
}
