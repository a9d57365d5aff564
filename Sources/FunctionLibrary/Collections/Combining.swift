import Values

extension Function {
    static let combining: [Function] = [
        Function(
            "concat", [], rest: .any("seqs", [.marked]), typed: concatenatedType, "The lists, one behind the other."
        ) { call in
            var marks: Value.Marks = []
            var values: [Value] = []
            for index in 0..<call.count {
                marks.formUnion(call[index].marks)
                values += try call.elements(index)
            }
            guard case .list(let element) = call.type else { return Value.tuple(values).marked(marks) }
            return Value.list(try values.map { try $0.converted(to: element) }, of: element).marked(marks)
        },
        Function(
            "matchkeys", [.list("values"), .list("keys"), .list("searchset")],
            typed: { arguments in
                guard unify([arguments[1].type, arguments[2].type]) != nil else {
                    throw FunctionError("keys and searchset must be of the same type")
                }
                return arguments[0].type
            }, "The values whose keys are in the search set."
        ) { call in
            let (values, keys, wanted) = (try call.elements(0), try call.elements(1), try call.elements(2))
            if values.count != keys.count { throw FunctionError("length of keys and values should be equal") }
            if wanted.isEmpty { return .list([], of: call[0].type.elementType ?? .dynamic) }
            guard call[0].isWhollyKnown, call[1].isWhollyKnown, call[2].isWhollyKnown, case .list(let element) = call.type else {
                return call.unknown
            }
            guard let common = unify([call[1].type, call[2].type]), case .list(let keyType) = common else { return call.unknown }
            let set = Set(try wanted.map { try $0.converted(to: keyType) })
            var found: [Value] = []
            for (key, value) in zip(keys, values) where set.contains(try key.converted(to: keyType)) { found.append(value) }
            return .list(found, of: element)
        },
        Function(
            "setproduct", [], rest: .any("sets", [.marked]), typed: productType, "All tuples of one element of each."
        ) { call in
            var marks: Value.Marks = []
            var factors: [ContiguousArray<Value>] = []
            var hidesLength = false
            guard let tuple = productElementType(call.type) else { return call.unknown }
            for index in 0..<call.count {
                marks.formUnion(call[index].marks)
                let elements = try call.elements(index)
                // A set of unknowns may turn out to have fewer elements.
                if case .set = call[index].node, elements.count > 1, !call[index].isWhollyKnown { hidesLength = true }
                factors.append(try ContiguousArray(elements.map { try $0.converted(to: tuple[index]) }))
            }
            // With an empty factor there is nothing to combine, however many the others are.
            if factors.contains(where: \.isEmpty) { factors = [[]] } else if hidesLength { return call.unknown.marked(marks) }
            var count = 1
            for factor in factors {
                // Both are at most the most: no overflow.
                if factor.count > mostTuples || count * factor.count > mostTuples {
                    throw FunctionError("more than \(mostTuples) combinations would be made")
                }
                count *= factor.count
            }
            let products = cartesian(factors).map { Value.tuple($0) }
            if case .list = call.type { return Value.list(products, of: .tuple(tuple)).marked(marks) }
            return Value.set(products, of: .tuple(tuple)).marked(marks)
        },
    ]
}

@Sendable private func concatenatedType(_ arguments: [Value]) throws -> ValueType {
    guard !arguments.isEmpty else { throw FunctionError("at least one argument is required") }
    let types = arguments.map(\.type)
    if types.allSatisfy({ if case .list = $0 { true } else { false } }), let common = unify(types) { return common }
    var elements: [ValueType] = []
    for (index, argument) in arguments.enumerated() {
        switch types[index] {
        case .tuple(let types): elements += types
        case .list(let element):
            guard let values = argument.elements else { return .dynamic }
            elements += Array(repeating: element, count: values.count)
        case let type:
            throw FunctionError.argument(index, "all arguments must be lists or tuples; got \(type.friendlyName)")
        }
    }
    return .tuple(elements)
}

/// A set where any argument is one, else a list.
@Sendable private func productType(_ arguments: [Value]) throws -> ValueType {
    guard arguments.count > 1 else { throw FunctionError("at least two arguments are required") }
    var elements: [ValueType] = []
    var isSet = false
    for (index, argument) in arguments.enumerated() {
        switch argument.type {
        case .set(let element):
            elements.append(element)
            isSet = true
        case .list(let element): elements.append(element)
        case .tuple(let types):
            guard let common = types.isEmpty ? .dynamic : unify(types) else {
                throw FunctionError.argument(index, "all elements must be of the same type")
            }
            elements.append(common)
        default: throw FunctionError.argument(index, "a set or a list is required")
        }
    }
    return isSet ? .set(.tuple(elements)) : .list(.tuple(elements))
}

private func productElementType(_ type: ValueType) -> [ValueType]? {
    switch type {
    case .list(.tuple(let elements)), .set(.tuple(let elements)): elements
    default: nil
    }
}

/// Each is as many values as there are sets.
private let mostTuples = 1_000_000

/// The last factor varies fastest.
private func cartesian(_ factors: [ContiguousArray<Value>]) -> [[Value]] {
    var products: [[Value]] = [[]]
    for factor in factors { products = products.flatMap { head in factor.map { head + [$0] } } }
    return products
}
