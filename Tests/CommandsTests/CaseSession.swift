import Foundation
import Testing

/// A folder with configuration files and a `session` of commands, their exit codes and what they print.
///
/// Lines that begin with `$ ` are commands for a shell in a fresh copy of the folder; the lines up to the next one are what it must print on
/// both outputs, ending with `[exit N]` where N is not 0. Identifiers, times and the folder's path are replaced by words.
/// With `ASHLAR_WRITE_CASES=1` the sessions are written anew, to be read before they are committed.
struct CaseSession {
    let source: URL
    /// What the commands find in their environment besides the program.
    let environment: [String: String]
    /// What differs from run to run, and the words for it.
    let words: KeyValuePairs<String, String>
    /// Where the copy is made.
    let work: URL

    /// - Parameter work: a folder whose name is always the same, where lines that name it are broken by their length.
    init(_ source: URL, in work: URL? = nil, environment: [String: String] = [:], words: KeyValuePairs<String, String> = [:]) {
        self.source = source
        self.work =
            work
            ?? FileManager.default.temporaryDirectory.appending(
                path: "ashlar-case-\(source.lastPathComponent)-\(ProcessInfo.processInfo.processIdentifier)")
        self.environment = environment
        self.words = words
    }

    /// Runs the commands, and compares.
    func hold(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        // Of a run that was killed; most often there is none.
        try? FileManager.default.removeItem(at: work)
        try FileManager.default.copyItem(at: source, to: work)
        defer { try? FileManager.default.removeItem(at: work) }
        let session = source.appending(path: "session")
        let expected = try String(contentsOf: session, encoding: .utf8)
        try FileManager.default.removeItem(at: work.appending(path: "session"))
        var actual = ""
        for line in expected.split(separator: "\n", omittingEmptySubsequences: false) where line.hasPrefix("$ ") {
            let (output, code) = try await Workplace.Running(String(line.dropFirst(2)), in: work, environment: environment).end()
            actual += line + "\n" + filtered(output.text, work)
            if !actual.hasSuffix("\n") { actual += "\n" }
            if code != 0 { actual += "[exit \(code)]\n" }
        }
        if ProcessInfo.processInfo.environment["ASHLAR_WRITE_CASES"] == "1" {
            try actual.write(to: session, atomically: true, encoding: .utf8)
        }
        #expect(
            actual == (try String(contentsOf: session, encoding: .utf8)), "\(source.lastPathComponent): \(difference(actual, expected))",
            sourceLocation: sourceLocation)
    }

    /// The first line that differs, with its neighbours: what one wants to see.
    private func difference(_ actual: String, _ expected: String) -> String {
        let a = actual.split(separator: "\n", omittingEmptySubsequences: false)
        let b = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let place = zip(a, b).enumerated().first { $0.element.0 != $0.element.1 }?.offset ?? min(a.count, b.count)
        return "line \(place + 1): expected «\(place < b.count ? b[place] : "")», got «\(place < a.count ? a[place] : "")»"
    }

    /// Steps that run at once may begin and end in any order: each run of such lines is sorted.
    private func progressSorted(_ text: String) -> String {
        var result: [Substring] = []
        var progress: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.contains(/^\S.*: (Creating|Creation|Destroying|Destruction|Modifying|Modifications|Reading|Read|failed)\b/) {
                progress.append(line)
            } else {
                result += progress.sorted()
                progress = []
                result.append(line)
            }
        }
        return (result + progress.sorted()).joined(separator: "\n")
    }

    private func filtered(_ text: String, _ directory: URL) -> String {
        var text = progressSorted(text).replacing(directory.path, with: "FOLDER").replacing(Workplace.root.path, with: "ROOT")
        for (found, word) in words { text = text.replacing(found, with: word) }
        return
            text
            .replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "UUID")
            .replacing(/\b[0-9a-f]{40}\b/, with: "SHA1")
            .replacing(/\d+\.\d s into/, with: "SECONDS into").replacing(/SHA256:[A-Za-z0-9+\/]{43}/, with: "SHA256:FINGERPRINT")
            .replacing(/AAAA[A-Za-z0-9+\/]{40,}=*/, with: "KEY")
            .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "TIME")
            .replacing(/after \d+s/, with: "after SECONDS").replacing(/\d+\.\ds/, with: "SECONDS").replacing(
                /tester@\S+/, with: "tester@HOST"
            )
            .replacing(/tester on \S+/, with: "tester on HOST")
    }
}
