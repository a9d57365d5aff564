import Addresses
import Diagnostics
import Engine
import Foundation
import Planning
import StateModel
import Values

/// What is said while tests run: lines for people, or messages for programs.
struct TestView {
    let session: Session
    let isStream: Bool
    /// Of the test files.
    let sources: SourceMap

    private var terminal: Terminal { session.terminal }
    private var paint: Paint { session.paint }

    private func word(_ status: TestRunner.Status) -> String {
        switch status {
        case .pass: paint.green("pass")
        case .skip: paint.dim("skip")
        case .fail, .error: paint.red("fail")
        }
    }

    // MARK: Files

    func found(_ files: [TestFile]) {
        guard isStream else { return }
        let runs = files.reduce(0) { $0 + $1.runs.count }
        let text =
            "Found \(files.count) file\(files.count == 1 ? "" : "s") and \(runs) run block\(runs == 1 ? "" : "s")"
        message(text, type: "test_abstract") { json in
            json.key("test_abstract")
            json.object { json in
                for file in files {
                    json.key(file.path)
                    json.array { json in for run in file.runs { json.string(run.name) } }
                }
            }
        }
    }

    func began(_ file: TestFile) { self.file(file, "in progress", progress: "starting") }
    func tearingDown(_ file: TestFile) { self.file(file, "tearing down", progress: "teardown") }

    func ended(_ file: TestFile, _ status: TestRunner.Status, isClean: Bool) {
        // A file without runs has nothing that fails.
        let status = file.runs.isEmpty && isClean ? .pass : status
        self.file(file, isStream ? status.shown : word(status), progress: "complete", status)
    }

    private func file(_ file: TestFile, _ text: String, progress: String, _ status: TestRunner.Status? = nil) {
        guard isStream else { return terminal.write("\(file.path)... \(text)\n") }
        message("\(file.path)... \(text)", type: "test_file", file: file.path) { json in
            json.key("test_file")
            json.object { json in
                json.pair("path", file.path)
                json.pair("progress", progress)
                if let status { json.pair("status", status.rawValue) }
            }
        }
    }

    // MARK: Runs

    func began(_ run: TestRun, in file: TestFile) { progress(run, file, "in progress", "starting") }
    func tearingDown(_ run: TestRun, in file: TestFile) { progress(run, file, "tearing down", "teardown") }

    private func progress(_ run: TestRun, _ file: TestFile, _ text: String, _ progress: String, _ status: TestRunner.Status? = nil) {
        guard isStream else { return }
        message("  \"\(run.name)\"... \(text)", type: "test_run", file: file.path, run: run.name) { json in
            json.key("test_run")
            json.object { json in
                json.pair("path", file.path)
                json.pair("run", run.name)
                json.pair("progress", progress)
                if let status {
                    json.pair("status", status.rawValue)
                } else {
                    json.key("elapsed")
                    json.int(0)
                }
            }
        }
    }

    func ended(_ run: TestRun, _ outcome: TestRunner.Outcome, in file: TestFile, sources: SourceMap, isVerbose: Bool) {
        if isStream {
            progress(run, file, outcome.status.shown, "complete", outcome.status)
        } else {
            terminal.write("  run \"\(run.name)\"... \(word(outcome.status))\n")
            if isVerbose, let planned = outcome.planned { show(run, planned, outcome, sources) }
        }
        tell(outcome.diagnostics, sources, file: file.path, run: run.name)
    }

