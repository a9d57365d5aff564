import Values

extension Function {
    static let elements: [Function] = [
        Function(
            "element", [.any("list", [.marked]), .number("index")],
            typed: { arguments in
                let list = arguments[0]
                // The type of a tuple is as long as the tuple, and many a loop asks for each element of one.
                if case .tuple(let values) = list.node { return try elementType(values.count, arguments[1]) { values[$0].type } }
                switch list.type {
                case .list(let element): return element
                case .tuple(let elements): return try elementType(elements.count, arguments[1]) { elements[$0] }
                default: throw FunctionError("cannot read elements from \(list.type.friendlyName)")
                }
            }, refinement: .none, "The element at an index, which wraps around; a negative one counts from the end."
        ) { call in
            let index = try wholeIndex(call[1])
            let values = try call.elements(0)
            if values.isEmpty { throw FunctionError("cannot use element function with an empty list") }
            return values[wrapped(index, values.count)].marked(call[0].marks)
        },
        Function(
            "slice", [.any("list", [.marked]), .number("start_index"), .number("end_index")],
            typed: { arguments in
                let list = arguments[0]
                switch list.type {
                case .set:
                    throw FunctionError.argument(
                        0,
                        "cannot slice a set, because its elements do not have indices; explicitly convert to a list if the ordering of the result is not important"
                    )
                case .list:
                    _ = try sliceBounds(arguments, count: list.elements?.count ?? .max)
                    return list.type
                case .tuple(let elements):
                    guard let bounds = try sliceBounds(arguments, count: elements.count) else { return .dynamic }
                    return .tuple(Array(elements[bounds]))
                default: throw FunctionError.argument(0, "must be a list or tuple value")
                }
            }, "The elements from a start index up to an end index."
        ) { call in
            let values = try call.elements(0)
            guard let bounds = try sliceBounds(call.arguments, count: values.count) else { return call.unknown }
            if case .list(let element) = call.type { return Value.list(values[bounds], of: element).marked(call[0].marks) }
            return Value.tuple(values[bounds]).marked(call[0].marks)
        },
        Function(
            "reverse", [.any("list", [.marked])],
            typed: { arguments in
                switch arguments[0].type {
                case .tuple(let elements): return .tuple(elements.reversed())
                case .list(let element), .set(let element): return .list(element)
                case let type: throw FunctionError.argument(0, "can only reverse list or tuple values, not \(type.friendlyName)")
                }
            }, "The elements in reverse order."
        ) { call in
            let values = try call.elements(0).reversed()
            if case .list(let element) = call.type { return Value.list(values, of: element).marked(call[0].marks) }
            return Value.tuple(values).marked(call[0].marks)
        },
        Function(
            "one", [.any("list")],
            typed: { arguments in
                switch arguments[0].type {
                case .list(let element), .set(let element): return element
                case .tuple(let elements) where elements.isEmpty: return .dynamic
                case .tuple(let elements) where elements.count == 1: return elements[0]
                default: throw notZeroOrOne
                }
            }, refinement: .none, "The only element, or null."
        ) { call in
            let values = try call.elements(0)
            // Elements of a set that are unknown may turn out to be one.
            if case .set = call[0].node, values.count > 1, !call[0].isWhollyKnown { return call.unknown }
            if values.count > 1 { throw notZeroOrOne }
            return values.first ?? .null(call.type)
        },
        Function(
            "distinct", [.list("list")], typed: { arguments in arguments[0].type }, "Without repetitions, in the order of first occurrence."
        ) { call in
            guard call[0].isWhollyKnown, case .list(let element) = call.type else { return call.unknown }
            var seen: Set<Value> = []
            return .list(try call.elements(0).filter { seen.insert($0).inserted }, of: element)
        },
        Function(
            "chunklist", [.list("list", [.marked]), .number("size", [.marked])],
            typed: { arguments in .list(arguments[0].type) }, "The list in pieces of a size."
        ) { call in
            let list = call[0].withMarks([])
            let marks = call[0].marks.union(call[1].marks)
            let size = try whole(call[1], "size")
            if size < 0 { throw FunctionError("the size argument must be positive") }
            guard case .list(let elements) = list.node else { return call.unknown }
            let values = elements.values
            if values.isEmpty { return Value.list([], of: list.type).marked(marks) }
            let step = size == 0 ? values.count : min(size, values.count)
            let chunks = stride(from: 0, to: values.count, by: step).map { start in
                Value.list(values[start..<min(start + step, values.count)], of: elements.elementType.type)
            }
            return Value.list(chunks, of: list.type).marked(marks)
        },
        Function(
            "flatten", [.any("list", [.marked])],
            typed: { arguments in
                guard arguments[0].isWhollyKnown else { return .dynamic }
                switch arguments[0].type {
                case .list, .set, .tuple: break
                default: throw FunctionError("can only flatten lists, sets and tuples")
                }
                var (flat, marks): ([Value], Value.Marks) = ([], [])
                guard flatten(arguments[0], into: &flat, &marks) else { return .dynamic }
                return .tuple(flat.map(\.type))
            }, "One tuple of all that is in lists, sets and tuples, however deep."
        ) { call in
            var (flat, marks): ([Value], Value.Marks) = ([], [])
            guard flatten(call[0], into: &flat, &marks) else { return call.unknown.marked(marks) }
            return Value.tuple(flat).marked(marks)
        },
    ]
}

