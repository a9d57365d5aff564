// Numbers from outside may be anything: these conversions have an answer for each.

extension FixedWidthInteger {
    /// The nearest whole number towards zero that the type holds; 0 for what is no number.
    public init(clamping value: Double) {
        if value.isNaN {
            self = 0
        } else if let exact = Self(exactly: value.rounded(.towardZero)) {
            self = exact
        } else {
            self = value < 0 ? .min : .max
        }
    }
}

extension Duration {
    /// So many seconds as something that can be waited for: nothing where it is negative or no number, and a century at most, which
    /// every clock can count to.
    public static func waiting(_ seconds: Double) -> Duration {
        guard seconds > 0 else { return .zero }
        return .seconds(min(seconds, 100 * 365.25 * 86_400))
    }
}
