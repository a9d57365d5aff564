import Diagnostics
import Foundation
import Glibc

/// The terminal as lines are typed on it: each key as it is pressed, the line drawn by us.
final class Keyboard {
    private var editor = LineEditor()
    private var reader = KeyReader()
    private var keys: [LineEditor.Key] = []
    private let width: Int
    private let before: termios?
    /// Rows above the one that the cursor was left in.
    private var rowOfCursor = 0

    init(width: Int) {
        self.width = max(width, 8)
        var settings = termios()
        before = tcgetattr(STDIN_FILENO, &settings) == 0 ? settings : nil
    }

    private func enterRawMode() {
        guard var raw = before else { return }
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG | IEXTEN)
        raw.c_iflag &= ~tcflag_t(IXON | ICRNL)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &raw)
    }

    /// Gives the terminal back as it was.
    func restore() {
        guard var before else { return }
        tcsetattr(STDIN_FILENO, TCSADRAIN, &before)
    }

    /// One input, which may have several lines; nil at the end.
    func read(isComplete: (String) -> Bool) async -> String? {
        enterRawMode()
        defer { restore() }
        var lines: [String] = []
        draw("> ")
        while true {
            guard let key = nextKey() else { return nil }
            let prompt = lines.isEmpty ? "> " : ": "
            switch editor.handle(key) {
            case .none: draw(prompt)
            case .cleared:
                put("\u{1B}[H\u{1B}[2J")
                rowOfCursor = 0
                draw(prompt)
            case .ended:
                put("\r\n")
                return nil
            case .cancelled:
                leaveLine("^C")
                lines = []
                draw("> ")
            case .line(let line):
                leaveLine("", prompt, line)
                lines.append(line)
                let text = lines.joined(separator: "\n")
                if isComplete(text) {
                    editor.remember(text)
                    return text
                }
                draw(": ")
            }
        }
    }

    private func nextKey() -> LineEditor.Key? {
        while keys.isEmpty {
            var buffer = [UInt8](repeating: 0, count: 1024)
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return nil }
            keys = reader.take(buffer[..<count])
        }
        return keys.removeFirst()
    }

    // MARK: Drawing

    /// Below the line, which may have wrapped, with the cursor wherever it was in it.
    private func leaveLine(_ mark: String, _ prompt: String = "", _ line: String? = nil) {
        if let line { draw(prompt, whole: line) }
        put(mark + "\r\n")
        rowOfCursor = 0
    }

    /// - Parameter whole: instead of the line as it is in the editor, with the cursor behind it.
    private func draw(_ prompt: String, whole: String? = nil) {
        let lead = editor.sought.map { "(search) \($0): " } ?? prompt
        let shown = harmless(whole ?? editor.text)
        let ahead = whole ?? String(editor.characters[..<editor.cursor])
        let all = displayWidth(lead) + displayWidth(shown)
        let column = displayWidth(lead) + displayWidth(harmless(ahead))
        var out = rowOfCursor > 0 ? "\u{1B}[\(rowOfCursor)A" : ""
        out += "\r\u{1B}[J" + lead + shown
        // A line that ends with the last column leaves the cursor in it, not in the next row.
        if all > 0, all % width == 0 { out += "\r\n" }
        let lastRow = all / width
        rowOfCursor = column / width
        if lastRow > rowOfCursor { out += "\u{1B}[\(lastRow - rowOfCursor)A" }
        out += "\r"
        if column % width > 0 { out += "\u{1B}[\(column % width)C" }
        put(out)
    }

    /// At once: the keys wait for what they show.
    private func put(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = bytes.withUnsafeBytes { Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            // A terminal that is gone shows nothing any more; the next read says so.
            if count <= 0 { return }
            bytes = bytes.dropFirst(count)
        }
    }
}
