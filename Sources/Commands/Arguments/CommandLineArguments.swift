import ArgumentParser
import Diagnostics
import Foundation

/// The command line as its users write it, made into what the parser reads: flags with one dash or two, `-chdir` before the command.
struct CommandLineArguments {
    /// With two dashes before every long name.
    var arguments: [String] = []
    /// `-chdir=DIR`.
    var directory: String?
    /// What is wrong with the arguments that the environment adds.
    var fault: Diagnostic?

    /// Of this run, with what the environment adds.
    static let current = CommandLineArguments(of: Array(CommandLine.arguments.dropFirst()), ProcessInfo.processInfo.environment)

    private init(of raw: [String], _ environment: [String: String]) {
        do throws(DiagnosticError) {
            self.init(try EnvironmentArguments.adding(environment, to: raw))
        } catch {
            self.init(raw)
            fault = error.diagnostics.first
        }
    }

    /// - Parameter raw: without the program's name.
    init(_ raw: [String]) {
        var isBeforeCommand = true
        var isLiteral = false
        for argument in raw {
            if isLiteral || !argument.hasPrefix("-") || argument == "-" {
                isBeforeCommand = false
                arguments.append(argument)
                continue
            }
            if argument == "--" {
                isLiteral = true
                arguments.append(argument)
                continue
            }
            let name = argument.drop { $0 == "-" }
            if isBeforeCommand, name.hasPrefix("chdir=") {
                directory = String(name.dropFirst("chdir=".count))
                continue
            }
            // `-h` stays as it is; everything longer is a long name.
            arguments.append(argument.hasPrefix("--") || name.count < 2 ? argument : "-" + argument)
        }
    }

    /// `-var` and `-var-file` in the order given: the last of them wins, across both.
    static func variableInputs(_ arguments: [String]) -> [VariableInput] {
        var inputs: [VariableInput] = []
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            index += 1
            for (flag, make) in [("--var", VariableInput.assignment), ("--var-file", VariableInput.file)] {
                if argument == flag, index < arguments.count {
                    inputs.append(make(arguments[index]))
                    index += 1
                } else if argument.hasPrefix(flag + "=") {
                    inputs.append(make(String(argument.dropFirst(flag.count + 1))))
                }
            }
        }
        return inputs
    }
}

/// One `-var` or `-var-file`.
enum VariableInput: Equatable {
    case assignment(String)
    case file(String)
}
