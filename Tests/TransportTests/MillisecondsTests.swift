import Testing
import Transport

@Suite struct MillisecondsTests {
    @Test(
        arguments: [
            (60, 60_000), (0.0015, 1), (0.0025, 2), (0, 1), (-5, 1), (.nan, 1), (-.infinity, 1), (2_147_483, 2_147_483_000),
            (2_147_484, .max),
            (1e300, .max), (.infinity, .max),
        ] as [(Double, Int32)])
    func everyNumberIsPatience(seconds: Double, milliseconds: Int32) { #expect(Milliseconds.of(seconds: seconds) == milliseconds) }
}
