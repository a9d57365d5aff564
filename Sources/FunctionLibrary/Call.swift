import Values

/// One call: converted arguments, without what the parameters do not allow.
struct Call {
    let arguments: [Value]
    /// What the function said that its result will be.
    let type: ValueType
    let refinement: Refinement
    let environment: any FunctionEnvironment

    subscript(_ index: Int) -> Value { arguments[index] }
    var count: Int { arguments.count }

    func string(_ index: Int) throws -> String {
        guard let value = arguments[index].stringValue else { throw FunctionError.argument(index, "string required") }
        return value
    }

    func number(_ index: Int) throws -> Number {
        guard let value = arguments[index].numberValue else { throw FunctionError.argument(index, "number required") }
        return value
    }

    func whole(_ index: Int) throws -> Int { try wholeNumber(arguments[index]) }

    /// Elements of a list, set or tuple.
    func elements(_ index: Int) throws -> ContiguousArray<Value> {
        guard let values = arguments[index].elements else {
            throw FunctionError.argument(index, "a list, set or tuple is required")
        }
        return values
    }

    /// An unknown result of the type that the function has announced.
    var unknown: Value { .unknown(type, type == .dynamic ? .none : refinement) }
}

/// - Throws: with the reference's sentence for a number that is none of `Int`'s.
func wholeNumber(_ value: Value) throws -> Int {
    guard let number = value.numberValue else { throw FunctionError("a number is required") }
    guard let whole = number.exactInt else {
        throw FunctionError("value must be a whole number, between -9223372036854775808 and 9223372036854775807")
    }
    return whole
}

/// The text as the reference quotes it in messages and `%q`.
func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": result += "\\\""
        case "\\": result += "\\\\"
        case "\n": result += "\\n"
        case "\r": result += "\\r"
        case "\t": result += "\\t"
        case "\u{07}": result += "\\a"
        case "\u{08}": result += "\\b"
        case "\u{0B}": result += "\\v"
        case "\u{0C}": result += "\\f"
        default:
            if isPrintable(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += escaped(scalar)
            }
        }
    }
    return result + "\""
}

private func escaped(_ scalar: Unicode.Scalar) -> String {
    func hex(_ digits: Int) -> String {
        let text = String(scalar.value, radix: 16)
        return String(repeating: "0", count: max(digits - text.utf8.count, 0)) + text
    }
    if scalar.value < 0x80 { return "\\x" + hex(2) }
    return scalar.value < 0x10000 ? "\\u" + hex(4) : "\\U" + hex(8)
}

/// Letters, marks, numbers, punctuation, symbols and the plain space.
func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F }
    return switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator, .spaceSeparator: false
    default: true
    }
}
