import Diagnostics
import HCLSyntax
import Testing

/// Files, and what `terraform fmt FILE` makes of them, byte for byte.
struct FormattingCase: Decodable, Sendable, CustomTestStringConvertible {
    var source: String
    var formatted: String
    var testDescription: String { String(source.prefix(60)) }
}

struct FormattingTests {
    static let cases: [FormattingCase] = CaseFile.load("formatting.json")

    @Test func thereAreEnough() { #expect(Self.cases.count > 200) }

    @Test(arguments: cases)
    func isAsTheReferenceLeavesIt(test: FormattingCase) {
        let result = String(decoding: formatted(Array(test.source.utf8)), as: UTF8.self)
        #expect(result == test.formatted)
    }

    @Test(arguments: cases)
    func keepsTheMeaning(test: FormattingCase) {
        // What is unwrapped and modernised has another tree.
        if test.source.contains("\"${") || test.source.contains("type") { return }
        let before = parseFile(Array(test.source.utf8), path: "main.tf").tree.body
        let after = parseFile(Array(test.formatted.utf8), path: "main.tf").tree.body
        #expect(Outline.of(before) == Outline.of(after))
    }

    @Test(arguments: [
        ("a = \"${x}\"\n", "a = x\n"), ("a = \"${\n  x ?\n  y : z\n}\"\n", "a = (x ?\ny : z)\n"),
        ("a = \"${x}${y}\"\n", "a = \"${x}${y}\"\n"),
        ("a = [\"${x}\"]\n", "a = [\"${x}\"]\n"), ("b x /* c */ y {\n}\n", "b \"x\" \"y\" {\n}\n"),
        ("b \"a$${x}\" {\n}\n", "b \"a$${x}\" {\n}\n"),
        ("variable \"v\" {\n type = \"list\"\n}\n", "variable \"v\" {\n  type = list(string)\n}\n"),
        ("variable \"v\" {\n type = map\n}\n", "variable \"v\" {\n  type = map(any)\n}\n"), ("type = list\n", "type = list\n"),
        ("\u{FEFF}a=1", "a = 1"), ("", ""), ("\n\n", "\n\n"), ("a = x[true]\n", "a = x[true]\n"), ("a={b.c=1}\n", "a = { b.c = 1 }\n"),
    ])
    func rewrites(source: String, expected: String) {
        #expect(String(decoding: formatted(Array(source.utf8)), as: UTF8.self) == expected)
    }

    @Test func aFileWithErrorsIsLeftAlone() {
        let source = Array("a   = 1\nb = [\n".utf8)
        let result = formatted(source, path: "x.tf")
        #expect(result.tree == source)
        #expect(result.diagnostics.map(\.subject?.file) == ["x.tf"])
    }
}
