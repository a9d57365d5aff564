import ArgumentParser
import Diagnostics
import Engine
import Foundation
import HCLSyntax

struct FormatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fmt", abstract: "Rewrite files of the configuration in the canonical layout.",
        discussion: """
            Native syntax alone: .tf, .tfvars, .tftest.hcl and .tfmock.hcl. Without a target, the files of the working directory; with -, standard \
            input to standard output.
            """)

    @Flag(name: .customLong("no-color"), help: "Write no colours.")
    var noColor = false

    @Option(name: .customLong("list"), help: "List the files whose layout is another.")
    var list = Toggle(true)

    @Option(name: .customLong("write"), help: "Write the files.")
    var write = Toggle(true)

    @Flag(name: .customLong("diff"), help: "Show what changes.")
    var diff = false

    @Flag(name: .customLong("check"), help: "Write nothing; exit code 3 if a file's layout is another.")
    var check = false

    @Flag(name: .customLong("recursive"), help: "Also the files in folders below.")
    var recursive = false

    @Argument(help: "Files and folders, or - for standard input.")
    var targets: [String] = []

    func run() throws {
        let session = Session(color: noColor ? false : nil)
        var run = FormatRun(
            lists: list.isOn || check, writes: write.isOn && !check, differs: diff, isRecursive: recursive,
            workingDirectory: session.workingDirectory)
        if !check { run.emit = { session.terminal.write($0) } }
        var listsWhatDiffers = list.isOn
        if targets.first == "-" {
            if !check { run.lists = false }
            run.writes = false
            listsWhatDiffers = false
            run.standardInput()
        } else {
            for target in targets.isEmpty ? ["."] : targets { guard run.target(target) else { break } }
        }
        session.show(run.diagnostics, run.sources)
        if run.diagnostics.hasErrors { throw CommandFailure(code: 2) }
        guard check else { return }
        if listsWhatDiffers { session.terminal.write(run.held) }
        if !run.held.isEmpty { throw CommandFailure(code: 3) }
    }
}
