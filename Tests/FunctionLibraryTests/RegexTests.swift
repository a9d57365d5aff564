import FunctionLibrary
import Testing
import Values

/// What the cases cannot say: that no pattern and no text takes more than linear time.
@Suite struct RegexTests {
    private func call(_ name: String, _ arguments: String...) throws -> Value {
        try FunctionTable.standard.call(
            try #require(FunctionTable.standard[name]), arguments.map { .string($0) }, environment: FixtureEnvironment())
    }

    @Test(.timeLimit(.minutes(15)), arguments: ["(a*)*$", "(a|a)*$", "(a+)+b|x", "^(([a-z])+.)+[A-Z]([a-z])+$", "(?:a?){50}a{50}$"])
    func patternsThatExplodeElsewhereDoNot(_ pattern: String) throws {
        let text = String(repeating: "a", count: 20_000) + "!"
        let matches = try call("regexall", pattern, String(text.prefix(2_000)) + "!").elements
        #expect(matches != nil)
    }

    @Test func longTextsAreSearchedOnce() throws {
        let text = String(repeating: "key=value; ", count: 20_000)
        let matches = try call("regexall", "(\\w+)=(\\w+)", text).elements
        #expect(matches?.count == 20_000)
        #expect(try call("replace", text, "/value/", "x").stringValue?.utf8.count == 20_000 * 7)
    }

    @Test func deepNestingIsAnError() throws {
        let pattern = String(repeating: "(", count: 10_000) + "a" + String(repeating: ")", count: 10_000)
        let error = #expect(throws: FunctionError.self) { try call("regex", pattern, "a") }
        #expect(error?.message.contains("nests too deeply") == true)
        let alternatives = String(repeating: "(?:a{1000}|b)", count: 1_000)
        #expect(throws: FunctionError.self) { try call("regex", alternatives, "a") }
    }

    @Test func invalidPatternsNeverCrash() throws {
        let pieces = [
            "(", ")", "[", "]", "{", "}", "*", "+", "?", "|", "\\", "^", "$", ".", "-", ",", "a", "1", "P", "<", ">", ":", "x", "p", "é",
        ]
        var state: UInt64 = 1
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var valid = 0
        for _ in 0..<20_000 {
            let pattern = (0..<(1 + next(8))).map { _ in pieces[next(pieces.count)] }.joined()
            do {
                _ = try call("regexall", pattern, "a1-é)x")
                valid += 1
            } catch let error as FunctionError {
                #expect(!error.message.isEmpty)
            }
        }
        #expect(valid > 1_000)
    }
}
