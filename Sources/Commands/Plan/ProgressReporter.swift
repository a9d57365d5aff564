import Addresses
import Applying
import Diagnostics
import Foundation
import PlanModel
import ProviderKit
import StateModel
import Synchronization
import Values

/// Tells how an apply goes: plain lines off a terminal, one line a running step on it.
final class ProgressReporter: ApplyObserver {
    private let session: Session
    private let live: LiveDisplay?
    private let stream: MessageStream?
    private let progress: Mutex<KindProgress>

    /// How far the kinds are.
    var kinds: KindProgress { progress.withLock { $0 } }

    init(session: Session, plan: Plan, json: Bool) {
        self.session = session
        progress = Mutex(KindProgress(plan))
        stream = json ? MessageStream(terminal: session.terminal) : nil
        live =
            session.terminal.isInteractive && !json
            ? LiveDisplay(terminal: session.terminal, total: plan.vertices.count { if case .effect = $0.kind { true } else { false } })
            : nil
    }

    func observe(_ notices: [ApplyNotice]) {
        if let stream {
            for notice in notices {
                _ = turn(notice)
                tell(notice, stream)
            }
            return
        }
        var text = ""
        for notice in notices {
            // A kind's first line comes before its first part's, its last one after the last part's.
            switch turn(notice) {
            case .began(let kind)?:
                let line = "\(kind.path): \(kind.action.beginning)"
                live?.began(kind.path, line)
                if live == nil { text += "\(line) (\(kind.parts) part\(kind.parts == 1 ? "" : "s"))...\n" }
                describe(notice, into: &text)
            case .ended(let kind, let seconds)?:
                describe(notice, into: &text)
                live?.ended(kind.path)
                text += session.paint.bold("\(kind.path): \(kind.action.ending) after \(elapsed(seconds))") + "\n"
            case nil: describe(notice, into: &text)
            }
        }
        if let live { live.print(text) } else if !text.isEmpty { session.terminal.write(text) }
    }

    func finish() { live?.stop() }

    private func turn(_ notice: ApplyNotice) -> KindProgress.Turn? {
        progress.withLock { progress in
            switch notice {
            case .stepBegan(let step): return progress.began(step)
            case .stepEnded(let step, _, _):
                let turn = progress.ended(step)
                if let kind = step.address?.instance.module.kind, let count = progress.count(kind) { live?.count(kind, count) }
                return turn
            case .stepFailed(let step, _, _):
                progress.failed(step)
                return nil
            default: return nil
            }
        }
    }

    /// Parts stand beneath their kind.
    private func indent(_ step: ApplyStep) -> String { step.address?.instance.module.kind == nil ? "" : "  " }

    private func tell(_ notice: ApplyNotice, _ stream: MessageStream) {
        switch notice {
        case .stepBegan(let step): stream.step("apply_start", "\(step.label): \(step.effect?.beginning ?? "Checking")...", step)
        case .stepEnded(let step, _, let seconds):
            stream.step(
                "apply_complete", "\(step.label): \(step.effect?.ending ?? "Checked") after \(elapsed(seconds))", step, seconds: seconds)
        case .stepFailed(let step, _, let seconds):
            stream.step("apply_errored", "\(step.label): failed after \(elapsed(seconds))", step, seconds: seconds)
        case .stepRetried(let step, let tries, _, let failure):
            stream.step("apply_progress", "\(step.label): \(failure.summary); tried \(tries) times", step)
        case .warnings(let diagnostics): stream.diagnostics(diagnostics, SourceMap())
        case .output, .interrupted, .abandoned: break
        }
    }

