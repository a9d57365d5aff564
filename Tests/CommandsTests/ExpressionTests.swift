import Foundation
import Testing

/// What expressions come to, and in which words they are refused: thousands put together at random, beside the reference's answers. See
/// `Expressions/README.md`.
struct ExpressionTests {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Expressions")

    /// The lines of a file that begin with `> ` and what stands between them; `lead` is the last line of its kind before each.
    private static func entries(_ name: String, lead: String) throws -> [(lead: String, expression: String, answer: [String])] {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        var entries: [(lead: String, expression: String, answer: [String])] = []
        var heading = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("> ") {
                entries.append((heading, String(line.dropFirst(2)), []))
            } else if !lead.isEmpty, line.hasPrefix(lead) {
                heading = String(line.dropFirst(lead.count))
            } else if !entries.isEmpty {
                entries[entries.count - 1].answer.append(String(line))
            }
        }
        return entries
    }

    private static func differences() throws -> [String: [String]] {
        let entries = try entries("different.txt", lead: "? ")
        #expect(entries.allSatisfy { !$0.lead.isEmpty && !$0.answer.isEmpty })
        return Dictionary(entries.map { ($0.expression, $0.answer) }, uniquingKeysWith: { $1 })
    }

    private static func workplace() throws -> Workplace {
        let place = try Workplace("")
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "configuration").path) {
            try? FileManager.default.removeItem(at: place.folder.appending(path: name))
            try FileManager.default.copyItem(
                at: folder.appending(path: "configuration/\(name)"), to: place.folder.appending(path: name))
        }
        return place
    }

    @Test func haveTheReferencesValues() async throws {
        let differences = try Self.differences()
        let entries = try Self.entries("values.txt", lead: "")
        #expect(entries.count > 8900)
        let place = try Self.workplace()
        for start in stride(from: 0, to: entries.count, by: 250) {
            let batch = entries[start..<min(start + 250, entries.count)].filter {
                differences[$0.expression]?.first?.hasPrefix("! ") != true
            }
            let tuple = batch.enumerated().map { "\"@@\($0.offset)\", \($0.element.expression)" }.joined(separator: ", ")
            try place.write("[\(tuple), \"@@end\"]\n", to: "input.txt")
            let (said, code) = try await place.run("ashlar console -plan < input.txt")
            #expect(code == 0, "\(said.text.prefix(2000))")
            var answers: [[String]] = []
            for line in said.text.split(separator: "\n", omittingEmptySubsequences: false) {
                if line.hasPrefix("  \"@@") {
                    answers.append([])
                } else if !answers.isEmpty {
                    answers[answers.count - 1].append(String(line))
                }
            }
            #expect(answers.count == batch.count + 1)
            for (entry, answer) in zip(batch, answers) {
                #expect(answer == differences[entry.expression] ?? entry.answer, "\(entry.expression)")
            }
        }
    }

    @Test func areRefusedInTheReferencesWords() async throws {
        let differences = try Self.differences()
        let entries = try Self.entries("refusals.txt", lead: "! ")
        #expect(entries.count > 10000)
        for start in stride(from: 0, to: entries.count, by: 150) {
            let batch = entries[start..<min(start + 150, entries.count)]
            let place = try Self.workplace()
            for (index, entry) in batch.enumerated() {
                try place.write("locals {\n  e\(index) = \(entry.expression)\n}\n", to: "e\(index).tf")
            }
            var summaries: [Int: String] = [:]
            // Faults of syntax hide the others: without the files that have one, the rest is looked at.
            while true {
                let (said, _) = try await place.run("ashlar plan -json")
                let found = try Self.faults(said.text).filter { summaries[$0.file] == nil }
                if found.isEmpty { break }
                for fault in found where summaries[fault.file] == nil {
                    summaries[fault.file] = fault.summary
                    try FileManager.default.removeItem(at: place.folder.appending(path: "e\(fault.file).tf"))
                }
            }
            for (index, entry) in batch.enumerated() {
                let expected = differences[entry.expression]?.first.map { $0.hasPrefix("! ") ? String($0.dropFirst(2)) : nil } ?? entry.lead
                #expect(summaries[index] == expected, "\(entry.expression)")
            }
        }
    }

    private struct Event: Decodable {
        struct Diagnostic: Decodable {
            struct Range: Decodable { var filename: String }
            var severity: String
            var summary: String
            var range: Range?
        }
        var diagnostic: Diagnostic?
    }

    private static func faults(_ text: String) throws -> [(file: Int, summary: String)] {
        try text.split(separator: "\n").compactMap { line in
            guard let diagnostic = try JSONDecoder().decode(Event.self, from: Data(line.utf8)).diagnostic, diagnostic.severity == "error",
                let name = diagnostic.range?.filename, name.hasPrefix("e"), let file = Int(name.dropFirst().dropLast(3))
            else { return nil }
            return (file, diagnostic.summary)
        }
    }
}