private let notZeroOrOne = FunctionError.argument(0, "must be a list, set, or tuple value with either zero or one elements")

private func wholeIndex(_ value: Value) throws -> Int { try whole(value, "index") }

/// - Parameters:
///   - what: names the number in the message.
///   - place: the argument that is at fault if it is no whole number.
private func whole(_ value: Value, _ what: String, at place: FunctionError.Place = .call) throws -> Int {
    do {
        return try wholeNumber(value)
    } catch let error as FunctionError {
        throw FunctionError("invalid \(what): \(error.message)", at: place)
    }
}

private func elementType(_ count: Int, _ index: Value, at: (Int) -> ValueType) throws -> ValueType {
    if index.isUnknown { return .dynamic }
    let index = try wholeIndex(index)
    if count == 0 { throw FunctionError("cannot use element function with an empty list") }
    return at(wrapped(index, count))
}

private func wrapped(_ index: Int, _ count: Int) -> Int {
    let rest = index % count
    return rest < 0 ? rest + count : rest
}

/// Nil while an index is unknown.
private func sliceBounds(_ arguments: [Value], count: Int) throws -> Range<Int>? {
    var start: Int?
    if !arguments[1].isUnknown {
        let index = try whole(arguments[1], "start index", at: .argument(1))
        if index < 0 { throw FunctionError.argument(1, "start index must not be less than zero") }
        if index > count { throw FunctionError.argument(1, "start index must not be greater than the length of the list") }
        start = index
    }
    var end: Int?
    if !arguments[2].isUnknown {
        let index = try whole(arguments[2], "end index", at: .argument(2))
        if index < 0 { throw FunctionError.argument(2, "end index must not be less than zero") }
        if index > count { throw FunctionError.argument(2, "end index must not be greater than the length of the list") }
        end = index
    }
    guard let start, let end else { return nil }
    if start > end { throw FunctionError.argument(1, "start index must not be greater than end index") }
    return start..<end
}

/// Marks of the lists that are opened go to the whole result; false where an unknown hides how many elements there are.
private func flatten(_ value: Value, into flat: inout [Value], _ marks: inout Value.Marks) -> Bool {
    marks.formUnion(value.marks)
    guard let elements = value.elements else { return false }
    // Unknown elements of a set may be equal to others.
    var isKnown = true
    if case .set = value.node, elements.count > 1, !value.isWhollyKnown { isKnown = false }
    for element in elements {
        switch element.node {
        case .list, .set, .tuple:
            if !flatten(element, into: &flat, &marks) { isKnown = false }
        case .unknown(let unknown):
            switch unknown.type {
            case .list, .set, .tuple, .dynamic: isKnown = false
            default: flat.append(element)
            }
        default: flat.append(element)
        }
    }
    return isKnown
}
