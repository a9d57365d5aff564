extension Number {
    /// - Throws: for infinities of opposite sign.
    public static func + (left: Number, right: Number) throws(NumberError) -> Number {
        if case .small(let a, let p) = left.storage, case .small(let b, let q) = right.storage {
            let (sum, overflow) = a.addingReportingOverflow(b)
            let precision = max(p, q)
            if !overflow, precision >= 64 { return Number(storage: .small(sum, precision: precision)) }
        }
        let a = left.float
        let b = right.float
        if a.form == .infinite, b.form == .infinite, a.isNegative != b.isNegative {
            throw NumberError("can't compute sum of opposing infinities")
        }
        return Number(a.adding(b))
    }

    /// - Throws: for an infinity less itself.
    public static func - (left: Number, right: Number) throws(NumberError) -> Number {
        if case .small(let a, let p) = left.storage, case .small(let b, let q) = right.storage {
            let (difference, overflow) = a.subtractingReportingOverflow(b)
            let precision = max(p, q)
            if !overflow, precision >= 64 { return Number(storage: .small(difference, precision: precision)) }
        }
        let a = left.float
        var b = right.float
        if a.form == .infinite, b.form == .infinite, a.isNegative == b.isNegative {
            throw NumberError("can't subtract infinity from itself")
        }
        b.isNegative.toggle()
        return Number(a.adding(b))
    }

    /// Keeps every bit its result needs, up to 512, whatever the operands' precisions.
    /// - Throws: for zero times an infinity.
    public static func * (left: Number, right: Number) throws(NumberError) -> Number {
        if case .small(let a, let p) = left.storage, case .small(let b, let q) = right.storage {
            let (product, overflow) = a.multipliedReportingOverflow(by: b)
            let precision = max(p, q)
            if !overflow, precision >= 64, product != 0 || (a >= 0 && b >= 0) {
                return Number(storage: .small(product, precision: precision))
            }
        }
        let a = left.float
        let b = right.float
        if (a.form == .zero && b.form == .infinite) || (a.form == .infinite && b.form == .zero) {
            throw NumberError("can't multiply zero by infinity")
        }
        return Number(a.multiplied(by: b))
    }

    /// A number divided by zero is an infinity.
    /// - Throws: for zero by zero and infinity by infinity.
    public static func / (left: Number, right: Number) throws(NumberError) -> Number {
        if case .small(let a, let p) = left.storage, case .small(let b, let q) = right.storage, b != 0, a != .min || b != -1,
            a != 0 || b > 0
        {
            let (quotient, remainder) = a.quotientAndRemainder(dividingBy: b)
            let precision = max(p, q)
            if remainder == 0, precision >= 64 { return Number(storage: .small(quotient, precision: precision)) }
        }
        let a = left.float
        let b = right.float
        if (a.form == .zero && b.form == .zero) || (a.form == .infinite && b.form == .infinite) {
            throw NumberError("can't divide zero by zero or infinity by infinity")
        }
        return Number(a.divided(by: b))
    }

    /// What is left after a division truncated towards zero: it has the sign of the left number and, as the reference has it, the left
    /// number's precision, to which every step on the way is rounded. By zero: the left number itself.
    /// - Throws: where either is infinite.
    public static func % (left: Number, right: Number) throws(NumberError) -> Number {
        if case .small(let a, let p) = left.storage, case .small(let b, _) = right.storage, b != 0, b != -1, p >= 64 {
            return Number(storage: .small(a % b, precision: p))
        }
        if right.isZero { return left }
        if left.isInfinite || right.isInfinite { throw NumberError("can't use modulo with zero and infinity") }
        let a = left.float
        let b = right.float
        var product = a.divided(by: b).truncated().0.rounded(to: a.precision).multiplied(by: b).rounded(to: a.precision)
        product.isNegative.toggle()
        return Number(a.adding(product))
    }
}
