import Addresses
import StateModel
import TestSupport
import Testing
import Values

@Suite struct EventEncodingTests {
    @Test(arguments: 0..<20) func eventsComeBackAsTheyWere(seed: Int) throws {
        var random = RandomState(seed: UInt64(seed))
        for event in random.events(100) {
            let bytes = try event.encoded()
            #expect(try StateEvent(encoded: bytes) == event)
            #expect(try event.encoded() == bytes)
        }
    }

    @Test func recordsComeBackAsTheyWere() throws {
        var random = RandomState(seed: 5)
        for _ in 0..<200 {
            let object = random.object(at: ObjectAddress(random.instance(), .deposed("00ff00ff")))
            let bytes = try object.encoded()
            #expect(try StateObject(encoded: bytes) == object)
            #expect(bytes.starts(with: object.address.recordKey))
            #expect(object.address.recordKey.starts(with: object.address.instance.recordKey))
            #expect(object.address.recordKey.starts(with: object.address.instance.resource.recordKey))
        }
        let holder = RandomState.holder
        #expect(try LockHolder(encoded: holder.encoded()) == holder)
        var run = RunRecord(
            id: RunID(rawValue: "r"), command: .stateEdit, holder: holder, beganAt: 1.5, endedAt: 2.5, planDigest: "d", result: .failed)
        run.counts.notBegun = 7
        #expect(try RunRecord(encoded: run.encoded()) == run)
        let output = OutputRecord(value: Value.string("x").marked(.sensitive), isSensitive: true)
        #expect(try OutputRecord(encoded: output.encoded()) == output)
    }

    @Test func whatWasThereBeforeIsWrittenOnceWhereItIsThePrivateBytes() throws {
        var object = RandomState.sampleObject
        object.privateBytes = Array(repeating: 7, count: 1000)
        object.before = object.privateBytes
        let bytes = try object.encoded()
        #expect(bytes.count < 1600)
        #expect(try StateObject(encoded: bytes) == object)
        object.before = []
        #expect(try StateObject(encoded: object.encoded()) == object)
    }

    @Test func anEventHoldsItsObjectAsARowDoes() throws {
        let object = RandomState.sampleObject
        for event in [
            StateEvent.recorded(object), .fact(intent: "i", address: object.address, object: object),
            .observed(address: object.address, object: object),
        ] {
            let (bytes, start) = try event.encodedWithObject()
            let place = try #require(start)
            #expect([bytes[0]] + bytes[place...] == (try object.encoded()))
        }
        var elsewhere = object
        elsewhere.address.generation = .deposed("12345678")
        let event = StateEvent.fact(intent: "i", address: object.address, object: elsewhere)
        #expect(try event.encodedWithObject().object == nil)
        #expect(try StateEvent(encoded: event.encoded()) == event)
    }

    @Test func nothingEphemeralIsEncoded() {
        var object = RandomState.sampleObject
        object.attributes = .object([("a", .tuple([.string("x").marked(.ephemeral)]))])
        #expect(throws: StateCodingError.self) { try object.encoded() }
        #expect(throws: StateCodingError.self) { try StateEvent.recorded(object).encoded() }
        #expect(throws: StateCodingError.self) {
            try StateEvent.output(name: "o", OutputRecord(value: Value.true.marked([.ephemeral, .sensitive]), isSensitive: true)).encoded()
        }
    }

    @Test func sensitiveMarksAndUnknownsSurvive() throws {
        var object = RandomState.sampleObject
        object.attributes = .object([
            ("id", .unknown(.string, .notNull).marked(.sensitive)), ("list", .list([.string("a")], of: .string).marked(.sensitive)),
        ])
        let back = try StateObject(encoded: object.encoded())
        #expect(back == object)
        #expect(back.attributes["id"]?.isSensitive == true && back.attributes["list"]?.isSensitive == true)
    }

    @Test func aLaterFormatIsNamedAsSuch() throws {
        var bytes = try StateEvent.withdrawn(intent: "i").encoded()
        bytes[0] = 2
        #expect { try StateEvent(encoded: bytes) } throws: { ($0 as? StateCodingError)?.isNewerFormat == true }
    }

    /// Foreign bytes are an error or an event, never a crash.
    @Test(arguments: 0..<8) func foreignBytesDoNoHarm(seed: Int) throws {
        var random = RandomState(seed: UInt64(seed) + 100)
        for event in random.events(25) {
            let bytes = try event.encoded()
            for length in 0..<bytes.count {
                #expect(throws: StateCodingError.self) { try StateEvent(encoded: Array(bytes.prefix(length))) }
            }
            #expect(throws: StateCodingError.self) { try StateEvent(encoded: bytes + [0]) }
            for _ in 0..<200 {
                var broken = bytes
                for _ in 0...random.generator.below(3) {
                    broken[random.generator.below(broken.count)] = UInt8(truncatingIfNeeded: random.generator.next())
                }
                do throws(StateCodingError) {
                    let read = try StateEvent(encoded: broken)
                    _ = try read.encoded()
                } catch {
                    #expect(!error.message.isEmpty)
                }
            }
        }
        for length in 0..<200 {
            let noise = (0..<length).map { _ in UInt8(truncatingIfNeeded: random.generator.next()) }
            _ = try? StateEvent(encoded: [1] + noise)  // An error is as good as an event here.
        }
    }
}
