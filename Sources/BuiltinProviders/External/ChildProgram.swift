import CSpawn
import Glibc
import Synchronization

/// A program that is given a text to read and is listened to until it ends: its arguments as they are, in a process group of its own.
///
/// `run` blocks, see `Blocking`; `stop` may be called from any thread.
final class ChildProgram: Sendable {
    struct Failure: Error {
        let reason: String
    }

    struct Ending {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        /// Nil where a signal ended it.
        var code: Int32?
        var isTooLong = false
    }

    private let isStopped = Mutex(false)
    private let arguments: [String]
    private let directory: String?

    /// Of output and errors together.
    private static let maximumOutput = 64 << 20

    init(_ arguments: [String], directory: String?) {
        self.arguments = arguments
        self.directory = directory
    }

    /// Ends the program and all that it has started.
    func stop() { isStopped.withLock { $0 = true } }

    func run(input: [UInt8]) throws(Failure) -> Ending {
        var pipes: [Int32] = []
        for _ in 0..<3 {
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else {
                for end in pipes { close(end) }
                throw Failure(reason: "no pipe could be made: \(Self.reason(errno))")
            }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            pipes += ends
        }
        let (child, code) = spawn(stdin: pipes[0], stdout: pipes[3], stderr: pipes[5])
        for end in [pipes[0], pipes[3], pipes[5]] { close(end) }
        guard code == 0 else {
            for end in [pipes[1], pipes[2], pipes[4]] { close(end) }
            throw Failure(reason: Self.reason(code))
        }
        var ending = Ending()
        let before = BrokenPipes.ignore()
        defer { BrokenPipes.restore(before) }
        let wasStopped = exchange(input, into: pipes[1], out: pipes[2], errors: pipes[4], &ending)
        if wasStopped { kill(-child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        // What it has left behind ends with it, whether it was stopped or not.
        kill(-child, SIGKILL)
        ending.code = status & 0x7F == 0 ? (status >> 8) & 0xFF : nil
        return ending
    }

    private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }

    // MARK: Starting

    private func spawn(stdin: Int32, stdout: Int32, stderr: Int32) -> (pid_t, Int32) {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, end) in [stdin, stdout, stderr].enumerated() { posix_spawn_file_actions_adddup2(&actions, end, Int32(number)) }
        if let directory { _ = ashlar_spawn_chdir(&actions, directory) }
        // Locks and sockets of this program are not the child's.
        _ = ashlar_spawn_closefrom(&actions, 3)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        // What this program ignores the child would ignore, too.
        for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT] { sigaddset(&signals, number) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for word in words { free(word) } }
        var child = pid_t()
        let code = posix_spawnp(&child, arguments[0], &actions, &attributes, &words, environ)
        return (child, code)
    }

    // MARK: Listening

    /// Until both streams have ended.
    /// - Returns: whether it was stopped, or had to be.
    private func exchange(_ input: [UInt8], into: Int32, out: Int32, errors: Int32, _ ending: inout Ending) -> Bool {
        var written = 0
        var isWriting = true
        var isReading = (out: true, errors: true)
        defer {
            if isWriting { close(into) }
            close(out)
            close(errors)
        }
        _ = fcntl(into, F_SETFL, O_NONBLOCK)
        while isReading.out || isReading.errors {
            if isStopped.withLock({ $0 }) { return true }
            var waits = [
                pollfd(fd: isWriting ? into : -1, events: Int16(POLLOUT), revents: 0),
                pollfd(fd: isReading.out ? out : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isReading.errors ? errors : -1, events: Int16(POLLIN), revents: 0),
            ]
            // Wakes now and then to see whether it is to stop.
            if poll(&waits, 3, 50) <= 0 { continue }
            if waits[0].revents != 0 {
                let count = input[written...].withUnsafeBytes { write(into, $0.baseAddress, $0.count) }
                if count > 0 { written += count }
                // Who does not read to the end need not.
                if written == input.count || (count < 0 && errno != EAGAIN && errno != EINTR) {
                    close(into)
                    isWriting = false
                }
            }
            if waits[1].revents != 0 { isReading.out = Self.read(out, &ending.output) }
            if waits[2].revents != 0 { isReading.errors = Self.read(errors, &ending.errors) }
            if ending.output.count + ending.errors.count > Self.maximumOutput {
                ending.isTooLong = true
                return true
            }
        }
        return false
    }

    /// - Returns: false at the end.
    private static func read(_ descriptor: Int32, _ bytes: inout [UInt8]) -> Bool {
        var count = 0
        bytes += [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, initialized in
            repeat { count = Glibc.read(descriptor, buffer.baseAddress, buffer.count) } while count < 0 && errno == EINTR
            initialized = max(0, count)
        }
        return count > 0
    }
}

/// A program that reads nothing must not end this one: the signal for it is held back in this thread, and taken off again.
private enum BrokenPipes {
    private static var signal: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGPIPE)
        return set
    }

    static func ignore() -> sigset_t {
        var (set, before) = (signal, sigset_t())
        pthread_sigmask(SIG_BLOCK, &set, &before)
        return before
    }

    static func restore(_ before: sigset_t) {
        var (set, before, none) = (signal, before, timespec(tv_sec: 0, tv_nsec: 0))
        // There may be none.
        _ = sigtimedwait(&set, nil, &none)
        pthread_sigmask(SIG_SETMASK, &before, nil)
    }
}
