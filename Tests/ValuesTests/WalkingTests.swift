import Testing

@testable import Values

struct WalkingTests {
    static let secret = Value.string("s").marked(.sensitive)

    @Test func pathsAreWrittenAsReferences() {
        #expect(Path([.attribute("a"), .attribute("b"), .index(0), .key("k\"")]).description == #"a.b[0]["k\""]"#)
        #expect(Path([.element(.string("secret"))]).description == "[...]")
        #expect(ConversionError(path: [.attribute("a"), .index(0)], message: "m").description == ".a[0]: m")
        #expect(ConversionError(path: [.index(0)], message: "m").description == "[0]: m")
    }

    @Test func setsTakeOverTheMarksOfTheirElements() {
        let set = Value.set([Self.secret, .string("a")], of: .string)
        #expect(set.isSensitive && set.elements == [.string("a"), .string("s")])
        let nested = Value.set([.object(["x": Self.secret])], of: .object(["x": .string]))
        #expect(nested.isSensitive && !nested.beneath.contains(.sensitive))
    }

    @Test func marksAreAddedAtPaths() {
        let value = Value.object([
            "a": .tuple([.int(1), .int(2)]), "s": .set([.int(1)], of: .number), "m": .map([("k", .int(1))], of: .number),
        ])
        let marked = value.withMarks(at: [
            ([.attribute("a"), .index(1)], .sensitive), ([.attribute("s"), .element(.int(1))], .sensitive),
            ([.attribute("m"), .attribute("k")], .sensitive),
        ])
        #expect(marked.sensitivePaths == [[.attribute("a"), .index(1)], [.attribute("m"), .key("k")], [.attribute("s")]])
        // A place that is not there any more: what would have held it is marked.
        #expect(value.withMarks(at: [([.attribute("a"), .index(9)], .sensitive)]).sensitivePaths == [[.attribute("a")]])
        #expect(value.withMarks(at: [([.attribute("gone")], .sensitive)]).isSensitive)
    }

    @Test func marksOfThisNodeAlone() {
        let value = Value.tuple([Self.secret]).marked([.sensitive, .ephemeral])
        #expect(value.withoutMarks(.sensitive, deep: false).sensitivePaths == [[.index(0)]])
        #expect(value.withoutMarks(.sensitive).marks == .ephemeral)
        #expect(value.withoutMarks(.sensitive).holdsSensitive == false)
        #expect(value.allMarks == [.sensitive, .ephemeral])
        #expect(value.unmarkedDeep().0 == .tuple([.string("s")]))
    }

    @Test func differencesNameTheSmallestParts() {
        func value(_ a: Int, _ list: [Int], _ set: [Int]) -> Value {
            .object([
                "a": .object(["x": .int(a), "y": .int(0)]), "l": .list(list.map { .int($0) }, of: .number),
                "s": .set(set.map { .int($0) }, of: .number),
            ])
        }
        let one = value(1, [1, 2], [1])
        #expect(one.differences(value(1, [1, 2], [1])).isEmpty)
        #expect(
            one.differences(value(2, [1, 3, 4], [1, 2])) == [
                [.attribute("a"), .attribute("x")], [.attribute("l"), .index(1)], [.attribute("l"), .index(2)], [.attribute("s")],
            ])
        #expect(one.differences(.emptyTuple) == [[]])
        #expect(Value.int(1).differences(.string("1")) == [[]])
        #expect(Value.object(["a": Self.secret]).differences(.object(["a": .string("s")])) == [[.attribute("a")]])
        #expect(Value.object(["a": .int(1)]).differences(.object(["b": .int(1)])) == [[.attribute("a")], [.attribute("b")]])
    }

    @Test func nodesAreReplaced() throws {
        let value = Value.object(["a": .list([.int(1), .int(2)], of: .number), "b": .null])
        let changed = try #require(value.replacing(at: [.attribute("a"), .index(1)], with: .int(5)))
        #expect(changed.value(at: [.attribute("a"), .index(1)]) == .int(5))
        #expect(value.replacing(at: [.attribute("c")], with: .int(5)) == nil)
        #expect(value.replacing(at: [.attribute("a"), .index(2)], with: .int(5)) == nil)
        #expect(value.replacing(at: [.attribute("b"), .attribute("x")], with: .int(5)) == nil)
        let unknown = try #require(value.replacing(at: [.attribute("a"), .index(0)], with: .unknown(.number)))
        #expect(!unknown.isWhollyKnown && value.isWhollyKnown)
    }

    @Test func transformingGoesFromTheLeavesUp() {
        var order: [String] = []
        let value = Value.object(["a": .tuple([.int(1), .int(2)])])
        let doubled = value.transformed { path, node in
            order.append(path.description)
            return node.intValue.map { .int($0 * 2) } ?? node
        }
        #expect(order == ["a[0]", "a[1]", "a", ""])
        #expect(doubled == .object(["a": .tuple([.int(2), .int(4)])]))
    }

    @Test func conversionKeepsUnknownsBoundsAndMarks() throws {
        var refinement = Refinement.notNull
        refinement.minimumLength = 2
        refinement.maximumLength = 3
        let list = Value.unknown(.list(.number), refinement).marked(.sensitive)
        guard case .unknown(let unknown) = try list.converted(to: .set(.string)).node else {
            Issue.record("not unknown")
            return
        }
        #expect(unknown.type == .set(.string))
        #expect(unknown.refinement.isNotNull && unknown.refinement.minimumLength == 1 && unknown.refinement.maximumLength == 3)
        #expect(try list.converted(to: .list(.dynamic)) == list)
        #expect(try Value.unknown.converted(to: .bool) == .unknown(.bool))
        #expect(try Value.unknown(.number).converted(to: .string) == .unknown(.string))
        #expect(throws: ConversionError(message: "bool required")) { try Value.unknown(.list(.string)).converted(to: .bool) }
        #expect(try Value.tuple([Self.secret]).converted(to: .list(.string)) == .list([Self.secret], of: .string))
        #expect(try Value.tuple([Self.secret]).converted(to: .set(.string)).marks == .sensitive)
        #expect(try Value.null.marked(.sensitive).converted(to: .bool) == Value.null(.bool).marked(.sensitive))
        let wanted = ValueType.object(ObjectType([.init(name: "a", type: .number, isOptional: true, defaultValue: .string("4"))]))
        #expect(try Value.emptyObject.converted(to: wanted) == .object(["a": .int(4)]))
        #expect(try Value.object(["a": .null]).converted(to: wanted) == .object(["a": .int(4)]))
    }

    @Test func keysAreSortedAndTheLastOfEqualOnesWins() {
        let value = Value.object([("b", .int(1)), ("a", .int(2)), ("b", .int(3)), ("e\u{301}", .int(4)), ("é", .int(5))])
        #expect(value.entries?.map(\.key) == ["a", "b", "é"])
        #expect(value["b"] == .int(3) && value["é"] == .int(5))
        let map = Value.map([("z", .int(1)), ("Z", .int(2)), ("é", .int(3))], of: .number)
        #expect(map.entries?.map(\.key) == ["Z", "z", "é"])
    }
}
