import Glibc
import Processes
import ProviderKit
import Values

/// `local-exec`: one command on this machine.
struct LocalExec {
    private let command: String
    private let arguments: [String]
    private let environment: [String: String]
    private let directory: String
    private let isQuiet: Bool
    private let shown: Shown
    private let waitForRoom: @Sendable () -> Void

    /// How much of what it printed an error repeats.
    private static let tailLimit = 8 << 10

    init(_ request: ProvisionRequest, _ settings: Provisioners.Settings, _ shown: Shown) throws(ProviderFailure) {
        self.shown = shown
        waitForRoom = settings.waitForRoom
        let configuration = request.configuration
        guard let command = configuration["command"]?.stringValue, !command.isEmpty else {
            throw ProviderFailure(
                .invalidConfiguration, summary: "Invalid local-exec provisioner command", detail: "The command must be a non-empty string.")
        }
        self.command = command
        let interpreter = configuration["interpreter"]?.elements?.compactMap(\.stringValue) ?? []
        arguments = (interpreter.isEmpty ? ["/bin/sh", "-c"] : interpreter) + [command]
        var environment = settings.environment
        for (name, value) in configuration["environment"]?.entries ?? [] { environment[name] = value.stringValue ?? "" }
        for (name, value) in environment where name.utf8.contains(0) || value.utf8.contains(0) {
            throw .provisioner(
                "local-exec", "The value of the environment variable \(name) holds a NUL byte, which no process can be given.")
        }
        if arguments.contains(where: { $0.utf8.contains(0) }) {
            throw .provisioner("local-exec", "The command holds a NUL byte, which no process can be given.")
        }
        self.environment = environment
        let given = configuration["working_dir"]?.stringValue ?? ""
        directory =
            given.isEmpty ? settings.workingDirectory : given.hasPrefix("/") ? given : settings.workingDirectory + "/" + given
        isQuiet = configuration["quiet"]?.boolValue ?? false
    }

    func run() async throws(ProviderFailure) {
        if isQuiet {
            shown.line("local-exec: Executing: Suppressed by quiet=true")
        } else {
            shown.line("Executing: [" + arguments.map(Self.quoted).joined(separator: " ") + "]")
        }
        let process: LocalProcess
        do throws(SystemFailure) {
            process = try LocalProcess(arguments, environment: environment, directory: directory)
        } catch {
            throw failed(error.description, output: "")
        }
        let (shown, waitForRoom) = (self.shown, self.waitForRoom)
        let (end, tail) = await withTaskCancellationHandler {
            await BlockingThreads.shared.run {
                var lines = LineSplitter()
                var tail = OutputTail(limit: Self.tailLimit)
                let end = process.run { bytes in
                    tail.append(bytes)
                    lines.take(bytes) { shown.line($0) }
                    // Who is not read has to wait, as at any pipe.
                    waitForRoom()
                }
                lines.end { shown.line($0) }
                return (end, tail)
            }
        } onCancel: {
            process.kill()
        }
        if process.wasKilled {
            throw .provisioner("local-exec", "The command was stopped, with everything that it had started.", code: .cancelled)
        }
        switch end {
        case .exited(0): return
        case .exited(let status): throw failed("exit status \(status)", output: tail.text)
        case .signalled(let number): throw failed("signal: \(Self.name(ofSignal: number))", output: tail.text)
        case .lost(let reason): throw failed(reason, output: tail.text)
        }
    }

    private func failed(_ reason: String, output: String) -> ProviderFailure {
        if let notice = shown.notice {
            return .provisioner("local-exec", "Error running a command: \(reason). \(notice)")
        }
        return .provisioner("local-exec", "Error running command '\(command)': \(reason). Output: \(output)")
    }

    /// In double quotes, as the reference shows arguments.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\x" + (digits.count < 2 ? "0" : "") + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func name(ofSignal number: Int32) -> String {
        let text = String(cString: strsignal(number)).lowercased()
        return text.hasPrefix("unknown") ? "\(number)" : text
    }
}
