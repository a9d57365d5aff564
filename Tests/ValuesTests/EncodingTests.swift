import FoundationEssentials
import Testing

@testable import Values

/// The forms on disk, byte for byte: a change here makes old states unreadable.
struct EncodingTests {
    static let value: Value = {
        var refinement = Refinement.notNull
        refinement.prefix = "i-"
        return .object([
            "count": .int(-3), "half": .number(Number(decimal: "0.5") ?? .zero),
            "id": .unknown(.string, refinement), "list": .list([.string("a"), .string("é")], of: .string),
            "objects": .tuple([.object(["a": .true]), .object(["a": .null(.bool)])]),
            "secret": Value.string("s").marked(.sensitive), "size": .number(Number(exactly: 7)),
            "tags": .map([("k", .string("v"))], of: .string), "zones": .set([.string("b"), .string("a")], of: .string),
        ])
    }()

    @Test func recordsHaveThisForm() throws {
        let expected: [UInt8] =
            [1, 10, 9]
            + text("count") + text("half") + text("id") + text("list") + text("objects") + text("secret") + text("size") + text("tags")
            + text("zones")
            + [2, 5]
            + [4, 0x80, 4, 2, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0x80]
            + [13, 3, 3] + text("i-")
            + [6, 3, 2, 5] + text("a") + [5] + text("é")
            + [8, 2, 10, 1] + text("a") + [1, 11, 1, 12, 1]
            + [0x45] + text("s")
            + [3, 64, 14]
            + [9, 3, 1] + text("k") + [5] + text("v")
            + [7, 3, 2, 5] + text("a") + [5] + text("b")
        #expect(try Self.value.encodedRecord() == expected)
        #expect(try Value(record: expected) == Self.value)
    }

    private func text(_ text: String) -> [UInt8] { [UInt8(text.utf8.count)] + Array(text.utf8) }

    @Test func codableHasThisForm() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(Self.value), as: UTF8.self)
        #expect(
            text == #"{"object":{"count":-3,"half":{"number":"0.5"},"#
                + #""id":{"refinement":{"isNotNull":true,"prefix":"i-"},"unknown":"string"},"list":{"list":["a","é"],"of":"string"},"#
                + #""objects":[{"object":{"a":true}},{"object":{"a":{"null":"bool"}}}],"secret":{"marked":["sensitive"],"value":"s"},"#
                + #""size":{"number":"7","precision":64},"tags":{"map":{"k":"v"},"of":"string"},"zones":{"of":"string","set":["a","b"]}}}"#)
    }

    @Test func typesHaveTheReferencesForm() throws {
        let type = ValueType.object(
            ObjectType([
                .init(name: "a", type: .list(.string)), .init(name: "b", type: .number, isOptional: true, defaultValue: .int(1)),
                .init(name: "c", type: .tuple([.dynamic]), isOptional: true),
            ]))
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let text = String(decoding: try encoder.encode(type), as: UTF8.self)
        #expect(text == #"["object",{"a":["list","string"],"b":"number","c":["tuple",["dynamic"]]},["b","c"],{"b":1}]"#)
        #expect(try JSONDecoder().decode(ValueType.self, from: Data(text.utf8)) == type)
        #expect(type.constraintText == "object({a=list(string),b=optional(number),c=optional(tuple([any]))})")
    }

    @Test(arguments: [#""strin""#, #"["list"]"#, #"["tuples",["string"]]"#, "3", "{}", #"["object",{"a":"x"}]"#])
    func foreignTypesAreRefused(_ text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(ValueType.self, from: Data(text.utf8)) }
    }

    @Test(arguments: [
        #"{"number":"x"}"#, #"{"number":"1","precision":900}"#, #"{"marked":["secret"],"value":1}"#, #"{"list":[1],"of":"string"}"#,
        #"{"unknown":"x"}"#, "{}", "1.5", #"{"list":[1]}"#,
    ])
    func foreignValuesAreRefused(_ text: String) {
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(Value.self, from: Data(text.utf8)) }
    }

    @Test func whatMustNotBeWrittenIsNot() {
        let secret = Value.string("s").marked(.ephemeral)
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(secret) }
        #expect(throws: RecordError.self) { try secret.encodedRecord() }
        #expect(throws: JSONError.self) { try Value.unknown(.string).jsonText() }
        #expect(throws: JSONError.self) { try Value.number(.infinity).jsonText() }
        #expect("\(Value.string("hidden").marked(.sensitive))" == "(sensitive value)")
        #expect(!"\(Value.object(["a": Value.string("hidden").marked(.sensitive)]))".contains("hidden"))
    }

    @Test func readingJSONAsATypeTellsWhere() throws {
        let wanted = ValueType.object(["a": .list(.number)])
        #expect(throws: JSONError(message: "a number is required", path: [.attribute("a"), .index(1)])) {
            try Value.parsingJSON(Array(#"{"a":[1,"x"]}"#.utf8), as: wanted)
        }
        let value = try Value.parsingJSON(Array(#"{"a":["1"],"more":true}"#.utf8), as: wanted)
        #expect(value == .object(["a": .list([.int(1)], of: .number)]))
    }
}
