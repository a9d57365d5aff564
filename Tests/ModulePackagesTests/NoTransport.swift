import Transport

/// Where nothing may be asked of the network.
struct NoTransport: HTTPTransport {
    func send(_ request: HTTPRequest) async throws(TransportFailure) -> HTTPResponse {
        throw TransportFailure(.connection, "There is no network here.")
    }
}
