import Testing
import Values

/// What a plan promised of a value, and what may come of it.
@Suite struct PromiseTests {
    private static let some = Value.unknown(.string, .notNull)
    private static let any = Value.unknown(.string)

    private static var prefixed: Refinement {
        var refinement = Refinement.notNull
        refinement.prefix = "p-"
        return refinement
    }

    private static func object(_ value: Value, _ other: Value = .int(1)) -> Value { .object([("a", value), ("b", other)]) }
    private static func list(_ values: Value...) -> Value { .list(values, of: .string) }
    private static func set(_ values: Value...) -> Value { .set(values, of: .string) }
    private static func map(_ pairs: (String, Value)...) -> Value { .map(pairs, of: .string) }

    static let kept: [(Value, Value)] = [
        (.string("x"), .string("x")), (any, .string("x")), (any, .null(.string)), (some, .string("x")), (some, any),
        (.unknown, list(.string("x"))), (object(any), object(.string("x"))), (object(some), object(some)),
        (.unknown(.string, prefixed), .string("p-1")),
        (list(any, .string("x")), list(.string("y"), .string("x"))), (map(("k", any)), map(("k", .string("x")))),
        (set(any, .string("x")), set(.string("y"), .string("x"))), (set(any, .string("x")), set(.string("x"))),
        (Value.string("x").marked(.sensitive), .string("x")), (any, Value.string("x").marked(.sensitive)),
        (.tuple([any]), .tuple([.string("x")])),
    ]

    @Test(arguments: kept) func isKept(_ promised: Value, _ made: Value) { #expect(promised.departure(of: made) == nil) }

    static let broken: [(Value, Value, String)] = [
        (.string("x"), .string("y"), ""), (.string("x"), .null(.string), ""), (.null(.string), .string("x"), ""),
        (some, .null(.string), ""),
        (.string("x"), any, ""), (object(some), object(.null(.string)), "a"), (object(any), object(any, .int(2)), "b"),
        (any, .int(1), ""), (.unknown(.string, prefixed), .string("q-1"), ""),
        (list(any), list(.string("x"), .string("y")), ""), (list(any, .string("x")), list(any, .string("y")), "[1]"),
        (map(("k", any)), map(("k", .string("x")), ("l", .string("y"))), ""), (map(("k", any)), map(("l", .string("x"))), ""),
        (set(any, .string("x")), set(.string("y"), .string("z")), ""), (set(.string("x")), set(.string("y")), ""),
        (set(any), set(), ""), (set(some, .string("x")), set(.string("x"), .null(.string)), ""),
    ]

    @Test(arguments: broken) func isBroken(_ promised: Value, _ made: Value, _ path: String) {
        #expect(promised.departure(of: made).map(\.description) == path)
    }
}
