import Testing

@testable import Values

/// Foreign bytes never crash, and what is accepted is a sound value.
struct FuzzTests {
    private func mutate(_ bytes: inout [UInt8], _ random: inout SplitMix) {
        for _ in 0...Int.random(in: 0..<3, using: &random) {
            let position = bytes.isEmpty ? 0 : Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0 where !bytes.isEmpty: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1 where !bytes.isEmpty: bytes[position] = UInt8.random(in: 0...255, using: &random)
            case 2 where !bytes.isEmpty: bytes.remove(at: position)
            case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: position)
            case 4 where !bytes.isEmpty: bytes.removeLast(bytes.count - position)
            default: bytes.insert(contentsOf: bytes.prefix(8), at: position)
            }
        }
    }

    @Test func mutatedRecordsAreRefusedOrSound() throws {
        var values = RandomValues(seed: 21)
        var random = SplitMix(state: 22)
        var accepted = 0
        for _ in 0..<800 {
            let record = try values.value().encodedRecord()
            for _ in 0..<20 {
                var bytes = record
                mutate(&bytes, &random)
                do throws(RecordError) {
                    let value = try Value(record: bytes)
                    accepted += 1
                    let again = try value.encodedRecord()
                    let back = try Value(record: again)
                    #expect(back == value)
                    #expect(back.hashValue == value.hashValue)
                    #expect(back.debugDescription == value.debugDescription)
                    #expect(back.type == value.type)
                    let (plain, marks) = value.unmarkedDeep()
                    #expect(plain.withMarks(at: marks) == value)
                } catch {
                    #expect(error.offset != nil, "\(error)")
                }
            }
        }
        #expect(accepted > 100)
    }

    @Test func everyPrefixOfARecordIsRefused() throws {
        var values = RandomValues(seed: 23)
        for _ in 0..<200 {
            let record = try values.value().encodedRecord()
            for count in 0..<record.count {
                #expect(throws: RecordError.self) { try Value(record: Array(record.prefix(count))) }
            }
        }
    }

    @Test func randomBytesAreRefusedOrSound() {
        var random = SplitMix(state: 24)
        for _ in 0..<20_000 {
            var bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            _ = try? Value(record: bytes)  // only that it returns matters
            if !bytes.isEmpty { bytes[0] = RecordFormat.version }
            _ = try? Value(record: bytes)  // only that it returns matters
        }
    }

    @Test func mutatedJSONIsRefusedOrSound() throws {
        var values = RandomValues(seed: 25)
        values.allowsUnknown = false
        values.onlyLiteralNumbers = true
        var random = SplitMix(state: 26)
        for _ in 0..<800 {
            let text = try Array(values.value().jsonText().utf8)
            for _ in 0..<15 {
                var bytes = text
                mutate(&bytes, &random)
                guard let value = try? Value.parsingJSON(bytes) else { continue }  // refused is fine
                let again = try value.jsonText()
                #expect(try Value.parsingJSON(Array(again.utf8)) == value)
            }
        }
    }

    @Test func deepRecordsAreRefused() throws {
        var value = Value.string("x")
        for _ in 0..<256 { value = .tuple([value]) }
        #expect(try Value(record: value.encodedRecord()) == value)
        #expect(throws: RecordError.self) { try Value.tuple([value]).encodedRecord() }
        var tuples = [RecordFormat.version]
        for _ in 0..<1_000_000 { tuples += [RecordFormat.Kind.tuple.rawValue, 1] }
        #expect(throws: RecordError.self) { try Value(record: tuples) }
        let types =
            [RecordFormat.version, RecordFormat.Kind.null.rawValue]
            + [UInt8](repeating: RecordFormat.TypeKind.list.rawValue, count: 1_000_000)
        #expect(throws: RecordError.self) { try Value(record: types) }
    }

    @Test func ephemeralValuesAreNeverEncoded() {
        let value = Value.object(["a": .list([.string("x").marked(.ephemeral)], of: .string)])
        #expect(throws: RecordError.self) { try value.encodedRecord() }
        #expect(throws: JSONError.self) { try value.jsonWithoutUnknowns() }
    }
}
