public import ArgumentParser
import Diagnostics
import Engine
import Foundation
import Processes

/// The program's version.
let version = "0.1.0"

/// `ashlar`.
public struct RootCommand: AsyncParsableCommand {
    public static let configuration = CommandConfiguration(
        commandName: "ashlar",
        abstract: "Provisions infrastructure from a declarative configuration: clouds through their APIs, machines over SSH.",
        version: "Ashlar \(version)",
        subcommands: [
            InitCommand.self, GetCommand.self, ModulesCommand.self, ValidateCommand.self, FormatCommand.self, PlanCommand.self,
            ApplyCommand.self,
            DestroyCommand.self,
            ShowCommand.self,
            ImportCommand.self, OutputCommand.self, StateCommand.self, HistoryCommand.self, ForceUnlockCommand.self, ConsoleCommand.self,
            GraphCommand.self,
            ProvidersCommand.self, MetadataCommand.self, RefreshCommand.self, TaintCommand.self, UntaintCommand.self,
            WorkspaceCommand.self, TestCommand.self, VersionCommand.self,
        ])

    public init() {}

    /// Runs the program on its own arguments and ends it with the right exit code.
    public static func start() async {
        // A reader that goes away and a limit on the size of files are errors where they happen, not the end of a run in the middle of its work.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        var line = CommandLineArguments.current
        line.arguments = CommandLineArguments.settlingSwitches(line.arguments)
        if let directory = line.directory, !FileManager.default.changeCurrentDirectoryPath(directory) {
            let reason = FileReadFailure(errno)
            let text = "Error: Error handling -chdir option\n\nCould not change to \(directory): \(reason).\n"
            OutputThread.shared.post(text, to: .error)
            await end(1)
        }
        if let fault = faultInEnvironment(ProcessInfo.processInfo.environment) {
            await end(Session(color: nil).fail([fault], SourceMap()).code)
        }
        let (settled, foreign) = ForeignOptions.settled(line.arguments, known: hasOption)
        if let fault = line.fault ?? MissingCommands.fault(in: line.arguments) ?? foreign ?? unknownCommand(line.arguments) {
            await end(Session(color: nil).fail([fault], SourceMap()).code)
        }
        line.arguments = settled
        do {
            var command = try parseAsRoot(line.arguments)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            await end(0)
        } catch let error as CommandFailure {
            await end(error.code)
        } catch {
            // The parser's own: help on standard output, or usage on standard error, which is an error like any other.
            let isHelp = exitCode(for: error) == .success
            let text = fullMessage(for: error)
            if !text.isEmpty { OutputThread.shared.post(text + "\n", to: isHelp ? .standard : .error) }
            await end(isHelp ? 0 : 1)
        }
    }

    private static func subcommand(_ words: [String]) -> (any ParsableCommand.Type)? {
        var found: (any ParsableCommand.Type)?
        var among = configuration.subcommands
        for word in words {
            guard let next = among.first(where: { $0.configuration.commandName == word }) else { break }
            found = next
            among = next.configuration.subcommands
        }
        return found
    }

    static func hasOption(_ words: [String], _ name: String) -> Bool {
        guard let command = subcommand(words) else { return false }
        let help = helpMessage(for: command, includeHidden: true)
        return help.split(whereSeparator: { " \n,[]()/".contains($0) }).contains("--\(name)")
    }

    /// A slip of the pen in a command's name.
    private static func unknownCommand(_ arguments: [String]) -> Diagnostic? {
        guard let first = arguments.first, !first.hasPrefix("-"), first != "help", subcommand([first]) == nil else { return nil }
        let near = nearestName(first, among: configuration.subcommands.compactMap { $0.configuration.commandName })
        return .error(
            "Ashlar has no command named \"\(first)\".", "",
            hints: (near.map { ["Did you mean \"\($0)\"?"] } ?? []) + ["To see all commands, run: ashlar -help"])
    }

    /// Ends the program when all is said. Output that could not be written is an error, whatever else went well.
    static func end(_ code: Int32) async -> Never {
        ChildProcess.killAll()
        await Session.closeAll()
        let output = OutputThread.shared
        await output.drain()
        guard let reason = output.lostOutput else { Foundation.exit(code) }
        output.post("Error: standard output could not be written: \(reason).\n", to: .error)
        await output.drain()
        Foundation.exit(1)
    }
}

/// The command has said what there is to say and ends with this code.
struct CommandFailure: Error {
    var code: Int32
    static let failed = CommandFailure(code: 1)
    /// `plan -detailed-exitcode`: there are changes.
    static let changes = CommandFailure(code: 2)
}
