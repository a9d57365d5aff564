import Values

extension FormatString {
    /// The text with the arguments in their places.
    /// - Throws: `FunctionError`.
    func applied(to arguments: [Value]) throws -> String {
        var result = ""
        for piece in pieces {
            switch piece {
            case .text(let text): result += text
            case .verb(let verb):
                guard verb.argument <= arguments.count else {
                    throw FunctionError(
                        "not enough arguments for \(quoted(verb.text)) at \(verb.offset): need index \(verb.argument) but have \(arguments.count) total"
                    )
                }
                result += try verb.text(of: arguments[verb.argument - 1])
            }
            if result.utf8.count > TextLimit.result { throw TextLimit.exceeded }
        }
        return result
    }

    /// Where arguments are given that no verb names.
    var tooManyArguments: String {
        argumentCount == 0
            ? "too many arguments; no verbs in format string" : "too many arguments; only \(argumentCount) used by format string"
    }
}

extension FormatVerb {
    fileprivate func text(of argument: Value) throws -> String {
        if mode != "v", argument.isNull { throw unsupported("null value cannot be formatted") }
        switch mode {
        case "v": return padded(try plainText(of: argument))
        case "t": return try convert(argument, .bool).boolValue == true ? "true" : "false"
        case "b", "d", "o", "x", "X":
            guard let number = try convert(argument, .number).numberValue else { throw unsupported("a number is required") }
            return try integerText(number)
        case "e", "E", "f", "g", "G":
            guard let number = try convert(argument, .number).numberValue else { throw unsupported("a number is required") }
            return floatText(number)
        case "s": return padded(truncated(try convert(argument, .string).stringValue ?? ""))
        case "q":
            let text = truncated(try convert(argument, .string).stringValue ?? "")
            return padded(try json(.string(text)))
        default: throw FunctionError("unsupported format verb '\(mode)' in \(quoted(text)) at offset \(offset)")
        }
    }

    private func unsupported(_ why: String) -> FunctionError {
        FunctionError("unsupported value for \(quoted(text)) at \(offset): \(why)")
    }

    private func convert(_ value: Value, _ type: ValueType) throws -> Value {
        do {
            return try value.converted(to: type)
        } catch {
            throw unsupported(error.message)
        }
    }

    private func json(_ value: Value) throws -> String {
        do {
            return try value.jsonText()
        } catch {
            throw unsupported(error.message)
        }
    }

    /// Strings as they are, numbers as short as can be, everything else as JSON.
    private func plainText(of value: Value) throws -> String {
        if !isSharp {
            switch value.node {
            case .string(let text): return text
            case .number(let number): return number.generalText(significantDigits: nil)
            default: break
            }
        }
        return try json(value)
    }

    /// Counted in characters; a precision of 0 is none.
    private func truncated(_ text: String) -> String {
        guard let precision, precision > 0 else { return text }
        return String(text.prefix(precision))
    }

    private func padded(_ text: String) -> String {
        guard let width else { return text }
        let missing = width - text.count
        if missing <= 0 { return text }
        let padding = String(repeating: padsWithZeros ? "0" : " ", count: missing)
        return isLeftAligned ? text + padding : padding + text
    }

    private func integerText(_ number: Number) throws -> String {
        let radix = mode == "b" ? 2 : mode == "o" ? 8 : mode == "d" ? 10 : 16
        guard var digits = number.magnitude.integerText(radix: radix) else { throw unsupported("an integer is required") }
        if mode == "X" { digits = digits.uppercased() }
        var prefix = ""
        if isSharp { prefix = mode == "b" ? "0b" : mode == "o" ? "0" : mode == "x" ? "0x" : mode == "X" ? "0X" : "" }
        let sign = number.sign < 0 ? "-" : hasPlus ? "+" : hasSpace ? " " : ""
        if let precision {
            if precision == 0, digits == "0" { return "" }
            digits = String(repeating: "0", count: max(precision - digits.utf8.count, 0)) + digits
        }
        let missing = (width ?? 0) - (sign + prefix + digits).utf8.count
        if missing <= 0 { return sign + prefix + digits }
        if isLeftAligned { return sign + prefix + digits + String(repeating: " ", count: missing) }
        if padsWithZeros, precision == nil { return sign + prefix + String(repeating: "0", count: missing) + digits }
        return String(repeating: " ", count: missing) + sign + prefix + digits
    }

    private func floatText(_ number: Number) -> String {
        let magnitude = number.magnitude
        let digits =
            switch mode {
            case "f": magnitude.fixedText(fractionDigits: precision ?? 6)
            case "e", "E": magnitude.exponentText(fractionDigits: precision ?? 6, uppercase: mode == "E")
            default: magnitude.generalText(significantDigits: precision, uppercase: mode == "G")
            }
        let isInfinite = number.isInfinite
        let text = isInfinite ? "Inf" : digits
        let sign = number.isNegative ? "-" : hasSpace && !(hasPlus && !isInfinite) ? " " : hasPlus || isInfinite ? "+" : ""
        let missing = (width ?? 0) - (sign + text).utf8.count
        if missing <= 0 { return sign + text }
        if isLeftAligned { return sign + text + String(repeating: " ", count: missing) }
        if padsWithZeros, !isInfinite { return sign + String(repeating: "0", count: missing) + text }
        return String(repeating: " ", count: missing) + sign + text
    }
}
