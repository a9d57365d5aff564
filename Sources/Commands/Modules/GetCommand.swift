import ArgumentParser
import ModulePackages

struct GetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "get", abstract: "Fetch the modules that the configuration names from elsewhere.",
        discussion: "They are kept in .ashlar/modules. This is a part of init.")

    @OptionGroup var output: OutputOptions

    @Flag(name: .customLong("update"), help: "Fetch all anew: the newest versions and commits that are allowed.")
    var update = false

    @Option(name: .customLong("var"), help: ArgumentHelp("Give a root variable a value.", valueName: "name=value"))
    var variables: [String] = []

    @Option(name: .customLong("var-file"), help: ArgumentHelp("Read root variables from a file.", valueName: "file"))
    var variableFiles: [String] = []

    func run() async throws { _ = try await output.session().installModules(renewing: update ? .everything : .missing) }
}
