import Foundation
import ProviderKit
import Testing
import Values

@testable import ManifestProviders

/// What is taken out of the words of services and scripts.
@Suite struct RedactionTests {
    struct Row: CustomTestStringConvertible, Sendable {
        let secret: String
        let said: String
        let shown: String
        var testDescription: String { said }

        init(_ secret: String, _ said: String, _ shown: String) { (self.secret, self.said, self.shown) = (secret, said, shown) }
    }

    static let mark = "(sensitive value)"
    static let long = "# of the database\npassword=hunter2-Zebra9\nuser: admin7\n" + String(repeating: "option_seven on\n", count: 8)

    @Test(arguments: [
        Row("hunter2", "pw is hunter2.", "pw is \(mark)."),
        Row("hunter2", "nothing of it", "nothing of it"),
        Row("abc", "abcabc d", "\(mark) d"),
        Row("ab", "about", "about"),
        // What surrounds a value in the attribute is taken off by the script.
        Row("password=hunter2x", "got hunter2x here", "got \(mark) here"),
        Row("password: 'hunter2x'", "got hunter2x here", "got \(mark) here"),
        Row("password=\"hunter2x\"\nuser=admin7", "no admin7\nfine\nno hunter2x", "no \(mark)\nfine\nno \(mark)"),
        Row("first line\nsecond line", "says second line!", "says \(mark)!"),
        Row("first line\nsecond line", "a\nfirst line\nsecond line\nb", "a\n\(mark)\nb"),
        // A piece that is none of its words: the whole line.
        Row("correct horse battery", "one\ntwo rrect hor three\nfour", "one\n\(mark)\nfour"),
        Row("hunter2-zebra", "one\ncut: nter2-zebr\nfour", "one\n\(mark)\nfour"),
        Row("hunter2-zebra", "nter2-z stays", "nter2-z stays"),
        // Other forms.
        Row("hunter2x!", "b64 aHVudGVyMngh end", "b64 \(mark) end"),
        Row("hunter2xy", "b64 aHVudGVyMnh5 end", "b64 \(mark) end"),
        Row("hunter2xyz", "b64 aHVudGVyMnh5eg== end", "b64 \(mark) end"),
        Row("hunter2xyz", "b64 aHVudGVyMnh5eg end", "b64 \(mark) end"),
        // What stands before it, and two bits of its first byte.
        Row("hunter2xyz", "Basic dXNlcjpodW50ZXIyeHl6", "Basic dXNlcjp\(mark)"),
        Row("hunter2x", "68756e7465723278", mark),
        Row("hunter2x", "x 68756E7465723278 y", "x \(mark) y"),
        Row("p&ss w/rd", "x=p%26ss%20w%2Frd&y", "x=\(mark)&y"),
        Row("p&ss w/rd", "x=p%26ss+w%2frd&y", "x=\(mark)&y"),
        Row("p-s/w.d_e", "x=p%2Ds%2Fw%2Ed%5Fe&y", "x=\(mark)&y"),
        Row("p-s/w(d)e", "x=p-s%2Fw(d)e&y", "x=\(mark)&y"),
        Row("a<b&\"c'd", "<m>a&lt;b&amp;&quot;c&#39;d</m>", "<m>\(mark)</m>"),
        Row("a<b&\"c'd", "<m>a&lt;b&amp;&quot;c&apos;d</m>", "<m>\(mark)</m>"),
        Row("a<b&\"c'd", "<m>a&lt;b&amp;&#34;c&#39;d</m>", "<m>\(mark)</m>"),
        Row("say \"friend\"", "{\"a\":\"say \\\"friend\\\"\"}", "{\"a\":\"\(mark)\"}"),
        Row("line a1\nline b2", "{\"a\":\"line a1\\nline b2\"}", "{\"a\":\"\(mark)\"}"),
        Row("it's me77", "echo 'it'\\''s me77'", "echo '\(mark)'"),
        Row("schlüssel-日本", "ist schlüssel-日本 also", "ist \(mark) also"),
        // Of a long one, what is in common is covered and the line remains.
        Row(long, "unknown hunter2-Zebra9 in line 2", "unknown \(mark) in line 2"),
        Row(long, "unknown nter2-Zebra in line 2", "unknown \(mark) in line 2"),
        Row(long, "no admin7 there", "no \(mark) there"),
        Row(long, "it is on the data", "it is on the data"),
    ])
    func said(_ row: Row) {
        #expect(Redaction([.string(row.secret).marked(.sensitive)]).text(row.said) == row.shown)
    }

    @Test(arguments: ["hunter2-Zebra9-quagga", long]) func everyFormAtEveryPlace(_ secret: String) {
        let redaction = Redaction([.object([("a", .string(secret).marked(.sensitive))])])
        for shift in 0..<6 {
            let text = String(repeating: "z", count: shift) + secret + "."
            let data = Data(text.utf8)
            let forms = [
                text, data.base64EncodedString(), data.map { String(format: "%02x", $0) }.joined(),
                text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "",
            ]
            for form in forms {
                let shown = redaction.text("<\(form)>")
                #expect(shown.contains(Self.mark), "\(form)")
                // Nothing of the secret itself that could be decoded is left: what stands around it, and blanks.
                for piece in shown.components(separatedBy: Self.mark) where !form.hasPrefix(text) {
                    #expect(piece.utf8.count < 16, "\(piece) of \(form)")
                }
                #expect(!shown.contains("Zebra9"))
            }
        }
    }

    @Test func whatIsNotMarkedIsShown() {
        let redaction = Redaction([.object([("name", .string("visible-name")), ("pin", .int(123_456).marked(.sensitive))])])
        #expect(redaction.text("visible-name 123456") == "visible-name \(Self.mark)")
        #expect(redaction.texts(["a", "", "123456"]) == ["a", "", Self.mark])
        #expect(Redaction([.string("visible-name")]).text("visible-name") == "visible-name")
    }

    @Test func everyTextOfAFailure() {
        var failure = ProviderFailure(
            .rejected, summary: "s hunter2x", detail: "d hunter2x", serviceCode: "c hunter2x", serviceMessage: "m hunter2x")
        failure.requestID = "r hunter2x"
        failure.hints = ["h hunter2x"]
        let shown = Redaction([.string("hunter2x").marked(.sensitive)]).failure(failure)
        #expect(
            [shown.summary, shown.detail, shown.serviceCode, shown.serviceMessage, shown.requestID] + shown.hints
                == ["s", "d", "c", "m", "r", "h"].map { "\($0) \(Self.mark)" })
    }

    /// Two hundred thousand characters against a thousand lines: going through it again for each line or word would take minutes.
    @Test(.timeLimit(.minutes(1))) func aLargeSecret() {
        var random = SeededGenerator(state: 3)
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/ ".utf8)
        let secret = String(decoding: (0..<200_000).map { _ in letters.randomElement(using: &random) ?? 0 }, as: UTF8.self)
        let piece = String(secret.split(separator: " ").last { $0.count > 40 } ?? "")
        let lines = (0..<1000).map { $0 == 500 ? "here \(piece)!" : "line \($0) of what it said" }
        var expected = lines
        expected[500] = "here \(Self.mark)!"
        #expect(Redaction([.string(secret).marked(.sensitive)]).texts(lines) == expected)
    }
}
