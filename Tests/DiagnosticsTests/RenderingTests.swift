import Diagnostics
import Testing

struct RenderingTests {
    static let source = """
        locals {
          a = 1
          日本 = "日本" + 3
        \tb = [
            1 2,
          ]
        }
        """

    static var sources: SourceMap {
        var map = SourceMap()
        map.add(path: "main.tf", bytes: Array(source.utf8)) { [.init(title: "locals", range: SourceRange(0, source.utf8.count))] }
        return map
    }

    /// The span of `text` in the source.
    static func span(_ text: String) -> SourceSpan {
        let start = source.firstRange(of: text).map { source.utf8.distance(from: source.startIndex, to: $0.lowerBound) } ?? -1
        return SourceSpan(file: "main.tf", range: SourceRange(start, start + text.utf8.count))
    }

    static let operand = Diagnostic.error(
        "Invalid operand", "Unsuitable value for left operand: a number is required.", at: span("\"日本\""))

    @Test func plain() {
        #expect(
            Self.operand.rendered(sources: Self.sources) == """
                Error: Invalid operand

                  on main.tf line 3, in locals:
                   3:   日本 = "日本" + 3
                               ^^^^^^

                Unsuitable value for left operand: a number is required.

                """)
    }

    @Test func inColour() {
        #expect(
            Self.operand.rendered(sources: Self.sources, color: true).replacing("\u{1B}", with: "^") == """
                ^[31m╷^[0m
                ^[31m│^[0m ^[1m^[31mError: ^[0m^[0m^[1mInvalid operand^[0m
                ^[31m│^[0m
                ^[31m│^[0m   on main.tf line 3, in locals:
                ^[31m│^[0m    3:   日本 = ^[4m"日本"^[0m + 3
                ^[31m│^[0m
                ^[31m│^[0m Unsuitable value for left operand: a number is required.
                ^[31m╵^[0m

                """)
    }

    @Test func everythingAtOnce() {
        var diagnostic = Diagnostic.warning(
            "Odd item", "A first paragraph that is long enough to be broken into two lines.\n\nA second.\n  laid out   by hand",
            at: Self.span("2,"),
            address: "aws_vpc.main[\"a\"]", hints: ["Put a comma between the items of the list, or write one number.", "Look again."])
        diagnostic.context = Self.span("[\n    1 2,\n  ]")
        diagnostic.references = [.init(expression: "var.a", value: "is \"x\""), .init(expression: "local.b", value: "12")]
        #expect(
            diagnostic.rendered(sources: Self.sources, width: 50) == """
                Warning: Odd item

                  with aws_vpc.main["a"],
                  on main.tf line 5, in locals:
                   4: \tb = [
                   5:     1 2,
                            ^^
                   6:   ]
                    ├────────────────
                    │ var.a is "x"
                    │ local.b is 12

                A first paragraph that is long enough to be broken
                into two lines.

                A second.
                  laid out   by hand

                Hint: Put a comma between the items of the list,
                      or write one number.
                Hint: Look again.

                """)
    }

    @Test func severalLinesAtFault() {
        let diagnostic = Diagnostic.error("Bad list", at: Self.span("[\n    1 2,\n  ]"))
        #expect(
            diagnostic.rendered(sources: Self.sources) == """
                Error: Bad list

                  on main.tf line 4, in locals:
                   4: \tb = [
                      \t    ^
                   5:     1 2,
                      ^^^^^^^^
                   6:   ]
                      ^^^

                """)
    }

    @Test func theEndOfALineAndOfTheFile() {
        var map = SourceMap()
        map.add(path: "x", bytes: Array("a =\nb".utf8))
        let lineEnd = Diagnostic.error("E", at: SourceSpan(file: "x", range: SourceRange(3, 4)))
        #expect(lineEnd.rendered(sources: map) == "Error: E\n\n  on x line 1:\n   1: a =\n         ^\n")
        let fileEnd = Diagnostic.error("E", at: SourceSpan(file: "x", range: SourceRange(5, 5)))
        #expect(fileEnd.rendered(sources: map) == "Error: E\n\n  on x line 2:\n   2: b\n       ^\n")
        let beyond = Diagnostic.error("E", at: SourceSpan(file: "x", range: SourceRange(50, 70)))
        #expect(beyond.rendered(sources: map) == "Error: E\n\n  on x line 2:\n   2: b\n       ^\n")
    }

    @Test func whatIsNotKnown() {
        #expect(Diagnostic.error("E", "D.").rendered(sources: SourceMap()) == "Error: E\n\nD.\n")
        #expect(Diagnostic.error("E", address: "a.b").rendered(sources: SourceMap()) == "Error: E\n\n  with a.b\n")
        let elsewhere = Diagnostic.error("E", at: SourceSpan(file: "no.tf", range: .empty))
        #expect(elsewhere.rendered(sources: SourceMap()) == "Error: E\n\n  on no.tf:\n    (source code not available)\n")
        var map = SourceMap()
        map.add(path: "empty.tf", bytes: [])
        #expect(
            Diagnostic.error("E", at: SourceSpan(file: "empty.tf", range: .empty)).rendered(sources: map)
                == "Error: E\n\n  on empty.tf line 1:\n   1: \n      ^\n")
    }

    /// Sources and services do not steer the terminal.
    @Test func controlCharactersAreShownNotObeyed() {
        var map = SourceMap()
        map.add(path: "x", bytes: Array("a = \"\u{1B}[31m\u{202E}\"\r\n".utf8))
        let text = Diagnostic.error("E\u{7}", "D\u{1B}[2J.", at: SourceSpan(file: "x", range: SourceRange(0, 1))).rendered(sources: map)
        #expect(text == "Error: E␇\n\n  on x line 1:\n   1: a = \"␛[31m\u{FFFD}\"\n      ^\n\nD␛[2J.\n")
    }

    @Test func aVeryLongLineIsCut() {
        var map = SourceMap()
        map.add(path: "x", bytes: Array((String(repeating: "é", count: 100_000) + "HERE" + String(repeating: "-", count: 100_000)).utf8))
        let text = Diagnostic.error("E", at: SourceSpan(file: "x", range: SourceRange(200_000, 200_004))).rendered(sources: map)
        #expect(text.utf8.count < 1_000)
        #expect(text.contains("…" + String(repeating: "é", count: 40) + "HERE" + String(repeating: "-", count: 80) + "…"))
    }

    @Test func aLongExcerptKeepsToItsBeginning() {
        var map = SourceMap()
        map.add(path: "x", bytes: Array(String(repeating: "line\n", count: 1_000).utf8))
        let text = Diagnostic.error("E", at: SourceSpan(file: "x", range: SourceRange(0, 5_000))).rendered(sources: map, color: true)
        #expect(text.split(separator: "\n").count < 20)
    }
}
