extension Number {
    /// `pow`: worked out with doubles, so with 53 bits' precision; may be infinite.
    /// - Throws: where the result is no real number.
    public func power(_ exponent: Number) throws(NumberError) -> Number {
        try Number.fromMachine(MachineFunctions.power(doubleValue, exponent.doubleValue))
    }

    /// `log`: worked out with doubles, so with 53 bits' precision; may be infinite.
    /// - Throws: where the result is no real number.
    public func logarithm(base: Number) throws(NumberError) -> Number {
        try Number.fromMachine(MachineFunctions.logarithm(doubleValue) / MachineFunctions.logarithm(base.doubleValue))
    }

    private static func fromMachine(_ value: Double) throws(NumberError) -> Number {
        guard let number = Number(value) else { throw NumberError("the result is not a real number") }
        return number
    }
}
