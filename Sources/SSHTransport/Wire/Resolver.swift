import Glibc
import Synchronization

/// A socket address of any family, as the system's calls take it.
struct SocketAddress: Sendable, Hashable {
    let family: Int32
    let bytes: [UInt8]

    init(family: Int32, bytes: [UInt8]) {
        self.family = family
        self.bytes = bytes
    }

    /// Numeric form, without the port.
    var text: String {
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let failed = bytes.withUnsafeBytes { raw in
            guard let address = raw.baseAddress else { return EAI_FAIL }
            return getnameinfo(
                address.assumingMemoryBound(to: sockaddr.self), socklen_t(raw.count), &host, socklen_t(host.count), nil, 0, NI_NUMERICHOST)
        }
        return failed == 0 ? String(decoding: host.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : "an address"
    }
}

struct ResolutionFailure: Error, Sendable, Hashable {
    let reason: String
    /// There is no such name, or it has no address: an answer, not the want of one.
    var isNameUnknown = false
}

/// Looks names up on threads of its own, since getaddrinfo blocks: at most eight, which end when there is nothing to do.
final class Resolver: Sendable {
    private struct Question: Sendable {
        let name: String
        let port: Int
        let connection: UInt64
    }

    private struct Queue {
        var questions: [Question] = []
        var threads = 0
    }

    private let queue = Mutex(Queue())
    // The loop's thread outlives its resolver's questions: both are held by the lookup threads.
    private let thread: EventThread

    init(_ thread: EventThread) {
        self.thread = thread
    }

    /// Without a lookup; nil where `name` is not numeric.
    static func numeric(_ name: String, port: Int) -> [SocketAddress]? {
        if case .success(let addresses) = look(name, port: port, flags: AI_NUMERICHOST) { return addresses }
        return nil
    }

    /// The answer comes as a message to the event thread.
    func resolve(_ name: String, port: Int, for connection: UInt64) {
        let needsThread = queue.withLock { queue in
            queue.questions.append(Question(name: name, port: port, connection: connection))
            guard queue.threads < 8 else { return false }
            queue.threads += 1
            return true
        }
        guard needsThread else { return }
        var handle = pthread_t()
        let box = Unmanaged.passRetained(self)
        let failed = pthread_create(
            &handle, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<Resolver>.fromOpaque(context).takeRetainedValue().work()
                return nil
            }, box.toOpaque())
        if failed == 0 {
            pthread_detach(handle)
        } else {
            box.release()
            let (unanswered, isAlone) = queue.withLock { queue in
                queue.threads -= 1
                guard queue.threads == 0 else { return ([Question](), false) }
                defer { queue.questions = [] }
                return (queue.questions, true)
            }
            guard isAlone else { return }
            for question in unanswered {
                _ = thread.post(
                    .resolved(
                        connection: question.connection, .failure(ResolutionFailure(reason: "the system gives no thread for the lookup"))))
            }
        }
    }

    private func work() {
        while true {
            let question = queue.withLock { queue -> Question? in
                if queue.questions.isEmpty {
                    queue.threads -= 1
                    return nil
                }
                return queue.questions.removeFirst()
            }
            guard let question else { return }
            _ = thread.post(
                .resolved(connection: question.connection, Self.look(question.name, port: question.port, flags: AI_ADDRCONFIG)))
        }
    }

    private static func look(_ name: String, port: Int, flags: Int32) -> Result<[SocketAddress], ResolutionFailure> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = flags | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(name, String(port), &hints, &list)
        guard code == 0 else {
            let reason = code == EAI_SYSTEM ? systemError(errno) : String(cString: gai_strerror(code))
            // EAI_NODATA has no name in C without extensions.
            return .failure(ResolutionFailure(reason: reason, isNameUnknown: code == EAI_NONAME || code == -5))
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next {
            if let address = entry.pointee.ai_addr {
                let bytes = [UInt8](UnsafeRawBufferPointer(start: address, count: Int(entry.pointee.ai_addrlen)))
                let found = SocketAddress(family: entry.pointee.ai_family, bytes: bytes)
                if !addresses.contains(found) { addresses.append(found) }
            }
            next = entry.pointee.ai_next
        }
        return addresses.isEmpty ? .failure(ResolutionFailure(reason: "the name has no address")) : .success(addresses)
    }
}
