import Diagnostics
import HCLSyntax
import Values

/// Operators and conditionals.
extension Evaluator {
    func binary(_ sign: BinaryOperator, _ left: Expression, _ right: Expression, range: SourceRange) throws(DiagnosticError)
        -> Value
    {
        // Chains of one operator lean to the left and may be long: walked by a loop.
        var chain: [(BinaryOperator, Expression, SourceRange)] = [(sign, right, range)]
        var first = left
        while case .binary(let inner, let innerLeft, let innerRight) = first.kind {
            chain.append((inner, innerRight, first.range))
            first = innerLeft
        }
        var gathering = Gathering()
        var value = gathering.value { () throws(DiagnosticError) in try evaluate(first) }
        for (sign, right, whole) in chain.reversed() {
            let a = value
            let b = gathering.value { () throws(DiagnosticError) in try evaluate(right) }
            try gathering.end()
            value = try operation(
                whole, context: whole, operands: (SourceRange(start: whole.start, end: max(whole.start, first.range.end)), right.range)
            ) { () throws(OperationError) in
                switch sign {
                case .or: try Value.or(a, b)
                case .and: try Value.and(a, b)
                case .equal: Value.equal(a, b)
                case .notEqual: Value.notEqual(a, b)
                case .greater: try Value.greaterThan(a, b)
                case .greaterOrEqual: try Value.greaterThanOrEqual(a, b)
                case .less: try Value.lessThan(a, b)
                case .lessOrEqual: try Value.lessThanOrEqual(a, b)
                case .add: try Value.add(a, b)
                case .subtract: try Value.subtract(a, b)
                case .multiply: try Value.multiply(a, b)
                case .divide: try Value.divide(a, b)
                case .modulo: try Value.modulo(a, b)
                }
            }
        }
        return value
    }

    func conditional(
        _ condition: Expression, _ then: Expression, _ otherwise: Expression, range: SourceRange
    ) throws(DiagnosticError) -> Value {
        // Both arms are evaluated, for the result's type is the one that both convert to; a fault counts only in the arm that is chosen.
        let first = Result { () throws(DiagnosticError) in try evaluate(then) }
        let second = Result { () throws(DiagnosticError) in try evaluate(otherwise) }
        var type: ValueType?
        if let a = try? first.get(), let b = try? second.get() { type = try commonType(a, b, then.range, otherwise.range, range) }
        let test = try evaluate(condition)
        // Which arm it was tells something of both.
        let marks = test.marks.union((try? first.get())?.marks ?? []).union((try? second.get())?.marks ?? [])
        guard let decided = try truth(test, condition.range, context: range) else {
            guard let type, let a = try? first.get(), let b = try? second.get() else {
                // Which arm counts is not known yet; a fault in the one that will is reported then.
                return Value.unknown.marked(test.marks)
            }
            return Value.either(a, b, of: type).marked(marks)
        }
        let chosen = try (decided ? first : second).get()
        // The other arm's fault is none of ours.
        guard let type else { return chosen.marked(test.marks) }
        do throws(ConversionError) {
            return try chosen.converted(to: type).marked(marks)
        } catch {
            throw fault(
                "Inconsistent conditional result types",
                "The \(decided ? "true" : "false") result value has the wrong type: \(error.message).", range)
        }
    }

    /// Whether a condition holds; nil where that is not known yet, whatever its type.
    func truth(_ test: Value, _ range: SourceRange, context: SourceRange) throws(DiagnosticError) -> Bool? {
        if test.isNull {
            throw fault(
                "Null condition", "The condition value is null. Conditions must either be true or false.", range, context: context)
        }
        if test.isUnknown { return nil }
        do throws(ConversionError) {
            return try test.converted(to: .bool).boolValue
        } catch {
            // "bool required" would only say it again; what is wrong with "True" it does not.
            let more = error.message.hasSuffix("required") ? "." : ": \(error.message)."
            throw fault("Incorrect condition type", "The condition expression must be of type bool" + more, range, context: context)
        }
    }

    private func commonType(
        _ a: Value, _ b: Value, _ aRange: SourceRange, _ bRange: SourceRange, _ range: SourceRange
    ) throws(DiagnosticError) -> ValueType {
        let left = a.type
        let right = b.type
        if left == right { return left }
        // A null of no type takes the other's.
        if a.isNull, left == .dynamic { return right }
        if b.isNull, right == .dynamic { return left }
        if let type = unify([left, right]) { return type }
        throw fault(
            "Inconsistent conditional result types",
            "The true and false result expressions must have consistent types. The 'true' value is \(left.friendlyName), but the 'false' value is \(right.friendlyName).",
            SourceRange(start: aRange.start, end: bRange.end), context: range)
    }
}
