/// A binary float of up to 512 bits' precision: `±0.mantissa × 2^exponent`, correctly rounded, half to even.
///
/// It behaves as the reference's numbers do to the last bit. Values are canonical: a finite one has the top bit of its mantissa set
/// and nothing below its precision.
struct BinaryFloat: Sendable {
    enum Form: UInt8, Sendable { case zero, finite, infinite }

    /// Least significant word first.
    var mantissa: InlineArray<8, UInt64>
    var exponent: Int32
    /// In bits, 1 to 512.
    var precision: UInt16
    var isNegative: Bool
    var form: Form

    static func zero(negative: Bool, precision: UInt16) -> BinaryFloat {
        BinaryFloat(mantissa: .init(repeating: 0), exponent: 0, precision: precision, isNegative: negative, form: .zero)
    }

    static func infinite(negative: Bool, precision: UInt16) -> BinaryFloat {
        BinaryFloat(mantissa: .init(repeating: 0), exponent: 0, precision: precision, isNegative: negative, form: .infinite)
    }

    /// - Parameter precision: enough for the value.
    init(_ value: Int64, precision: UInt16) {
        self = .zero(negative: value < 0, precision: precision)
        if value == 0 { return }
        let magnitude = value.magnitude
        let shift = magnitude.leadingZeroBitCount
        mantissa[7] = magnitude << UInt64(shift)
        exponent = Int32(64 - shift)
        form = .finite
    }

    /// Exact, with 53 bits' precision. The value must be a number.
    init(_ value: Double) {
        if value.isInfinite {
            self = .infinite(negative: value < 0, precision: 53)
            return
        }
        self = .zero(negative: value.sign == .minus, precision: 53)
        if value == 0 { return }
        // significand in 1..<2, so shifted to 0.5..<1
        mantissa[7] = UInt64(value.significand.significandBitPattern) << 11 | 1 << 63
        exponent = Int32(value.exponent) + 1
        form = .finite
    }

    private init(mantissa: InlineArray<8, UInt64>, exponent: Int32, precision: UInt16, isNegative: Bool, form: Form) {
        self.mantissa = mantissa
        self.exponent = exponent
        self.precision = precision
        self.isNegative = isNegative
        self.form = form
    }

    /// `limbs × 2^power`, rounded to `precision`.
    /// - Parameter isInexact: there is more beneath the last bit.
    init(_ limbs: some RandomAccessCollection<UInt64>, power: Int, isInexact: Bool, isNegative: Bool, precision: UInt16) {
        self = .zero(negative: isNegative, precision: precision)
        var top = limbs.endIndex
        while top > limbs.startIndex, limbs[limbs.index(before: top)] == 0 { top = limbs.index(before: top) }
        if top == limbs.startIndex { return }
        let count = limbs.distance(from: limbs.startIndex, to: top)
        func limb(_ index: Int) -> UInt64 { index < 0 ? 0 : limbs[limbs.index(limbs.startIndex, offsetBy: index)] }
        let shift = UInt64(limb(count - 1).leadingZeroBitCount)
        /// The words of the number shifted to the top; `below(8)` and further are beneath the mantissa.
        func shifted(_ fromTop: Int) -> UInt64 {
            let index = count - 1 - fromTop
            let high = limb(index) << shift
            return shift == 0 ? high : high | limb(index - 1) >> (64 - shift)
        }
        for index in 0..<8 { mantissa[7 - index] = shifted(index) }
        var half = false
        var sticky = isInexact
        if count > 7 {
            let guardWord = shifted(8)
            half = guardWord >> 63 != 0
            sticky = sticky || guardWord << 1 != 0
            var index = 9
            while !sticky, index <= count {
                sticky = shifted(index) != 0
                index += 1
            }
        }
        let wide = power + count * 64 - Int(shift)
        form = .finite
        setExponent(wide)
        if form == .finite { round(half: half, sticky: sticky) }
    }

    /// Beyond the exponent's range: infinity or zero.
    private mutating func setExponent(_ wide: Int) {
        if wide > Int(Int32.max) {
            self = .infinite(negative: isNegative, precision: precision)
        } else if wide < Int(Int32.min) {
            self = .zero(negative: isNegative, precision: precision)
        } else {
            exponent = Int32(wide)
        }
    }

    /// Rounds a mantissa of 512 bits to the precision, half to even.
    /// - Parameters:
    ///   - half: the bit beneath the mantissa.
    ///   - sticky: whether anything is set beneath that.
    private mutating func round(half: Bool, sticky: Bool) {
        var half = half
        var sticky = sticky
        let dropped = 512 - Int(precision)
        if dropped > 0 {
            sticky = sticky || half
            let halfBit = dropped - 1
            half = mantissa[halfBit / 64] >> UInt64(halfBit % 64) & 1 != 0
            for index in 0..<(halfBit / 64) where mantissa[index] != 0 {
                sticky = true
                break
            }
            if mantissa[halfBit / 64] & (1 << UInt64(halfBit % 64) &- 1) != 0 { sticky = true }
            for index in 0..<(dropped / 64) { mantissa[index] = 0 }
            if dropped % 64 != 0 { mantissa[dropped / 64] &= ~(1 << UInt64(dropped % 64) &- 1) }
        }
        guard half else { return }
        let isOdd = mantissa[dropped / 64] >> UInt64(dropped % 64) & 1 != 0
        guard sticky || isOdd else { return }
        var carry: UInt64 = 1 << UInt64(dropped % 64)
        for index in (dropped / 64)..<8 {
            let (sum, overflow) = mantissa[index].addingReportingOverflow(carry)
            mantissa[index] = sum
            if !overflow { return }
            carry = 1
        }
        // All ones became one and zeros.
        mantissa[7] = 1 << 63
        setExponent(Int(exponent) + 1)
    }

    /// The same value with another precision, rounded to it.
    func rounded(to precision: UInt16) -> BinaryFloat {
        var result = self
        result.precision = precision
        if form == .finite, precision < self.precision { result.round(half: false, sticky: false) }
        return result
    }

    /// Words that are not zero, from the lowest such one up.
    var significantLimbs: [UInt64] {
        var first = 0
        while first < 7, mantissa[first] == 0 { first += 1 }
        return (first..<8).map { mantissa[$0] }
    }

    /// Bits from the top one to the last that is set.
    var significantBitCount: Int {
        for index in 0..<8 where mantissa[index] != 0 { return 512 - index * 64 - mantissa[index].trailingZeroBitCount }
        return 0
    }
}
