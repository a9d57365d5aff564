import Diagnostics
import HCLSyntax
import Testing

struct LexerTests {
    /// Kinds and texts of the tokens, white space left out; an empty token is one that the lexer added.
    private func tokens(_ source: String) -> [String] {
        let file = parseFile(Array(source.utf8), path: "-").tree
        return file.tokens.filter { $0.kind != .whitespace }.map { "\($0.kind) \(Outline.quoted(file.text($0.range)))" }
    }

    @Test(
        arguments: [
            ("a=1", ["identifier 'a'", "equals '='", "number '1'"]),
            ("\u{FEFF}a", ["byteOrderMark '\u{FEFF}'", "identifier 'a'"]),
            ("a\r\n", ["identifier 'a'", "newline '\\r\\n'"]),
            ("# x\r\n// y", ["comment '# x'", "newline '\\r\\n'", "comment '// y'"]),
            ("/* x\n* */a", ["comment '/* x\\n* */'", "identifier 'a'"]),
            ("/* x", ["invalid '/* x'"]),
            ("1.5e-3.x", ["number '1.5e-3'", "dot '.'", "identifier 'x'"]),
            (
                "== != <= >= && || => ... :: : ? !",
                [
                    "equalEqual '=='", "bangEqual '!='", "lessEqual '<='", "greaterEqual '>='", "andAnd '&&'", "orOr '||'", "arrow '=>'",
                    "ellipsis '...'", "doubleColon '::'", "colon ':'", "question '?'", "bang '!'",
                ]
            ),
            (
                "\"a${ {b} }c\"",
                [
                    "openQuote '\"'", "quotedLiteral 'a'", "templateInterpolation '${'", "openBrace '{'", "identifier 'b'",
                    "closeBrace '}'",
                    "templateEnd '}'", "quotedLiteral 'c'", "closeQuote '\"'",
                ]
            ),
            (
                "\"%{~ if a ~}\"",
                [
                    "openQuote '\"'", "templateControl '%{~'", "identifier 'if'", "identifier 'a'", "templateEnd '~}'", "closeQuote '\"'",
                ]
            ),
            (
                "<<-E\n a\n  E\n",
                [
                    "openHeredoc '<<-E\\n'", "stringLiteral ' a\\n'", "closeHeredoc '  E'", "newline '\\n'",
                ]
            ),
            (
                "<<E\na${b\n}c\nE\n",
                [
                    "openHeredoc '<<E\\n'", "stringLiteral 'a'", "templateInterpolation '${'", "identifier 'b'", "newline '\\n'",
                    "templateEnd '}'",
                    "stringLiteral 'c\\n'", "closeHeredoc 'E'", "newline '\\n'",
                ]
            ),
            ("\"a\nb", ["openQuote '\"'", "quotedLiteral 'a'", "closeQuote ''", "newline '\\n'", "identifier 'b'"]),
            (
                "\"${\"a\nb",
                [
                    "openQuote '\"'", "templateInterpolation '${'", "openQuote '\"'", "quotedLiteral 'a'", "closeQuote ''",
                    "templateEnd ''",
                    "closeQuote ''", "newline '\\n'", "identifier 'b'",
                ]
            ),
            ("\"$${a}\"", ["openQuote '\"'", "quotedLiteral '$${a}'", "closeQuote '\"'"]),
            ("\"\\\"\\${a}\"", ["openQuote '\"'", "quotedLiteral '\\\"\\${a}'", "closeQuote '\"'"]),
            ("a ~} & |", ["identifier 'a'", "invalid '~'", "closeBrace '}'", "invalid '&'", "invalid '|'"]),
        ] as [(String, [String])])
    func kinds(source: String, expected: [String]) {
        #expect(tokens(source) == Array(expected))
    }

    @Test func whatIsNotUTF8IsATokenOfItsOwn() {
        let file = parseFile([0x61, 0xFF, 0x62, 0x20, 0x22, 0x78, 0xC3, 0x79, 0x22], path: "-").tree
        #expect(
            file.tokens.map(\.kind) == [
                .identifier, .invalid, .identifier, .whitespace, .openQuote, .quotedLiteral, .invalid, .quotedLiteral, .closeQuote,
            ])
        expectCover(file)
    }
}
