import Foundation

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

    /// Soon, by the output's thread: nobody waits for a reader.
    func write(_ text: String, live: LiveLines? = nil) { OutputThread.shared.post(text, to: .standard, live: live) }
    func show(_ live: LiveLines) { OutputThread.shared.show(live) }
    func writeError(_ text: String) { OutputThread.shared.post(text, to: .error) }
}
