import FunctionLibrary
import Testing
import Values

/// Numbers that nobody means: every function has an answer, soon and within bounds.
@Suite struct LimitTests {
    static let extremes = [
        "0", "-1", "0.5", "9223372036854775807", "-9223372036854775808", "9223372036854775808", "1e300", "-1e300", "1e20000", "1e-20000",
    ]

    /// `bcrypt` aside, whose cost is time by definition.
    @Test func everyFunctionThatTakesANumberTakesAny() throws {
        var calls = 0
        for name in FunctionTable.standard.names where name != "bcrypt" {
            guard let function = FunctionTable.standard[name] else { continue }
            let parameters = function.parameters + (function.variadic.map { [$0, $0, $0] } ?? [])
            let places = parameters.indices.filter { parameters[$0].type == .number }
            for place in places {
                for extreme in Self.extremes {
                    var arguments: [Value] = []
                    for (index, parameter) in parameters.enumerated() {
                        arguments.append(
                            try index == place
                                ? TypedTextReader.value(extreme)
                                : Self.ordinary(parameter.type, name: parameter.name, function: name))
                    }
                    calls += 1
                    do {
                        let value = try FunctionTable.standard.call(function, arguments, environment: FixtureEnvironment())
                        #expect(!value.isUnknown, "\(name) \(arguments)")
                    } catch {
                        #expect(!error.message.isEmpty, "\(name) \(arguments)")
                    }
                }
            }
        }
        #expect(calls > 200)
    }

    private static func ordinary(_ type: ValueType, name: String, function: String) throws -> Value {
        switch type {
        case .number: return .int(2)
        case .string: return .string(name == "prefix" ? "10.0.0.0/8" : "a\nb")
        case .list: return try TypedTextReader.value("list(string)[\"a\", \"b\", \"c\"]")
        default: return function == "parseint" ? .string("11") : try TypedTextReader.value("list(string)[\"a\", \"b\", \"c\"]")
        }
    }

    @Test(arguments: [
        (#"indent(9223372036854775807, "a\nb")"#, "! spaces: the result would be longer than 67108864 bytes"),
        (#"indent(67108862, "a\nb")"#, "! spaces: the result would be longer than 67108864 bytes"),
        (#"indent(9223372036854775807, "a")"#, #"= "a""#),
        (#"format("%1000001d", 1)"#, #"! call: width and precision of "%1000001d" at offset 0 may be 1000000 at most"#),
        (
            #"format("%.99999999999999999999f", 1)"#,
            #"! call: width and precision of "%.99999999999999999999f" at offset 0 may be 1000000 at most"#
        ),
        (
            #"format("%[99999999999999999999]d", 1)"#,
            #"! call: not enough arguments for "%[99999999999999999999]d" at 0: need index 2147483647 but have 1 total"#
        ),
        (
            #"range(9223372036854775807)"#,
            "! call: more than 1024 values were generated; either decrease the difference between start and end or use a smaller step"
        ),
        (
            #"bcrypt("x", 9223372036854775807)"#,
            "! call: error occured generating password crypto/bcrypt: cost 9223372036854775807 is outside allowed range (4,31)"
        ),
        (#"timeadd("9999-12-31T23:59:59Z", "2562047788015215h")"#, #"! call: time: invalid duration "2562047788015215h""#),
        (#"timeadd("9999-12-31T23:59:59Z", "2562047h")"#, #"= "10292-04-10T22:59:59Z""#),
    ])
    func saysWhatIsTooMuch(call: String, outcome: String) throws {
        #expect(CaseTests.outcome(of: call) == outcome)
    }

    @Test func combinationsAreCountedBeforeTheyAreMade() throws {
        let thousand = Value.list((0..<1000).map { .int($0) }, of: .number)
        let function = try #require(FunctionTable.standard["setproduct"])
        #expect(throws: FunctionError.self) {
            try FunctionTable.standard.call(function, [thousand, thousand, thousand], environment: FixtureEnvironment())
        }
        let none = Value.list([], of: .number)
        let product = try FunctionTable.standard.call(function, [thousand, thousand, thousand, none], environment: FixtureEnvironment())
        #expect(product.elements?.isEmpty == true)
    }
}
