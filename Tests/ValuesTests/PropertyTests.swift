import FoundationEssentials
import Testing

@testable import Values

/// What holds for every value, tried on a few thousand random ones.
struct PropertyTests {
    private func forAll(
        _ count: Int = 2000, seed: UInt64, _ adjust: (inout RandomValues) -> Void = { _ in }, _ body: (inout RandomValues) throws -> Void
    )
        throws
    {
        var values = RandomValues(seed: seed)
        adjust(&values)
        for _ in 0..<count { try body(&values) }
    }

    @Test func recordsAreReadBackWithoutLoss() throws {
        try forAll(seed: 1) { (values: inout RandomValues) throws in
            let value = values.value()
            let record = try value.encodedRecord()
            let back = try Value(record: record)
            #expect(back == value, "\(value)")
            // Precisions too, which equality does not see.
            #expect(try back.encodedRecord() == record)
        }
    }

    @Test func codableIsReadBackWithoutLoss() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try forAll(600, seed: 2) { (values: inout RandomValues) throws in
            let value = values.value()
            let data = try encoder.encode([value])
            let back = try JSONDecoder().decode([Value].self, from: data)
            #expect(back == [value], "\(value)")
            #expect(try back[0].encodedRecord() == value.encodedRecord(), "\(value)")
            let type = value.type
            #expect(try JSONDecoder().decode([ValueType].self, from: encoder.encode([type])) == [type])
        }
    }

    @Test func jsonOfKnownValuesIsReadBack() throws {
        try forAll(
            seed: 3,
            {
                $0.allowsUnknown = false
                $0.allowsMarks = false
                $0.onlyLiteralNumbers = true
            }
        ) { (values: inout RandomValues) throws in
            let value = values.value()
            #expect(try Value.parsingJSON(Array(value.jsonText().utf8), as: value.type) == value, "\(value)")
        }
    }

    @Test func conversionObeysItsLaws() throws {
        try forAll(4000, seed: 4) { (values: inout RandomValues) throws in
            let value = values.value(depth: 2)
            #expect(try value.converted(to: value.type) == value, "\(value)")
            #expect(try value.converted(to: .dynamic) == value)
            let wanted = values.type(depth: 2, dynamic: true)
            guard let converted = try? value.converted(to: wanted) else { return }  // most pairs do not fit
            #expect(value.type.canConvert(to: wanted), "\(value) to \(wanted.constraintText)")
            #expect(converted.type.fits(wanted) || converted.type.holdsDynamic, "\(value) to \(wanted.constraintText): \(converted)")
            #expect(try converted.converted(to: wanted) == converted, "\(value) to \(wanted.constraintText)")
            #expect(converted.allMarks.isSubset(of: value.allMarks))
        }
    }

    @Test func unifiedTypesAreReachable() throws {
        var unified = 0
        try forAll(4000, seed: 5) { (values: inout RandomValues) throws in
            let types = (0..<(1 + values.below(3))).map { _ in values.type(depth: 2) }
            guard let type = unify(types) else { return }
            unified += 1
            for given in types { #expect(given.canConvert(to: type), "\(types.map(\.constraintText)): \(type.constraintText)") }
            #expect(unify(types.reversed()) != nil)
            #expect(unify([types[0]]) == types[0])
        }
        #expect(unified > 500)
    }

    @Test func marksComeOffAndOnAgain() throws {
        try forAll(seed: 6) { (values: inout RandomValues) throws in
            let value = values.value()
            let (plain, marks) = value.unmarkedDeep()
            #expect(plain.allMarks.isEmpty)
            #expect(plain.withMarks(at: marks) == value, "\(marks)")
            #expect(value.sensitivePaths.isEmpty == !value.holdsSensitive)
            #expect(value.withoutMarks(.sensitive) == plain)
        }
    }

    @Test func pathsLeadToTheirNodes() throws {
        try forAll(500, seed: 7) { (values: inout RandomValues) throws in
            let value = values.value()
            #expect(value.transformed { _, node in node } == value)
            value.walk { path, node in
                #expect(value.value(at: path) == node)
                #expect(value.replacing(at: path, with: node) == value)
                return true
            }
        }
    }

    @Test func differencesAreFoundWhereTheyAre() throws {
        try forAll(seed: 8) { (values: inout RandomValues) throws in
            let type = values.type()
            let left = values.value(of: type)
            let right = values.value(of: type)
            #expect(left.differences(left).isEmpty)
            #expect(left.differences(right).isEmpty == (left == right))
            for path in left.differences(right) { #expect(left.value(at: path) != right.value(at: path), "\(path)") }
        }
    }

    @Test func languageEqualityAgreesWithSameness() throws {
        try forAll(4000, seed: 9, { $0.allowsMarks = false }) { (values: inout RandomValues) throws in
            let type = values.type(depth: 2)
            let left = values.value(of: type)
            let right = values.chance(30) ? left : values.value(of: type)
            let answer = Value.equal(left, right)
            #expect(answer == Value.equal(right, left))
            if left.isWhollyKnown, right.isWhollyKnown {
                #expect(answer == .bool(left == right), "\(left) == \(right)")
            } else if left == right {
                #expect(answer.isUnknown, "\(left)")
            }
        }
    }

    @Test func summariesAreTrue() throws {
        try forAll(seed: 10) { (values: inout RandomValues) throws in
            let value = values.value()
            var hasUnknown = false
            var hasSensitive = false
            value.walk { _, node in
                hasUnknown = hasUnknown || node.isUnknown
                hasSensitive = hasSensitive || node.isSensitive
                return true
            }
            #expect(value.isWhollyKnown == !hasUnknown)
            #expect(value.holdsSensitive == hasSensitive)
        }
    }

    @Test func numbersObeyTheirLaws() throws {
        try forAll(3000, seed: 11) { (values: inout RandomValues) throws in
            let a = values.number()
            let b = values.number()
            #expect(Number(decimal: a.description, precision: a.precision) == a, "\(a)")
            #expect((a < b) == (b > a) && (a == b) == (b == a) && !(a < b && a == b))
            if a == b { #expect(a.hashValue == b.hashValue) }
            #expect(-(-a) == a)
            if !a.isInfinite {
                #expect(a.floor() <= a && a.ceil() >= a && a.floor().isInteger)
                #expect(try a - a == .zero)
                if !b.isInfinite {
                    #expect(try a + b == b + a)
                    #expect(try a * b == b * a)
                    #expect(try a - b == -(b - a))
                    let quotient = try b.isZero ? .zero : a / b
                    #expect(quotient.precision == max(a.precision, b.precision) || b.isZero)
                }
                let double = a.doubleValue
                if let exact = Number(double), !exact.isInfinite { #expect(exact.doubleValue == double) }
            }
        }
    }
}
