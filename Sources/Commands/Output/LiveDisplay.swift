import Addresses
import Diagnostics
import Foundation
import Synchronization

/// The lower lines of a terminal: what runs, for how long, and counts. Drawn ten times a second at most, and only posted here: the
/// output's thread writes those that are the newest when it comes to it.
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
        state.withLock { terminal.write(text, live: draw($0)) }
    }

    func stop() {
        state.withLock { state in
            state.timer?.cancel()
            state.isStopped = true
            terminal.show(.none)
        }
    }

    private func redraw() {
        state.withLock { state in
            if !state.isStopped { terminal.show(draw(state)) }
        }
    }

    private func draw(_ state: State) -> LiveLines {
        if state.isStopped || state.running.isEmpty { return .none }
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
        return LiveLines(text: lines.map { $0 + LiveLines.clearLine + "\n" }.joined(), count: lines.count)
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
