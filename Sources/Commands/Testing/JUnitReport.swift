import Diagnostics
import Foundation

/// The outcomes of all files in the form that build servers read.
struct JUnitReport {
    let files: [(file: TestFile, runs: [(run: TestRun, outcome: TestRunner.Outcome)])]
    let sources: SourceMap

    var text: String {
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?><testsuites>"]
        for (file, runs) in files {
            func count(_ status: TestRunner.Status) -> Int { runs.count { $0.outcome.status == status } }
            lines.append(
                "  <testsuite name=\(quoted(file.path)) tests=\"\(runs.count)\" skipped=\"\(count(.skip))\" failures=\"\(count(.fail))\" errors=\"\(count(.error))\">"
            )
            var broken: String?
            for (run, outcome) in runs {
                lines += testcase(run, outcome, file, after: broken)
                if outcome.status == .error, broken == nil { broken = run.name }
            }
            lines.append("  </testsuite>")
        }
        return (lines + ["</testsuites>"]).joined(separator: "\n") + "\n"
    }

    private func testcase(_ run: TestRun, _ outcome: TestRunner.Outcome, _ file: TestFile, after broken: String?) -> [String] {
        let head = "    <testcase name=\(quoted(run.name)) classname=\(quoted(file.path))"
        let time = " time=\"\(outcome.seconds)\" timestamp=\"\(outcome.startedAt.formatted(.iso8601))\""
        let errors = outcome.diagnostics.filter { $0.severity == .error }
        let warnings = outcome.diagnostics.filter { $0.severity == .warning }
        var inner: [String] = []
        switch outcome.status {
        case .skip:
            let reason = broken.map { "The run before it, \"\($0)\", ended in an error, so that the rest of the file was skipped." }
            return [
                head + ">",
                "      <skipped message=\(quoted(reason == nil ? "Testcase skipped" : "Testcase skipped due to a previous testcase error"))>\(data(reason ?? "Interrupted."))</skipped>",
                "    </testcase>",
            ]
        case .fail: inner.append("      <failure message=\"Test run failed\">\(data(text(errors)))</failure>")
        case .error: inner.append("      <error message=\"Encountered an error\">\(data(text(errors)))</error>")
        case .pass: break
        }
        if !warnings.isEmpty { inner.append("      <system-err>\(data(text(warnings)))</system-err>") }
        if inner.isEmpty { return [head + time + "></testcase>"] }
        return [head + time + ">"] + inner + ["    </testcase>"]
    }

    private func text(_ diagnostics: [Diagnostic]) -> String {
        diagnostics.map { "\n" + $0.rendered(sources: sources) }.joined()
    }

    /// What ends such a section within the text is cut in two.
    private func data(_ text: String) -> String {
        let allowed = String(
            text.unicodeScalars.filter { $0 == "\n" || $0 == "\t" || $0.value >= 0x20 && $0.value != 0xFFFE && $0.value != 0xFFFF })
        return "<![CDATA[\(allowed.replacing("]]>", with: "]]]]><![CDATA[>"))]]>"
    }

    private func quoted(_ text: String) -> String {
        let escaped = text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing(
            "\"", with: "&quot;")
        return "\"\(escaped)\""
    }
}
