import CSSH2
import Glibc

/// Makes a TCP connection to one of several addresses: the next one is tried when one fails or is silent for 250 ms, and the first
/// to answer wins. Confined to the loop's thread.
final class Dialler {
    private struct Attempt {
        let fd: Int32
        let watch: EventLoop.Watch
        let address: SocketAddress
    }

    private unowned let loop: EventLoop
    private var remaining: [SocketAddress]
    private var attempts: [Attempt] = []
    private(set) var errors: [String] = []
    /// When to start the next attempt though others are still out.
    private(set) var nextAttempt: Double?
    private let onAnswer: (Int32?) -> Void

    /// - Parameter onAnswer: the connected descriptor, or nil when every address has failed; at most once.
    init(_ addresses: [SocketAddress], loop: EventLoop, onAnswer: @escaping (Int32?) -> Void) {
        remaining = Self.interleaved(addresses)
        self.loop = loop
        self.onAnswer = onAnswer
    }

    /// Families by turns, in the order the resolver gave (RFC 8305).
    static func interleaved(_ addresses: [SocketAddress]) -> [SocketAddress] {
        guard let first = addresses.first else { return [] }
        let same = addresses.filter { $0.family == first.family }
        let other = addresses.filter { $0.family != first.family }
        var result: [SocketAddress] = []
        for index in 0..<max(same.count, other.count) {
            if index < same.count { result.append(same[index]) }
            if index < other.count { result.append(other[index]) }
        }
        return result
    }

    /// Starts the next attempt if none is out, or it is time.
    func pump(_ now: Double) {
        while !remaining.isEmpty, attempts.isEmpty || (nextAttempt ?? 0) <= now {
            start(remaining.removeFirst(), now)
        }
        if remaining.isEmpty { nextAttempt = nil }
        if attempts.isEmpty, remaining.isEmpty { onAnswer(nil) }
    }

    private func start(_ address: SocketAddress, _ now: Double) {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let fd = socket(address.family, type, 0)
        guard fd >= 0 else { return errors.append("\(address.text): \(systemError(errno))") }
        var on: Int32 = 1
        setsockopt(fd, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        let result = address.bytes.withUnsafeBytes { raw in
            raw.baseAddress.map { connect(fd, $0.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count)) } ?? -1
        }
        if result != 0, errno != EINPROGRESS {
            errors.append("\(address.text): \(systemError(errno))")
            Glibc.close(fd)
            return
        }
        switch loop.watch(fd, for: EPOLLOUT.rawValue, { [weak self] _ in self?.answered(fd) }) {
        case .failure(let error):
            errors.append("\(address.text): \(error.reason)")
            Glibc.close(fd)
        case .success(let watch):
            nextAttempt = now + 0.25
            attempts.append(Attempt(fd: fd, watch: watch, address: address))
        }
    }

    private func answered(_ fd: Int32) {
        guard let index = attempts.firstIndex(where: { $0.fd == fd }) else { return }
        let attempt = attempts.remove(at: index)
        loop.unwatch(attempt.watch)
        var error: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length)
        if error == 0 {
            cancel()
            onAnswer(fd)
        } else {
            Glibc.close(fd)
            errors.append("\(attempt.address.text): \(systemError(error))")
            pump(monotonicNow())
        }
    }

    func cancel() {
        for attempt in attempts {
            loop.unwatch(attempt.watch)
            Glibc.close(attempt.fd)
        }
        attempts = []
        remaining = []
    }
}
