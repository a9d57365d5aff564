import Testing
import Transport

@Suite struct HTTPValueTests {
    @Test func headersAreFoundInAnyCase() {
        let response = HTTPResponse(status: 200, headers: [HTTPHeader("ETag", "a"), HTTPHeader("etag", "b")], body: [])
        #expect(response.header("etag") == "a")
        #expect(response.header("ETAG") == "a")
        #expect(response.header("age") == nil)
    }

    @Test func defaultsAreCareful() {
        let options = HTTPRequest.Options()
        #expect(options.timeout > options.connectTimeout)
        #expect(options.tls == HTTPRequest.TLS())
        #expect(!options.retry.isSafeToRepeat)
        #expect(options.retry.retriesStatuses)
        #expect((1...10).contains(options.retry.attempts))
        #expect(options.unixSocketPath == nil)
    }
}
