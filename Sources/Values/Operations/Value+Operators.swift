// The language's operators. Operands are converted as the language does; an unknown operand gives an unknown result that is known not to be
// null; marks of both operands go to the result.
extension Value {
    public static func add(_ left: Value, _ right: Value) throws(OperationError) -> Value {
        try arithmetic(left, right) { (a, b) throws(NumberError) in try a + b }
    }

    public static func subtract(_ left: Value, _ right: Value) throws(OperationError) -> Value {
        try arithmetic(left, right) { (a, b) throws(NumberError) in try a - b }
    }

    public static func multiply(_ left: Value, _ right: Value) throws(OperationError) -> Value {
        try arithmetic(left, right) { (a, b) throws(NumberError) in try a * b }
    }

    public static func divide(_ left: Value, _ right: Value) throws(OperationError) -> Value {
        try arithmetic(left, right) { (a, b) throws(NumberError) in try a / b }
    }

    public static func modulo(_ left: Value, _ right: Value) throws(OperationError) -> Value {
        try arithmetic(left, right) { (a, b) throws(NumberError) in try a % b }
    }

    public static func lessThan(_ left: Value, _ right: Value) throws(OperationError) -> Value {
        try comparison(left, right, swapped: false)
    }

    public static func lessThanOrEqual(_ left: Value, _ right: Value) throws(OperationError) -> Value {
        try comparison(left, right, swapped: false, orEqual: true)
    }

    public static func greaterThan(_ left: Value, _ right: Value) throws(OperationError) -> Value {
        try comparison(left, right, swapped: true)
    }

    public static func greaterThanOrEqual(_ left: Value, _ right: Value) throws(OperationError) -> Value {
        try comparison(left, right, swapped: true, orEqual: true)
    }

    public static func and(_ left: Value, _ right: Value) throws(OperationError) -> Value { try logic(left, right) { $0 && $1 } }
    public static func or(_ left: Value, _ right: Value) throws(OperationError) -> Value { try logic(left, right) { $0 || $1 } }

    public static func negate(_ value: Value) throws(OperationError) -> Value {
        let operand = try operand(value, .number, .unary)
        guard let number = operand.numberValue else { return Value.unknown(.number, .notNull).withMarks(operand.marks) }
        return Value.number(number.negated).withMarks(operand.marks)
    }

    public static func not(_ value: Value) throws(OperationError) -> Value {
        let operand = try operand(value, .bool, .unary)
        guard let bool = operand.boolValue else { return Value.unknown(.bool, .notNull).withMarks(operand.marks) }
        return Value.bool(!bool).withMarks(operand.marks)
    }

    public static func notEqual(_ left: Value, _ right: Value) -> Value {
        let equal = equal(left, right)
        guard let bool = equal.boolValue else { return equal }
        return Value.bool(!bool).withMarks(equal.marks)
    }

    private static func arithmetic(
        _ left: Value, _ right: Value, _ operation: (Number, Number) throws(NumberError) -> Number
    ) throws(OperationError) -> Value {
        let (a, b, marks) = try operands(left, right, .number)
        guard let a = a.numberValue, let b = b.numberValue else { return Value.unknown(.number, .notNull).withMarks(marks) }
        do throws(NumberError) {
            return Value.number(try operation(a, b)).withMarks(marks)
        } catch {
            throw OperationError(summary: "Operation failed", detail: "Error during operation: \(error.message).")
        }
    }

    private static func comparison(_ left: Value, _ right: Value, swapped: Bool, orEqual: Bool = false) throws(OperationError) -> Value {
        let (a, b, marks) = try operands(left, right, .number)
        var answer = swapped ? isLess(b, a) : isLess(a, b)
        // The language's `<=` is `<` or `==`: bounds that touch leave it open.
        if orEqual, answer == false { answer = equal(a, b).boolValue }
        guard let answer else { return Value.unknown(.bool, .notNull).withMarks(marks) }
        return Value.bool(answer).withMarks(marks)
    }

    /// Whether one number is less than the other, as far as their bounds tell.
    private static func isLess(_ left: Value, _ right: Value) -> Bool? {
        if let a = left.numberValue, let b = right.numberValue { return a < b }
        let a = left.numberBounds
        let b = right.numberBounds
        if let upper = a.upper, let lower = b.lower {
            if upper.value < lower.value || (upper.value == lower.value && !(upper.isInclusive && lower.isInclusive)) { return true }
        }
        if let lower = a.lower, let upper = b.upper, upper.value < lower.value { return false }
        return nil
    }

    var numberBounds: (lower: Refinement.Bound?, upper: Refinement.Bound?) {
        switch node {
        case .number(let number):
            let bound = Refinement.Bound(value: number, isInclusive: true)
            return (bound, bound)
        case .unknown(let unknown): return (unknown.refinement.lowerBound, unknown.refinement.upperBound)
        default: return (nil, nil)
        }
    }

    private static func logic(_ left: Value, _ right: Value, _ operation: (Bool, Bool) -> Bool) throws(OperationError) -> Value {
        let (a, b, marks) = try operands(left, right, .bool)
        guard let a = a.boolValue, let b = b.boolValue else { return Value.unknown(.bool, .notNull).withMarks(marks) }
        return Value.bool(operation(a, b)).withMarks(marks)
    }

    /// Both converted, neither null.
    private static func operands(_ left: Value, _ right: Value, _ type: ValueType) throws(OperationError) -> (Value, Value, Marks) {
        let a: Value
        do throws(OperationError) {
            a = try converted(left, type, .left)
        } catch let first {
            // Both are looked at: two faults are told at once.
            do throws(OperationError) { _ = try converted(right, type, .right) } catch let second { throw first.with(second) }
            throw first
        }
        let b = try converted(right, type, .right)
        try refuseNull(a, .left)
        try refuseNull(b, .right)
        return (a, b, a.marks.union(b.marks))
    }

    private static func operand(_ value: Value, _ type: ValueType, _ operand: OperationError.Operand) throws(OperationError) -> Value {
        let result = try converted(value, type, operand)
        try refuseNull(result, operand)
        return result
    }

    private static func refuseNull(_ value: Value, _ operand: OperationError.Operand) throws(OperationError) {
        if value.isNull {
            throw OperationError(
                summary: "Operation failed", detail: "Error during operation: argument must not be null.", operand: operand)
        }
    }

    private static func converted(
        _ value: Value, _ type: ValueType, _ operand: OperationError.Operand
    ) throws(OperationError) -> Value {
        do throws(ConversionError) {
            return try value.converted(to: type)
        } catch {
            let side =
                switch operand {
                case .left: "left"
                case .right: "right"
                case .unary: "unary"
                }
            throw OperationError(
                summary: "Invalid operand", detail: "Unsuitable value for \(side) operand: \(error.message).", operand: operand)
        }
    }
}
