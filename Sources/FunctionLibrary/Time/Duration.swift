/// `1h30m`, `-1.5s`, `100ms`: numbers with units, as the reference reads them.
enum DurationText {
    private static let units: [String: UInt64] = [
        "ns": 1, "us": 1_000, "µs": 1_000, "μs": 1_000, "ms": 1_000_000, "s": 1_000_000_000, "m": 60_000_000_000,
        "h": 3_600_000_000_000,
    ]

    /// In nanoseconds.
    /// - Throws: `FunctionError` in the reference's words.
    static func nanoseconds(_ text: String) throws -> Int64 {
        let invalid = FunctionError("time: invalid duration \(bytesQuoted(text))")
        var rest = Array(text.utf8)[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
        if rest.elementsEqual("0".utf8) { return 0 }
        if rest.isEmpty { throw invalid }
        var total: UInt64 = 0
        while !rest.isEmpty {
            let whole = digits(&rest)
            var fraction: ArraySlice<UInt8> = []
            if rest.first == UInt8(ascii: ".") {
                rest.removeFirst()
                fraction = digits(&rest)
            }
            if whole.isEmpty, fraction.isEmpty { throw invalid }
            let unitBytes = rest.prefix { $0 != UInt8(ascii: ".") && !(48...57).contains($0) }
            rest.removeFirst(unitBytes.count)
            let unit = String(decoding: unitBytes, as: UTF8.self)
            if unitBytes.isEmpty { throw FunctionError("time: missing unit in duration \(bytesQuoted(text))") }
            guard let size = units[unit] else {
                throw FunctionError("time: unknown unit \(bytesQuoted(unit)) in duration \(bytesQuoted(text))")
            }
            guard let value = nanoseconds(whole, fraction, unit: size) else { throw invalid }
            let (sum, overflow) = total.addingReportingOverflow(value)
            if overflow || sum > 1 << 63 { throw invalid }
            total = sum
        }
        if isNegative { return Int64(truncatingIfNeeded: 0 &- total) }
        guard let result = Int64(exactly: total) else { throw invalid }
        return result
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        let digits = rest.prefix { (48...57).contains($0) }
        rest.removeFirst(digits.count)
        return digits
    }

    /// Nil beyond the range.
    private static func nanoseconds(_ whole: ArraySlice<UInt8>, _ fraction: ArraySlice<UInt8>, unit: UInt64) -> UInt64? {
        var value: UInt64 = 0
        for digit in whole {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit - 48))
            if overflow || carry || sum > 1 << 63 { return nil }
            value = sum
        }
        let (product, overflow) = value.multipliedReportingOverflow(by: unit)
        if overflow || product > 1 << 63 { return nil }
        // Digits beyond the 18th cannot count; the rest is worked out as the reference does it, in floating point.
        let counted = fraction.prefix(18)
        let scale = counted.reduce(1.0) { scale, _ in scale * 10 }
        let part = counted.reduce(UInt64(0)) { $0 * 10 + UInt64($1 - 48) }
        let (sum, carry) = product.addingReportingOverflow(UInt64(Double(part) * (Double(unit) / scale)))
        return carry || sum > 1 << 63 ? nil : sum
    }

    /// As the reference's time package quotes: everything beyond ASCII byte for byte.
    private static func bytesQuoted(_ text: String) -> String {
        var result = "\""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): result += "\\" + String(Unicode.Scalar(byte))
            case 0x20..<0x7F: result += String(Unicode.Scalar(byte))
            default: result += "\\x" + hexadecimalText([byte])
            }
        }
        return result + "\""
    }
}
