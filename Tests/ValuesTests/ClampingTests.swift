import Testing
import Values

@Suite struct ClampingTests {
    @Test(
        arguments: [
            (0, 0), (1.9, 1), (-1.9, -1), (Double.nan, 0), (.infinity, .max), (-.infinity, .min), (1e300, .max), (-1e300, .min),
            (9_223_372_036_854_775_808, .max), (9_223_372_036_854_774_784, 9_223_372_036_854_774_784),
        ] as [(Double, Int64)])
    func everyNumberHasANearestWholeOne(value: Double, whole: Int64) { #expect(Int64(clamping: value) == whole) }

    @Test(
        arguments: [
            (0, .zero), (-1, .zero), (.nan, .zero), (-.infinity, .zero), (1.5, .milliseconds(1500)), (.infinity, .seconds(3_155_760_000)),
            (1e300, .seconds(3_155_760_000)),
        ] as [(Double, Duration)])
    func everyNumberCanBeWaitedFor(seconds: Double, duration: Duration) {
        #expect(Duration.waiting(seconds) == duration)
        // The clock can count to it.
        #expect(ContinuousClock.now + duration >= ContinuousClock.now - .seconds(60))
    }
}
