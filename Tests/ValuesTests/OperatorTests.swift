import Testing

@testable import Values

/// Results and texts seen on the reference, whose operators these are.
struct OperatorTests {
    static let id = Value.unknown(.string, .notNull)
    static let open = Value.unknown(.string)
    static let list = Value.unknown(.list(.string), .notNull)
    static let prefixed: Value = {
        var refinement = Refinement.notNull
        refinement.prefix = "p-"
        return .unknown(.string, refinement)
    }()

    struct Equality: Sendable {
        let left: Value
        let right: Value
        /// Nil: unknown.
        let expected: Bool?
        init(_ left: Value, _ right: Value, _ expected: Bool?) { (self.left, self.right, self.expected) = (left, right, expected) }
    }

    static func list(_ values: Value..., of type: ValueType) -> Value { .list(values, of: type) }
    static func tuple(_ values: Value...) -> Value { .tuple(values) }

    static let equalities: [Equality] = [
        .init(id, .null, false),
        .init(id, .null(.string), false),
        .init(id, .string("a"), nil),
        .init(prefixed, .string("q"), false),
        .init(prefixed, .string("p"), false),
        .init(prefixed, .string("p-"), nil),
        .init(prefixed, .string("p-x"), nil),
        .init(open, .null, nil),
        .init(open, .int(1), false),
        .init(id, .int(1), false),
        .init(id, id, nil),
        .init(list, list(.string("a"), of: .string), nil),
        .init(list, .emptyTuple, false),
        .init(list, list(.int(1), of: .number), false),
        .init(tuple(.int(1), id), tuple(.int(2), .string("a")), false),
        .init(tuple(id), tuple(.int(1)), false),
        .init(tuple(id), tuple(.string("a"), .string("b")), false),
        .init(.object(["a": id]), .object(["a": .string("x")]), nil),
        .init(.object(["a": id]), .object(["b": .string("x")]), false),
        .init(.object(["a": .null]), .object(["a": open]), false),
        .init(tuple(.null), tuple(open), false),
        .init(.map([("a", id)], of: .string), .map([("b", .string("x"))], of: .string), false),
        .init(.map([("a", id)], of: .string), .map([("a", .string("x"))], of: .string), nil),
        .init(list(id, of: .string), list(.string("x"), .string("y"), of: .string), false),
        .init(.set([id], of: .string), .set([.string("x")], of: .string), nil),
        .init(.set([id, .string("a")], of: .string), .set([.string("x")], of: .string), nil),
        .init(list(list(of: .dynamic), of: .list(.dynamic)), list(list, of: .list(.string)), false),
        .init(list(.null, of: .dynamic), list(id, of: .string), false),
        .init(.null, .unknown, nil),
        .init(.unknown, .int(1), nil),
        .init(tuple(.unknown, .int(1)), tuple(.int(1), .int(1)), nil),
        // Known ones.
        .init(tuple(.int(1), .int(2)), tuple(.int(1), .int(2)), true),
        .init(tuple(.null), tuple(.null), true),
        .init(tuple(.null(.string)), tuple(.null), false),
        .init(tuple(.null(.string)), tuple(.null(.number)), false),
        .init(.object(["a": .null]), .object(["a": .null(.string)]), false),
        .init(.null, .null(.string), true),
        .init(list(of: .dynamic), list(.int(1), of: .number), false),
        .init(.set([], of: .dynamic), .set([.int(1)], of: .number), false),
        .init(.set([.int(1), .int(2)], of: .number), .set([.int(2), .int(1)], of: .number), true),
        .init(.object(["a": .int(1)]), .map([("a", .int(1))], of: .number), false),
        .init(.emptyTuple, list(of: .dynamic), false),
        .init(.string("a"), .int(1), false),
        .init(.string("1"), .int(1), false),
        .init(.null, .int(1), false),
    ]

    @Test func equalityKnowsWhatCanBeKnown() {
        for test in Self.equalities {
            #expect(Value.equal(test.left, test.right).boolValue == test.expected, "\(test.left) == \(test.right)")
            #expect(Value.equal(test.right, test.left).boolValue == test.expected, "\(test.right) == \(test.left)")
            #expect(Value.notEqual(test.left, test.right).boolValue == test.expected.map { !$0 })
        }
        let marked = Value.equal(.tuple([Value.int(1).marked(.sensitive)]), .tuple([.int(1)]))
        #expect(marked == Value.true.marked(.sensitive))
    }

