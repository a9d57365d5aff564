import Testing

@testable import Values

/// What the reference's published plan gave for these inputs: after, after_unknown, after_sensitive.
struct MaskTests {
    static let u = Value.unknown(.string, .notNull)
    static let unknownList = Value.unknown(.list(.string), .notNull)
    static func one(_ marks: Value.Marks = []) -> Value { Value.int(1).marked(marks) }

    struct Case: Sendable {
        let value: Value
        let after: String
        let unknown: String
        let sensitive: String
    }

    static let cases: [Case] = [
        Case(
            value: .object([
                "a": u, "b": one(), "c": .emptyObject, "d": .emptyTuple, "e": .null, "f": .tuple([.int(1), .int(2)]),
                "g": .object(["x": one()]),
                "h": .tuple([u, one()]), "i": .object(["x": u, "y": one()]), "j": .tuple([.tuple([one()]), .tuple([u])]),
            ]),
            after:
                #"{"b":1,"c":{},"d":[],"e":null,"f":[1,2],"g":{"x":1},"h":[null,1],"i":{"y":1},"j":[[1],[null]]}"#,
            unknown: #"{"a":true,"c":{},"d":[],"f":[false,false],"g":{},"h":[true,false],"i":{"x":true},"j":[[false],[true]]}"#,
            sensitive: #"{"c":{},"d":[],"f":[false,false],"g":{},"h":[false,false],"i":{},"j":[[false],[false]]}"#),
        Case(value: Value.object(["a": u]).marked(.sensitive), after: "{}", unknown: #"{"a":true}"#, sensitive: "true"),
        Case(
            value: .object([
                "a": one(.sensitive), "b": .tuple([one(.sensitive), .int(2)]), "c": .object(["x": one(.sensitive), "y": .int(2)]),
                "g": .null, "h": u.marked(.sensitive), "i": .set([Value.string("a").marked(.sensitive)], of: .string),
            ]),
            after: #"{"a":1,"b":[1,2],"c":{"x":1,"y":2},"g":null,"i":["a"]}"#,
            unknown: #"{"b":[false,false],"c":{},"h":true,"i":[false]}"#,
            sensitive: #"{"a":true,"b":[true,false],"c":{"x":true},"h":true,"i":true}"#),
        Case(value: .set([u, .string("a")], of: .string), after: #"["a",null]"#, unknown: "[false,true]", sensitive: "[false,false]"),
        Case(
            value: .object([
                "a": unknownList, "b": .map([("x", u), ("y", .string("1"))], of: .string), "c": Value.null.marked(.sensitive),
            ]), after: #"{"b":{"y":"1"},"c":null}"#, unknown: #"{"a":true,"b":{"x":true}}"#, sensitive: #"{"a":[],"b":{},"c":true}"#),
        Case(value: .emptyTuple, after: "[]", unknown: "[]", sensitive: "[]"),
        Case(value: .emptyObject, after: "{}", unknown: "{}", sensitive: "{}"),
        Case(value: .int(1), after: "1", unknown: "false", sensitive: "false"),
        Case(
            value: .object(["a": .object(["c": .tuple([.object(["d": u]), .object(["d": one(.sensitive)])])])]),
            after: #"{"a":{"c":[{},{"d":1}]}}"#, unknown: #"{"a":{"c":[{"d":true},{}]}}"#, sensitive: #"{"a":{"c":[{},{"d":true}]}}"#),
    ]

    @Test func masksAreTheReferences() throws {
        for test in Self.cases {
            #expect(try test.value.jsonWithoutUnknowns() == test.after)
            #expect(try test.value.unknownMask().jsonText() == test.unknown)
            #expect(try test.value.sensitiveMask().jsonText() == test.sensitive)
        }
    }
}
