import CSSH2

/// A channel of a session. Frees itself when the last reference goes; the session lives at least as long.
final class SSHChannel {
    private let raw: OpaquePointer
    private let session: SSHSession
    private var isFreed = false

    init(_ raw: OpaquePointer, of session: SSHSession) {
        self.raw = raw
        self.session = session
    }

    enum Progress {
        case waiting, done, failed
    }

    enum Reading {
        case bytes(UnsafeRawBufferPointer)
        case nothing
        case failed
    }

    /// Data may be written as soon as the first call has sent the request.
    func execute(_ command: String) -> Progress {
        let code = libssh2_channel_process_startup(raw, "exec", 4, command, UInt32(command.utf8.count))
        return code == 0 ? .done : code == LIBSSH2_ERROR_EAGAIN ? .waiting : .failed
    }

    /// Bytes taken: fewer than given, or none, where the host's window is full; nil where the channel takes no more.
    func write(_ bytes: UnsafeRawBufferPointer) -> Int? {
        let count = libssh2_channel_write_ex(raw, 0, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count)
        return count >= 0 ? count : count == Int(LIBSSH2_ERROR_EAGAIN) ? 0 : nil
    }

    func sendEOF() -> Progress {
        let code = libssh2_channel_send_eof(raw)
        return code == 0 ? .done : code == LIBSSH2_ERROR_EAGAIN ? .waiting : .failed
    }

    func read(errorStream: Bool, into buffer: UnsafeMutableRawBufferPointer) -> Reading {
        let count = libssh2_channel_read_ex(
            raw, errorStream ? SSH_EXTENDED_DATA_STDERR : 0, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), buffer.count)
        if count > 0 { return .bytes(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
        return count == 0 || count == Int(LIBSSH2_ERROR_EAGAIN) ? .nothing : .failed
    }

    /// The host has sent all and closed its end; all of it has been read.
    var isFinished: Bool {
        libssh2_channel_eof(raw) == 1 && libssh2_channel_wait_closed(raw) == 0
    }

    var exitStatus: Int { Int(libssh2_channel_get_exit_status(raw)) }

    /// `TERM`, `KILL`, …
    var exitSignal: String? {
        var name: UnsafeMutablePointer<CChar>?
        var count = 0
        guard libssh2_channel_get_exit_signal(raw, &name, &count, nil, nil, nil, nil) == 0, let name else { return nil }
        defer { libssh2_free(session.raw, name) }
        return String(cString: name)
    }

    /// Sends the close; true once the host has closed its end, too, and the channel is gone.
    func free() -> Bool {
        if isFreed { return true }
        isFreed = libssh2_channel_free(raw) != LIBSSH2_ERROR_EAGAIN
        return isFreed
    }
}
