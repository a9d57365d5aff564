import Testing

@testable import Values

@Test func valueFitsInTwentyFourBytes() {
    #expect(MemoryLayout<Value>.stride == 24)
    #expect(MemoryLayout<Number>.size <= 16)
}
