import Diagnostics
import Evaluation
import HCLSyntax
import Testing
import Values

/// What a few lines could blow up beyond any memory is refused where it becomes too large.
@Suite struct ExtentTests {
    private func value(_ text: String, _ names: [String: Value]) throws -> Value {
        let parsed = parseExpression(Array(text.utf8), path: "test")
        #expect(parsed.diagnostics.isEmpty, "\(parsed.diagnostics)")
        return try Evaluator(file: "test", scope: NamedValues(names), functions: NoFunctions()).value(of: parsed.tree)
    }

    /// Ten times the last, until it is refused.
    private func stepsUntilRefused(_ expression: String, from start: Value) throws -> Int {
        var last = start
        for step in 1...30 {
            do {
                last = try value(expression, ["x": last])
            } catch let error as DiagnosticError {
                #expect(error.diagnostics.map(\.summary) == ["Value too large"])
                return step
            }
        }
        return 31
    }

    @Test func sharedPartsCountEachTime() throws {
        #expect(try stepsUntilRefused("[x, x, x, x, x, x, x, x, x, x]", from: .true) == 8)
        #expect(try stepsUntilRefused("{ a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x }", from: .true) == 8)
        #expect(try stepsUntilRefused("[for i in [1, 2, 3, 4, 5, 6, 7, 8, 9, 0] : x]", from: .true) == 8)
        #expect(try stepsUntilRefused("{ for i in [1, 2, 3, 4, 5, 6, 7, 8, 9, 0] : i => x }", from: .true) == 8)
    }

    @Test func textCountsByItsLength() throws {
        let text = Value.string(String(repeating: "a", count: 10_000_000))
        #expect(try stepsUntilRefused("\"${x}${x}${x}${x}${x}${x}${x}${x}${x}${x}\"", from: text) == 2)
        #expect(try stepsUntilRefused("\"%{ for i in [1, 2, 3, 4, 5, 6, 7, 8, 9, 0] }${x}%{ endfor }\"", from: text) == 2)
    }

    @Test func extentsSurviveMarksAndSets() {
        let list = Value.list([.int(1), .int(2)], of: .number)
        #expect(list.extent == 3)
        #expect(list.marked(.sensitive).withoutMarks([.sensitive]).extent == 3)
        #expect(Value.set([.int(1), .int(1), .int(2)], of: .number).extent >= 3)
        #expect(Value.string("").extent == 1)
        #expect(UInt32.max.adding(1) == .max)
    }
}
