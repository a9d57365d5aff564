import Diagnostics
import HCLSyntax
import Testing

struct BodyTests {
    @Test(arguments: [
        ("", ""),
        ("a = 1", "a = 1"),
        ("\u{FEFF}a = 1\n", "a = 1"),
        ("a = 1\r\nb {\r\n  c = 2\r\n}\r\n", "a = 1; b { c = 2 }"),
        ("b {}\n", "b {  }"),
        ("b { a = 1 }\n", "b { a = 1 }"),
        ("resource \"x\" y \"\\u00e9\\\"\" {\n  a = 1\n\n  n {\n  }\n  b = 2\n}\n", "resource 'x' 'y' 'é\"' { a = 1; n {  }; b = 2 }"),
        ("# c\na = 1 # d\n/* e\n */ b = 2 // f\n", "a = 1; b = 2"),
        ("a = <<EOT\n}\nEOT\nb = 1\n", "a = <'}\\n'>; b = 1"),
        ("日本-語 = 1\n_x = 2\n", "日本-語 = 1; _x = 2"),
        ("for = 1\nif {\n}\n", "for = 1; if {  }"),
    ])
    func shapes(source: String, outline: String) {
        let result = parseFile(Array(source.utf8), path: "main.tf")
        #expect(result.diagnostics.isEmpty)
        #expect(Outline.of(result.tree.body) == outline)
        expectCover(result.tree)
    }

    /// Several errors in one file, each once, and the rest of the file read.
    @Test(
        arguments: [
            ("a = 1 2\nb = 3\n", ["Missing newline after argument"], "a = 1; b = 3"),
            ("a = )\nb = 2\nc = ]\nd = 4\n", ["Invalid expression", "Invalid expression"], "b = 2; d = 4"),
            ("a = [1,\nb = 2\nc = 3\n", ["Missing item separator"], "b = 2; c = 3"),
            ("a = f(1\nb {\n  c = 2\n}\nd = 4\n", ["Missing argument separator"], "b { c = 2 }; d = 4"),
            ("a = {\n  x = 1\nresource \"t\" \"n\" {\n  c = 2\n}\n", ["Missing key/value separator"], "resource 't' 'n' { c = 2 }"),
            (
                "x {\n  a = \n  b = 2\n}\ny {\n  c = * 3\n  d = 4\n}\n", ["Invalid expression", "Invalid expression"],
                "x { b = 2 }; y { d = 4 }"
            ),
            ("x \"a {\n  b = 1\n}\nc = 2\n", ["Invalid multi-line string"], "x { b = 1 }; c = 2"),
            ("x \"a\"\n{\n  b = 1\n}\nc = 2\n", ["Invalid block definition"], "x 'a' { b = 1 }; c = 2"),
            ("x\n{\n  b = 1\n}\nc = 2\n", ["Argument or block definition required"], "x { b = 1 }; c = 2"),
            ("a = \"x\nb = \"y\"\nc = \"z\"\n", ["Invalid multi-line string"], "b = <'y'>; c = <'z'>"),
            ("a = \"x ${f(\"y\nb = \"y\"\n", ["Invalid multi-line string"], "b = <'y'>"),
            ("a = \"x\ny\"\nb = 1\n", ["Invalid multi-line string"], "a = <'x\\ny'>; b = 1"),
            ("a = << EOT\nx\nEOT\nb = 1\n", ["Invalid expression"], "a = <'x\\n'>; b = 1"),
            ("a =\n  1\nb = 2\n", ["Invalid expression"], "b = 2"),
            ("a = 1\n}\nb = 2\n", ["Argument or block definition required"], "a = 1; b = 2"),
            ("a = 'x'\nb = `y`\nc = 1 & 2\n", ["Invalid character", "Invalid character", "Unsupported operator"], "c = 1"),
            ("a = 1\na = 2\nb = 3\n", ["Attribute redefined"], "a = 1; b = 3"),
            ("a = \"\\q\\w\"\nb = 1\n", ["Invalid escape sequence", "Invalid escape sequence"], "a = <''>; b = 1"),
            ("x {\n  a = 1\ny {\n  b = 2\n}\n", ["Unclosed configuration block"], "x { a = 1; y { b = 2 } }"),
            ("x {\n  y {\n    z {\n", ["Unclosed configuration block"], "x { y { z {  } } }"),
        ] as [(String, [String], String)])
    func recovers(source: String, summaries: [String], outline: String) {
        let result = parseFile(Array(source.utf8), path: "main.tf")
        #expect(result.diagnostics.map(\.summary) == summaries)
        #expect(Outline.of(result.tree.body) == outline)
        expectCover(result.tree)
    }

    @Test func placesOfABlock() {
        let source = "a = 1\nresource \"x\" \"y\" {\n  b = 2\n}\n"
        let file = parseFile(Array(source.utf8), path: "dir/main.tf").tree
        guard let block = file.body.blocks.first, let attribute = file.body.attributes.first else {
            Issue.record("nothing read")
            return
        }
        #expect(file.text(block.headerRange) == "resource \"x\" \"y\"")
        #expect(file.text(block.range) == "resource \"x\" \"y\" {\n  b = 2\n}")
        #expect(file.text(block.body.range) == "{\n  b = 2\n}")
        #expect(file.text(block.labels[1].range) == "\"y\"")
        #expect(file.text(attribute.range) == "a = 1")
        #expect(block.body.file == "dir/main.tf")
        #expect(file.body.range == SourceRange(0, source.utf8.count))
    }

    @Test func theHintForAnUnclosedBlockFindsTheLine() {
        let source = "resource \"a\" \"b\" {\n  x {\n    c = 1\n  }\n\nresource \"d\" \"e\" {\n}\n"
        let diagnostics = parseFile(Array(source.utf8), path: "main.tf").diagnostics
        #expect(diagnostics.count == 1)
        #expect(diagnostics.first?.hints == ["The closing brace may be missing before line 6, which begins as if outside of this block."])
    }

    @Test func manyArgumentsAreStillCheckedForRepetition() {
        var source = (0..<100).map { "a\($0) = \($0)\n" }.joined()
        source += "a7 = 1\na99 = 2\n"
        let result = parseFile(Array(source.utf8), path: "main.tf")
        #expect(result.diagnostics.map(\.summary) == ["Attribute redefined", "Attribute redefined"])
        #expect(result.tree.body.attributes.count == 100)
    }

    @Test func aFileThatIsNoConfigurationIsGivenUp() {
        let source = String(repeating: "x = )\n", count: 1_000)
        #expect(parseFile(Array(source.utf8), path: "main.tf").diagnostics.count == 100)
    }
}
