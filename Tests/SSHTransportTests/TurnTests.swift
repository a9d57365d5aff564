import Glibc
import Testing
import Transport

@testable import SSHTransport

/// How many connections are on their way in at once, and descriptors that cannot be waited for. Needs no host.
@Suite struct TurnTests {
    /// A server that takes connections and never says anything.
    private struct SilentServer {
        let listener: Int32
        let port: Int

        init() throws {
            let fd = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
            var size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let isBound = withUnsafeMutablePointer(to: &address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    bind(fd, $0, size) == 0 && listen(fd, 256) == 0 && getsockname(fd, $0, &size) == 0
                }
            }
            listener = fd
            port = Int(in_port_t(bigEndian: address.sin_port))
            guard fd >= 0, isBound else { throw TestLab.Failure(description: "no listener: \(systemError(errno))") }
        }
    }

    /// A number of clients of a silent server, each with a user of its own, and what the server sees of them.
    private final class Crowd {
        let server: SilentServer
        let tasks: [Task<TransportFailure, any Error>]
        private(set) var accepted: [Int32] = []

        init(of count: Int, connectTimeout: Double) throws {
            server = try SilentServer()
            let (port, transport) = (server.port, SSHHostTransport())
            tasks = (0..<count).map { number in
                Task {
                    try await transport.failure(
                        on: HostEndpoint(
                            address: "127.0.0.1", port: port, user: "user\(number)", credentials: .init(), trust: HostTrust(),
                            connectTimeout: connectTimeout))
                }
            }
        }

        deinit { for fd in accepted + [server.listener] where fd >= 0 { Glibc.close(fd) } }

        /// Clients speak first: who has sent its version shakes hands.
        func speaking() -> [Int] {
            while true {
                let fd = accept(server.listener, nil, nil)
                guard fd >= 0 else { break }
                accepted.append(fd)
            }
            var byte: UInt8 = 0
            return accepted.indices.filter {
                accepted[$0] >= 0 && recv(accepted[$0], &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) == 1
            }
        }

        func hangUp(on indices: some Sequence<Int>) {
            for index in indices {
                Glibc.close(accepted[index])
                accepted[index] = -1
            }
        }
    }

    /// All are connected, a bounded number shakes hands, and who leaves makes room for as many.
    @Test func handshakesAreBounded() async throws {
        let crowd = try Crowd(of: EventLoop.turnLimit + 6, connectTimeout: 3600)
        while crowd.speaking().count < EventLoop.turnLimit || crowd.accepted.count < crowd.tasks.count {
            try await Task.sleep(for: .milliseconds(20))
        }
        try await Task.sleep(for: .milliseconds(300))
        #expect(crowd.speaking().count == EventLoop.turnLimit)
        // A server that hangs up may have had too many at once: those try again, behind the others.
        crowd.hangUp(on: crowd.speaking().prefix(4))
        while crowd.speaking().count < EventLoop.turnLimit || crowd.accepted.count < crowd.tasks.count + 4 {
            try await Task.sleep(for: .milliseconds(20))
        }
        try await Task.sleep(for: .milliseconds(300))
        #expect(crowd.speaking().count == EventLoop.turnLimit)
        for task in crowd.tasks { task.cancel() }
        for task in crowd.tasks { #expect(try await task.value.hadNoEffect) }
    }

    /// The time of those that wait begins when it is their turn: each gets as far as its own handshake.
    @Test func timeBeginsWithTheTurn() async throws {
        let crowd = try Crowd(of: EventLoop.turnLimit + 6, connectTimeout: 3)
        for task in crowd.tasks {
            let failure = try await task.value
            #expect(failure.code == .timeout && failure.hadNoEffect && failure.message.contains("the SSH handshake"))
        }
        #expect(crowd.speaking().count == crowd.tasks.count && crowd.accepted.count == crowd.tasks.count)
    }

    @Test func whatCannotBeWaitedForIsSaid() throws {
        let loop = EventLoop(EventThread(trace: nil, keepAlive: .init(interval: 2, patience: 2)))
        let input: UInt32 = 1  // EPOLLIN
        // Regular files are always ready, and epoll refuses them.
        let file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC)
        defer { Glibc.close(file) }
        for fd in [-1, file] {
            guard case .failure(let error) = loop.watch(fd, for: input, { _ in }) else {
                Issue.record("\(fd) is watched")
                continue
            }
            #expect(error.reason == systemError(fd < 0 ? EBADF : EPERM))
        }
        var pipe: [Int32] = [-1, -1]
        #expect(Glibc.pipe(&pipe) == 0)
        defer { for fd in pipe { Glibc.close(fd) } }
        // Far from the numbers that tests beside this one are given, so that nobody takes it once it is closed.
        let reader = fcntl(pipe[0], F_DUPFD_CLOEXEC, 900)
        #expect(reader >= 900)
        let watch = try loop.watch(reader, for: input) { _ in }.get()
        #expect(loop.change(watch, to: 0) == nil)
        // Closed behind the loop's back.
        Glibc.close(reader)
        #expect(loop.change(watch, to: input)?.reason == systemError(EBADF))
    }
}
