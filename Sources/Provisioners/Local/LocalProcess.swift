import CSpawn
import Dispatch
import Glibc
import Synchronization

/// A system call that failed, as a clause.
struct SystemFailure: Error, CustomStringConvertible {
    let description: String

    init(_ what: String, _ code: Int32) {
        let text = String(cString: strerror(code))
        description = "\(what): \(text.prefix(1).lowercased())\(text.dropFirst())"
    }
}

/// A process of this machine in a group of its own, which ends with all that it has started.
///
/// It has nothing to read, and both its output streams are one pipe. Whoever runs it waits on a thread of its own.
final class LocalProcess: Sendable {
    enum End: Sendable {
        case exited(Int32)
        case signalled(Int32)
        /// The system does not say how it ended.
        case lost(String)
    }

    static let queue = DispatchQueue(label: "local-exec", attributes: .concurrent)

    /// How long output is waited for that something the command left behind still holds.
    private static let patience = 1.0

    private enum Life {
        case running
        case killed
        /// Its number may belong to another by now.
        case ended
    }

    private let process: pid_t
    private let output: Int32
    private let life: Mutex<Life>

    /// Starts it.
    init(_ arguments: [String], environment: [String: String], directory: String) throws(SystemFailure) {
        var status = stat()
        guard stat(directory, &status) == 0 else { throw SystemFailure("chdir \(directory)", errno) }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw SystemFailure("chdir \(directory)", ENOTDIR) }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemFailure("pipe", errno) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO)
        _ = ashlar_spawn_chdir(&actions, directory)
        // Locks and sockets of this program are not the command's, however long it outlives it.
        _ = ashlar_spawn_closefrom(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        // What this program ignores its children would ignore, too.
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETPGROUP) | Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))
        var number = pid_t()
        let code = Self.withStrings(arguments) { argv in
            Self.withStrings(environment.map { "\($0.key)=\($0.value)" }.sorted()) { envp in
                posix_spawnp(&number, arguments[0], &actions, &attributes, argv, envp)
            }
        }
        close(ends[1])
        guard code == 0 else {
            close(ends[0])
            throw SystemFailure("fork/exec \(arguments[0])", code)
        }
        process = number
        output = ends[0]
        life = Mutex(.running)
    }

    /// Kills it and all that it has started, unless it has ended.
    func kill() {
        life.withLock { life in
            guard case .running = life else { return }
            life = .killed
            Glibc.kill(-process, SIGKILL)
        }
    }

    var wasKilled: Bool {
        life.withLock { life in
            if case .killed = life { return true }
            return false
        }
    }

    /// Reads its output to the end, and waits for its own: blocks. Once.
    func run(_ take: ([UInt8]) -> Void) -> End {
        defer { close(output) }
        var end: End?
        var since = 0.0
        while true {
            // What it has left behind may hold the pipe for as long as it likes.
            var wait = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let ready = poll(&wait, 1, end == nil ? 50 : 100)
            if ready > 0 {
                let bytes = readSome()
                if bytes.isEmpty { break }
                take(bytes)
            }
            if end == nil { end = reap(waiting: false) }
            if end != nil, ready == 0 {
                if since == 0 { since = Self.now }
                if Self.now - since >= Self.patience { break }
            }
        }
        return end ?? reap(waiting: true) ?? .lost("its end cannot be waited for")
    }

    private func readSome() -> [UInt8] {
        var count = 0
        let chunk = [UInt8](unsafeUninitializedCapacity: 32 << 10) { buffer, filled in
            repeat { count = read(output, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
            filled = max(0, count)
        }
        return chunk
    }

    /// Not while it is being killed: its number must be its own then.
    private func reap(waiting: Bool) -> End? {
        var information = siginfo_t()
        var code: Int32 = 0
        repeat {
            code = waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT | (waiting ? 0 : WNOHANG))
        } while code != 0 && errno == EINTR
        if code != 0 { return .lost("its end is not known: \(String(cString: strerror(errno)))") }
        if !waiting, information.si_signo == 0 { return nil }
        return life.withLock { life in
            if case .running = life { life = .ended }
            var status: Int32 = 0
            guard waitpid(process, &status, 0) == process else { return .lost("its end is not known") }
            let signal = status & 0x7F
            return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
        }
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    /// A list of C strings that ends with a null pointer.
    private static func withStrings<Result>(
        _ texts: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
    ) -> Result {
        var pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) }
        pointers.append(nil)
        defer { for pointer in pointers { free(pointer) } }
        return pointers.withUnsafeBufferPointer { buffer in
            // Never empty: it has its last pointer.
            body(buffer.baseAddress ?? UnsafePointer(UnsafeMutablePointer.allocate(capacity: 1)))
        }
    }
}
