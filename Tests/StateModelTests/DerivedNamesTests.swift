import StateModel
import Testing

@Suite struct DerivedNamesTests {
    @Test func namesAreDerivedNotDrawn() {
        let names = DerivedNames(planDigest: "abc")
        #expect(names.intent(ofVertex: 7) == DerivedNames(planDigest: "abc").intent(ofVertex: 7))
        #expect(names.intent(ofVertex: 7) != DerivedNames(planDigest: "abd").intent(ofVertex: 7))
        // What is in journals must be found again by later versions.
        #expect(names.intent(ofVertex: 0) == "280918d04fd87532c5d2436532f3ee0c")
        #expect(names.intent(ofVertex: 41) == "88f4b8247c8ddd9a312ee83118d984bd")
        #expect(names.deposedKey(ofCreateVertex: 41) == DerivedNames.deposedKey(ofIntent: names.intent(ofVertex: 41)))
    }

    @Test func noTwoVerticesShareAName() {
        let names = DerivedNames(planDigest: "abc")
        let all = (0..<50_000).map { names.intent(ofVertex: $0) }
        #expect(Set(all).count == all.count)
        #expect(all.allSatisfy { $0.utf8.count == 32 && $0.allSatisfy { $0.isHexDigit && !$0.isUppercase } })
        // Providers shorten it: no common beginning.
        #expect(Set(all.map { $0.prefix(10) }).count > 49_900)
    }
}