    /// The plan, or what is recorded after the apply.
    private func show(_ run: TestRun, _ planned: Engine.Planned, _ outcome: TestRunner.Outcome, _ sources: SourceMap) {
        if run.command == .plan {
            let buffer = OutputBuffer(terminal)
            PlanRenderer(paint: paint, sources: sources, kinds: [:], write: { buffer.write($0) }).render(
                planned.plan, base: planned.base.objects.mapValues(\.attributes))
            buffer.flush()
            return
        }
        guard let snapshot = outcome.snapshot else { return }
        let printer = StatePrinter(paint: paint)
        for address in snapshot.objects.keys.sorted() {
            if let object = snapshot.objects[address] { terminal.write("\n" + printer.text(object)) }
        }
        if !snapshot.outputs.isEmpty { terminal.write("\n\nOutputs:\n\n" + outputText(snapshot.outputs)) }
        terminal.write("\n")
    }

    /// Objects that could not be destroyed.
    func left(_ addresses: [ObjectAddress], by run: TestRun, in file: TestFile) {
        let list = addresses.map { "\n  - \($0)" }.joined()
        let text =
            "What the run block \"\(run.name)\" of \(file.path) has left could not be destroyed, and nothing knows of it any more. It has to be removed by hand:\(list)"
        guard isStream else { return terminal.writeError("\n\(text)\n") }
        message(text, type: "test_cleanup", level: "error", file: file.path, run: run.name) { json in
            json.key("test_cleanup")
            json.object { json in
                json.key("failed_resources")
                json.array { json in for address in addresses { json.object { $0.pair("instance", address.instance.publishedDescription) } }
                }
            }
        }
    }

    func summary(_ counts: [TestRunner.Status: Int], isClean: Bool) {
        let passed = counts[.pass] ?? 0
        let (failed, errored, skipped) = (counts[.fail] ?? 0, counts[.error] ?? 0, counts[.skip] ?? 0)
        let isGood = failed + errored == 0 && isClean
        let text = "\(passed) passed, \(failed + errored) failed\(skipped > 0 ? ", \(skipped) skipped" : "")."
        guard isStream else {
            let word = isGood ? paint.green("Success!") : paint.red("Failure!")
            return terminal.write("\n\(word) \(text)\n")
        }
        let status = errored > 0 || !isClean ? "error" : failed > 0 ? "fail" : passed > 0 ? "pass" : skipped > 0 ? "skip" : "pending"
        message("\(isGood ? "Success!" : "Failure!") \(text)", type: "test_summary") { json in
            json.key("test_summary")
            json.object { json in
                json.pair("status", status)
                for (name, count) in [("passed", passed), ("failed", failed), ("errored", errored), ("skipped", skipped)] {
                    json.key(name)
                    json.int(count)
                }
            }
        }
    }

    // MARK: Messages

    func tell(_ diagnostics: [Diagnostic], _ all: SourceMap, file: String?, run: String?) {
        guard isStream else { return session.show(diagnostics, all) }
        for diagnostic in diagnostics {
            let isError = diagnostic.severity == .error
            let text = "\(isError ? "Error" : "Warning"): \(diagnostic.summary)"
            message(text, type: "diagnostic", level: isError ? "error" : "warn", file: file, run: run) { json in
                json.key("diagnostic")
                json.raw(diagnostic.published(sources: all) { PublishedFunctions.signature(of: $0) }.json())
            }
        }
    }

    func message(
        _ text: String, type: String, level: String = "info", file: String? = nil, run: String? = nil, _ body: (inout JSONText) -> Void
    ) {
        var json = JSONText()
        json.object { json in
            json.pair("@level", level)
            json.pair("@message", text)
            json.pair("@module", "ashlar.ui")
            if let file { json.pair("@testfile", file) }
            if let run { json.pair("@testrun", run) }
            json.pair("@timestamp", Date().formatted(.iso8601))
            json.pair("type", type)
            body(&json)
        }
        terminal.write(json.text + "\n")
    }

    func begin() {
        guard isStream else { return }
        message("Ashlar \(version)", type: "version") { json in
            json.pair("terraform", PublishedState.terraformVersion)
            json.pair("ui", "1.2")
        }
    }
}

extension TestRunner.Status {
    /// In a message's text.
    var shown: String { self == .error ? "fail" : rawValue }
}
