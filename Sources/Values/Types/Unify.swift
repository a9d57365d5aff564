/// The type that values of all these types can be converted to, as for the arms of a conditional or the elements of a list; nil where
/// there is none, or no types are given.
///
/// Where all are of one kind a new type may be made (`{a=1}` and `{b=2}` unify to a map of numbers); else one of the given types is
/// taken, the most general first.
public func unify(_ types: [ValueType]) -> ValueType? {
    guard let first = types.first else { return nil }
    if types.allSatisfy({ $0 == first }) { return first }
    let count = KindCount(types)
    func only(_ kinds: Int...) -> Bool { kinds.reduce(count.dynamic, +) == types.count }
    if count.map > 0, only(count.map) { return count.dynamic > 0 ? .dynamic : unifyCollections(types, ValueType.map) }
    if count.map > 0, only(count.map, count.object), let type = unifyWithCollections(types, toMap: true) { return type }
    if count.list > 0, only(count.list) { return count.dynamic > 0 ? .dynamic : unifyCollections(types, ValueType.list) }
    if count.list > 0, only(count.list, count.tuple), let type = unifyWithCollections(types, toMap: false) { return type }
    if count.set > 0, only(count.set) { return count.dynamic > 0 ? .dynamic : unifyCollections(types, ValueType.set) }
    if count.object > 0, only(count.object) { return count.dynamic > 0 ? .dynamic : unifyObjects(types) }
    if count.tuple > 0, only(count.tuple) { return count.dynamic > 0 ? .dynamic : unifyTuples(types) }
    if count.object > 0, count.tuple > 0 { return nil }

    let preferred = types.enumerated().sorted { ($0.element.preference, $0.offset) < ($1.element.preference, $1.offset) }
    return preferred.first { candidate in types.allSatisfy { $0.canConvert(to: candidate.element) } }?.element
}

private struct KindCount {
    var map = 0
    var list = 0
    var set = 0
    var object = 0
    var tuple = 0
    var dynamic = 0

    init(_ types: [ValueType]) {
        for type in types {
            switch type {
            case .map: map += 1
            case .list: list += 1
            case .set: set += 1
            case .object: object += 1
            case .tuple: tuple += 1
            case .dynamic: dynamic += 1
            case .bool, .number, .string: break
            }
        }
    }
}

extension ValueType {
    /// The lower, the sooner taken as what others are converted to.
    fileprivate var preference: Int {
        switch self {
        case .string, .list, .map: 0
        case .set: 1
        case .bool, .number, .tuple, .object: 2
        case .dynamic: 3
        }
    }
}

private func unifyCollections(_ types: [ValueType], _ make: (ValueType) -> ValueType) -> ValueType? {
    unify(types.compactMap(\.elementType)).map(make)
}

/// Objects among maps, or tuples among lists.
private func unifyWithCollections(_ types: [ValueType], toMap: Bool) -> ValueType? {
    if types.contains(.dynamic) { return .dynamic }
    var elements: [ValueType] = []
    for type in types {
        switch type {
        case .object(let object): elements += object.attributes.map(\.type)
        case .tuple(let types): elements += types
        default: break
        }
    }
    let structural = elements.isEmpty ? nil : unify(elements)
    if structural == nil, !elements.isEmpty { return nil }
    var collected = types.compactMap(\.elementType)
    if let structural { collected.append(structural) }
    return unify(collected).map { toMap ? .map($0) : .list($0) }
}

private func unifyObjects(_ types: [ValueType]) -> ValueType? {
    let objects = types.compactMap { if case .object(let object) = $0 { object } else { nil } }
    let names = objects[0].attributes.map(\.name)
    guard objects.allSatisfy({ $0.attributes.count == names.count && $0.attributes.map(\.name) == names }) else {
        return unify(objects.flatMap { $0.attributes.map(\.type) }).map { .map($0) }
    }
    var attributes: [ObjectType.Attribute] = []
    for index in names.indices {
        guard let type = unify(objects.map { $0.attributes[index].type }) else { return nil }
        attributes.append(.init(name: names[index], type: type))
    }
    return .object(ObjectType(attributes))
}

private func unifyTuples(_ types: [ValueType]) -> ValueType? {
    let tuples = types.compactMap { if case .tuple(let elements) = $0 { elements } else { nil } }
    let count = tuples[0].count
    guard tuples.allSatisfy({ $0.count == count }) else { return unify(tuples.flatMap { $0 }).map { .list($0) } }
    var elements: [ValueType] = []
    for index in 0..<count {
        guard let type = unify(tuples.map { $0[index] }) else { return nil }
        elements.append(type)
    }
    return .tuple(elements)
}
