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

    @Test func formatsAsTheReference() throws {
        for line in formatOracle.split(separator: "\n") {
            let parts = line.split(separator: "\t").map(String.init)
            let precision = try #require(Int(parts[2]))
            let number = try #require(Number(decimal: parts[1], precision: precision))
            let verb = try #require(parts[0].last)
            let digits = Int(parts[0].drop { $0 == "%" || $0 == "." }.dropLast())
            let text =
                switch verb {
                case "f": number.fixedText(fractionDigits: digits ?? 6)
                case "e", "E": number.exponentText(fractionDigits: digits ?? 6, uppercase: verb == "E")
                default: number.generalText(significantDigits: digits, uppercase: verb == "G")
                }
            #expect(text == parts[3], "\(line)")
        }
    }

    @Test func powersAndLogarithmsAreTheReferences() throws {
        for line in powerOracle.split(separator: "\n") {
            let parts = line.split(separator: "\t").map(String.init)
            let left = try #require(Number(decimal: parts[1]))
            let right = try #require(Number(decimal: parts[2]))
            let result = try parts[0] == "pow" ? left.power(right) : left.logarithm(base: right)
            #expect(result.description == parts[3], "\(line)")
        }
        #expect(throws: NumberError.self) { try Number(-1).power(try Number(1) / Number(2)) }
    }

    @Test func longNumbersAreReadInReasonableTime() throws {
        let ones = String(repeating: "1", count: 200_000)
        let long = try #require(Number(decimal: "0." + ones))
        #expect(long == Number(decimal: "0." + ones.prefix(1000)))
        let half = "1" + String(repeating: "0", count: 200)
        #expect(Number(decimal: "1e20001") == nil)
        #expect(Number(decimal: half)?.description == half)
        #expect(Number(integer: ones, radix: 10) == nil)
        #expect(Number(integer: "-zz", radix: 36) == Number(-1295))
        #expect(Number(integer: "Zz", radix: 62) == Number(61 * 62 + 35))
        #expect(Number(integer: "12", radix: 2) == nil)
        #expect(Number(integer: "", radix: 10) == nil)
    }

    @Test func doublesAreTheNearest() throws {
        for text in [
            "0.1", "1e308", "1.8e308", "-1.8e308", "1e-320", "4.9e-324", "2.4e-324", "2.5e-324", "-2.5e-324", "9007199254740993",
            "123456789.125", "1e-400", "1.7976931348623158e308", "2.2250738585072011e-308", "1.5e-323", "3.3e-310",
        ] {
            #expect(try #require(Number(decimal: text)).doubleValue == Double(text), "\(text)")
        }
    }
}
