import Diagnostics
import HCLSyntax
import Testing

/// Small files, and what the reference and we say of them. `reference` was made by `Cases/refresh.py`.
struct Snippet: Decodable, Sendable, CustomTestStringConvertible {
    struct Complaint: Decodable, Equatable, Sendable {
        var summary: String
        var start: Int
        var end: Int
    }

    var source: String?
    /// For what is not UTF-8.
    var hex: String?
    /// Summaries that the reference gives, without those that are about meaning.
    var reference: [String]
    /// What we give. Absent where it is the first of the reference's, at `at`.
    var ours: [Complaint]
    /// Why ours differs from the reference: in being refused at all, or in the first summary, or in having more of them.
    var why: String?

    var bytes: [UInt8] { source.map { Array($0.utf8) } ?? CaseFile.bytes(hex: hex ?? "") }
    var testDescription: String { source ?? "hex \(hex ?? "")" }
}

struct SnippetTests {
    static let snippets: [Snippet] = CaseFile.load("snippets.json")

    @Test func thereAreEnough() { #expect(Self.snippets.count > 400) }

    @Test(arguments: snippets)
    func complaints(snippet: Snippet) {
        let result = parseFile(snippet.bytes, path: "main.tf")
        let found = result.diagnostics.map { diagnostic in
            Snippet.Complaint(
                summary: diagnostic.summary, start: Int(diagnostic.subject?.range.start ?? 0), end: Int(diagnostic.subject?.range.end ?? 0))
        }
        #expect(found == snippet.ours)
        for diagnostic in result.diagnostics {
            #expect(diagnostic.severity == .error)
            #expect(diagnostic.subject?.file == "main.tf")
            #expect(diagnostic.detail.hasSuffix(".") || diagnostic.detail.hasSuffix("?"), "\(diagnostic.detail)")
            #expect(diagnostic.hints.allSatisfy { $0.hasSuffix(".") || $0.hasSuffix("?") })
        }
    }

    @Test(arguments: snippets)
    func agreesWithTheReference(snippet: Snippet) {
        if snippet.why != nil { return }
        #expect(snippet.ours.first?.summary == snippet.reference.first)
        #expect(snippet.ours.count <= max(1, snippet.reference.count), "a cascade that the reference does not have")
    }

    @Test(arguments: snippets)
    func tokensCoverTheFile(snippet: Snippet) {
        expectCover(parseFile(snippet.bytes, path: "main.tf").tree)
    }
}

/// That the tokens are the file: no gap, no overlap, nothing beyond.
func expectCover(_ file: SourceFile, _ comment: Comment? = nil) {
    var position: UInt32 = 0
    for token in file.tokens {
        guard token.range.start == position, token.range.end >= token.range.start else {
            Issue.record("gap or overlap at \(position) before \(token)")
            return
        }
        position = token.range.end
    }
    #expect(Int(position) == file.bytes.count, comment)
}
