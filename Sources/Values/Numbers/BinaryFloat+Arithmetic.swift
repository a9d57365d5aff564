extension BinaryFloat {
    /// The sum with the larger of the precisions. Opposing infinities are the caller's to refuse.
    func adding(_ other: BinaryFloat) -> BinaryFloat {
        let precision = max(precision, other.precision)
        switch (form, other.form) {
        case (.infinite, _): return .infinite(negative: isNegative, precision: precision)
        case (_, .infinite): return .infinite(negative: other.isNegative, precision: precision)
        case (.zero, .zero): return .zero(negative: isNegative && other.isNegative, precision: precision)
        case (.zero, _): return other.rounded(to: precision)
        case (_, .zero): return rounded(to: precision)
        case (.finite, .finite): break
        }
        let order = compareMagnitude(other)
        if order == 0, isNegative != other.isNegative { return .zero(negative: false, precision: precision) }
        let (large, small) = order >= 0 ? (self, other) : (other, self)
        let distance = Int(large.exponent) - Int(small.exponent)
        // One guard word beneath the mantissas, one word above for the carry.
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 10) { words in
            words[0] = 0
            words[9] = 0
            for index in 0..<8 { words[index + 1] = large.mantissa[index] }
            let (shifted, lost) = small.shiftedForAdding(distance)
            if large.isNegative == small.isNegative {
                var carry: UInt64 = 0
                for index in 0..<9 {
                    let (sum, overflow) = words[index].addingReportingOverflow(shifted[index])
                    let (total, overflowed) = sum.addingReportingOverflow(carry)
                    words[index] = total
                    carry = (overflow ? 1 : 0) &+ (overflowed ? 1 : 0)
                }
                words[9] = carry
            } else {
                // What was lost of the smaller number is taken off the last guard bit, and what that takes too much is "more beneath".
                var borrow: UInt64 = lost ? 1 : 0
                for index in 0..<9 {
                    let (difference, overflow) = words[index].subtractingReportingOverflow(shifted[index])
                    let (total, overflowed) = difference.subtractingReportingOverflow(borrow)
                    words[index] = total
                    borrow = (overflow ? 1 : 0) &+ (overflowed ? 1 : 0)
                }
            }
            return BinaryFloat(
                words, power: Int(large.exponent) - 576, isInexact: lost, isNegative: large.isNegative, precision: precision)
        }
    }

    /// The mantissa with a guard word beneath, moved right; whether bits fell out.
    private func shiftedForAdding(_ distance: Int) -> (InlineArray<9, UInt64>, lost: Bool) {
        var result = InlineArray<9, UInt64>(repeating: 0)
        if distance >= 576 { return (result, true) }
        let words = distance / 64
        let bits = UInt64(distance % 64)
        func source(_ index: Int) -> UInt64 { index < 1 || index > 8 ? 0 : mantissa[index - 1] }
        var lost = false
        for index in 0..<words where source(index) != 0 { lost = true }
        if bits != 0, source(words) << (64 - bits) != 0 { lost = true }
        for index in 0..<(9 - words) {
            result[index] = source(index + words) >> bits
            if bits != 0 { result[index] |= source(index + words + 1) << (64 - bits) }
        }
        return (result, lost)
    }

    /// The product, rounded to 512 bits; its precision is the larger of the operands', or what the product needs if that is more.
    func multiplied(by other: BinaryFloat) -> BinaryFloat {
        let negative = isNegative != other.isNegative
        let precision = max(precision, other.precision)
        if form == .zero || other.form == .zero { return .zero(negative: negative, precision: precision) }
        if form == .infinite || other.form == .infinite { return .infinite(negative: negative, precision: precision) }
        var result = product(with: other, isNegative: negative)
        if result.form == .finite { result.precision = max(precision, UInt16(result.significantBitCount)) }
        return result
    }

    private func product(with other: BinaryFloat, isNegative: Bool) -> BinaryFloat {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 16) { words in
            words.initialize(repeating: 0)
            for i in 0..<8 where mantissa[i] != 0 {
                var carry: UInt64 = 0
                for j in 0..<8 {
                    let (high, low) = mantissa[i].multipliedFullWidth(by: other.mantissa[j])
                    let (sum, overflow) = low.addingReportingOverflow(words[i + j])
                    let (total, overflowed) = sum.addingReportingOverflow(carry)
                    words[i + j] = total
                    carry = high &+ (overflow ? 1 : 0) &+ (overflowed ? 1 : 0)
                }
                words[i + 8] = carry
            }
            return BinaryFloat(
                words, power: Int(exponent) + Int(other.exponent) - 1024, isInexact: false, isNegative: isNegative, precision: 512)
        }
    }

    /// The quotient with the larger of the precisions. Zero by zero and infinity by infinity are the caller's to refuse.
    func divided(by other: BinaryFloat) -> BinaryFloat {
        let negative = isNegative != other.isNegative
        let precision = max(precision, other.precision)
        if form == .zero || other.form == .infinite { return .zero(negative: negative, precision: precision) }
        if other.form == .zero || form == .infinite { return .infinite(negative: negative, precision: precision) }
        let divisor = other.significantLimbs
        // Ten words of quotient or nine: more than 512 bits, the rest is told by the remainder.
        var dividend = [UInt64](repeating: 0, count: divisor.count + 9)
        for index in 0..<8 { dividend[divisor.count + 1 + index] = mantissa[index] }
        let (quotient, hasRemainder) = Limbs.quotient(dividend, by: divisor)
        // self = dividend × 2^(exponent − 64·dividend.count), other = divisor × 2^(exponent − 64·divisor.count)
        let power = Int(exponent) - dividend.count * 64 - Int(other.exponent) + divisor.count * 64
        return BinaryFloat(quotient, power: power, isInexact: hasRemainder, isNegative: negative, precision: precision)
    }

    /// -1, 0 or 1. Minus zero equals zero.
    func compare(_ other: BinaryFloat) -> Int {
        let left = form == .zero ? 0 : isNegative ? -1 : 1
        let right = other.form == .zero ? 0 : other.isNegative ? -1 : 1
        if left != right { return left < right ? -1 : 1 }
        return left == 0 ? 0 : compareMagnitude(other) * left
    }

    /// Of two that are not zero.
    private func compareMagnitude(_ other: BinaryFloat) -> Int {
        if form == .infinite || other.form == .infinite { return form == other.form ? 0 : form == .infinite ? 1 : -1 }
        if exponent != other.exponent { return exponent < other.exponent ? -1 : 1 }
        for index in stride(from: 7, through: 0, by: -1) where mantissa[index] != other.mantissa[index] {
            return mantissa[index] < other.mantissa[index] ? -1 : 1
        }
        return 0
    }

    func hashValue(into hasher: inout Hasher) {
        hasher.combine(isNegative)
        hasher.combine(form)
        hasher.combine(exponent)
        for index in 0..<8 { hasher.combine(mantissa[index]) }
    }
}
