import Testing

@testable import Commands

/// What keys do to the console's line, and what a terminal's bytes are as keys.
@Suite struct LineEditorTests {
    /// Types, and gives the line with a bar where the cursor is.
    private func line(_ bytes: String, history: [String] = []) -> String {
        var editor = LineEditor()
        for entry in history { editor.remember(entry) }
        var reader = KeyReader()
        for key in reader.take(bytes.utf8) { _ = editor.handle(key) }
        return String(editor.characters[..<editor.cursor]) + "|" + String(editor.characters[editor.cursor...])
    }

    @Test(arguments: [
        ("abc", "abc|"), ("abc\u{1}", "|abc"), ("abc\u{1}\u{5}", "abc|"), ("abc\u{1B}[D\u{1B}[D", "a|bc"), ("abc\u{2}x", "abx|c"),
        ("ab cd\u{17}", "ab |"), ("ab cd\u{17}\u{17}", "|"), ("var.name\u{17}", "var.|"), ("abc\u{2}\u{2}\u{B}", "a|"),
        ("abc\u{2}\u{15}", "|c"), ("abc\u{7F}", "ab|"), ("\u{7F}", "|"), ("abc\u{1}\u{1B}[3~", "|bc"), ("abc\u{1}\u{4}", "|bc"),
        ("a bc\u{1}\u{1B}f", "a| bc"), ("a bc\u{1B}b", "a |bc"), ("äö\u{1B}[D", "ä|ö"), ("abc\u{3}", "|"), ("abc\u{1B}[H", "|abc"),
        ("a\u{1B}[99~b", "ab|"), ("a\u{0}b", "ab|"), ("a\t", "a  |"), ("\u{1B}OA", "|"),
    ])
    func keys(_ bytes: String, _ expected: String) { #expect(line(bytes) == expected) }

    @Test(arguments: [
        ("\u{1B}[A", "two|"), ("\u{1B}[A\u{1B}[A", "one|"), ("\u{1B}[A\u{1B}[A\u{1B}[A", "one|"), ("x\u{1B}[A\u{1B}[B", "x|"),
        ("\u{10}\u{10}\u{E}", "two|"), ("\u{12}on", "one|"), ("\u{12}o\u{12}", "one|"), ("\u{12}zz", "|"), ("\u{12}on\u{5}!", "one!|"),
        ("\u{12}on\u{3}", "|"), ("\u{12}onx\u{7F}", "one|"),
    ])
    func history(_ bytes: String, _ expected: String) { #expect(line(bytes, history: ["one", "two"]) == expected) }

    @Test func whatEndsALine() {
        var editor = LineEditor()
        #expect(editor.handle(.endOfInput) == .ended)
        _ = editor.handle(.text("a"))
        #expect(editor.handle(.endOfInput) == .none)
        #expect(editor.handle(.enter) == .line("a"))
        #expect(editor.text.isEmpty)
        _ = editor.handle(.text("b"))
        #expect(editor.handle(.interrupt) == .cancelled)
        editor.remember("a")
        editor.remember("a")
        editor.remember("")
        #expect(editor.history == ["a"])
    }

    @Test func aKeyMayComeInPieces() {
        var reader = KeyReader()
        #expect(reader.take([0x1B]).isEmpty)
        #expect(reader.take([UInt8(ascii: "[")]).isEmpty)
        #expect(reader.take([UInt8(ascii: "A"), 0xC3]) == [.up])
        #expect(reader.take([0xA4]) == [.text("ä")])
    }

    @Test(arguments: [
        ("1", true), ("[", false), ("[1,\n2", false), ("[1,\n2]", true), ("{", false), ("f(", false), ("\"a", true), ("\"[\"", true),
        ("<<E", false), ("<<E\na", false), ("<<E\na\nE", true), ("[ # ]", false), ("]", true), ("1 +", true),
        ("[<<E\n]\nE\n", false), ("[<<E\n]\nE\n]", true),
    ])
    func whatGoesOn(_ text: String, _ isComplete: Bool) { #expect(ConsoleSession.isComplete(text) == isComplete) }
}
