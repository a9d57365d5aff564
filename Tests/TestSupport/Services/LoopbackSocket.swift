import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// One TCP connection on loopback, for tests: blocking, for a thread of its own.
struct LoopbackSocket: Sendable {
    let descriptor: Int32

    struct Failure: Error { let message: String }

    static func listen(port: Int) throws -> (descriptor: Int32, port: Int) {
        let (descriptor, port) = try bound(to: port)
        guard Glibc.listen(descriptor, 256) == 0 else { throw Failure(message: "listen: errno \(errno)") }
        return (descriptor, port)
    }

    static func bound(to port: Int) throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw Failure(message: "socket: errno \(errno)") }
        // One that is free must be nobody's; a certain one may be reserved (see ReservedPort), or just have been left.
        if port != 0 { share(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let bound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                bind(descriptor, pointer, size) == 0 && getsockname(descriptor, pointer, &size) == 0
            }
        }
        guard bound else { throw Failure(message: "bind: errno \(errno)") }
        return (descriptor, Int(in_port_t(bigEndian: address.sin_port)))
    }

    /// From then on others that say so, too, may be bound to the same port.
    static func share(_ descriptor: Int32) {
        var yes: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<Int32>.size))
    }

    /// nil once the listener has been closed.
    static func accept(_ listener: Int32) -> Self? {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            if descriptor >= 0 {
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                var yes: Int32 = 1
                setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(MemoryLayout<Int32>.size))
                return Self(descriptor: descriptor)
            }
            if errno != EINTR, errno != ECONNABORTED { return nil }
        }
    }

    static func close(_ descriptor: Int32) {
        // `close` alone would leave a thread in `accept` where it is.
        shutdown(descriptor, Int32(SHUT_RDWR))
        Glibc.close(descriptor)
    }

    func close() { Self.close(descriptor) }

    /// nil where the peer has gone.
    func readRequest() -> ServiceRequest? {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        var head: Int?
        while head == nil {
            guard let more = read() else { return nil }
            let from = max(0, bytes.count - 3)
            bytes += more
            head = (from..<max(from, bytes.count - 3)).first { Array(bytes[$0..<($0 + 4)]) == end }
        }
        guard let head else { return nil }
        let lines = String(decoding: bytes[..<head], as: UTF8.self).components(separatedBy: "\r\n")
        let first = (lines.first ?? "").split(separator: " ").map(String.init)
        guard first.count == 3 else { return nil }
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { continue }
            headers[line[..<colon].lowercased()] = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        var body = Array(bytes[(head + 4)...])
        while body.count < Int(headers["content-length"] ?? "0") ?? 0 {
            guard let more = read() else { return nil }
            body += more
        }
        return ServiceRequest(method: first[0], target: first[1], headers: headers, body: String(decoding: body, as: UTF8.self))
    }

    private func read() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            if count > 0 { return Array(buffer[..<count]) }
            if count == 0 || errno != EINTR { return nil }
        }
    }

    func write(_ answer: ServiceAnswer, onlyBodyBytes limit: Int = .max) {
        let body = Array(answer.body.utf8)
        var head = "HTTP/1.1 \(answer.status) Status\r\nContent-Length: \(body.count)\r\n"
        for (name, value) in answer.headers.sorted(by: { $0.key < $1.key }) { head += "\(name): \(value)\r\n" }
        write(Array((head + "\r\n").utf8) + body.prefix(limit))
    }

    func write(_ text: String) { write(Array(text.utf8)) }

    private func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            // A client that has gone is no fault of the test's.
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// A port of loopback on which nobody listens, and that is given to nobody: only services that name it can take it.
public final class ReservedPort: Sendable {
    public let port: Int
    private let descriptor: Int32

    public init() throws {
        (descriptor, port) = try LoopbackSocket.bound(to: 0)
        LoopbackSocket.share(descriptor)
    }

    deinit { LoopbackSocket.close(descriptor) }
}
