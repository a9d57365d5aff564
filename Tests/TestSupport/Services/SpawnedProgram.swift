import Foundation

#if canImport(Glibc)
    import Glibc
#endif

/// A child process. Foundation's own turns threads in circles when one of its processes ends unattended.
public struct SpawnedProgram: Sendable {
    public let pid: Int32

    public struct Failure: Error, CustomStringConvertible { public let description: String }

    /// - Parameters:
    ///   - input, output, errors: descriptors that become 0, 1 and 2; nil is /dev/null.
    public init(
        _ program: String, _ arguments: [String], environment: [String: String], directory: String? = nil, input: Int32? = nil,
        output: Int32? = nil, errors: Int32? = nil
    ) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in [(Int32(0), input), (1, output), (2, errors)] {
            if let descriptor {
                posix_spawn_file_actions_adddup2(&actions, descriptor, number)
            } else {
                posix_spawn_file_actions_addopen(&actions, number, "/dev/null", O_RDWR, 0)
            }
        }
        // The shell makes way for the program, which so has the number that is returned here.
        let moved = directory.map { ["sh", "-c", "cd \"$0\" && exec \"$@\"", $0] } ?? []
        let words = moved + [program] + arguments
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { for text in argv + envp { free(text) } }
        var pid = pid_t()
        let error = posix_spawnp(&pid, words[0], &actions, nil, &argv, &envp)
        guard error == 0 else { throw Failure(description: "\(program): errno \(error)") }
        self.pid = pid
    }

    /// Blocks; the status, or 128 and the signal.
    public func wait() -> Int32 {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0, errno == EINTR {}
        return Self.code(status)
    }

    /// The status where it has ended.
    func ended() -> Int32? {
        var status: Int32 = 0
        return waitpid(pid, &status, WNOHANG) == pid ? Self.code(status) : nil
    }

    private static func code(_ status: Int32) -> Int32 { status & 0x7F == 0 ? status >> 8 & 0xFF : 128 + status & 0x7F }

    public func stop() {
        kill(pid, SIGKILL)
        _ = wait()
    }

    /// Runs a program to its end, on a thread of its own; its status and what it wrote to both outputs.
    public static func run(_ program: String, _ arguments: [String], environment: [String: String]? = nil) async throws -> (
        code: Int32, output: String
    ) {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        let file = try NamelessFile()
                        let child = try Self(
                            program, arguments, environment: environment ?? ProcessInfo.processInfo.environment, output: file.descriptor,
                            errors: file.descriptor)
                        let code = child.wait()
                        return (code: code, output: try file.text())
                    })
            }
        }
    }
}

/// A file without a name that a child writes to: nobody has to empty it, and nobody has to remove it.
final class NamelessFile: Sendable {
    let descriptor: Int32

    init() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "ashlar-\(UUID().uuidString)").path
        descriptor = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        if descriptor < 0 { throw SpawnedProgram.Failure(description: "\(path): errno \(errno)") }
        unlink(path)
    }

    deinit { close(descriptor) }

    func text() throws -> String {
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: false)
        try handle.seek(toOffset: 0)
        return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
    }
}
