import Glibc
import Processes

/// A command on this machine: it has nothing to read, and both its output streams are one pipe.
struct LocalProcess: Sendable {
    typealias End = ChildProcess.End

    /// How long output is waited for that something the command left behind still holds.
    private static let patience = 1.0

    private let process: ChildProcess
    private let output: Int32

    /// Starts it.
    init(_ arguments: [String], environment: [String: String], directory: String) throws(SystemFailure) {
        let pipe = try Pipe()
        do throws(SystemFailure) {
            process = try ChildProcess(
                arguments, environment: environment, directory: directory, output: .descriptor(pipe.writing),
                errors: .descriptor(pipe.writing))
        } catch {
            pipe.close()
            throw error
        }
        close(pipe.writing)
        output = pipe.reading
    }

    /// Kills it and all that it has started, unless it has ended.
    func kill() { process.kill() }

    var wasKilled: Bool { process.wasKilled }

    /// Reads its output to the end, and waits for its own: blocks. Once.
    func run(_ take: ([UInt8]) -> Void) -> End {
        defer { close(output) }
        var end: End?
        var ended = 0.0
        while true {
            // What it has left behind may hold the pipe, and write to it, for as long as it likes.
            var wait = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            if poll(&wait, 1, 50) > 0 {
                let bytes = readSome(from: output)
                if bytes.isEmpty { break }
                take(bytes)
            }
            if end == nil {
                end = process.reap(waiting: false)
                if end != nil { ended = Self.now }
            }
            if end != nil, Self.now - ended >= Self.patience { break }
        }
        return end ?? process.reap(waiting: true) ?? .lost("its end cannot be waited for")
    }

    private static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
