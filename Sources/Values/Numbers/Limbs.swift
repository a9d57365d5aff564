/// Arithmetic on unsigned integers of many words, least significant first. Nothing here knows of floats.
enum Limbs {
    /// Bits needed to write the number; 0 for zero.
    static func bitCount(_ limbs: [UInt64]) -> Int {
        for index in limbs.indices.reversed() where limbs[index] != 0 {
            return index * 64 + 64 - limbs[index].leadingZeroBitCount
        }
        return 0
    }

    static func trim(_ limbs: inout [UInt64]) {
        while limbs.last == 0 { limbs.removeLast() }
    }

    /// `limbs = limbs × factor + addend`, growing by a word if it must.
    static func multiplyAdd(_ limbs: inout [UInt64], by factor: UInt64, adding addend: UInt64) {
        var carry = addend
        for index in limbs.indices {
            let (high, low) = limbs[index].multipliedFullWidth(by: factor)
            let (sum, overflow) = low.addingReportingOverflow(carry)
            limbs[index] = sum
            carry = high &+ (overflow ? 1 : 0)
        }
        if carry != 0 { limbs.append(carry) }
    }

    static func multiply(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
        var result = [UInt64](repeating: 0, count: left.count + right.count)
        for i in left.indices where left[i] != 0 {
            var carry: UInt64 = 0
            for j in right.indices {
                let (high, low) = left[i].multipliedFullWidth(by: right[j])
                let (sum, overflow) = low.addingReportingOverflow(result[i + j])
                let (total, overflowed) = sum.addingReportingOverflow(carry)
                result[i + j] = total
                carry = high &+ (overflow ? 1 : 0) &+ (overflowed ? 1 : 0)
            }
            result[i + right.count] = carry
        }
        return result
    }

    static func shiftedLeft(_ limbs: [UInt64], by count: Int) -> [UInt64] {
        let words = count / 64
        let bits = UInt64(count % 64)
        var result = [UInt64](repeating: 0, count: limbs.count + words + 1)
        for index in limbs.indices {
            result[index + words] |= limbs[index] << bits
            if bits != 0 { result[index + words + 1] = limbs[index] >> (64 - bits) }
        }
        return result
    }

    /// Whole words and bits dropped on the right are lost.
    static func shiftedRight(_ limbs: [UInt64], by count: Int) -> [UInt64] {
        let words = count / 64
        let bits = UInt64(count % 64)
        if words >= limbs.count { return [] }
        var result = [UInt64](repeating: 0, count: limbs.count - words)
        for index in result.indices {
            result[index] = limbs[index + words] >> bits
            if bits != 0, index + words + 1 < limbs.count { result[index] |= limbs[index + words + 1] << (64 - bits) }
        }
        return result
    }

    /// Divides in place by one word and gives the remainder.
    static func divide(_ limbs: inout [UInt64], by divisor: UInt64) -> UInt64 {
        var remainder: UInt64 = 0
        for index in limbs.indices.reversed() {
            (limbs[index], remainder) = divisor.dividingFullWidth((remainder, limbs[index]))
        }
        return remainder
    }

    /// Knuth's algorithm D. The divisor's last word must not be zero.
    static func quotient(_ dividend: [UInt64], by divisor: [UInt64]) -> (quotient: [UInt64], hasRemainder: Bool) {
        let n = divisor.count
        if n == 1 {
            var quotient = dividend
            let remainder = divide(&quotient, by: divisor[0])
            return (quotient, remainder != 0)
        }
        if dividend.count < n { return ([], dividend.contains { $0 != 0 }) }
        let shift = divisor[n - 1].leadingZeroBitCount
        let v = Array(shiftedLeft(divisor, by: shift)[..<n])
        var u = shiftedLeft(dividend, by: shift)
        let m = dividend.count - n
        var quotient = [UInt64](repeating: 0, count: m + 1)
        u.withUnsafeMutableBufferPointer { u in
            v.withUnsafeBufferPointer { v in
                for j in stride(from: m, through: 0, by: -1) { quotient[j] = nextWord(u, v, n, j) }
            }
        }
        return (quotient, u.contains { $0 != 0 })
    }

    /// One word of a quotient; leaves the remainder in `u`.
    private static func nextWord(_ u: UnsafeMutableBufferPointer<UInt64>, _ v: UnsafeBufferPointer<UInt64>, _ n: Int, _ j: Int) -> UInt64 {
        let top = v[n - 1]
        var estimate: UInt64
        var rest: UInt64
        var restOverflowed = false
        if u[j + n] >= top {
            estimate = .max
            (rest, restOverflowed) = u[j + n - 1].addingReportingOverflow(top)
            if u[j + n] > top { restOverflowed = true }
        } else {
            (estimate, rest) = top.dividingFullWidth((u[j + n], u[j + n - 1]))
        }
        while !restOverflowed {
            let (high, low) = estimate.multipliedFullWidth(by: v[n - 2])
            if high < rest || (high == rest && low <= u[j + n - 2]) { break }
            estimate -= 1
            (rest, restOverflowed) = rest.addingReportingOverflow(top)
        }
        var borrow: UInt64 = 0
        var carry: UInt64 = 0
        for i in 0..<n {
            let (high, low) = estimate.multipliedFullWidth(by: v[i])
            let (product, overflow) = low.addingReportingOverflow(carry)
            carry = high &+ (overflow ? 1 : 0)
            let (first, borrowed) = u[i + j].subtractingReportingOverflow(product)
            let (second, borrowedAgain) = first.subtractingReportingOverflow(borrow)
            u[i + j] = second
            borrow = (borrowed ? 1 : 0) &+ (borrowedAgain ? 1 : 0)
        }
        let (first, borrowed) = u[j + n].subtractingReportingOverflow(carry)
        let (second, borrowedAgain) = first.subtractingReportingOverflow(borrow)
        u[j + n] = second
        if borrowed || borrowedAgain {
            estimate -= 1
            var carry: UInt64 = 0
            for i in 0..<n {
                let (sum, overflow) = u[i + j].addingReportingOverflow(v[i])
                let (total, overflowed) = sum.addingReportingOverflow(carry)
                u[i + j] = total
                carry = (overflow ? 1 : 0) &+ (overflowed ? 1 : 0)
            }
            u[j + n] = u[j + n] &+ carry
        }
        return estimate
    }
}
