extension ValueType {
    /// Whether a value of this type may be convertible: false where no value of it is, true where it depends on the value (a string may
    /// hold a number) or nothing stands in the way.
    public func canConvert(to wanted: ValueType) -> Bool {
        if case .dynamic = wanted { return true }
        switch (self, wanted) {
        case (.dynamic, _): return true
        case (.bool, .bool), (.number, .number), (.string, .string), (.bool, .string), (.number, .string), (.string, .number),
            (.string, .bool):
            return true
        case (.list(let a), .list(let b)), (.set(let a), .list(let b)), (.list(let a), .set(let b)), (.set(let a), .set(let b)),
            (.map(let a), .map(let b)):
            return a.canConvert(to: b)
        case (.tuple(let elements), .list(let element)), (.tuple(let elements), .set(let element)):
            return ValueType.allConvert(elements, to: element)
        case (.object(let object), .map(let element)):
            let types = object.attributes.map(\.type)
            if case .dynamic = element { return types.isEmpty || unify(types) != nil }
            return types.allSatisfy { $0.canConvert(to: element) }
        case (.tuple(let a), .tuple(let b)): return a.count == b.count && zip(a, b).allSatisfy { $0.canConvert(to: $1) }
        case (.object(let a), .object(let b)):
            return b.attributes.allSatisfy { attribute in
                guard let given = a.attribute(attribute.name) else { return attribute.isOptional }
                return given.type.canConvert(to: attribute.type)
            }
        case (.map(let element), .object(let object)): return object.attributes.allSatisfy { element.canConvert(to: $0.type) }
        default: return false
        }
    }

    /// Elements of a tuple, to a list or set.
    private static func allConvert(_ types: [ValueType], to element: ValueType) -> Bool {
        if types.isEmpty { return true }
        if case .dynamic = element { return common(types) != nil }
        return types.allSatisfy { $0.canConvert(to: element) }
    }

    /// What elements of a tuple unify to when they become a list or set of `any`. Nulls of no type among compound types leave it
    /// open, and the reference refuses that.
    static func common(_ types: [ValueType]) -> ValueType? {
        guard let type = unify(types) else { return nil }
        return type != .dynamic || types.allSatisfy { $0 == .dynamic } ? type : nil
    }

    /// The wanted type with every `any` in it replaced by what this type has there.
    func fillingDynamic(of wanted: ValueType) -> ValueType {
        switch (self, wanted) {
        case (_, .dynamic): return self
        case (.list(let a), .list(let b)), (.set(let a), .list(let b)): return .list(a.fillingDynamic(of: b))
        case (.list(let a), .set(let b)), (.set(let a), .set(let b)): return .set(a.fillingDynamic(of: b))
        case (.map(let a), .map(let b)): return .map(a.fillingDynamic(of: b))
        case (.tuple(let types), .list(let element)): return .list(ValueType.filled(types, element))
        case (.tuple(let types), .set(let element)): return .set(ValueType.filled(types, element))
        case (.object(let object), .map(let element)): return .map(ValueType.filled(object.attributes.map(\.type), element))
        case (.tuple(let a), .tuple(let b)) where a.count == b.count: return .tuple(zip(a, b).map { $0.fillingDynamic(of: $1) })
        case (.object(let a), .object(let b)):
            return .object(
                ObjectType(
                    b.attributes.map { attribute in
                        let type = a.attribute(attribute.name)?.type.fillingDynamic(of: attribute.type) ?? attribute.type
                        return .init(name: attribute.name, type: type.withoutOptionalAttributes)
                    }))
        default: return wanted.withoutOptionalAttributes
        }
    }

    private static func filled(_ types: [ValueType], _ element: ValueType) -> ValueType {
        guard element.holdsDynamic, !types.isEmpty else { return element.withoutOptionalAttributes }
        return unify(types.map { $0.fillingDynamic(of: element) }) ?? .dynamic
    }

    /// Why a value of this type cannot be converted, in the reference's words.
    func mismatchMessage(wanted: ValueType) -> String {
        switch (self, wanted) {
        case (.object(let got), .object(let wanted)): return got.mismatchMessage(wanted: wanted)
        case (.tuple, .list(.dynamic)): return "all list elements must have the same type"
        case (.tuple, .set(.dynamic)): return "all set elements must have the same type"
        case (.object, .map(.dynamic)): return "all map elements must have the same type"
        case (.tuple(let types), .list(let element)), (.tuple(let types), .set(let element)):
            for (index, type) in types.enumerated() where !type.canConvert(to: element) {
                return "element \(index): \(type.mismatchMessage(wanted: element))"
            }
            return "all elements must be \(element.friendlyNameAsConstraint)"
        case (.object(let object), .map(let element)):
            for attribute in object.attributes where !attribute.type.canConvert(to: element) {
                return "element \(quotedForMessages(attribute.name)): \(attribute.type.mismatchMessage(wanted: element))"
            }
            return "all elements must be \(element.friendlyNameAsConstraint)"
        case (.list(let a), .list(let b)), (.set(let a), .list(let b)):
            return "incorrect list element type: \(a.mismatchMessage(wanted: b))"
        case (.list(let a), .set(let b)), (.set(let a), .set(let b)): return "incorrect set element type: \(a.mismatchMessage(wanted: b))"
        case (.map(let a), .map(let b)): return "incorrect map element type: \(a.mismatchMessage(wanted: b))"
        default: return wanted.friendlyNameAsConstraint + " required"
        }
    }
}

extension ObjectType {
    fileprivate func mismatchMessage(wanted: ObjectType) -> String {
        let missing = wanted.attributes.filter { !$0.isOptional && attribute($0.name) == nil }.map { quotedForMessages($0.name) }
        switch missing.count {
        case 0:
            for attribute in wanted.attributes {
                guard let given = self.attribute(attribute.name), !given.type.canConvert(to: attribute.type) else { continue }
                return "attribute \(quotedForMessages(attribute.name)): \(given.type.mismatchMessage(wanted: attribute.type))"
            }
            return "incorrect object attributes"
        case 1: return "attribute \(missing[0]) is required"
        case 2: return "attributes \(missing[0]) and \(missing[1]) are required"
        default: return "attributes \(missing.dropLast().joined(separator: ", ")), and \(missing[missing.count - 1]) are required"
        }
    }
}
