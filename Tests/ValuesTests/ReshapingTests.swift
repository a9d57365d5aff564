import Testing
import Values

/// Values of a type that has come to have other attributes since.
@Suite struct ReshapingTests {
    private static func type(_ names: [String]) -> ValueType { .object(ObjectType(names.map { .init(name: $0, type: .string) })) }
    private static func value(_ names: [String]) -> Value { .object(names.map { ($0, .string($0)) }) }
    /// What `ab` becomes where `b` and `c` are wanted.
    private static var changed: Value { .object([("b", .string("b")), ("c", .null(.string))]) }
    private static let old = value(["a", "b"])
    private static let new = type(["b", "c"])

    @Test(
        arguments: [
            (old, new, changed), (.list([old], of: type(["a", "b"])), .list(new), .list([changed], of: new)),
            (.set([old], of: type(["a", "b"])), .set(new), .set([changed], of: new)),
            (.map([("k", old)], of: type(["a", "b"])), .map(new), .map([("k", changed)], of: new)),
            (.list([], of: type(["a", "b"])), .list(new), .list([], of: new)), (.null(type(["a"])), new, .null(new)),
            (
                .object([("in", old.marked(.sensitive))]), .object(ObjectType([.init(name: "in", type: new)])),
                .object([("in", changed.marked(.sensitive))])
            ),
        ] as [(Value, ValueType, Value)]) func missingIsNullAndMoreIsLeftOut(_ value: Value, _ type: ValueType, _ result: Value)
    {
        #expect(value.reshaped(to: type) == result)
        #expect(value.marked(.sensitive).reshaped(to: type) == result.marked(.sensitive))
        #expect(result.reshaped(to: type) == nil, "nothing is left to be done")
    }

    @Test(
        arguments: [
            (old, .dynamic), (.string("a"), .number), (.unknown(type(["a"])), new), (old, .string),
            (.list([old], of: type(["a", "b"])), .set(new)),
            (.list([.string("a")], of: .string), .list(.number)), (.null(.string), .dynamic),
        ] as [(Value, ValueType)]) func otherTypesStayWhatTheyAre(_ value: Value, _ type: ValueType)
    {
        #expect(value.reshaped(to: type) == nil)
    }
}
