import Foundation

/// Where output goes, and how it may look there.
struct Terminal: Sendable {
    /// Standard output is a terminal.
    let isInteractive: Bool
    let color: Bool
    /// Columns.
    let width: Int

    init(environment: [String: String], color: Bool?) {
        isInteractive = isatty(STDOUT_FILENO) == 1
        let wanted = isInteractive && environment["NO_COLOR"].map(\.isEmpty) ?? true && environment["TERM"] != "dumb"
        self.color = color ?? wanted
        var size = winsize()
        width = isInteractive && ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
    func writeError(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