    private func describe(_ notice: ApplyNotice, into text: inout String) {
        let paint = session.paint
        switch notice {
        case .stepBegan(let step):
            guard let verb = step.effect?.beginning else { return }
            live?.began(step.vertex, "\(step.label): \(verb)...", in: step.address?.instance.module.kind)
            if live == nil { text += "\(indent(step))\(step.label): \(verb)...\n" }
        case .stepEnded(let step, let object, let seconds):
            live?.ended(step.vertex)
            guard let verb = step.effect?.ending else { return }
            let id = object?.attributes["id"]?.stringValue.map { " [id=\($0)]" } ?? ""
            let line = "\(step.label): \(verb) after \(elapsed(seconds))\(id)"
            text += indent(step) + (indent(step).isEmpty ? paint.bold(line) : line) + "\n"
        case .stepFailed(let step, _, let seconds):
            live?.ended(step.vertex)
            text += indent(step) + paint.red("\(step.label): failed after \(elapsed(seconds))") + "\n"
        case .stepRetried(let step, let tries, let delay, let failure):
            text +=
                indent(step)
                + paint.yellow("\(step.label): \(failure.summary); tried \(tries) time\(tries == 1 ? "" : "s"), again in \(elapsed(delay))")
                + "\n"
        case .output: break
        case .warnings(let diagnostics): session.show(diagnostics, SourceMap())
        case .interrupted(let underWay):
            text +=
                "\n"
                + paint.yellow(
                    "Interrupted. Waiting for \(underWay) step\(underWay == 1 ? "" : "s") under way; nothing new begins. Interrupt again to abandon them."
                ) + "\n"
        case .abandoned(let underWay):
            text +=
                "\n" + paint.red("Abandoned \(underWay) step\(underWay == 1 ? "" : "s") under way. The next run looks for what they did.")
                + "\n"
        }
    }
}

/// `0s`, `1m20s`, as the reference writes it.
func elapsed(_ seconds: Double) -> String {
    let whole = Int(seconds.rounded())
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return "\(whole / 60)m\(whole % 60)s" }
    return "\(whole / 3600)h\(whole % 3600 / 60)m\(whole % 60)s"
}

extension Vertex.Effect {
    var beginning: String? {
        switch self {
        case .create: "Creating"
        case .update: "Modifying"
        case .delete: "Destroying"
        case .read: "Reading"
        case .forget, .record, .depose, .noOp: nil
        }
    }

    var ending: String? {
        switch self {
        case .create: "Creation complete"
        case .update: "Modifications complete"
        case .delete: "Destruction complete"
        case .read: "Read complete"
        case .forget, .record, .depose, .noOp: nil
        }
    }
}

private struct Running {
    var vertex: Int
    var text: String
    var kind: ModulePath?
    var since: Double
}

/// The lower lines of a terminal: what runs, for how long, and counts. Written anew ten times a second at most, in one write, so that
/// nothing flickers.
final class LiveDisplay: Sendable {
    private struct State {
        var running: [Running] = []
        var kinds: [(path: ModulePath, text: String, count: String, since: Double)] = []
        var done = 0
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
            let erased = erase(&state)
            terminal.write(erased + text + draw(&state))
        }
    }

    func stop() {
        state.withLock { state in
            state.timer?.cancel()
            state.isStopped = true
            terminal.write(erase(&state))
        }
    }

    private func redraw() {
        state.withLock { state in
            guard !state.isStopped else { return }
            let erased = erase(&state)
            terminal.write(erased + draw(&state))
        }
    }

    private func erase(_ state: inout State) -> String {
        defer { state.lines = 0 }
        return state.lines == 0 ? "" : "\u{1B}[\(state.lines)A\u{1B}[J"
    }

    private func draw(_ state: inout State) -> String {
        if state.isStopped || state.running.isEmpty { return "" }
        let now = Date().timeIntervalSince1970
        // Each kind that is under way with what runs of it beneath, then what is part of none.
        var lines: [String] = []
        for kind in state.kinds {
            lines.append("  \(kind.text)\(kind.count)... \(elapsed(now - kind.since))")
            for step in state.running where step.kind == kind.path { lines.append("    \(step.text) \(elapsed(now - step.since))") }
        }
        let told = Set(state.kinds.map(\.path))
        for step in state.running where step.kind.map({ !told.contains($0) }) ?? true {
            lines.append("  \(step.text) \(elapsed(now - step.since))")
        }
        var text = ""
        for line in lines.prefix(12) { text += String(line.prefix(max(20, terminal.width - 1))) + "\n" }
        let hidden = lines.count - 12
        text += "  \(state.done) of \(total) done, \(state.running.count) under way" + (hidden > 0 ? " (\(hidden) not shown)" : "") + "\n"
        state.lines = min(12, lines.count) + 1
        return text
    }
}
