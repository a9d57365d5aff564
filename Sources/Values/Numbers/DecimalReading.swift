extension Number {
    /// Reads a decimal number as literals, `tonumber` and JSON do: sign, digits with a point, exponent; `Inf` with or without sign.
    ///
    /// - Parameter precision: in bits.
    /// - Returns: nil for anything else, and for exponents beyond ±20,000, which nobody means and whose digits would fill the memory.
    ///   Behind 20,000 digits it matters only whether the rest is zero.
    public init?(decimal text: some StringProtocol, precision: Int = Number.literalPrecision) {
        var copy = String(text)
        let result = copy.withUTF8 { DecimalReader($0, precision: UInt16(min(max(precision, 1), 512))).read() }
        guard let result else { return nil }
        self = result
    }

    init?(decimal bytes: UnsafeBufferPointer<UInt8>, precision: UInt16 = 512) {
        guard let result = DecimalReader(bytes, precision: precision).read() else { return nil }
        self = result
    }

    /// Reads a whole number of the given radix (2 to 62; digits, then lower case, then upper case letters), as `parseint` does:
    /// with as many bits' precision as it needs, 64 at least and 512 at most. Up to radix 36 the case of letters does not matter.
    /// Nil for anything else, and for more than 10,000 digits.
    public init?(integer text: String, radix: Int) {
        guard (2...62).contains(radix), text.utf8.count <= 10_001 else { return nil }
        var isNegative = false
        var limbs: [UInt64] = []
        var sawDigit = false
        for (index, byte) in text.utf8.enumerated() {
            if index == 0, byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+") {
                isNegative = byte == UInt8(ascii: "-")
                continue
            }
            let digit: Int
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = Int(byte) - 48
            case UInt8(ascii: "a")...UInt8(ascii: "z"): digit = Int(byte) - 97 + 10
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): digit = radix <= 36 ? Int(byte) - 65 + 10 : Int(byte) - 65 + 36
            default: return nil
            }
            if digit >= radix { return nil }
            sawDigit = true
            Limbs.multiplyAdd(&limbs, by: UInt64(radix), adding: UInt64(digit))
        }
        if !sawDigit { return nil }
        if Limbs.bitCount(limbs) == 0 {
            self.init(exactly: 0)
            return
        }
        let precision = UInt16(min(max(Limbs.bitCount(limbs), 64), 512))
        self.init(BinaryFloat(limbs, power: 0, isInexact: false, isNegative: isNegative, precision: precision))
    }
}

/// Decimal text to the nearest binary float: the whole mantissa as words, then multiplied or divided by the power of five.
private struct DecimalReader {
    let bytes: UnsafeBufferPointer<UInt8>
    let precision: UInt16

    private var digitLimit: Int { 20_000 }

    init(_ bytes: UnsafeBufferPointer<UInt8>, precision: UInt16) {
        self.bytes = bytes
        self.precision = precision
    }

    func read() -> Number? {
        var index = 0
        var isNegative = false
        if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
            isNegative = bytes[index] == UInt8(ascii: "-")
            index += 1
        }
        if isInfinity(from: index) { return Number(BinaryFloat.infinite(negative: isNegative, precision: precision)) }

