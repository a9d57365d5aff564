#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

extension Number {
    /// `pow`: worked out by the machine's floating point, so with 53 bits' precision; may be infinite.
    /// - Throws: where the result is no real number.
    public func power(_ exponent: Number) throws(NumberError) -> Number {
        try Number.fromMachine(pow(doubleValue, exponent.doubleValue))
    }

    /// `log`: worked out by the machine's floating point, so with 53 bits' precision; may be infinite.
    /// - Throws: where the result is no real number.
    public func logarithm(base: Number) throws(NumberError) -> Number {
        try Number.fromMachine(log(doubleValue) / log(base.doubleValue))
    }

    private static func fromMachine(_ value: Double) throws(NumberError) -> Number {
        guard let number = Number(value) else { throw NumberError("the result is not a real number") }
        return number
    }
}
