import ArgumentParser
import ConfigModel
import Diagnostics
import Foundation
import ModulePackages
import ProviderKit

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    @Flag(name: .customLong("json"), help: "Write JSON.")
    var json = false

    func run() {
        OutputThread.shared.post(
            json
                ? "{\"ashlar_version\":\"\(version)\",\"terraform_version\":\"\(PublishedState.terraformVersion)\",\"platform\":\"\(platform)\",\"provider_selections\":{},\"terraform_outdated\":false}\n"
                : "Ashlar v\(version)\non \(platform)\n", to: .standard)
    }

    private var platform: String {
        #if arch(x86_64)
            "linux_amd64"
        #else
            "linux_arm64"
        #endif
    }
}

struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Fetch modules from elsewhere, and check that everything the configuration names is there.",
        discussion: "Modules of registries, repositories and archives are kept in .ashlar/modules; providers are folders of manifests.")

    @OptionGroup var output: OutputOptions

    @Flag(name: .customLong("upgrade"), help: "Fetch all modules anew: the newest versions and commits that are allowed.")
    var upgrade = false
    @Option(name: .customLong("get"), help: "Fetch modules.") var get = Toggle(true)
    @Option(name: .customLong("var"), help: ArgumentHelp("Give a root variable a value.", valueName: "name=value"))
    var variables: [String] = []
    @Option(name: .customLong("var-file"), help: ArgumentHelp("Read root variables from a file.", valueName: "file"))
    var variableFiles: [String] = []
    @OptionGroup var backend: BackendOptions
    @Option(name: .customLong("test-directory"), help: ArgumentHelp("The folder of tests.", valueName: "folder"))
    var testDirectory: String?

    func run() async throws {
        let session = output.session()
        let tests = session.testFileFaults(testDirectory)
        if tests.diagnostics.hasErrors { throw session.fail(tests.diagnostics, tests.sources) }
        let configuration =
            get.isOn ? try await session.installModules(renewing: upgrade ? .everything : .missing) : try session.configuration()
        let versions = session.builtinVersionFaults(configuration)
        if versions.hasErrors { throw session.fail(versions, configuration.sources) }
        session.show(versions, configuration.sources)
        if backend.backend.isOn { try await session.initializeBackend(backend) }
        var names: Set<String> = []
        for module in configuration.modules {
            for resource in module.resources {
                names.insert(configuration.providerName(of: configuration.providerConfiguration(for: resource.provider, in: module)))
            }
        }
        for name in names.sorted() {
            do {
                let source = try await session.catalog.source(named: name)
                session.terminal.write("- provider \(name) \(source.schema.version)\n")
            } catch {
                throw session.fail(error.diagnostics, configuration.sources)
            }
        }
        session.terminal.write("\n" + session.paint.bold(session.paint.green("Ashlar has been successfully initialized!")) + "\n")
    }
}

struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate", abstract: "Check the configuration without looking at anything outside.")

    @OptionGroup var output: OutputOptions
    @Option(name: .customLong("var"), help: ArgumentHelp("Give a root variable a value.", valueName: "name=value"))
    var variables: [String] = []
    @Option(name: .customLong("var-file"), help: ArgumentHelp("Read root variables from a file.", valueName: "file"))
    var variableFiles: [String] = []
    @Flag(name: .customLong("no-tests"), help: "Do not look at test files.")
    var noTests = false
    @Option(name: .customLong("test-directory"), help: ArgumentHelp("The folder of tests.", valueName: "folder"))
    var testDirectory: String?

    func run() async throws {
        let session = output.session()
        var (configuration, sources, diagnostics) = await session.validated()
        if !noTests {
            let tests = session.testFileFaults(testDirectory)
            diagnostics += tests.diagnostics
            sources.merge(tests.sources)
            if tests.diagnostics.hasErrors { configuration = nil }
        }
        if output.json {
            session.terminal.write(validationJSON(diagnostics, sources) + "\n")
            if configuration == nil { throw CommandFailure.failed }
            return
        }
        session.show(diagnostics, sources)
        if configuration == nil { throw CommandFailure.failed }
        session.terminal.write(session.paint.green("Success!") + " The configuration is valid.\n")
    }

    private func validationJSON(_ diagnostics: [Diagnostic], _ sources: SourceMap) -> String {
        let errors = diagnostics.count { $0.severity == .error }
        var json = JSONText(indent: 0)
        json.object { json in
            json.pair("format_version", "1.0")
            json.key("valid")
            json.bool(errors == 0)
            for (name, count) in [("error_count", errors), ("warning_count", diagnostics.count - errors)] {
                json.key(name)
                json.int(count)
            }
            json.key("diagnostics")
            json.array { json in
                for diagnostic in diagnostics {
                    // A signature stands five levels deep.
                    let published = diagnostic.published(sources: sources) { PublishedFunctions.signature(of: $0, indent: 5) }
                    json.raw(published.json(indent: 2))
                }
            }
        }
        return json.text
    }
}
