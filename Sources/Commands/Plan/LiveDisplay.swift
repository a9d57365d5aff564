import Addresses
import Diagnostics
import Foundation
import Synchronization

/// The lower lines of a terminal: what runs, for how long, and counts. Written over what is there ten times a second at most, each time
/// in one write and without clearing anything first, so that nothing flickers.
final class LiveDisplay: Sendable {
    private struct Running {
        var vertex: Int
        var text: String
        var kind: ModulePath?
        var since: Double
    }

    private struct State {
        var running: [Running] = []
        var kinds: [(path: ModulePath, text: String, count: String, since: Double)] = []
        var done = 0
        /// What is on the terminal below, and how many lines it is.
        var shown = ""
        var lines = 0
        var isStopped = false
        var timer: Task<Void, Never>?
    }

    private let terminal: Terminal
    private let total: Int
    private let state = Mutex(State())

    init(terminal: Terminal, total: Int) {
        self.terminal = terminal
        self.total = total
        let timer = Task.detached { [weak self] in
            while !Task.isCancelled {
                self?.redraw()
                // Cancelled: the loop ends.
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        state.withLock { $0.timer = timer }
    }

    func began(_ vertex: Int, _ text: String, in kind: ModulePath?) {
        state.withLock { $0.running.append(Running(vertex: vertex, text: text, kind: kind, since: Date().timeIntervalSince1970)) }
    }

    func began(_ kind: ModulePath, _ text: String) {
        state.withLock { $0.kinds.append((kind, text, "", Date().timeIntervalSince1970)) }
    }

    func count(_ kind: ModulePath, _ count: String) {
        state.withLock { state in
            for index in state.kinds.indices where state.kinds[index].path == kind { state.kinds[index].count = " (\(count))" }
        }
    }

    func ended(_ kind: ModulePath) { state.withLock { $0.kinds.removeAll { $0.path == kind } } }

    func ended(_ vertex: Int) {
        state.withLock { state in
            state.running.removeAll { $0.vertex == vertex }
            state.done += 1
        }
    }

    /// Permanent lines, above the live ones.
    func print(_ text: String) {
        state.withLock { state in
            let start = home(state.lines)
            // What stands below is longer or shorter than these lines: all of it is cleared where it is not written over.
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map { "\($0)\(Self.clearLine)\n" }
            draw(&state)
            terminal.write(start + lines.joined() + state.shown + Self.clearBelow)
        }
    }

    func stop() {
        state.withLock { state in
            state.timer?.cancel()
            state.isStopped = true
            guard state.lines > 0 else { return }
            terminal.write(home(state.lines) + Self.clearBelow)
            state.lines = 0
        }
    }

    private static let clearLine = "\u{1B}[K"
    private static let clearBelow = "\u{1B}[J"

    private func redraw() {
        state.withLock { state in
            guard !state.isStopped else { return }
            let (before, start) = (state.shown, home(state.lines))
            draw(&state)
            // Most of the time nothing has changed since the last look.
            if state.shown != before { terminal.write(start + state.shown + Self.clearBelow) }
        }
    }

    /// To the first of the live lines.
    private func home(_ lines: Int) -> String { lines == 0 ? "" : "\u{1B}[\(lines)A\r" }

    private func draw(_ state: inout State) {
        state.shown = ""
        state.lines = 0
        if state.isStopped || state.running.isEmpty { return }
        let (columns, rows) = terminal.size ?? (80, 24)
        // A line that breaks, or lines that scroll away, could not be written over.
        let most = max(1, min(12, rows - 3))
        let now = Date().timeIntervalSince1970
        // Each kind that is under way with what runs of it beneath, then what is part of none.
        var told: [(text: String, since: Double)] = []
        for kind in state.kinds {
            told.append(("  \(kind.text)\(kind.count)...", kind.since))
            for step in state.running where step.kind == kind.path { told.append(("    \(step.text)", step.since)) }
        }
        let kinds = Set(state.kinds.map(\.path))
        for step in state.running where step.kind.map({ !kinds.contains($0) }) ?? true { told.append(("  \(step.text)", step.since)) }
        var lines = told.prefix(most).map { line in
            let time = " " + elapsed(now - line.since)
            return fitting(line.text, columns: columns - 1 - time.count) + time
        }
        let hidden = told.count - lines.count
        lines.append(
            fitting(
                "  \(state.done) of \(total) done, \(state.running.count) under way" + (hidden > 0 ? " (\(hidden) not shown)" : ""),
                columns: columns - 1))
        state.lines = lines.count
        state.shown = lines.map { $0 + Self.clearLine + "\n" }.joined()
    }

    /// Cut to so many columns, with a sign that it is cut.
    private func fitting(_ text: String, columns: Int) -> String {
        if displayWidth(text) <= columns { return text }
        var result = ""
        var width = 0
        for character in text {
            let next = displayWidth(String(character))
            if width + next > columns - 1 { break }
            result.append(character)
            width += next
        }
        return result + "…"
    }
}
