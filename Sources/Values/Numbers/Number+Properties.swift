extension Number {
    /// The value, if it is whole and in range.
    public var exactInt64: Int64? { if case .small(let value, _) = storage { value } else { isZero ? 0 : nil } }

    /// The value, if it is whole and in range. Minus zero is 0.
    public var exactInt: Int? { exactInt64.map { Int($0) } }

    /// The nearest double, ties to even; beyond its range an infinity or zero.
    public var doubleValue: Double {
        if case .small(let value, _) = storage { return Double(value) }
        return float.doubleValue
    }

    public var isInfinite: Bool { if case .big(let number) = storage { number.float.form == .infinite } else { false } }

    public var isZero: Bool {
        switch storage {
        case .small(let value, _): value == 0
        case .big(let number): number.float.form == .zero
        }
    }

    /// Whether a minus sign stands before it; true for minus zero.
    public var isNegative: Bool {
        switch storage {
        case .small(let value, _): value < 0
        case .big(let number): number.float.isNegative
        }
    }

    /// Whole and finite.
    public var isInteger: Bool {
        switch storage {
        case .small: true
        case .big(let number): number.float.isInteger
        }
    }

    /// -1, 0 or 1.
    public var sign: Int { isZero ? 0 : isNegative ? -1 : 1 }

    public var negated: Number {
        if case .small(let value, let precision) = storage, value != 0, value != .min {
            return Number(storage: .small(-value, precision: precision))
        }
        var result = float
        result.isNegative.toggle()
        return Number(result)
    }

    public static prefix func - (number: Number) -> Number { number.negated }

    public var magnitude: Number { isNegative ? negated : self }

    /// The largest whole number that is not larger. Infinities stay.
    public func floor() -> Number { rounded { fraction, isNegative in fraction && isNegative } }

    /// The smallest whole number that is not smaller. Infinities stay.
    public func ceil() -> Number { rounded { fraction, isNegative in fraction && !isNegative } }

    /// Towards zero. Infinities stay.
    public func truncated() -> Number { rounded { _, _ in false } }

    /// - Parameter awayFromZero: told whether there is a fraction, and whether the number is negative.
    private func rounded(_ awayFromZero: (Bool, Bool) -> Bool) -> Number {
        guard case .big(let number) = storage, number.float.form == .finite, !number.float.isInteger else { return self }
        let (whole, hadFraction) = number.float.truncated()
        if awayFromZero(hadFraction, whole.isNegative) {
            let one = BinaryFloat(whole.isNegative ? -1 : 1, precision: whole.precision)
            return Number(whole.form == .zero ? one : whole.adding(one))
        }
        // A fraction that vanishes leaves plain zero.
        return whole.form == .zero ? Number(BinaryFloat.zero(negative: false, precision: whole.precision)) : Number(whole)
    }
}
