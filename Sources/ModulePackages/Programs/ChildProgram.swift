import FoundationEssentials
import Glibc
import Processes

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
        let child: ChildProcess
        let program = try find()
        do throws(SystemFailure) {
            child = try ChildProcess(
                [program] + arguments, environment: environment, output: .file(output ?? "/dev/null"), errors: .file(errors))
        } catch {
            throw Failure(description: "\(name) could not be started: \(error)")
        }
        let start = ContinuousClock.now
        var pause = 2.0
        while true {
            if let end = child.reap(waiting: false) {
                switch end {
                case .exited(let code): return Ending(code: code, said: lastWords(errors))
                case .signalled(let signal): return Ending(code: 128 + signal, said: lastWords(errors))
                case .lost(let reason): throw Failure(description: "\(name) could not be waited for, since \(reason)")
                }
            }
            if let reason = reasonToStop(since: start, output) {
                child.kill()
                _ = await BlockingThreads.shared.run { child.reap(waiting: true) }
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

    private func lastWords(_ path: String) -> String {
        // A program that said nothing may have made no file.
        guard let data = try? Data(contentsOf: URL(filePath: path)) else { return "" }
        return String(decoding: data.suffix(2_000), as: UTF8.self)
    }

    private func find() throws(Failure) -> String {
        for folder in (environment["PATH"] ?? "/usr/bin:/bin").split(separator: ":") {
            let path = "\(folder)/\(name)"
            if access(path, X_OK) == 0 { return path }
        }
        throw Failure(description: "the program \(name) is needed for it, and is not there", isMissing: true)
    }
}
