import Foundation
import Testing

/// Test files whose outcomes are the reference's own: the lines that say how runs end, the summaries of what is said, the exit code.
///
/// A folder of `TestRuns` has a module and cases; each is a test file in either syntax, `flags` beside it where there are some, and what the reference said,
/// sorted, for it writes its two outputs in no fixed order.
@Suite struct TestRunTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "TestRuns")

    private static func names(in url: URL) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted()
    }

    static var cases: [String] {
        names(in: folder).flatMap { group in
            names(in: folder.appending(path: "\(group)/cases")).filter { $0.contains(".tftest.") }.map {
                "\(group)/cases/\($0)"
            }
        }
    }

    @Test func thereAreCases() { #expect(Self.cases.count >= 70) }

    @Test(arguments: cases)
    func endsAsWithTheReference(_ name: String) async throws {
        let work = try Workplace("")
        let group = name.split(separator: "/")[0]
        let module = Self.folder.appending(path: "\(group)/module")
        for entry in Self.names(in: module) {
            let target = work.folder.appending(path: entry)
            try? FileManager.default.removeItem(at: target)
            try FileManager.default.copyItem(at: module.appending(path: entry), to: target)
        }
        try FileManager.default.createDirectory(at: work.folder.appending(path: "tests"), withIntermediateDirectories: true)
        let source = Self.folder.appending(path: name)
        let syntax = source.pathExtension
        let rest = String(name.dropLast(".tftest.\(syntax)".count))
        try FileManager.default.copyItem(at: source, to: work.folder.appending(path: "tests/x.tftest.\(syntax)"))
        // Most have none.
        let flags = (try? String(contentsOf: Self.folder.appending(path: rest + ".flags"), encoding: .utf8)) ?? ""
        let (output, code) = try await work.run("ashlar test -no-color \(flags)")
        let told = output.text.split(separator: "\n").filter { line in
            line.contains(/^(Error|Warning|Success|Failure)/) || line.hasPrefix("  run \"") || line.contains(/tftest\.(hcl|json)\.\.\./)
        }
        let actual = told.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } + ["exit \(code)"]
        let expected = try String(contentsOf: Self.folder.appending(path: rest + ".expected"), encoding: .utf8).split(separator: "\n")
        #expect(actual == expected, "\(output)")
        // Nothing of a test is recorded beside the configuration.
        #expect(!FileManager.default.fileExists(atPath: work.state.path))
    }
}
