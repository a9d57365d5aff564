import Foundation
import Synchronization

/// Where output goes, and how it may look there.
struct Terminal: Sendable {
    /// Standard output is a terminal that lines can be written anew on.
    let isInteractive: Bool
    let color: Bool
    /// Colours on standard error, which may go elsewhere than standard output.
    let errorColor: Bool
    /// Columns, as they were at the start.
    let width: Int

    init(environment: [String: String], color: Bool?) {
        let isDumb = environment["TERM"] == "dumb"
        let isTerminal = isatty(STDOUT_FILENO) == 1
        isInteractive = isTerminal && !isDumb
        let isWanted = environment["NO_COLOR"].map(\.isEmpty) ?? true && !isDumb
        self.color = color ?? (isTerminal && isWanted)
        errorColor = color ?? (isatty(STDERR_FILENO) == 1 && isWanted)
        width = Terminal.size(isTerminal ? STDOUT_FILENO : STDERR_FILENO)?.columns ?? 80
    }

    /// As it is now: windows are made larger and smaller.
    var size: (columns: Int, rows: Int)? { Terminal.size(STDOUT_FILENO) }

    private static func size(_ descriptor: Int32) -> (columns: Int, rows: Int)? {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else { return nil }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    func write(_ text: String) {
        if let number = Self.put(text, STDOUT_FILENO) { Self.lost.withLock { $0 = $0 ?? number } }
    }

    /// Where even this cannot be written there is nobody left to tell.
    func writeError(_ text: String) { _ = Self.put(text, STDERR_FILENO) }

    private static let lost = Mutex<Int32?>(nil)

    /// Why standard output did not take everything; nil where it did, and where whoever read it has seen enough and gone.
    static var lostOutput: String? {
        guard let number = lost.withLock({ $0 }), number != EPIPE else { return nil }
        return String(cString: strerror(number))
    }

    /// A run goes on whether or not its words can be written: what it does must be recorded.
    /// - Returns: the system's number of what went wrong.
    private static func put(_ text: String, _ descriptor: Int32) -> Int32? {
        var text = text
        return text.withUTF8 { bytes -> Int32? in
            var written = 0
            while written < bytes.count {
                let count = Foundation.write(descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                if count >= 0 {
                    written += count
                } else if errno == EAGAIN {
                    var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&wait, 1, 1000)
                } else if errno != EINTR {
                    return errno
                }
            }
            return nil
        }
    }
}
