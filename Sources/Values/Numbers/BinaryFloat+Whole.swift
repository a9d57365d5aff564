#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension BinaryFloat {
    /// Whole and finite; zero is.
    var isInteger: Bool {
        switch form {
        case .zero: true
        case .infinite: false
        case .finite: exponent > 0 && significantBitCount <= Int(exponent)
        }
    }

    /// The value if it is whole and in range; nil for minus zero, which no integer can say.
    var exactInt64: Int64? {
        if form == .zero { return isNegative ? nil : 0 }
        guard form == .finite, exponent > 0, exponent <= 64, significantBitCount <= Int(exponent) else { return nil }
        let magnitude = mantissa[7] >> UInt64(64 - exponent)
        if isNegative { return magnitude <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
        return Int64(exactly: magnitude)
    }

    /// Towards zero, and whether there was a fraction.
    func truncated() -> (BinaryFloat, hadFraction: Bool) {
        if isInteger || form == .infinite { return (self, false) }
        if exponent <= 0 { return (.zero(negative: isNegative, precision: precision), true) }
        var result = self
        let dropped = 512 - Int(exponent)
        for index in 0..<(dropped / 64) { result.mantissa[index] = 0 }
        if dropped % 64 != 0 { result.mantissa[dropped / 64] &= ~(1 << UInt64(dropped % 64) &- 1) }
        return (result, true)
    }

    /// The magnitude's whole part.
    var wholeLimbs: [UInt64] {
        guard form == .finite, exponent > 0 else { return [] }
        let limbs = (0..<8).map { mantissa[$0] }
        var result =
            exponent >= 512 ? Limbs.shiftedLeft(limbs, by: Int(exponent) - 512) : Limbs.shiftedRight(limbs, by: 512 - Int(exponent))
        Limbs.trim(&result)
        return result
    }

    /// The nearest double, ties to even.
    var doubleValue: Double {
        switch form {
        case .zero: return isNegative ? -0.0 : 0
        case .infinite: return isNegative ? -.infinity : .infinity
        case .finite: break
        }
        // Below the normal range there is less precision.
        var bits = 53
        if exponent < -1021 { bits = 53 - (-1021 - Int(exponent)) }
        if bits < 0 { return isNegative ? -0.0 : 0 }
        if bits == 0 {
            // Between zero and half the smallest double, or above the half: only more than half rounds up.
            let isMoreThanHalf = significantBitCount > 1
            let tiny = isMoreThanHalf ? Double.leastNonzeroMagnitude : 0
            return isNegative ? -tiny : tiny
        }
        let rounded = UInt16(bits) < precision ? self.rounded(to: UInt16(bits)) : self
        guard rounded.form == .finite, rounded.exponent <= 1024 else { return isNegative ? -.infinity : .infinity }
        let significand = Double(rounded.mantissa[7])
        let magnitude = scalbn(significand, Int32(rounded.exponent) - 64)
        return isNegative ? -magnitude : magnitude
    }
}
