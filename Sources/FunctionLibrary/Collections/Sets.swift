import Values

extension Function {
    static let sets: [Function] = [
        Function(
            "setunion", [.set("first_set")], rest: .set("other_sets"), typed: commonSetType, "What is in any of the sets."
        ) { call in
            let sets = try alike(call)
            guard case .set(let element) = call.type else { return call.unknown }
            return .set(sets.flatMap { $0 }, of: element)
        },
        Function(
            "setintersection", [.set("first_set")], rest: .set("other_sets"), typed: commonSetType, "What is in all of the sets."
        ) { call in
            guard call.arguments.allSatisfy(\.isWhollyKnown), case .set(let element) = call.type else { return call.unknown }
            let sets = try alike(call)
            let others = sets.dropFirst().map { Set($0) }
            return .set((sets.first ?? []).filter { value in others.allSatisfy { $0.contains(value) } }, of: element)
        },
        Function("setsubtract", [.set("a"), .set("b")], typed: commonSetType, "What is in the first set and not in the second.") { call in
            guard call.arguments.allSatisfy(\.isWhollyKnown), case .set(let element) = call.type else { return call.unknown }
            let sets = try alike(call)
            let removed = Set(sets[1])
            return .set(sets[0].filter { !removed.contains($0) }, of: element)
        },
    ]
}

extension FunctionParameter {
    fileprivate static func set(_ name: String) -> Self { Self(name, .set(.dynamic)) }
}

@Sendable private func commonSetType(_ arguments: [Value]) throws -> ValueType {
    // An empty set of no particular type goes with any other.
    let elements = arguments.compactMap { argument -> ValueType? in
        guard case .set(let element) = argument.type else { return nil }
        if element == .dynamic, argument.elements?.isEmpty == true { return nil }
        return element
    }
    if elements.isEmpty { return .set(.dynamic) }
    guard let common = unify(elements) else { throw FunctionError("given sets must all have compatible element types") }
    return .set(common)
}

/// The sets' elements, all of the result's type.
private func alike(_ call: Call) throws -> [ContiguousArray<Value>] {
    try call.arguments.map { try $0.converted(to: call.type).elements ?? [] }
}
