import CSSH2
import Glibc

/// One conversation with an ssh-agent (draft-miller-ssh-agent), on the loop like everything else, so that an agent that waits for
/// its owner's finger holds nobody up. Confined to the loop's thread.
final class Agent {
    struct Identity: Sendable, Hashable {
        let key: PublicKey
        let comment: String
    }

    private unowned let loop: EventLoop
    private var fd: Int32 = -1
    private var watch: EventLoop.Watch?
    private var outgoing: [UInt8] = []
    private var incoming: [UInt8] = []
    private var answer: Result<[UInt8], SigningFailure>?
    private let onAnswer: () -> Void
    private var isReading = false

    /// - Parameter onAnswer: there may be something new to take.
    init(path: String, loop: EventLoop, onAnswer: @escaping () -> Void) {
        self.loop = loop
        self.onAnswer = onAnswer
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            fail("the path is too long for a socket")
            return
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        fd = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard fd >= 0 else {
            fail(systemError(errno))
            return
        }
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(fd, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard result == 0 else {
            fail(systemError(errno))
            return
        }
        switch loop.watch(fd, for: EPOLLIN.rawValue, { [weak self] _ in self?.ready() }) {
        case .failure(let error): fail(error.reason)
        case .success(let watch): self.watch = watch
        }
    }

    deinit { close() }

    private func close() {
        if let watch { loop.unwatch(watch) }
        watch = nil
        if fd >= 0 { Glibc.close(fd) }
        fd = -1
    }

    private func fail(_ reason: String) {
        close()
        answer = .failure(SigningFailure(reason: reason))
    }

    private func ask(_ message: [UInt8]) {
        if case .failure? = answer { return }
        answer = nil
        outgoing.appendWire(message)
        ready()
    }

    private func ready() {
        while fd >= 0, !outgoing.isEmpty {
            let count = outgoing.withUnsafeBytes { send(fd, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                outgoing.removeFirst(count)
            } else if errno == EAGAIN {
                break
            } else if errno != EINTR {
                fail(systemError(errno))
            }
        }
        let events = outgoing.isEmpty ? EPOLLIN.rawValue : EPOLLIN.rawValue | EPOLLOUT.rawValue
        if let watch, let error = loop.change(watch, to: events) { fail(error.reason) }
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while fd >= 0 {
            let count = recv(fd, &buffer, buffer.count, 0)
            if count > 0 {
                incoming.append(contentsOf: buffer[..<count])
            } else if count == 0 {
                fail("the agent closed its connection")
            } else if errno == EAGAIN {
                break
            } else if errno != EINTR {
                fail(systemError(errno))
            }
        }
        var reader = WireReader(incoming)
        if let length = reader.uint32(), length > 1 << 20 {
            fail("the agent's answer is out of measure")
        } else {
            reader = WireReader(incoming)
            if let message = reader.string() {
                incoming.removeFirst(4 + message.count)
                answer = .success(message)
            }
        }
        if answer != nil { onAnswer() }
    }

    // MARK: Requests

    func askForIdentities() { ask([11]) }

    /// Nil while the agent has not answered.
    func takeIdentities() -> Result<[Identity], SigningFailure>? {
        guard let answer else { return nil }
        switch answer {
        case .failure(let failure): return .failure(failure)
        case .success(let message):
            self.answer = nil
            var reader = WireReader(message)
            guard reader.byte() == 12, let count = reader.uint32() else {
                return .failure(SigningFailure(reason: "the agent does not list its keys"))
            }
            var identities: [Identity] = []
            for _ in 0..<count {
                guard let blob = reader.string(), let comment = reader.string() else { break }
                if let key = PublicKey(blob: blob) {
                    identities.append(Identity(key: key, comment: String(decoding: comment, as: UTF8.self)))
                }
            }
            return .success(identities)
        }
    }

    /// - Parameter flags: 4 asks an RSA key for `rsa-sha2-512`.
    func askToSign(_ data: [UInt8], with key: PublicKey, flags: UInt32) {
        var message: [UInt8] = [13]
        message.appendWire(key.blob)
        message.appendWire(data)
        message.appendWire(flags)
        ask(message)
    }

    /// Nil while the agent has not answered; else the raw signature, without the name of its algorithm.
    func takeSignature(algorithm: String) -> Result<[UInt8], SigningFailure>? {
        guard let answer else { return nil }
        switch answer {
        case .failure(let failure): return .failure(failure)
        case .success(let message):
            self.answer = nil
            var reader = WireReader(message)
            guard reader.byte() == 14, let signature = reader.string() else {
                return .failure(SigningFailure(reason: "the agent refused to sign"))
            }
            var inner = WireReader(signature)
            guard let name = inner.string(), let bytes = inner.string() else {
                return .failure(SigningFailure(reason: "the agent's signature is damaged"))
            }
            guard String(decoding: name, as: UTF8.self) == algorithm else {
                return .failure(
                    SigningFailure(reason: "the agent signed with \(String(decoding: name, as: UTF8.self)) instead of \(algorithm)"))
            }
            return .success(bytes)
        }
    }
}

/// Lets an agent sign a login.
final class AgentSigner: Signer {
    private let agent: Agent
    private let key: PublicKey
    private let algorithm: String
    private var isAsked = false
    private(set) var failure: SigningFailure?

    init(agent: Agent, key: PublicKey, algorithm: String) {
        self.agent = agent
        self.key = key
        self.algorithm = algorithm
    }

    /// The agent has been asked and has not answered.
    var isWaiting: Bool { isAsked && failure == nil }

    override func sign(_ data: [UInt8]) -> Result<[UInt8], SigningFailure>? {
        if !isAsked {
            isAsked = true
            let flags: UInt32 = algorithm.hasPrefix("rsa-sha2-512") ? 4 : algorithm.hasPrefix("rsa-sha2-256") ? 2 : 0
            agent.askToSign(data, with: key, flags: flags)
        }
        let certificateSuffix = "-cert-v01@openssh.com"
        let plain = algorithm.hasSuffix(certificateSuffix) ? String(algorithm.dropLast(certificateSuffix.count)) : algorithm
        let result = agent.takeSignature(algorithm: plain)
        if case .failure(let failure)? = result { self.failure = failure }
        return result
    }
}