    @Test func faultsAreToldInTheReferencesWords() {
        typealias Operation = () throws(OperationError) -> Value
        let cases: [(String, Operation)] = [
            (
                "Invalid operand: Unsuitable value for left operand: a number is required.",
                { () throws(OperationError) in try Value.add(.string("a"), .int(1)) }
            ),
            (
                "Invalid operand: Unsuitable value for right operand: a number is required.",
                { () throws(OperationError) in try Value.lessThan(.int(1), .string("b")) }
            ),
            (
                "Invalid operand: Unsuitable value for unary operand: a bool is required.",
                { () throws(OperationError) in try Value.not(.string("x")) }
            ),
            (
                "Invalid operand: Unsuitable value for unary operand: a number is required.",
                { () throws(OperationError) in try Value.negate(.string("x")) }
            ),
            (
                "Operation failed: Error during operation: argument must not be null.",
                { () throws(OperationError) in try Value.and(.true, .null) }
            ),
            ("Operation failed: Error during operation: argument must not be null.", { () throws(OperationError) in try Value.not(.null) }),
            (
                "Operation failed: Error during operation: can't divide zero by zero or infinity by infinity.",
                { () throws(OperationError) in try Value.divide(.int(0), .int(0)) }
            ),
            (
                "Operation failed: Error during operation: can't multiply zero by infinity.",
                { () throws(OperationError) in try Value.multiply(.int(0), .number(.infinity)) }
            ),
            (
                "Operation failed: Error during operation: can't subtract infinity from itself.",
                { () throws(OperationError) in try Value.subtract(.number(.infinity), .number(.infinity)) }
            ),
            (
                "Operation failed: Error during operation: can't compute sum of opposing infinities.",
                { () throws(OperationError) in try Value.add(.number(-.infinity), .number(.infinity)) }
            ),
            (
                "Operation failed: Error during operation: can't use modulo with zero and infinity.",
                { () throws(OperationError) in try Value.modulo(.int(7), .number(.infinity)) }
            ),
        ]
        for (expected, operation) in cases {
            do throws(OperationError) {
                let value = try operation()
                Issue.record("\(value) instead of \(expected)")
            } catch {
                #expect(error.description == expected)
            }
        }
    }

    @Test func unknownOperandsGiveUnknownResultsThatAreNotNull() throws {
        let number = Value.unknown(.number).marked(.sensitive)
        #expect(try Value.add(number, .int(1)) == Value.unknown(.number, .notNull).marked(.sensitive))
        #expect(try Value.and(.false, .unknown(.bool)) == .unknown(.bool, .notNull))
        #expect(try Value.not(.unknown) == .unknown(.bool, .notNull))
        #expect(try Value.add(.string("2"), .int(1)) == .int(3))
        #expect(try Value.or(.string("true"), .false) == .true)
    }

    @Test func lengthsHaveBounds() throws {
        let set = Value.set([Self.id, .string("a")], of: .string)
        let length = try set.length
        #expect(length.isUnknown)
        #expect(try Value.greaterThan(length, .int(0)) == .true)
        #expect(try Value.greaterThan(length, .int(1)).isUnknown)
        // Bounds that touch decide nothing, as in the reference.
        #expect(try Value.lessThanOrEqual(length, .int(2)).isUnknown)
        #expect(try Value.lessThanOrEqual(length, .int(3)) == .true)
        #expect(try Value.greaterThan(length, .int(2)).isUnknown)
        #expect(try Value.greaterThan(length, .int(3)) == .false)
        #expect(Value.equal(length, .int(3)) == .false)
        #expect(Value.equal(length, .int(2)).isUnknown)
        #expect(try Value.set([Self.id], of: .string).length == .int(1))
        #expect(try Self.list.length.isUnknown)
        #expect(Value.equal(try Self.list.length, .int(-1)) == .false)
        #expect(try Value.tuple([Self.id]).length.numberValue?.precision == 64)
        #expect(try Value.unknown(.tuple([.string, .string])).length == .int(2))
    }

    @Test func refinementsThatLeaveOneValueGiveIt() {
        var refinement = Refinement.notNull
        refinement.minimumLength = 2
        refinement.maximumLength = 2
        #expect(Value.unknown(.list(.string), refinement) == .list([.unknown(.string), .unknown(.string)], of: .string))
        refinement.minimumLength = 0
        refinement.maximumLength = 0
        #expect(Value.unknown(.set(.string), refinement) == .set([], of: .string))
        refinement.isNotNull = false
        #expect(Value.unknown(.set(.string), refinement).isUnknown)
    }

    @Test(arguments: [
        ("p-", "p-"), ("a", ""), ("ab", "a"), ("xé", "x"), ("x/", "x/"), ("x1", "x"), ("x漢", "x"), ("x\n", "x"), ("x=", "x"), ("x<", "x"),
        ("x+", "x+"),
        ("", ""), ("x e\u{301}", "x "),
    ])
    func onlyWhatCannotComposeIsPromised(_ text: String, _ expected: String) {
        #expect(text.safePrefix == expected)
    }
}
