import Foundation
import Glibc

/// A child process. Foundation's own turns two threads in circles when one of its processes ends unattended.
public struct Child: Sendable {
    public let pid: Int32

    public struct NotStarted: Error, CustomStringConvertible {
        public let description: String
    }

    public init(
        _ program: String, _ arguments: [String], _ environment: [String: String]? = nil, input: Int32 = -1,
        output: Int32, errors: Int32? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if input >= 0 {
            posix_spawn_file_actions_adddup2(&actions, input, 0)
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        }
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors ?? output, 2)
        let variables = environment ?? ProcessInfo.processInfo.environment
        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid = pid_t()
        // With no signal blocked, as `Process.runUnblocked` has it.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        let error = posix_spawnp(&pid, program, &actions, &attributes, &argv, &envp)
        guard error == 0 else { throw NotStarted(description: "\(program): \(String(cString: strerror(error)))") }
        self.pid = pid
    }

    /// Blocks; the status, or 128 and the signal.
    public func wait() -> Int {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return status & 0x7F == 0 ? Int(status >> 8 & 0xFF) : 128 + Int(status & 0x7F)
    }

    public func stop() {
        kill(pid, SIGKILL)
        _ = wait()
    }

    /// Runs a program to its end: its status, and what it wrote to both outputs.
    public static func output(
        of program: String, _ arguments: [String], _ environment: [String: String]? = nil
    ) async throws -> (status: Int, text: String) {
        let file = "\(NSTemporaryDirectory())/ashlar-\(UUID().uuidString)"
        let fd = open(file, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard fd >= 0 else { throw NotStarted(description: "\(file): \(String(cString: strerror(errno)))") }
        unlink(file)
        let output = FileHandle(fileDescriptor: fd, closeOnDealloc: true)
        let child = try Child(program, arguments, environment, output: fd)
        let status = await onThread { child.wait() }
        try output.seek(toOffset: 0)
        return (status, String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self))
    }
}

/// Waits on a thread of its own, since the pool has only two.
public func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume(returning: body()) }
    }
}
