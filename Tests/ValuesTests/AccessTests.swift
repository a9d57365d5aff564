import Testing

@testable import Values

/// Texts seen on the reference.
struct AccessTests {
    static let one = Value.tuple([.int(1)])
    static let object = Value.object(["a": .int(1)])
    static let map = Value.map([("a", .int(1))], of: .number)
    static let noElement = "Invalid index: The given key does not identify an element in this collection value"

    static let indices: [(Value, Value, String)] = [
        (one, .int(1), noElement + ": the given index is greater than or equal to the length of the collection."),
        (.emptyTuple, .int(0), noElement + ": the collection has no elements."),
        (
            one, .number(Number(1.5) ?? .zero),
            noElement + ": indexing a sequence requires a whole number, but the given index has a fractional part."
        ),
        (one, .int(-1), noElement + ": a negative number is not a valid index for a sequence."),
        (one, .string("a"), noElement + ": a number is required."),
        (one, .emptyObject, noElement + ": number required."),
        (one, Value.int(3).marked(.sensitive), noElement + "."),
        (object, .string("b"), noElement + "."),
        (object, .int(1), noElement + ". An object only supports looking up attributes by name, not by numeric index."),
        (object, .emptyTuple, noElement + ": string required."),
        (map, .string("b"), noElement + "."),
        (map, .emptyTuple, noElement + ": string required."),
        (
            .set([.int(1)], of: .number), .int(0),
            "Invalid index: Elements of a set are identified only by their value and don't have any separate index or key to select with, so it's only "
                + "possible to perform operations across all elements of the set."
        ),
        (.string("a"), .int(0), "Invalid index: This value does not have any indices."),
        (.null, .int(0), "Attempt to index null value: This value is null, so it does not have any indices."),
        (one, .null, "Invalid index: Can't use a null value as an indexing key."),
    ]

    @Test func faultsOfIndicesAreTold() {
        for (value, key, expected) in Self.indices {
            do throws(OperationError) {
                let result = try value.indexed(by: key)
                Issue.record("\(result) instead of \(expected)")
            } catch {
                #expect(error.description == expected)
            }
        }
    }

    static let attributes: [(Value, String)] = [
        (object, "Unsupported attribute: This object does not have an attribute named \"b\"."),
        (map, "Missing map element: This map does not have an element with the key \"b\"."),
        (.string("a"), "Unsupported attribute: Can't access attributes on a primitive-typed value (string)."),
        (.int(1), "Unsupported attribute: Can't access attributes on a primitive-typed value (number)."),
        (.null, "Attempt to get attribute from null value: This value is null, so it does not have any attributes."),
        (
            .list([object], of: .object(["a": .number])),
            "Unsupported attribute: Can't access attributes on a list of objects. Did you mean to access attribute \"b\" for a specific element of the "
                + "list, or across all elements of the list?"
        ),
        (
            .set([object], of: .object(["a": .number])),
            "Unsupported attribute: Can't access attributes on a set of objects. Did you mean to access an attribute across all elements of the set?"
        ),
        (.list([.int(1)], of: .number), "Unsupported attribute: This value does not have any attributes."),
        (one, "Unsupported attribute: This value does not have any attributes."),
        (.unknown(.object(["a": .number])), "Unsupported attribute: This object does not have an attribute named \"b\"."),
        (.unknown(.string), "Unsupported attribute: Can't access attributes on a primitive-typed value (string)."),
    ]

    @Test func faultsOfAttributesAreTold() {
        for (value, expected) in Self.attributes {
            do throws(OperationError) {
                let result = try value.attribute(named: "b")
                Issue.record("\(result) instead of \(expected)")
            } catch {
                #expect(error.description == expected)
            }
        }
    }

    @Test func accessCarriesMarksAndWhatIsUnknown() throws {
        let secret = Self.object.marked(.sensitive)
        #expect(try secret.attribute(named: "a") == Value.int(1).marked(.sensitive))
        #expect(try secret.indexed(by: .string("a")) == Value.int(1).marked(.sensitive))
        #expect(try Self.one.indexed(by: Value.int(0).marked(.ephemeral)) == Value.int(1).marked(.ephemeral))
        #expect(try Self.one.indexed(by: .string("0")) == .int(1))
        #expect(try Self.one.indexed(by: .unknown(.number)) == .unknown)
        #expect(try Value.list([.int(1)], of: .number).indexed(by: .unknown) == .unknown(.number))
        #expect(try Self.map.indexed(by: .unknown(.string)) == .unknown(.number))
        #expect(try Value.unknown.attribute(named: "x") == .unknown)
        #expect(try Value.unknown(.map(.bool)).attribute(named: "x") == .unknown(.bool))
        #expect(try Value.unknown(.object(["a": .number])).indexed(by: .string("a")) == .unknown(.number))
        #expect(try Value.unknown(.tuple([.bool, .string])).indexed(by: .int(1)) == .unknown(.string))
        let attribute = try Value.object(["a": Value.null(.string).marked(.sensitive)]).attribute(named: "a")
        #expect(attribute.isNull && attribute.isSensitive)
    }
}
