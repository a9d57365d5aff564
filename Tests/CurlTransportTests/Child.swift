import Glibc
import Synchronization

/// A program run by a test. Foundation's `Process` hangs in `waitUntilExit` when it is used from Swift's own threads, whose blocked
/// signals it passes on.
final class Child {
    private let pid: pid_t
    /// Closed by the end of this process, whatever ends it: the child reads it to notice.
    private let input: Int32
    private let output: Int32
    private var hasEnded = false

    init(_ arguments: [String]) throws {
        (pid, input, output) = try Self.oneAtATime.withLock { _ in try Self.spawn(arguments) }
    }

    /// A child that began between the making of another's pipes and their marking would hold them open.
    private static let oneAtATime = Mutex(())

    private static func spawn(_ arguments: [String]) throws -> (pid_t, Int32, Int32) {
        var toChild: [Int32] = [0, 0]
        var fromChild: [Int32] = [0, 0]
        guard pipe(&toChild) == 0, pipe(&fromChild) == 0 else { throw TestFailure("no pipe") }
        for descriptor in toChild + fromChild { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], 0)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], 1)
        posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
        var argv = arguments.map { strdup($0) }
        argv.append(nil)
        defer { for pointer in argv { free(pointer) } }
        var pid = pid_t()
        guard posix_spawnp(&pid, arguments.first ?? "", &actions, nil, argv, environ) == 0 else {
            throw TestFailure("\(arguments.first ?? "") could not be started")
        }
        close(toChild[0])
        close(fromChild[1])
        return (pid, toChild[1], fromChild[0])
    }

    deinit {
        end()
        close(input)
        close(output)
    }

    func readLine() -> String {
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(output, &byte, 1) == 1, byte != 0x0A { bytes.append(byte) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// All that it writes until it ends, and its status.
    func wait() -> (output: String, status: Int32) {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(output, &chunk, chunk.count)
            guard count > 0 else { break }
            bytes += chunk[0..<count]
        }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        hasEnded = true
        return (String(decoding: bytes, as: UTF8.self), status)
    }

    func end() {
        guard !hasEnded else { return }
        hasEnded = true
        kill(pid, SIGKILL)
        waitpid(pid, nil, 0)
    }
}
