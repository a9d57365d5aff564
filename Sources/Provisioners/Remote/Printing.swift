import Synchronization

/// Lines of what comes in pieces on whatever thread.
final class Printing: Sendable {
    private let lines = Mutex(LineSplitter())
    private let shown: Shown

    init(_ shown: Shown) { self.shown = shown }

    func take(_ bytes: [UInt8]) {
        lines.withLock { lines in lines.take(bytes) { shown.line($0) } }
    }

    func end() {
        lines.withLock { lines in lines.end { shown.line($0) } }
    }
}
