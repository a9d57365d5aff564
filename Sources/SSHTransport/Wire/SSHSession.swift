import CSSH2
import Glibc

/// A libssh2 session on a connected socket. Owns both. Confined to the loop's thread.
///
/// What libssh2 sends goes to a buffer of ours that never refuses: libssh2 has to repeat a refused packet before any other, which
/// many channels on one session cannot promise. Whoever writes much looks at `unsentCount` first.
final class SSHSession {
    let raw: OpaquePointer
    let fd: Int32
    private var outgoing: [UInt8] = []
    private var outgoingStart = 0
    /// Bytes ever taken from libssh2, and how many of them the system has taken.
    private(set) var acceptedCount: UInt64 = 0
    private(set) var sentCount: UInt64 = 0
    private(set) var receivedCount: UInt64 = 0
    /// Why nothing more comes or goes.
    private(set) var breakage: String?
    /// When the host was last heard of.
    var lastHeard: Double
    private var passwordAnswer: KeyboardAnswer?

    /// Closes `fd` if there is no session to be had.
    init?(fd: Int32, now: Double) {
        guard let raw = libssh2_session_init_ex(nil, nil, nil, nil) else {
            Glibc.close(fd)
            return nil
        }
        self.raw = raw
        self.fd = fd
        lastHeard = now
        // The session does not outlive self, which is the only one to call libssh2 with it.
        libssh2_session_abstract(raw).pointee = Unmanaged.passUnretained(self).toOpaque()
        ashlar_ssh2_set_io(
            raw,
            { _, bytes, count, _, abstract in
                guard let session = SSHSession.of(abstract), let bytes else { return -Int(EINVAL) }
                return session.accept(UnsafeRawBufferPointer(start: bytes, count: count))
            },
            { _, bytes, count, _, abstract in
                guard let session = SSHSession.of(abstract), let bytes else { return -Int(EINVAL) }
                return session.receive(UnsafeMutableRawBufferPointer(start: bytes, count: count))
            })
        libssh2_session_set_blocking(raw, 0)
        libssh2_keepalive_config(raw, 1, 2)
    }

    deinit {
        // With the socket declared dead, libssh2 waits for nobody while it frees channels.
        markBroken("the session was closed")
        var turns = 0
        while libssh2_session_free(raw) == LIBSSH2_ERROR_EAGAIN, turns < 1000 { turns += 1 }
        Glibc.close(fd)
    }

    private static func of(_ abstract: UnsafeMutablePointer<UnsafeMutableRawPointer?>?) -> SSHSession? {
        abstract?.pointee.map { Unmanaged<SSHSession>.fromOpaque($0).takeUnretainedValue() }
    }

    func markBroken(_ reason: String) {
        if breakage == nil { breakage = reason }
    }

    // MARK: Bytes

    var unsentCount: Int { outgoing.count - outgoingStart }

    private func accept(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard breakage == nil else { return -Int(EPIPE) }
        outgoing.append(contentsOf: bytes)
        acceptedCount += UInt64(bytes.count)
        return bytes.count
    }

    private func receive(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
        guard breakage == nil else { return -Int(ECONNRESET) }
        while true {
            let count = recv(fd, bytes.baseAddress, bytes.count, 0)
            if count > 0 {
                receivedCount += UInt64(count)
                return count
            }
            if count == 0 {
                markBroken("the host closed the connection")
                return -Int(ECONNRESET)
            }
            if errno == EINTR { continue }
            if errno == EAGAIN || errno == EWOULDBLOCK { return -Int(EAGAIN) }
            markBroken(systemError(errno))
            return -Int(ECONNRESET)
        }
    }

