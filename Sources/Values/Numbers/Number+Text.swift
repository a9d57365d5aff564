extension Number: CustomStringConvertible {
    /// The text that `tostring` gives: the fewest digits that tell this number from its neighbours of the same precision, never with
    /// an exponent; `+Inf` and `-Inf`.
    public var description: String {
        if case .small(let value, let precision) = storage, precision >= 64 || value.magnitude <= 1 << UInt64(precision) {
            return String(value)
        }
        var bytes: [UInt8] = []
        appendText(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    func appendText(to bytes: inout [UInt8]) {
        if case .small(let value, let precision) = storage, precision >= 64 || value.magnitude <= 1 << UInt64(precision) {
            appendDecimal(value, to: &bytes)
            return
        }
        let float = self.float
        if let special = specialText(float) {
            bytes.append(contentsOf: special.utf8)
            return
        }
        if float.isNegative { bytes.append(UInt8(ascii: "-")) }
        let (digits, point) = float.form == .zero ? ([], 0) : float.shortestDigits()
        appendFixed(digits, point, fractionDigits: max(digits.count - point, 0), to: &bytes)
    }

    /// `%.nf`: so many digits behind the point, rounded half to even on the exact value.
    public func fixedText(fractionDigits: Int) -> String {
        let float = self.float
        if let special = specialText(float) { return special }
        var bytes: [UInt8] = float.isNegative ? [UInt8(ascii: "-")] : []
        var digits: [UInt8] = []
        var point = 0
        if float.form == .finite {
            var exact = float.exactDigits()
            (digits, point) = exact.rounded(to: exact.pointPosition + fractionDigits)
        }
        appendFixed(digits, point, fractionDigits: fractionDigits, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `%.ne`; nil digits: as few as tell the number.
    public func exponentText(fractionDigits: Int?, uppercase: Bool = false) -> String {
        let float = self.float
        if let special = specialText(float) { return special }
        var bytes: [UInt8] = float.isNegative ? [UInt8(ascii: "-")] : []
        var digits: [UInt8] = []
        var point = 0
        if float.form == .finite {
            if let fractionDigits {
                var exact = float.exactDigits()
                (digits, point) = exact.rounded(to: 1 + fractionDigits)
            } else {
                (digits, point) = float.shortestDigits()
            }
        }
        appendExponent(digits, point, fractionDigits: fractionDigits ?? max(digits.count - 1, 0), uppercase: uppercase, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `%.ng`; nil digits: as few as tell the number.
    public func generalText(significantDigits: Int?, uppercase: Bool = false) -> String {
        let float = self.float
        if let special = specialText(float) { return special }
        var bytes: [UInt8] = float.isNegative ? [UInt8(ascii: "-")] : []
        var digits: [UInt8] = []
        var point = 0
        var wanted = significantDigits
        if wanted == 0 { wanted = 1 }
        if float.form == .finite {
            if let wanted {
                var exact = float.exactDigits()
                (digits, point) = exact.rounded(to: wanted)
            } else {
                (digits, point) = float.shortestDigits()
            }
        }
        // An exponent where plain digits would be longer than the precision asked for, or the number is tiny.
        var threshold = wanted ?? 6
        if wanted != nil, threshold > digits.count, digits.count >= point { threshold = digits.count }
        if !digits.isEmpty, point - 1 < -4 || point - 1 >= threshold {
            appendExponent(digits, point, fractionDigits: max(digits.count - 1, 0), uppercase: uppercase, to: &bytes)
        } else {
            appendFixed(digits, point, fractionDigits: max(digits.count - point, 0), to: &bytes)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// All digits of a whole number in a radix of 2 to 36, lower case; nil where there is a fraction or it is infinite.
    public func integerText(radix: Int) -> String? {
        if case .small(let value, _) = storage { return String(value, radix: radix) }
        let float = self.float
        guard float.isInteger, (2...36).contains(radix) else { return nil }
        var limbs = float.wholeLimbs
        if limbs.isEmpty { return "0" }
        var digits: [UInt8] = []
        while !limbs.isEmpty {
            let digit = UInt8(Limbs.divide(&limbs, by: UInt64(radix)))
            digits.append(digit < 10 ? digit + 48 : digit - 10 + 97)
            Limbs.trim(&limbs)
        }
        if float.isNegative { digits.append(UInt8(ascii: "-")) }
        return String(decoding: digits.reversed(), as: UTF8.self)
    }

    private func specialText(_ float: BinaryFloat) -> String? {
        float.form == .infinite ? (float.isNegative ? "-Inf" : "+Inf") : nil
    }

    private func appendFixed(_ digits: [UInt8], _ point: Int, fractionDigits: Int, to bytes: inout [UInt8]) {
        if point > 0 {
            for index in 0..<point { bytes.append(48 + (index < digits.count ? digits[index] : 0)) }
        } else {
            bytes.append(48)
        }
        guard fractionDigits > 0 else { return }
        bytes.append(UInt8(ascii: "."))
        for index in 0..<fractionDigits {
            let position = point + index
            bytes.append(48 + (position >= 0 && position < digits.count ? digits[position] : 0))
        }
    }

    private func appendExponent(_ digits: [UInt8], _ point: Int, fractionDigits: Int, uppercase: Bool, to bytes: inout [UInt8]) {
        bytes.append(48 + (digits.first ?? 0))
        if fractionDigits > 0 {
            bytes.append(UInt8(ascii: "."))
            for index in 1...fractionDigits { bytes.append(48 + (index < digits.count ? digits[index] : 0)) }
        }
        let exponent = digits.isEmpty ? 0 : point - 1
        bytes.append(uppercase ? UInt8(ascii: "E") : UInt8(ascii: "e"))
        bytes.append(exponent < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        if exponent.magnitude < 10 { bytes.append(48) }
        bytes.append(contentsOf: String(exponent.magnitude).utf8)
    }
}

/// A whole number's digits.
func appendDecimal(_ value: Int64, to bytes: inout [UInt8]) {
    var magnitude = value.magnitude
    if magnitude < 10 {
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes.append(48 + UInt8(magnitude))
        return
    }
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    let start = bytes.count
    while magnitude > 0 {
        bytes.append(48 + UInt8(magnitude % 10))
        magnitude /= 10
    }
    bytes[start...].reverse()
}
