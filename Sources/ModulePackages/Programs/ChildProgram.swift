import FoundationEssentials
import Glibc

/// A program that is run with its arguments as they are: no shell looks at them.
struct ChildProgram {
    /// Looked for on the `PATH` of the environment.
    var name: String
    var arguments: [String]
    /// All that it finds in its environment.
    var environment: [String: String]
    /// Seconds after which it is ended.
    var timeout: Double
    /// Bytes of standard output after which it is ended.
    var maximumOutput = 512 << 20

    struct Ending {
        /// Exit code; 128 and the signal's number where one ended it.
        var code: Int32
        /// The end of what it said on standard error.
        var said: String
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
        /// There is no such program.
        var isMissing = false
    }

    /// Runs it to its end. Cancellation of the task ends the program, and what it started.
    ///
    /// - Parameters:
    ///   - output: the file that standard output goes to; anything in it is lost.
    ///   - scratch: a folder for what it says.
    /// - Throws: where it could not be started, ran too long or said too much. An exit code is none of these.
    func run(output: String? = nil, scratch: String) async throws(Failure) -> Ending {
        let errors = "\(scratch)/errors-\(UUID().uuidString)"
        // What is left of it goes with the scratch folder.
        defer { unlink(errors) }
        let child = try spawn(output: output ?? "/dev/null", errors: errors)
        let start = ContinuousClock.now
        var pause = 2.0
        while true {
            var status: Int32 = 0
            let done = waitpid(child, &status, WNOHANG)
            if done == child { return Ending(code: exitCode(status), said: lastWords(errors)) }
            if done < 0, errno != EINTR { throw Failure(description: "\(name) could not be waited for") }
            if let reason = reasonToStop(since: start, output) {
                kill(-child, SIGKILL)
                while waitpid(child, &status, 0) < 0, errno == EINTR {}
                throw Failure(description: reason)
            }
            // Cancellation is seen by the next look.
            try? await Task.sleep(for: .milliseconds(pause))
            pause = min(pause * 1.5, 25)
        }
    }

    private func reasonToStop(since start: ContinuousClock.Instant, _ output: String?) -> String? {
        if Task.isCancelled { return "\(name) was interrupted" }
        if start.duration(to: .now) > .seconds(timeout) { return "\(name) was ended after \(Int(timeout)) seconds" }
        guard let output else { return nil }
        var status = stat()
        guard stat(output, &status) == 0, Int(status.st_size) > maximumOutput else { return nil }
        return "it would be larger than \(maximumOutput >> 20) MiB when unpacked"
    }

    private func exitCode(_ status: Int32) -> Int32 {
        let signal = status & 0x7f
        return signal == 0 ? (status >> 8) & 0xff : 128 + signal
    }

    private func lastWords(_ path: String) -> String {
        // A program that said nothing may have made no file.
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { return "" }
        return String(decoding: data.suffix(2_000), as: UTF8.self)
    }

    private func spawn(output: String, errors: String) throws(Failure) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        // A group of its own, so that what it starts ends with it; no signal blocked or ignored because this program does so.
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        posix_spawnattr_setflags(&attributes, Int16(flags))
        var words: [UnsafeMutablePointer<CChar>?] = ([name] + arguments).map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            environment.sorted { $0.key < $1.key }.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        var child: pid_t = 0
        let path = try find()
        let code = posix_spawn(&child, path, &actions, &attributes, &words, &variables)
        guard code == 0 else { throw Failure(description: "\(name) could not be started: \(String(cString: strerror(code)))") }
        return child
    }

    private func find() throws(Failure) -> String {
        for folder in (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":") {
            let path = "\(folder)/\(name)"
            if access(path, X_OK) == 0 { return path }
        }
        throw Failure(description: "the program \(name) is needed for it, and is not there", isMissing: true)
    }
}
