import Diagnostics
import FoundationEssentials
import Testing

struct PublishedDiagnosticTests {
    /// As `terraform validate -json` gave it for this source, but for an empty list of values there.
    @Test func isWhatTheReferencePublishes() throws {
        let published = RenderingTests.operand.published(sources: RenderingTests.sources)
        #expect(
            published.json(indent: 0) == """
                {
                  "severity": "error",
                  "summary": "Invalid operand",
                  "detail": "Unsuitable value for left operand: a number is required.",
                  "range": {
                    "filename": "main.tf",
                    "start": {
                      "line": 3,
                      "column": 8,
                      "byte": 28
                    },
                    "end": {
                      "line": 3,
                      "column": 12,
                      "byte": 36
                    }
                  },
                  "snippet": {
                    "context": "locals",
                    "code": "  日本 = \\"日本\\" + 3",
                    "start_line": 3,
                    "highlight_start_offset": 11,
                    "highlight_end_offset": 19,
                    "values": []
                  }
                }
                """)
    }

    @Test func onOneLineWithEverything() throws {
        var diagnostic = Diagnostic.warning("W", "D\n\u{1}\"\\", address: "a.b", hints: ["H."])
        diagnostic.subject = SourceSpan(file: "x", range: SourceRange(3, 3))
        diagnostic.references = [.init(expression: "var.a", value: "null")]
        var map = SourceMap()
        map.add(path: "x", bytes: Array("a =".utf8))
        let published = diagnostic.published(sources: map)
        #expect(
            published.json()
                == #"{"severity":"warning","summary":"W","detail":"D\n\u0001\"\\","address":"a.b","range":{"filename":"x","#
                + #""start":{"line":1,"column":4,"byte":3},"end":{"line":1,"column":5,"byte":4}},"snippet":{"context":null,"code":"a =","#
                + #""start_line":1,"highlight_start_offset":3,"highlight_end_offset":3,"values":[{"traversal":"var.a","statement":"is null"}]},"#
                + #""hints":["H."]}"#)
        #expect(try JSONDecoder().decode(PublishedDiagnostic.self, from: Data(published.json().utf8)) == published)
        #expect(try JSONDecoder().decode(PublishedDiagnostic.self, from: JSONEncoder().encode(published)) == published)
    }

    @Test func withoutASource() {
        let published = Diagnostic.error("E", at: SourceSpan(file: "no", range: .empty)).published(sources: SourceMap())
        #expect(published.json() == #"{"severity":"error","summary":"E","detail":""}"#)
    }
}
