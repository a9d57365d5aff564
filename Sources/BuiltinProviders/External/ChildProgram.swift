import Glibc
import Processes
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
        var pipes: [Pipe] = []
        let child: ChildProcess
        do throws(SystemFailure) {
            for _ in 0..<3 { pipes.append(try Pipe()) }
            child = try ChildProcess(
                arguments, environment: nil, directory: directory, input: .descriptor(pipes[0].reading),
                output: .descriptor(pipes[1].writing), errors: .descriptor(pipes[2].writing))
        } catch {
            for pipe in pipes { pipe.close() }
            throw Failure(reason: error.code == 0 ? error.description : String(cString: strerror(error.code)))
        }
        for end in [pipes[0].reading, pipes[1].writing, pipes[2].writing] { close(end) }
        var ending = Ending()
        let before = BrokenPipes.ignore()
        defer { BrokenPipes.restore(before) }
        if exchange(input, into: pipes[0].writing, out: pipes[1].reading, errors: pipes[2].reading, &ending) { child.kill() }
        var end: ChildProcess.End?
        repeat {
            // It may run on with its streams closed, and is to be stopped then as well.
            if isStopped.withLock({ $0 }) { child.kill() }
            // What it has left behind ends with it, whether it was stopped or not.
            end = child.reap(waiting: child.wasKilled, killingRest: true)
            if end == nil { usleep(5_000) }
        } while end == nil
        if case .exited(let code) = end { ending.code = code }
        return ending
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
            if waits[1].revents != 0 { isReading.out = Self.take(out, &ending.output) }
            if waits[2].revents != 0 { isReading.errors = Self.take(errors, &ending.errors) }
            if ending.output.count + ending.errors.count > Self.maximumOutput {
                ending.isTooLong = true
                return true
            }
        }
        return false
    }

    /// - Returns: false at the end.
    private static func take(_ descriptor: Int32, _ bytes: inout [UInt8]) -> Bool {
        let more = readSome(from: descriptor)
        bytes += more
        return !more.isEmpty
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
