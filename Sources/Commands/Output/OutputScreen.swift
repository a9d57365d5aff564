import Foundation

/// The two streams as they are written to: permanent lines above, live ones below on a terminal. Confined to the output's thread.
///
/// Live lines are written over what is there and nothing is cleared first, so that nothing flickers.
struct OutputScreen {
    private var standard: OutputDescriptor
    private var error: OutputDescriptor
    private let errorIsTerminal: Bool
    /// Below, on the terminal, now.
    private var shown = LiveLines.none

    init(standard: Int32, error: Int32) {
        self.standard = OutputDescriptor(number: standard)
        self.error = OutputDescriptor(number: error)
        errorIsTerminal = isatty(error) == 1
    }

    /// What standard output answered when it took no more.
    var lost: Int32? { standard.lost }

    mutating func write(_ batch: OutputThread.Batch) {
        let live = batch.live ?? shown
        guard shown.count > 0 || live.count > 0 else { return writePlain(batch.pieces) }
        if batch.pieces.isEmpty, live == shown { return }
        var text = home
        for piece in batch.pieces {
            switch piece.stream {
            case .standard: text += above(piece.text)
            case .error where errorIsTerminal:
                standard.write(text + Self.clearBelow)
                error.write(piece.text.hasSuffix("\n") ? piece.text : piece.text + "\n")
                text = ""
            case .error: error.write(piece.text)
            }
        }
        if live.count > 0, text != home, let last = text.utf8.last, last != UInt8(ascii: "\n") { text += "\n" }
        standard.write(text + live.text + Self.clearBelow)
        shown = live
    }

    /// One write for what goes to one stream in succession.
    private mutating func writePlain(_ pieces: [(text: String, stream: OutputThread.Stream)]) {
        var text = ""
        var stream = OutputThread.Stream.standard
        for piece in pieces {
            if piece.stream != stream {
                write(text, stream)
                text = ""
                stream = piece.stream
            }
            text += piece.text
        }
        write(text, stream)
    }

    private mutating func write(_ text: String, _ stream: OutputThread.Stream) {
        switch stream {
        case .standard: standard.write(text)
        case .error: error.write(text)
        }
    }

    /// To the first of the live lines.
    private var home: String { shown.count == 0 ? "" : "\u{1B}[\(shown.count)A\r" }

    /// What stands there is longer or shorter than these lines: it is cleared where it is not written over.
    private func above(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: LiveLines.clearLine + "\n")
    }

    private static let clearBelow = "\u{1B}[J"
}

/// A descriptor that is written to until it first refuses: what would follow a gap says nothing to anybody.
///
/// A run goes on whether or not its words can be written: what it does must be recorded.
private struct OutputDescriptor {
    let number: Int32
    /// The system's number of what went wrong.
    var lost: Int32?

    mutating func write(_ text: String) {
        if lost != nil || text.isEmpty { return }
        var text = text
        lost = text.withUTF8 { bytes -> Int32? in
            var written = 0
            while written < bytes.count {
                let count = Foundation.write(number, bytes.baseAddress?.advanced(by: written), bytes.count - written)
                if count >= 0 {
                    written += count
                } else if errno == EAGAIN {
                    // Somebody has made it non-blocking, for himself or for us.
                    var wait = pollfd(fd: number, events: Int16(POLLOUT), revents: 0)
                    _ = poll(&wait, 1, -1)
                } else if errno != EINTR {
                    return errno
                }
            }
            return nil
        }
    }
}
