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
func quoted(_ text: String) -> String { quotedForMessages(text) }
