import ConfigModel
import Diagnostics
import Foundation
import Glibc
import Values

/// Asks on the terminal for root variables that nothing gives a value.
struct VariablePrompt {
    let session: Session

    /// Nil where nobody is to be asked, or nobody is there.
    init?(_ session: Session, _ input: Toggle) {
        guard input.isOn, session.messages == nil, isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 else { return nil }
        if let text = session.environment["TF_INPUT"], let wanted = Toggle(argument: text), !wanted.isOn { return nil }
        self.session = session
    }

    /// - Throws: where standard input ends, or Ctrl-C is pressed.
    func answers(for variables: [Variable], _ sources: SourceMap) throws(CommandFailure) -> [VariableInputs.CommandLineItem] {
        var answers: [VariableInputs.CommandLineItem] = []
        for variable in variables.sorted(by: { $0.name.precedesByBytes($1.name) }) {
            session.terminal.write(session.paint.bold("var.\(variable.name)") + "\n")
            if !variable.description.isEmpty {
                session.terminal.write("  \(variable.description.replacing("\n", with: "\n  "))\n\n")
            }
            session.terminal.write("  " + session.paint.bold("Enter a value: "))
            guard let answer = variable.isSensitive ? hiddenLine() : readLine() else {
                session.terminal.write("\n")
                throw session.fail(
                    [
                        .error(
                            "No value for required variable",
                            "The root module input variable \"\(variable.name)\" is not set, and the question for it was not answered.",
                            at: variable.span,
                            hints: ["Use a -var or -var-file command line argument to provide a value for this variable."])
                    ], sources)
            }
            session.terminal.write("\n")
            answers.append(.assignment("\(variable.name)=\(answer)"))
        }
        return answers
    }

    /// A line that nobody sees. Signals of the keyboard are off meanwhile: one that ended the program would leave the terminal without its echo.
    private func hiddenLine() -> String? {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { return readLine() }
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO | ISIG | ICANON)
        tcsetattr(STDIN_FILENO, TCSADRAIN, &hidden)
        defer { tcsetattr(STDIN_FILENO, TCSADRAIN, &before) }
        var bytes: [UInt8] = []
        var byte: UInt8 = 0
        while read(STDIN_FILENO, &byte, 1) == 1 {
            switch byte {
            case 3, 28: return nil
            case 4 where bytes.isEmpty: return nil
            case 8, 127: while let last = bytes.popLast(), last & 0xC0 == 0x80 {}
            case 10, 13: return String(decoding: bytes, as: UTF8.self)
            default: bytes.append(byte)
            }
        }
        return nil
    }
}
