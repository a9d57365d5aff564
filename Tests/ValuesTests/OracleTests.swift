import FoundationEssentials
import Testing

@testable import Values

/// Tables of what the reference printed, committed as they came.
struct OracleTests {
    private func rows(_ table: String) throws -> [(String, String)] {
        try table.split(separator: "\n").map { line in
            let parts = line.split(separator: "\t").map(String.init)
            return (parts[0], try JSONDecoder().decode(String.self, from: Data(parts[1].utf8)))
        }
    }

    @Test func setsAreInTheReferencesOrder() throws {
        for (source, expected) in try rows(setOracle) {
            let value = try Value.parsingJSON(Array(source.utf8)).converted(to: .set(.dynamic))
            #expect(try value.jsonText() == expected, "\(source)")
        }
    }

    @Test func jsonIsReadAndWrittenAsTheReferenceDoes() throws {
        for (source, expected) in try rows(jsonOracle) {
            #expect(try Value.parsingJSON(Array(source.utf8)).jsonText() == expected, "\(source)")
        }
    }

    /// The reference refuses all of these too, save `[1]]`.
    @Test(arguments: [
        "", "[1,]", #"{"a":1,}"#, "[01]", "1.", ".5", "+1", "\"a\tb\"", #""\x""#, #""\u12""#, "nul", "[1 2]", #"{"a" 1}"#, "{1:2}", "1 2",
        "\"a",
        "[", #"{"a":"#, "tru", "NaN", "Infinity", "-", "1e", "'a'", "[1]]", "\u{FEFF}1", #"{"a":1}x"#, #""\ud83d\u00""#, "1e20001",
    ])
    func malformedJSONIsRefused(_ text: String) {
        #expect(throws: JSONError.self) { try Value.parsingJSON(Array(text.utf8)) }
    }

    @Test func nestingOfJSONIsLimited() throws {
        let fine = String(repeating: "[", count: 256) + String(repeating: "]", count: 256)
        #expect(try Value.parsingJSON(Array(fine.utf8)).jsonText() == fine)
        for depth in [257, 100_000] {
            let deep = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            #expect(throws: JSONError.self) { try Value.parsingJSON(Array(deep.utf8)) }
        }
    }

    /// Text, and what `tostring(tonumber(text))` gives; nil for an error.
    @Test(
        arguments: [
            ("1p4", "16"), ("1P4", "16"), ("1p-4", "0.0625"), ("inf", "+Inf"), ("Inf", "+Inf"), ("+Inf", "+Inf"), ("-inf", "-Inf"),
            (".5", "0.5"),
            ("5.", "5"), ("+5", "5"), ("1e5", "100000"), ("1E5", "100000"), ("007", "7"), ("1e+5", "100000"), ("1e-5", "0.00001"),
            ("-0", "-0"),
            ("0.0", "0"), ("-.5e1", "-5"), ("0x10", nil), ("1_000", nil), ("INF", nil), ("infinity", nil), ("1e", nil), ("e5", nil),
            ("", nil),
            (" 1", nil), ("1 ", nil), ("--1", nil), ("1.2.3", nil), ("0b1", nil), ("0o7", nil), ("NaN", nil), ("1,5", nil), ("０", nil),
            (".", nil),
        ] as [(String, String?)])
    func textBecomesNumbers(_ text: String, _ expected: String?) {
        #expect(Number(decimal: text)?.description == expected)
    }
}
