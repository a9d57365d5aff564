import Testing

@testable import Values

struct NumberOracleTests {
    struct Row: CustomTestStringConvertible {
        let operation: Substring
        let left: Substring
        let right: Substring
        let expected: Substring
        var testDescription: String { "\(left) \(operation) \(right)" }
    }

    private static func operand(_ text: Substring) throws -> Number {
        let digits = String(text.dropFirst())
        switch text.first {
        case "P": return try #require(Number(integer: digits, radix: 10))
        case "D":
            let exact = try #require(Number(decimal: digits))
            return try #require(Number(exact.doubleValue))
        default: return try #require(Number(decimal: digits))
        }
    }

    /// 800 random sums, differences, products, quotients, remainders and plain numbers print as the reference prints them.
    @Test func printsAsTheReference() throws {
        let rows = numberOracle.split(separator: "\n").map { line in
            let parts = line.split(separator: " ")
            return Row(operation: parts[0], left: parts[1], right: parts[2], expected: parts[3])
        }
        #expect(rows.count == 800)
        for row in rows {
            let left = try Self.operand(row.left)
            let result: Number
            if row.operation == "=" {
                result = left
            } else {
                let right = try Self.operand(row.right)
                switch row.operation {
                case "+": result = try left + right
                case "-": result = try left - right
                case "*": result = try left * right
                case "/": result = try left / right
                default: result = try left % right
                }
            }
            #expect(result.description == row.expected, "\(row.testDescription)")
        }
    }
}
