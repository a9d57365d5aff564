/// The exact decimal digits of `limbs × 2^power`, worked out as far as they are asked for: `0.d₀d₁d₂… × 10^pointPosition`, d₀ not 0.
struct DecimalDigits {
    /// 0 to 9 each.
    private(set) var digits: [UInt8] = []
    private(set) var pointPosition = 0
    /// What is left to the right of the digits made so far, the binary point above its last word.
    private var fraction: [UInt64]
    /// Words of `fraction` below this are zero.
    private var lowest = 0

    init(_ limbs: [UInt64], power: Int) {
        var whole: [UInt64]
        if power >= 0 {
            whole = Limbs.shiftedLeft(limbs, by: power)
            fraction = []
        } else {
            let places = -power
            whole = Limbs.shiftedRight(limbs, by: places)
            let words = (places + 63) / 64
            fraction = Limbs.shiftedLeft(limbs, by: words * 64 - places)
            if fraction.count > words { fraction.removeLast(fraction.count - words) }
            while fraction.count < words { fraction.append(0) }
        }
        Limbs.trim(&whole)
        var chunks: [UInt64] = []
        while !whole.isEmpty {
            chunks.append(Limbs.divide(&whole, by: DecimalDigits.chunk))
            Limbs.trim(&whole)
        }
        for chunk in chunks.reversed() { append(chunk) }
        pointPosition = digits.count
        skipZeros()
        // Zeros between the point and the first digit.
        while digits.isEmpty, !fraction.isEmpty, lowest < fraction.count {
            let before = digits.count
            extend()
            if digits.isEmpty && before == 0 { pointPosition -= 19 }
        }
    }

    private static let chunk: UInt64 = 10_000_000_000_000_000_000

    /// Nineteen digits; leading zeros are dropped, and moved into the point's position, where they begin a number below one.
    private mutating func append(_ chunk: UInt64) {
        var rest = chunk
        let start = digits.count
        digits.append(contentsOf: repeatElement(0, count: 19))
        for index in stride(from: start + 18, through: start, by: -1) {
            digits[index] = UInt8(rest % 10)
            rest /= 10
        }
        if start == 0 { dropLeadingZeros() }
    }

    private var leadingZerosDropped = 0
    private mutating func dropLeadingZeros() {
        let zeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(zeros)
        leadingZerosDropped = zeros
    }

    private mutating func skipZeros() { while lowest < fraction.count, fraction[lowest] == 0 { lowest += 1 } }

    private mutating func extend() {
        var carry: UInt64 = 0
        for index in lowest..<fraction.count {
            let (high, low) = fraction[index].multipliedFullWidth(by: DecimalDigits.chunk)
            let (sum, overflow) = low.addingReportingOverflow(carry)
            fraction[index] = sum
            carry = high &+ (overflow ? 1 : 0)
        }
        skipZeros()
        let isFirst = digits.isEmpty
        append(carry)
        if isFirst, !digits.isEmpty { pointPosition -= leadingZerosDropped }
    }

    /// Digit at a position; 0 behind the last.
    mutating func digit(_ index: Int) -> UInt8 {
        while index >= digits.count, lowest < fraction.count { extend() }
        return index < digits.count ? digits[index] : 0
    }

    /// Whether a digit that is not 0 stands at or behind a position.
    func hasMore(from index: Int) -> Bool {
        if lowest < fraction.count { return true }
        return index < digits.count && digits[index...].contains { $0 != 0 }
    }

    /// The first `count` digits, rounded half to even, without zeros at their end, and where their point is. Empty for zero.
    mutating func rounded(to count: Int) -> (digits: [UInt8], pointPosition: Int) {
        if count < 0 { return ([], 0) }
        let next = digit(count)
        let roundsUp: Bool
        if next == 5, !hasMore(from: count + 1) {
            roundsUp = count > 0 && digit(count - 1) & 1 != 0
        } else {
            roundsUp = next >= 5
        }
        return roundsUp ? roundedUp(to: count) : roundedDown(to: count)
    }

    mutating func roundedDown(to count: Int) -> (digits: [UInt8], pointPosition: Int) {
        if count > 0 { _ = digit(count - 1) }
        var result = Array(digits.prefix(count))
        while result.last == 0 { result.removeLast() }
        return (result, result.isEmpty ? 0 : pointPosition)
    }

    mutating func roundedUp(to count: Int) -> (digits: [UInt8], pointPosition: Int) {
        if count > 0 { _ = digit(count - 1) }
        var result = Array(digits.prefix(count))
        while result.count < count { result.append(0) }
        while result.last == 9 { result.removeLast() }
        if result.isEmpty { return ([1], pointPosition + 1) }
        result[result.count - 1] += 1
        return (result, pointPosition)
    }

    /// All of them.
    mutating func all() -> (digits: [UInt8], pointPosition: Int) {
        while lowest < fraction.count { extend() }
        return roundedDown(to: digits.count)
    }
}

extension BinaryFloat {
    /// The fewest digits that read back as this number with this precision. Of a finite number only.
    func shortestDigits() -> (digits: [UInt8], pointPosition: Int) {
        // One bit more than the precision, so that half a unit in the last place is 1.
        let bits = Int(precision) + 1
        let limbs = (0..<8).map { mantissa[$0] }
        var middle = bits > 512 ? Limbs.shiftedLeft(limbs, by: bits - 512) : Limbs.shiftedRight(limbs, by: 512 - bits)
        Limbs.trim(&middle)
        let power = Int(exponent) - bits
        let isInclusive = middle[0] & 2 == 0
        var below = middle
        for index in below.indices {
            let (difference, borrow) = below[index].subtractingReportingOverflow(1)
            below[index] = difference
            if !borrow { break }
        }
        var above = middle
        Limbs.multiplyAdd(&above, by: 1, adding: 1)

        var exact = DecimalDigits(middle, power: power)
        var lower = DecimalDigits(below, power: power)
        var upper = DecimalDigits(above, power: power)
        var index = 0
        while true {
            let digit = exact.digit(index)
            if !exact.hasMore(from: index) { return exact.roundedDown(to: index + 1) }
            let low = lower.digit(index)
            let high = upper.digit(index)
            let mayGoDown = low != digit || (isInclusive && !lower.hasMore(from: index + 1))
            let mayGoUp = digit != high && (isInclusive || digit + 1 < high || upper.hasMore(from: index + 1))
            if mayGoDown && mayGoUp { return exact.rounded(to: index + 1) }
            if mayGoDown { return exact.roundedDown(to: index + 1) }
            if mayGoUp { return exact.roundedUp(to: index + 1) }
            index += 1
        }
    }

    /// All digits of a finite number.
    func exactDigits() -> DecimalDigits {
        DecimalDigits((0..<8).map { mantissa[$0] }, power: Int(exponent) - 512)
    }
}
