import Testing
import Values

/// What is known of one of two values, before it is known which.
struct EitherTests {
    @Test func numbersLieBetweenTheTwo() throws {
        let either = Value.either(.int(1), .int(3), of: .number)
        #expect(either.isUnknown && either.isDefinitelyNotNull)
        #expect(try Value.lessThan(either, .int(4)) == .true)
        #expect(try Value.greaterThan(either, .int(0)) == .true)
        #expect(Value.equal(either, .int(4)) == .false)
        #expect(Value.either(.int(2), .int(2), of: .number) == .int(2))
        #expect(try Value.lessThan(Value.either(.int(1), .unknown(.number, .notNull), of: .number), .int(9)).isUnknown)
    }

    @Test func collectionsAreAsLongAsEither() throws {
        let one = Value.list([.string("a")], of: .string)
        let two = Value.list([.string("a"), .string("b")], of: .string)
        #expect(Value.either(one, one, of: .list(.string)) == .list([.unknown(.string)], of: .string))
        let length = try Value.either(one, two, of: .list(.string)).length
        #expect(try Value.greaterThan(length, .int(0)) == .true)
        #expect(try Value.lessThan(length, .int(3)) == .true)
        let set = Value.set([.unknown(.string), .string("a")], of: .string)
        #expect(try Value.either(set, .set([], of: .string), of: .set(.string)).length.isUnknown)
        #expect(Value.either(.map([], of: .bool), .map([], of: .bool), of: .map(.bool)) == .map([], of: .bool))
    }

    @Test func nullsStayNull() {
        #expect(Value.either(.null, .null(.string), of: .string) == .null(.string))
        #expect(!Value.either(.null(.string), .string("a"), of: .string).isDefinitelyNotNull)
        #expect(Value.either(.string("a"), .string("a"), of: .string) == .unknown(.string, .notNull))
    }
}
