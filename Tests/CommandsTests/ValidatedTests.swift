import Foundation
import Testing

/// `validate -json`, byte for byte as the reference writes it but for our hints, which it does not have.
///
/// `Validated/NAME.txt` has after each `=== NAME` what the reference says of the case of that name in `Refusals` or, where files come
/// first, of those: `--- path` and its text, then `>>>` and the JSON.
@Suite struct ValidatedTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var files: [String: String] = [:]
        var expected = ""
        var testDescription: String { name }
    }

    static let cases: [Case] = {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Validated")
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).sorted()  // Their number is tested.
        return names.flatMap { name in
            ((try? String(contentsOf: folder.appending(path: name), encoding: .utf8)) ?? "").split(separator: "\n=== ").map(parse)
        }
    }()

    private static func parse(_ text: Substring) -> Case {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let first = lines.removeFirst()
        var item = Case(name: String(first.hasPrefix("=== ") ? first.dropFirst(4) : first))
        var file: String?
        for line in lines {
            if line == ">>>" {
                file = ""
            } else if line.hasPrefix("--- "), file != "" {
                file = String(line.dropFirst(4))
            } else if file == "" {
                item.expected += line + "\n"
            } else if let file {
                item.files[file, default: ""] += line + "\n"
            }
        }
        while item.expected.hasSuffix("\n\n") { item.expected.removeLast() }
        if item.files.isEmpty, let known = RefusalTests.cases.first(where: { $0.name == item.name }) {
            item.files = known.files.mapValues { String(decoding: $0, as: UTF8.self) }
        }
        return item
    }

    @Test func thereAreCases() { #expect(Self.cases.count >= 150) }

    @Test(arguments: cases)
    func publishesWhatTheReferencePublishes(_ item: Case) async throws {
        let work = try Workplace("")
        for (path, text) in item.files {
            let target = work.folder.appending(path: path)
            try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try work.write(text, to: path)
        }
        let (output, code) = try await work.run("ashlar validate -json")
        let text = output.text.replacing(/,\n +"hints": \[[^\]]*\n +\]/, with: "")
        #expect(text == item.expected)
        #expect(code == (item.expected.contains("\"valid\": true") ? 0 : 1))
    }
}
