import Testing

@testable import Commands

/// Lines looked at one by one are complete where the whole is.
@Suite struct PendingInputTests {
    @Test(arguments: [
        "1 + 2", "[\n1,\n2\n]", "{\na = \"{\"\nb = [\n\"]\"\n]\n}", "<<E\n[\nE", "[\n<<E\n]\nE\n]", "f(\n\"${\n1\n}\"\n)", "[ # ]\n1\n]",
        "[ // (\n1]",
        "[ /* ]\n*/ 1\n]", "/* [ */ 1", "[\n/*\n]\n*/\n1\n]", "]\n[\n]", "\"a", "[\n\"a\n]", "", "{ for k, v in {\na = 1 } :\nk => v }",
        "$\n1", "(\n(\n(\n1\n)\n)\n)",
        "\"%{ if true }[%{ endif }\"", "[\n\"%{ if true }\n%{ endif }\"\n]", "a.b[\n*\n].c", "[\r\n1\r\n]", "\"${f(\"}\")}\"",
    ])
    func agreesWithTheWhole(_ text: String) {
        var pending = PendingInput()
        var whole = ""
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            whole += (whole.isEmpty ? "" : "\n") + line
            #expect(pending.add(line) == ConsoleSession.isComplete(whole), "\(whole)")
            #expect(pending.text == whole)
        }
    }
}
