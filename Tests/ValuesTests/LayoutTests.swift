import FoundationEssentials
import Testing

@testable import Values

@Test func valueFitsInTwentyFourBytes() {
    #expect(MemoryLayout<Value>.stride == 24)
    #expect(MemoryLayout<Number>.size <= 16)
}

@Test func stringsAreNormalised() throws {
    for line in nfcVectors.split(separator: "\n") {
        let pair = try line.split(separator: "\t").map { try JSONDecoder().decode(String.self, from: Data($0.utf8)) }
        #expect(Array(pair[0].normalizedToNFC().utf8) == Array(pair[1].utf8), "\(line)")
    }
    #expect(Array(Value.string("e\u{301}").stringValue?.utf8 ?? "".utf8) == [0xC3, 0xA9])
}