    /// Gives the system as much as it takes.
    func flush() {
        while breakage == nil, unsentCount > 0 {
            let count = outgoing.withUnsafeBytes { raw in
                send(fd, raw.baseAddress.map { $0 + outgoingStart }, raw.count - outgoingStart, Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                outgoingStart += count
                sentCount += UInt64(count)
            } else if errno == EAGAIN || errno == EWOULDBLOCK {
                break
            } else if errno != EINTR {
                markBroken(systemError(errno))
            }
        }
        if outgoingStart == outgoing.count {
            outgoing.removeAll(keepingCapacity: outgoing.capacity < 1 << 20)
            outgoingStart = 0
        }
    }

    // MARK: Errors

    var lastErrorCode: Int32 { libssh2_session_last_errno(raw) }

    /// The library's text; it is only good until the next call.
    var lastError: String {
        var text: UnsafeMutablePointer<CChar>?
        let code = libssh2_session_last_error(raw, &text, nil, 0)
        guard let text, text.pointee != 0 else { return "libssh2 error \(code)" }
        return "\(String(cString: text)) (libssh2 \(code))"
    }

    static var version: String { libssh2_version(0).map { String(cString: $0) } ?? "?" }

    /// Whether this libssh2 signs with RSA keys as servers of today want it (from 1.11 on).
    static var signsRSAWithSHA2: Bool { libssh2_version(0x010b00) != nil }

    // MARK: Handshake

    enum Progress {
        case waiting, done, failed
    }

    private func progress(_ code: Int32) -> Progress {
        code == 0 ? .done : code == LIBSSH2_ERROR_EAGAIN ? .waiting : .failed
    }

    func supportedHostKeyAlgorithms() -> [String] {
        var list: UnsafeMutablePointer<UnsafePointer<CChar>?>?
        let count = libssh2_session_supported_algs(raw, LIBSSH2_METHOD_HOSTKEY, &list)
        guard count > 0, let list else { return [] }
        defer { libssh2_free(raw, list) }
        return (0..<Int(count)).compactMap { list[$0].map { String(cString: $0) } }
    }

    func offer(hostKeyAlgorithms: [String]) -> Bool {
        libssh2_session_method_pref(raw, LIBSSH2_METHOD_HOSTKEY, hostKeyAlgorithms.joined(separator: ",")) == 0
    }

    func handshake() -> Progress { progress(libssh2_session_handshake(raw, fd)) }

    var hostKey: PublicKey? {
        var count = 0
        var type: Int32 = 0
        guard let bytes = libssh2_session_hostkey(raw, &count, &type), count > 0 else { return nil }
        return PublicKey(blob: [UInt8](UnsafeRawBufferPointer(start: bytes, count: count)))
    }

    var serverBanner: String { libssh2_session_banner_get(raw).map { String(cString: $0) } ?? "" }

    // MARK: Login

    var isAuthenticated: Bool { libssh2_userauth_authenticated(raw) != 0 }

    /// The methods that the server offers; `.done` with nil where it wants none.
    func offeredMethods(for user: String) -> (Progress, [String]?) {
        if let list = libssh2_userauth_list(raw, user, UInt32(user.utf8.count)) {
            return (.done, String(cString: list).split(separator: ",").map(String.init))
        }
        if isAuthenticated { return (.done, nil) }
        return (lastErrorCode == LIBSSH2_ERROR_EAGAIN ? .waiting : .failed, nil)
    }

    func login(_ user: String, password: String) -> Progress {
        progress(libssh2_userauth_password_ex(raw, user, UInt32(user.utf8.count), password, UInt32(password.utf8.count), nil))
    }

    func login(_ user: String, privateKey: String, passphrase: String?) -> Progress {
        progress(
            libssh2_userauth_publickey_frommemory(
                raw, user, user.utf8.count, nil, 0, privateKey, privateKey.utf8.count, passphrase))
    }

    /// Signs by `signer`, which may answer later: then `.waiting`, and this is to be called again with the same arguments.
    func login(_ user: String, publicKey: [UInt8], signer: Signer) -> Progress {
        var context: UnsafeMutableRawPointer? = Unmanaged.passUnretained(signer).toOpaque()
        let code = libssh2_userauth_publickey(
            raw, user, publicKey, publicKey.count,
            { _, signature, signatureCount, data, dataCount, abstract in
                guard let context = abstract?.pointee, let data, let signature, let signatureCount else { return -1 }
                let signer = Unmanaged<Signer>.fromOpaque(context).takeUnretainedValue()
                switch signer.sign([UInt8](UnsafeRawBufferPointer(start: data, count: dataCount))) {
                case nil: return LIBSSH2_ERROR_EAGAIN
                case .failure: return -1
                case .success(let bytes):
                    // libssh2 frees it with its own allocator, which is malloc's here.
                    guard let copy = malloc(max(1, bytes.count)) else { return -1 }
                    bytes.withUnsafeBytes { if let base = $0.baseAddress { memcpy(copy, base, $0.count) } }
                    signature.pointee = copy.assumingMemoryBound(to: UInt8.self)
                    signatureCount.pointee = bytes.count
                    return 0
                }
            }, &context)
        return progress(code)
    }

    /// What a keyboard-interactive login was asked, and the one answer it has.
    private final class KeyboardAnswer {
        let password: String
        var questions: [String] = []

        init(password: String) { self.password = password }
    }

    /// Answers every question whose answer is not to be shown with the password, and other questions with nothing.
    func loginInteractively(_ user: String, password: String) -> Progress {
        if passwordAnswer == nil { passwordAnswer = KeyboardAnswer(password: password) }
        return progress(
            libssh2_userauth_keyboard_interactive_ex(
                raw, user, UInt32(user.utf8.count),
                { _, _, _, _, count, prompts, responses, abstract in
                    guard let answer = SSHSession.of(abstract)?.passwordAnswer, let prompts, let responses else { return }
                    for index in 0..<Int(count) {
                        let prompt = prompts[index]
                        let text = UnsafeRawBufferPointer(start: prompt.text, count: Int(prompt.length))
                        answer.questions.append(String(decoding: text, as: UTF8.self).trimmingSpaces())
                        guard prompt.echo == 0 else { continue }
                        responses[index].text = strdup(answer.password)
                        responses[index].length = UInt32(answer.password.utf8.count)
                    }
                }))
    }

    var interactiveQuestions: [String] { passwordAnswer?.questions ?? [] }

    // MARK: Once logged in

    enum Opening {
        case waiting
        case opened(SSHChannel)
        /// The server wants no more channels.
        case refused(String)
        case failed
    }

    /// One at a time: while it says `.waiting`, no other channel can be opened.
    func openChannel() -> Opening {
        let name = "session"
        if let channel = libssh2_channel_open_ex(raw, name, UInt32(name.utf8.count), 2 << 20, 32 << 10, nil, 0) {
            return .opened(SSHChannel(channel, of: self))
        }
        switch lastErrorCode {
        case LIBSSH2_ERROR_EAGAIN: return .waiting
        case LIBSSH2_ERROR_CHANNEL_FAILURE: return .refused(lastError)
        default: return .failed
        }
    }

    /// Asks the host for a sign of life.
    func ping() {
        var next: Int32 = 0
        // Its only failure is that of sending, which `breakage` tells.
        _ = libssh2_keepalive_send(raw, &next)
    }

    func sayGoodbye() {
        guard breakage == nil else { return }
        // The connection is closed whatever comes of it.
        _ = libssh2_session_disconnect_ex(raw, SSH_DISCONNECT_BY_APPLICATION, "done", "")
        flush()
    }
}

/// Something that signs for a login, perhaps later.
class Signer {
    /// Nil: not yet. The raw signature, without the name of its algorithm.
    func sign(_ data: [UInt8]) -> Result<[UInt8], SigningFailure>? { .failure(SigningFailure(reason: "cannot sign")) }
}

struct SigningFailure: Error {
    let reason: String
}
