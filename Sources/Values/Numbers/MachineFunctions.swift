/// Powers and logarithms of doubles by the methods of the reference's runtime, step by step: the C library's differ in the last digit, and a
/// value that was stored by the reference would then seem to have changed.
enum MachineFunctions {
    static func power(_ x: Double, _ y: Double) -> Double {
        if let special = specialPower(x, y) { return special }
        var whole = y.magnitude.rounded(.towardZero)
        var fraction = y.magnitude - whole
        if fraction != 0, x < 0 { return .nan }
        // A large even number, which leads beyond the range of doubles.
        if whole >= 0x1p63 { return x == -1 ? 1 : (x.magnitude < 1) == (y > 0) ? 0 : .infinity }

        // The result is significand × 2^exponent.
        var significand = 1.0
        var exponent = 0
        if fraction != 0 {
            if fraction > 0.5 {
                fraction -= 1
                whole += 1
            }
            significand = exponential(fraction * logarithm(x))
        }
        var (base, baseExponent) = split(x)
        var rest = UInt64(whole)
        while rest != 0 {
            if baseExponent < -4096 || baseExponent > 4096 {
                exponent += baseExponent
                break
            }
            if rest & 1 == 1 {
                significand *= base
                exponent += baseExponent
            }
            base *= base
            baseExponent <<= 1
            if base < 0.5 {
                base += base
                baseExponent -= 1
            }
            rest >>= 1
        }
        if y < 0 {
            significand = 1 / significand
            exponent = -exponent
        }
        return scaled(significand, exponent)
    }

    private static func specialPower(_ x: Double, _ y: Double) -> Double? {
        let isOdd = y.rounded(.towardZero) == y && y.magnitude < 0x1p53 && Int64(y) & 1 == 1
        switch (x, y) {
        case _ where y == 0 || x == 1: return 1
        case _ where y == 1: return x
        case _ where x.isNaN || y.isNaN: return .nan
        case _ where x == 0:
            let isMinus = x.sign == .minus && isOdd
            return y < 0 ? (isMinus ? -.infinity : .infinity) : (isMinus ? x : 0)
        case _ where y.isInfinite: return x == -1 ? 1 : (x.magnitude < 1) == (y > 0) ? 0 : .infinity
        case _ where x.isInfinite:
            let magnitude = y < 0 ? 0.0 : .infinity
            return x < 0 && isOdd ? -magnitude : magnitude
        case _ where y == 0.5: return x.squareRoot()
        case _ where y == -0.5: return 1 / x.squareRoot()
        default: return nil
        }
    }

    /// In 0.5..<1 times a power of two.
    private static func split(_ x: Double) -> (Double, exponent: Int) {
        if x == 0 || !x.isFinite { return (x, 0) }
        let magnitude = x.significand / 2
        return (x < 0 ? -magnitude : magnitude, Int(x.exponent) + 1)
    }

    /// Rounded once, even where the result is subnormal.
    private static func scaled(_ significand: Double, _ exponent: Int) -> Double {
        if significand == 0 || !significand.isFinite { return significand }
        return Double(sign: .plus, exponent: min(max(exponent, -5000), 5000), significand: significand)
    }

    static func logarithm(_ x: Double) -> Double {
        if x.isNaN || x == .infinity { return x }
        if x < 0 { return .nan }
        if x == 0 { return -.infinity }
        var (f, exponent) = split(x)
        if f < 0.70710678118654752440 {
            f *= 2
            exponent -= 1
        }
        f -= 1
        let k = Double(exponent)
        let s = f / (2 + f)
        let s2 = s * s
        let s4 = s2 * s2
        let t1 =
            s2
            * (6.666666666666735130e-01 + s4 * (2.857142874366239149e-01 + s4 * (1.818357216161805012e-01 + s4 * 1.479819860511658591e-01)))
        let t2 = s4 * (3.999999999940941908e-01 + s4 * (2.222219843214978396e-01 + s4 * 1.531383769920937332e-01))
        let r = t1 + t2
        let half = 0.5 * f * f
        return k * 6.93147180369123816490e-01 - ((half - (s * (half + r) + k * 1.90821492927058770002e-10)) - f)
    }

    /// Of numbers in -750...750; others are not asked for.
    static func exponential(_ x: Double) -> Double {
        if x.isNaN || x > 709.782712893384 { return x.isNaN ? x : .infinity }
        if x < -745.2 { return 0 }
        let k = (x * 1.4426950408889634073599246810018920).rounded(.toNearestOrEven)
        var y = x.addingProduct(-k, 0.69314718055966295651160180568695068359375)
        y = y.addingProduct(-k, 0.28235290563031577122588448175013436025525412068e-12)
        y *= 0.0625
        var series = 2.4801587301587301587e-5
        for coefficient in [
            1.9841269841269841270e-4, 1.3888888888888888889e-3, 8.3333333333333333333e-3, 4.1666666666666666667e-2,
            1.6666666666666666667e-1, 0.5,
            1.0,
        ] { series = coefficient.addingProduct(series, y) }
        y *= series
        // (1 + y)² − 1, four times, for the argument was a sixteenth; the last without the − 1.
        for _ in 0..<3 { y *= y + 2 }
        return scaled(1.addingProduct(y, y + 2), Int(k))
    }
}
