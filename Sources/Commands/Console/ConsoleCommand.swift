import ArgumentParser
import ConfigModel
import Diagnostics
import Engine
import Foundation
import PlanModel
import Planning
import StateModel

struct ConsoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "console", abstract: "Try expressions against the configuration and the state.",
        discussion:
            "From a pipe, the last expression's result is printed, and the first fault ends it with exit code 1. On a terminal, what was typed can be brought back with the arrows; it is kept nowhere once the console ends, since it may hold secrets."
    )

    @OptionGroup var output: OutputOptions
    @OptionGroup var options: PlanningOptions

    @Flag(name: .customLong("plan"), help: "Make a plan first, and answer from what it expects.")
    var plan = false

    func run() async throws {
        let session = output.session()
        let configuration = try session.configuration()
        let flow = PlanFlow(session: session, options: options)
        if plan {
            return try await flow.withPlan(configuration, mode: .normal, lock: nil) { planned in
                try await answer(ConsoleSession(planner: planned.planner), session)
            }
        }
        let variables = try flow.presentVariables(configuration)
        let recalled: (planner: Planner, diagnostics: [Diagnostic])
        do throws(DiagnosticError) {
            recalled = try await session.engine.recall(
                configuration, variables: variables, from: try await session.snapshotOrDiagnostic())
        } catch {
            throw session.fail(error.diagnostics, configuration.sources)
        }
        session.show(recalled.diagnostics, configuration.sources)
        try await answer(ConsoleSession(planner: recalled.planner), session)
    }

    private func answer(_ console: ConsoleSession, _ session: Session) async throws {
        if isatty(STDIN_FILENO) == 1, session.terminal.isInteractive {
            try await converse(console, session)
        } else {
            try await readAll(console, session)
        }
    }

    /// Input for a program to read: nothing but the last answer.
    private func readAll(_ console: ConsoleSession, _ session: Session) async throws {
        var pending = PendingInput()
        var last: String?
        while let line = readLine() {
            guard pending.add(line) else { continue }
            switch await console.answer(pending.text) {
            case .text(let text): last = text
            case .exit: return
            case .faults(let diagnostics, let sources): throw session.fail(diagnostics, sources)
            }
            pending = PendingInput()
        }
        if !pending.isEmpty, case .faults(let diagnostics, let sources) = await console.answer(pending.text) {
            throw session.fail(diagnostics, sources)
        }
        session.terminal.write((last ?? "") + "\n")
    }

    private func converse(_ console: ConsoleSession, _ session: Session) async throws {
        let keyboard = Keyboard(width: session.terminal.width)
        defer { keyboard.restore() }
        while let text = await keyboard.read(isComplete: ConsoleSession.isComplete) {
            switch await console.answer(text) {
            case .text(""): break
            case .text(let answer): session.terminal.write(answer + "\n")
            case .exit: return
            case .faults(let diagnostics, let sources): session.show(diagnostics, sources)
            }
            await OutputThread.shared.drain()
        }
    }
}

extension Session {
    func snapshotOrDiagnostic() async throws(DiagnosticError) -> StateSnapshot {
        do throws(StateStoreError) {
            return try await store.snapshot()
        } catch {
            throw DiagnosticError(error.diagnostic)
        }
    }
}
