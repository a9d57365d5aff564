import Diagnostics
import HCLSyntax
import Values

extension Evaluator {
    // MARK: Splat

    func splat(_ source: Expression, _ kind: SplatKind, _ each: [SplatStep], range: SourceRange) throws(DiagnosticError) -> Value {
        let value = try evaluate(source)
        return try splat(value, each, sourceRange: source.range, range: range)
    }

    private func splat(_ value: Value, _ each: [SplatStep], sourceRange: SourceRange, range: SourceRange) throws(DiagnosticError) -> Value {
        if value.isNull {
            // A null of a collection type is a fault, a null of anything else is "none of them".
            switch value.type {
            case .list, .set, .tuple:
                throw fault(
                    "Splat of null value",
                    "Splat expressions (with the * symbol) cannot be applied to null sequences.", sourceRange, context: range)
            default: return Value.emptyTuple.marked(value.marks)
            }
        }
        if value.isUnknown {
            switch value.type {
            case .dynamic: return Value.unknown.marked(value.marks)
            case .list(let element), .set(let element):
                let probe = try apply(each[...], to: .unknown(element), range: range)
                return Value.unknown(.list(probe.type), .notNull).marked(value.marks)
            case .tuple: break
            default:
                guard value.isDefinitelyNotNull else {
                    // It may be null, and then there is none of them.
                    _ = try apply(each[...], to: value, range: range)
                    return Value.unknown.marked(value.marks)
                }
            }
        }
        let elements: ContiguousArray<Value>
        var listElement: ValueType?
        switch value.node {
        case .list(let list):
            elements = list.values
            listElement = list.elementType.type
        case .set(let set):
            elements = set.values
            listElement = set.elementType.type
        case .tuple(let values): elements = values
        default: elements = [value.withMarks([])]
        }
        var results: ContiguousArray<Value> = []
        results.reserveCapacity(elements.count)
        for element in elements { results.append(try apply(each[...], to: element, range: range)) }
        if let listElement {
            if results.isEmpty {
                let probe = try apply(each[...], to: .unknown(listElement), range: range)
                return Value.list([], of: probe.type).marked(value.marks)
            }
            let types = results.map(\.type)
            if let first = types.first, types.allSatisfy({ $0 == first }) {
                return Value.list(results, of: first).marked(value.marks)
            }
        }
        return Value.tuple(results).marked(value.marks)
    }

    private func apply(_ steps: ArraySlice<SplatStep>, to value: Value, range: SourceRange) throws(DiagnosticError) -> Value {
        var value = value
        var steps = steps
        while let step = steps.popFirst() {
            let current = value
            switch step {
            case .attribute(let name):
                value = try operation(name.range, context: range) { () throws(OperationError) in try current.attribute(named: name.name) }
            case .index(let key):
                let index = try evaluate(key)
                value = try operation(key.range, context: range) { () throws(OperationError) in try current.indexed(by: index) }
            case .splat(_, let each):
                return try splat(current, each, sourceRange: range, range: range)
            }
        }
        return value
    }

    // MARK: for

    /// What a `for` runs over: pairs of key and value; nil where that is not known yet.
    func iteration(_ clause: ForClause, range: SourceRange) throws(DiagnosticError) -> (
        pairs: [(Value, Value)]?, marks: Value.Marks
    ) {
        let collection = try evaluate(clause.collection)
        if collection.isNull {
            throw fault(
                "Iteration over null value", "A null value cannot be used as the collection in a 'for' expression.",
                clause.collection.range, context: range)
        }
        if collection.isUnknown {
            switch collection.type {
            case .dynamic, .list, .set, .map, .tuple, .object: return (nil, collection.marks)
            default: break
            }
        }
        let pairs: [(Value, Value)]
        switch collection.node {
        case .list(let list): pairs = list.values.enumerated().map { (.int($0.offset), $0.element) }
        case .tuple(let values): pairs = values.enumerated().map { (.int($0.offset), $0.element) }
        case .set(let set): pairs = set.values.map { ($0, $0) }
        case .map(let map): pairs = map.entries.map { (.string($0.key), $0.value) }
        case .object(let object): pairs = zip(object.shape.names, object.slots).map { (.string($0), $1) }
        default:
            throw fault(
                "Iteration over non-iterable value",
                "A value of type \(collection.type.friendlyName) cannot be used as the collection in a 'for' expression.",
                clause.collection.range, context: range)
        }
        return (pairs, collection.marks)
    }

