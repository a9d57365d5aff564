import ArgumentParser
import ConfigModel
import Diagnostics
import Engine
import Foundation
import HCLSyntax
import Values

struct TestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the configuration's tests.",
        discussion:
            "Tests are files that end in .tftest.hcl or .tftest.json, here and in the folder \"tests\". What they make is real unless they say otherwise, is recorded in memory alone, and is destroyed at the end of each file."
    )

    @OptionGroup var output: OutputOptions

    @Option(name: .customLong("filter"), help: ArgumentHelp("Run only this file; may be given several times.", valueName: "file"))
    var filters: [String] = []

    @Option(name: .customLong("test-directory"), help: ArgumentHelp("The folder of tests.", valueName: "folder"))
    var testDirectory: String?

    @Option(name: .customLong("var"), help: ArgumentHelp("Give a root variable a value.", valueName: "name=value"))
    var variables: [String] = []

    @Option(name: .customLong("var-file"), help: ArgumentHelp("Read root variables from a file.", valueName: "file"))
    var variableFiles: [String] = []

    @Option(name: .customLong("junit-xml"), help: ArgumentHelp("Write a report for build servers.", valueName: "file"))
    var report: String?

    @Option(name: .customLong("parallelism"), help: "Steps at once.")
    var parallelism = 64

    @Flag(name: .customLong("verbose"), help: "Show the plan or the state of each run.")
    var verbose = false

    func run() async throws {
        let session = output.session()
        let directory = cleanPath(testDirectory ?? "tests")
        let (files, testSources) = try read(directory, session)
        let view = TestView(session: session, isStream: output.json, sources: testSources)
        view.begin()
        let (root, sources, diagnostics) = session.engine.load(variables: session.variableInputs)
        var all = sources
        all.merge(testSources)
        guard let root, !diagnostics.hasErrors else {
            view.tell(diagnostics, all, file: nil, run: nil)
            throw CommandFailure.failed
        }
        view.tell(diagnostics, all, file: nil, run: nil)
        let modules = try modules(of: files, view, session)
        let flow = TestGlobals(session: session, root: root)
        let globals = try flow.values(with: [])
        let inside = try flow.values(with: VariableInputs.automaticFiles(in: directory, sources: session.catalog.sources))
        if testDirectory != nil, session.catalog.sources.list(directory) == nil {
            view.tell(
                [.warning("Test directory does not exist", "Requested test directory \(directory) does not exist.")], all, file: nil,
                run: nil)
        }
        let runner = TestRunner(
            session: session, root: root, modules: modules, globals: globals, testDirectory: (directory, inside), view: view,
            isVerbose: verbose, parallelism: parallelism)
        let wanted = filters.map { cleanPath($0) }
        let chosen = wanted.isEmpty ? files : files.filter { wanted.contains($0.path) }
        view.found(chosen)
        let results = try await runner.run(chosen)
        var counts: [TestRunner.Status: Int] = [:]
        for (_, runs) in results { for (_, outcome) in runs { counts[outcome.status, default: 0] += 1 } }
        view.summary(counts, isClean: !runner.hasLeftovers)
        if let report { try write(JUnitReport(files: results, sources: runner.sources).text, to: report, session) }
        if (counts[.fail] ?? 0) + (counts[.error] ?? 0) > 0 || runner.interrupts.isRaised || runner.hasLeftovers {
            throw CommandFailure.failed
        }
    }

    private func write(_ text: String, to path: String, _ session: Session) throws(CommandFailure) {
        try session.attempt("Failed to write the report") { try Data(text.utf8).write(to: URL(filePath: path), options: .atomic) }
    }

    // MARK: Reading

    /// The test files, in the order of their paths. A fault in any of them is the end: what it was to test is not known.
    private func read(_ directory: String, _ session: Session) throws(CommandFailure) -> ([TestFile], SourceMap) {
        var reader = TestReader(files: session.catalog.sources)
        let files = reader.read(folders: Set([".", directory]).sorted())
        let (sources, diagnostics) = (reader.sources, reader.diagnostics)
        if diagnostics.hasErrors {
            let view = TestView(session: session, isStream: output.json, sources: sources)
            view.begin()
            view.tell(diagnostics, sources, file: nil, run: nil)
            throw .failed
        }
        return (files, sources)
    }

    /// Modules that runs name, loaded once each.
    private func modules(of files: [TestFile], _ view: TestView, _ session: Session) throws(CommandFailure) -> [String: Configuration] {
        var modules: [String: Configuration] = [:]
        for module in files.flatMap({ $0.runs.compactMap(\.module) }) where modules[module.source] == nil {
            guard module.source.hasPrefix("./") || module.source.hasPrefix("../") else {
                throw session.fail(
                    [
                        .error(
                            "Module not installed", "Runs can only name modules in local folders yet, and \"\(module.source)\" is none.",
                            at: module.span, hints: ["A local path begins with ./ or ../"])
                    ], view.sources)
            }
            let (configuration, sources, diagnostics) = session.engine.load(root: module.source, variables: session.variableInputs)
            var all = sources
            all.merge(view.sources)
            guard let configuration, configuration.hasFiles else {
                if diagnostics.hasErrors, sources.bytes(of: module.source) != nil || diagnostics.contains(where: { $0.subject != nil }) {
                    view.tell(diagnostics, all, file: nil, run: nil)
                } else {
                    view.tell(
                        [
                            .error(
                                "Module not installed",
                                "There is no module in \(module.source), which is relative to the module under test.",
                                at: module.span)
                        ], all, file: nil, run: nil)
                }
                throw .failed
            }
            modules[module.source] = configuration
        }
        return modules
    }
}
