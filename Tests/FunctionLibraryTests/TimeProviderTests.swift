import FoundationEssentials
import FunctionLibrary
import Testing
import Values

/// Functions of the built-in provider `time`: their results are those of the library that the reference's provider calls.
struct TimeProviderTests {
    private static func cases() throws -> Value {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/time_provider.json")
        return try Value.parsingJSON(Array(try Data(contentsOf: path)))
    }

    @Test(arguments: ["rfc3339_parse", "unix_timestamp_parse", "duration_parse"])
    func resultsAreThoseOfTheReference(name: String) throws {
        let function = try #require(FunctionTable.standard["provider::time::\(name)"])
        let cases = try #require(try Self.cases()[name]?.elements)
        #expect(cases.count > 8)
        for example in cases {
            let parts = try #require(example.elements)
            if parts[1].isNull {
                let error = #expect(throws: FunctionError.self) { try function.call([parts[0]], environment: FixtureEnvironment()) }
                #expect(error?.argument == 0 && error?.message.hasPrefix("Error parsing ") == true, "\(parts[0])")
                continue
            }
            let result = try function.call([parts[0]], environment: FixtureEnvironment())
            #expect(result.type == function.resultType)
            for (key, value) in parts[1].entries ?? [] {
                let text = try result[key]?.converted(to: .string).stringValue
                #expect(text == (try value.converted(to: .string).stringValue), "\(parts[0]) \(key)")
            }
            #expect(result.entries?.count == parts[1].entries?.count)
        }
    }
}
