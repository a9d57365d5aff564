import FoundationEssentials
import Testing

@testable import Values

struct ConversionOracleTests {
    /// Values converted to type constraints give the value, the type and the message that the reference gives.
    @Test func convertsAsTheReference() throws {
        var failures = 0
        for line in conversionOracle.split(separator: "\n") {
            let parts = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let wanted = try JSONDecoder().decode(ValueType.self, from: Data(parts[0].utf8))
            let value = try Value.parsingJSON(Array(parts[1].utf8))
            do {
                let result = try value.converted(to: wanted)
                let text = try result.jsonText()
                #expect(text == parts[2], "\(line)")
                #expect(result.type.constraintText.replacing("any", with: "dynamic") == parts[3], "\(line)")
                if text != parts[2] { failures += 1 }
            } catch let error as ConversionError {
                #expect("!" == parts[2], "\(error): \(line)")
                #expect(error.description == parts[3], "\(line)")
            }
        }
    }
}