        var limbs: [UInt64] = []
        var chunk: UInt64 = 0
        var scale: UInt64 = 1
        var sawDigit = false
        var sawPoint = false
        var fractionDigits = 0
        var significantDigits = 0
        var hasMore = false
        loop: while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                sawDigit = true
                if significantDigits == digitLimit {
                    // Digits left out: the exponent makes up for them, and one that is not zero is told by a last digit of 1.
                    if !sawPoint { fractionDigits -= 1 }
                    hasMore = hasMore || bytes[index] != UInt8(ascii: "0")
                    break
                }
                if sawPoint { fractionDigits += 1 }
                if significantDigits > 0 || bytes[index] != UInt8(ascii: "0") { significantDigits += 1 }
                chunk = chunk * 10 + UInt64(bytes[index] - 48)
                scale *= 10
                if scale == 10_000_000_000_000_000_000 {
                    Limbs.multiplyAdd(&limbs, by: scale, adding: chunk)
                    chunk = 0
                    scale = 1
                }
            case UInt8(ascii: ".") where !sawPoint: sawPoint = true
            default: break loop
            }
            index += 1
        }
        guard sawDigit, let (exponent, isBinary) = readExponent(&index), index == bytes.count else { return nil }

        if limbs.isEmpty, fractionDigits == 0, exponent == 0, chunk <= UInt64(Int64.max), precision >= 64, chunk != 0 || !isNegative {
            let value = Int64(chunk)
            return Number(storage: .small(isNegative ? -value : value, precision: precision))
        }
        if scale > 1 { Limbs.multiplyAdd(&limbs, by: scale, adding: chunk) }
        if hasMore {
            Limbs.multiplyAdd(&limbs, by: 10, adding: 1)
            fractionDigits += 1
        }
        Limbs.trim(&limbs)
        if limbs.isEmpty { return Number(BinaryFloat.zero(negative: isNegative, precision: precision)) }
        let ten = isBinary ? -fractionDigits : exponent - fractionDigits
        return Number(scaled(limbs, byTenTo: ten, twoTo: isBinary ? exponent : 0, isNegative: isNegative))
    }

    private func isInfinity(from index: Int) -> Bool {
        guard bytes.count == index + 3 else { return false }
        return (bytes[index] == UInt8(ascii: "I") || bytes[index] == UInt8(ascii: "i")) && bytes[index + 1] == UInt8(ascii: "n")
            && bytes[index + 2] == UInt8(ascii: "f")
    }

    /// Nil for a malformed or absurd one.
    private func readExponent(_ index: inout Int) -> (Int, isBinary: Bool)? {
        guard index < bytes.count else { return (0, false) }
        let letter = bytes[index] | 0x20
        guard letter == UInt8(ascii: "e") || letter == UInt8(ascii: "p") else { return nil }
        index += 1
        var isNegative = false
        if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
            isNegative = bytes[index] == UInt8(ascii: "-")
            index += 1
        }
        var value = 0
        var sawDigit = false
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) {
            value = value * 10 + Int(bytes[index] - 48)
            if value > 20_000 { return nil }
            sawDigit = true
            index += 1
        }
        return sawDigit ? (isNegative ? -value : value, letter == UInt8(ascii: "p")) : nil
    }

    private func scaled(_ limbs: [UInt64], byTenTo ten: Int, twoTo two: Int, isNegative: Bool) -> BinaryFloat {
        if ten == 0 { return BinaryFloat(limbs, power: two, isInexact: false, isNegative: isNegative, precision: precision) }
        let five = PowerOfFive.value(ten.magnitude)
        if ten > 0 {
            return BinaryFloat(
                Limbs.multiply(limbs, five.limbs), power: two + ten + five.power, isInexact: false, isNegative: isNegative,
                precision: precision)
        }
        // Enough words that the quotient has more than 512 bits.
        let shift = max(0, five.limbs.count + 9 - limbs.count)
        let dividend = [UInt64](repeating: 0, count: shift) + limbs
        let (quotient, hasRemainder) = Limbs.quotient(dividend, by: five.limbs)
        return BinaryFloat(
            quotient, power: two + ten - five.power - shift * 64, isInexact: hasRemainder, isNegative: isNegative, precision: precision)
    }
}

/// Powers of five as the reference works them out: exact up to 576 bits, beyond that rounded on the way, which shows in the last
/// digit of very large and very small numbers.
private enum PowerOfFive {
    static func value(_ exponent: UInt) -> (limbs: [UInt64], power: Int) {
        if exponent <= 27 {
            var value: UInt64 = 1
            for _ in 0..<exponent { value *= 5 }
            return ([value], 0)
        }
        var result = value(27)
        var rest = exponent - 27
        var factor: (limbs: [UInt64], power: Int) = ([5], 0)
        while rest > 0 {
            if rest & 1 != 0 { result = rounded(Limbs.multiply(result.limbs, factor.limbs), result.power + factor.power, bits: 576) }
            rest >>= 1
            if rest > 0 { factor = rounded(Limbs.multiply(factor.limbs, factor.limbs), factor.power * 2, bits: 640) }
        }
        return result
    }

    /// To so many bits, half to even.
    private static func rounded(_ limbs: [UInt64], _ power: Int, bits: Int) -> (limbs: [UInt64], power: Int) {
        let excess = Limbs.bitCount(limbs) - bits
        var limbs = limbs
        if excess <= 0 {
            Limbs.trim(&limbs)
            return (limbs, power)
        }
        var result = Limbs.shiftedRight(limbs, by: excess)
        let halfBit = excess - 1
        let half = limbs[halfBit / 64] >> UInt64(halfBit % 64) & 1 != 0
        let below = limbs[..<(halfBit / 64)].contains { $0 != 0 } || limbs[halfBit / 64] & (1 << UInt64(halfBit % 64) &- 1) != 0
        if half, below || result[0] & 1 != 0 { Limbs.multiplyAdd(&result, by: 1, adding: 1) }
        Limbs.trim(&result)
        return (result, power + excess)
    }
}
