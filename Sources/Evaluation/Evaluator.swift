public import Diagnostics
public import HCLSyntax
public import Values

/// Evaluates expressions of one file in one scope. A value: `for` and templates bind names in copies of it.
public struct Evaluator {
    public let file: String
    public let scope: any EvaluationScope
    public let functions: any FunctionCalling
    /// Sub-expressions that are the same for every instance of a repeated body, evaluated once.
    public let shared: SharedValues?
    var bindings: [String: Value] = [:]

    public init(file: String, scope: any EvaluationScope, functions: any FunctionCalling, shared: SharedValues? = nil) {
        self.file = file
        self.scope = scope
        self.functions = functions
        self.shared = shared
    }

    /// The same evaluator with more names bound on top, as `for` does.
    public func binding(_ names: [String: Value]) -> Evaluator {
        var copy = self
        copy.bindings.merge(names) { _, new in new }
        return copy
    }

    /// - Throws: the first fault in it, with the values of the references that the expression holds.
    public func value(of expression: Expression) throws(DiagnosticError) -> Value {
        do {
            return try evaluate(expression)
        } catch {
            throw withReferences(error, in: expression)
        }
    }

    func span(_ range: SourceRange) -> SourceSpan { SourceSpan(file: file, range: range) }

    func fault(_ summary: String, _ detail: String, _ range: SourceRange, context: SourceRange? = nil, hints: [String] = [])
        -> DiagnosticError
    {
        DiagnosticError(.error(summary, detail, at: span(range), context: context.map(span), hints: hints))
    }

    func evaluate(_ expression: Expression) throws(DiagnosticError) -> Value {
        guard let shared, shared.shares(expression.range), bindings.isEmpty else { return try compute(expression) }
        if let known = shared[expression.range] { return known }
        let value = try compute(expression)
        shared[expression.range] = value
        return value
    }

    private func compute(_ expression: Expression) throws(DiagnosticError) -> Value {
        switch expression.kind {
        case .number(let text):
            guard let number = Number(decimal: text) else { throw fault("Invalid number", "\(text) is not a number.", expression.range) }
            return .number(number)
        case .bool(let value): return .bool(value)
        case .null: return .null
        case .template(let parts): return try template(parts, range: expression.range)
        case .traversal(let root, let steps): return try traversal(root, steps, range: expression.range)
        case .relative(let source, let steps):
            return try follow(try evaluate(source), steps[...], range: expression.range)
        case .index(let source, let key):
            let collection = try evaluate(source)
            let index = try evaluate(key)
            return try operation(key.range, context: expression.range) { () throws(OperationError) in try collection.indexed(by: index) }
        case .splat(let source, let kind, let each): return try splat(source, kind, each, range: expression.range)
        case .call(let name, let arguments, let expandsLast):
            return try call(name, arguments, expandsLast: expandsLast, range: expression.range)
        case .unary(let sign, let operand):
            let value = try evaluate(operand)
            return try operation(operand.range, context: expression.range) { () throws(OperationError) in
                sign == .not ? try Value.not(value) : try Value.negate(value)
            }
        case .binary(let sign, let left, let right): return try binary(sign, left, right, range: expression.range)
        case .conditional(let condition, let then, let otherwise):
            return try conditional(condition, then, otherwise, range: expression.range)
        case .tuple(let items):
            var values: ContiguousArray<Value> = []
            values.reserveCapacity(items.count)
            var gathering = Gathering()
            for item in items { values.append(gathering.value { () throws(DiagnosticError) in try evaluate(item) }) }
            try gathering.end()
            return try bounded(.tuple(values), expression.range)
        case .object(let items): return try bounded(try object(items), expression.range)
        case .forTuple(let clause, let value): return try forTuple(clause, value, range: expression.range)
        case .forObject(let clause, let key, let value, let groups):
            return try forObject(clause, key, value, groups: groups, range: expression.range)
        case .parenthesized(let inner): return try evaluate(inner)
        case .invalid: return .unknown
        }
    }

    // MARK: Names

    private func traversal(_ root: Identifier, _ steps: [TraversalStep], range: SourceRange) throws(DiagnosticError) -> Value {
        if let bound = bindings[root.name] { return try follow(bound, steps[...], range: range) }
        let resolved = try scope.resolve(root, steps, in: file)
        return try follow(resolved.value, steps.dropFirst(resolved.consumed), range: range)
    }

    func follow(_ value: Value, _ steps: ArraySlice<TraversalStep>, range: SourceRange) throws(DiagnosticError) -> Value {
        var value = value
        for step in steps {
            let current = value
            do throws(DiagnosticError) {
                value = try operation(step.rangeWithDot, context: range) { () throws(OperationError) in
                    switch step {
                    case .attribute(let name): try current.attribute(named: name.name)
                    case .stringIndex(let key, _): try current.indexed(by: .string(key))
                    case .numberIndex(let text, _): try current.indexed(by: .number(Number(decimal: text) ?? .zero))
                    }
                }
            } catch {
                throw hinting(error, at: step, of: current)
            }
        }
        return value
    }

    /// With the nearest name, where an object has none of that name. Those of a sensitive object are not told.
    private func hinting(_ error: DiagnosticError, at step: TraversalStep, of value: Value) -> DiagnosticError {
        guard case .attribute(let name) = step, !value.isSensitive, case .object(let object) = value.type,
            let near = nearestName(name.name, among: object.attributes.map(\.name))
        else { return error }
        var hinted = error
        for index in hinted.diagnostics.indices { hinted.diagnostics[index].hints.append("Did you mean \"\(near)\"?") }
        return hinted
    }

    /// Runs an operation of the language; its error becomes a diagnostic at `range`.
    func operation(
        _ range: SourceRange, context: SourceRange, operands: (SourceRange, SourceRange)? = nil,
        _ body: () throws(OperationError) -> Value
    ) throws(DiagnosticError) -> Value {
        do {
            return try body()
        } catch {
            throw DiagnosticError(
                ([error] + error.others).map { error in
                    var place = range
                    if let operands, let operand = error.operand { place = operand == .left ? operands.0 : operands.1 }
                    return .error(error.summary, error.detail, at: span(place), context: span(context))
                })
        }
    }

    // MARK: Objects

    private func object(_ items: [ObjectItem]) throws(DiagnosticError) -> Value {
        var entries: [(String, Value)] = []
        entries.reserveCapacity(items.count)
        var marks: Value.Marks = []
        var isUnknown = false
        var gathering = Gathering()
        for item in items {
            gathering.run { () throws(DiagnosticError) in
                guard case .expression(let expression) = item.key else {
                    if case .name(let name) = item.key { entries.append((name.name, try evaluate(item.value))) }
                    return
                }
                let key = try evaluate(expression)
                marks.formUnion(key.marks)
                if key.isNull {
                    throw fault("Null value as key", "Can't use a null value as a key.", expression.range)
                }
                let text = try keyText(key, expression.range)
                let value = try evaluate(item.value)
                if let text { entries.append((text, value)) } else { isUnknown = true }
            }
        }
        try gathering.end()
        if isUnknown { return Value.unknown.marked(marks) }
        return Value.object(entries).marked(marks)
    }

    /// The key of an object; nil where it is not known yet.
    func keyText(_ key: Value, _ range: SourceRange) throws(DiagnosticError) -> String? {
        if let text = key.stringValue { return text }
        do throws(ConversionError) {
            return try key.converted(to: .string).stringValue
        } catch {
            throw fault("Incorrect key type", "Can't use this value as a key: \(error.message).", range)
        }
    }
}