    /// Nil: the condition is not known, so neither is the result. Where that is so already, a condition of no use is no fault of its own.
    private func includes(
        _ clause: ForClause, _ inner: Evaluator, marks: inout Value.Marks, isUnknown: Bool, range: SourceRange
    ) throws(DiagnosticError) -> Bool? {
        guard let condition = clause.condition else { return true }
        let value = try inner.evaluate(condition)
        marks.formUnion(value.marks)
        if value.isNull {
            if isUnknown { return nil }
            throw fault(
                "Condition is null", "The value of the 'if' clause must not be null.", condition.range, context: range)
        }
        do throws(ConversionError) {
            return try value.converted(to: .bool).boolValue
        } catch {
            if isUnknown { return nil }
            throw fault("Invalid 'for' condition", "The 'if' clause value is invalid: \(error.message).", condition.range, context: range)
        }
    }

    func bound(_ clause: ForClause, _ pair: (Value, Value)) -> Evaluator {
        var inner = self
        if let key = clause.key { inner.bindings[key.name] = pair.0 }
        inner.bindings[clause.value.name] = pair.1
        return inner
    }

    func forTuple(_ clause: ForClause, _ value: Expression, range: SourceRange) throws(DiagnosticError) -> Value {
        var (pairs, marks) = try iteration(clause, range: range)
        guard let pairs else { return Value.unknown.marked(marks) }
        var results: ContiguousArray<Value> = []
        results.reserveCapacity(pairs.count)
        var isUnknown = false
        var budget = ExtentBudget()
        for pair in pairs {
            let inner = bound(clause, pair)
            guard let included = try includes(clause, inner, marks: &marks, isUnknown: isUnknown, range: range) else {
                isUnknown = true
                continue
            }
            guard included else { continue }
            let result = try inner.evaluate(value)
            try spend(result.extent, of: &budget, range)
            results.append(result)
        }
        return (isUnknown ? Value.unknown : .tuple(results)).marked(marks)
    }

    func forObject(_ clause: ForClause, _ key: Expression, _ value: Expression, groups: Bool, range: SourceRange) throws(DiagnosticError)
        -> Value
    {
        var (pairs, marks) = try iteration(clause, range: range)
        guard let pairs else { return Value.unknown.marked(marks) }
        var entries: [(String, Value)] = []
        var grouped: [String: ContiguousArray<Value>] = [:]
        var seen: Set<String> = []
        var isUnknown = false
        var budget = ExtentBudget()
        for pair in pairs {
            let inner = bound(clause, pair)
            guard let included = try includes(clause, inner, marks: &marks, isUnknown: isUnknown, range: range) else {
                isUnknown = true
                continue
            }
            guard included else { continue }
            let keyValue = try inner.evaluate(key)
            marks.formUnion(keyValue.marks)
            if keyValue.isNull {
                if isUnknown { continue }
                throw fault(
                    "Invalid object key", "Key expression in 'for' expression must not produce a null value.", key.range, context: range)
            }
            let known: String?
            do throws(DiagnosticError) {
                // Unlike the key of an object's item, one that is unknown may be of any type.
                known = keyValue.isUnknown ? nil : try keyText(keyValue, key.range)
            } catch {
                throw fault(
                    "Invalid object key", "The key expression produced an invalid result: string required.", key.range, context: range)
            }
            let result = try inner.evaluate(value)
            try spend(result.extent, of: &budget, range)
            guard let text = known else {
                isUnknown = true
                continue
            }
            if groups {
                grouped[text, default: []].append(result)
            } else if !seen.insert(text).inserted {
                throw fault(
                    "Duplicate object key",
                    "Two different items produced the key \(keyValue.marks.isEmpty ? "\"\(text)\"" : "(sensitive value)") in this 'for' expression. If duplicates are expected, use the ellipsis (...) after the value expression to enable grouping by key.",
                    key.range, context: range)
            } else {
                entries.append((text, result))
            }
        }
        if isUnknown { return Value.unknown.marked(marks) }
        if groups { entries = grouped.map { ($0.key, .tuple($0.value)) } }
        return Value.object(entries).marked(marks)
    }
}
