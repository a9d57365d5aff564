extension Value {
    /// The language's `==`: never converts; unknown as long as what is unknown could still decide it. All marks in either
    /// go to the result.
    public static func equal(_ left: Value, _ right: Value) -> Value {
        let result: Value =
            switch answer(left, right) {
            case .some(true): .true
            case .some(false): .false
            case .none: .unknown(.bool, .notNull)
            }
        return result.withMarks(left.allMarks.union(right.allMarks))
    }

    /// Nil: not known yet.
    private static func answer(_ left: Value, _ right: Value) -> Bool? {
        switch (left.node, right.node) {
        case (.unknown, .unknown): return nil
        case (.unknown(let unknown), _): return unknown.admits(right) ? nil : false
        case (_, .unknown(let unknown)): return unknown.admits(left) ? nil : false
        // Nulls are equal whatever their types.
        case (.null, .null): return true
        case (.null, _), (_, .null): return false
        case (.bool(let a), .bool(let b)): return a == b
        case (.number(let a), .number(let b)): return a == b
        case (.string(let a), .string(let b)): return a == b
        case (.tuple(let a), .tuple(let b)):
            guard a.count == b.count else { return false }
            // A tuple and one of other types are never equal, unlike `[null]` and `[null]` of another type.
            return sequence(a, b, checksTypes: true)
        case (.object(let a), .object(let b)):
            guard a.shape === b.shape || a.shape.names == b.shape.names else { return false }
            return sequence(a.slots, b.slots, checksTypes: true)
        case (.list(let a), .list(let b)):
            guard a.elementType == b.elementType else { return mayBecomeEqual(left, right) }
            guard a.values.count == b.values.count else { return false }
            return sequence(a.values, b.values, checksTypes: false)
        case (.map(let a), .map(let b)):
            guard a.elementType == b.elementType else { return mayBecomeEqual(left, right) }
            guard a.entries.count == b.entries.count, zip(a.entries, b.entries).allSatisfy({ $0.key == $1.key }) else { return false }
            return sequence(a.entries.map(\.value), b.entries.map(\.value), checksTypes: false)
        case (.set(let a), .set(let b)):
            guard a.elementType == b.elementType else { return mayBecomeEqual(left, right) }
            if left.beneath.contains(.unknown) || right.beneath.contains(.unknown) { return nil }
            return a.values == b.values
        default: return false
        }
    }

    private static func sequence(_ left: some Collection<Value>, _ right: some Collection<Value>, checksTypes: Bool) -> Bool? {
        var isUndecided = false
        for (a, b) in zip(left, right) {
            let answer = answer(a, b)
            if answer == false { return false }
            // Two tuples or objects of different types are not equal, even where nulls in them are.
            if checksTypes, a.isNull || a.isUnknown || b.isNull || b.isUnknown, mayBecomeEqual(a, b) == false { return false }
            if answer == nil { isUndecided = true }
        }
        return isUndecided ? nil : true
    }

    /// Values of different types are not equal, unless an unknown's type is open and may yet become the other's.
    private static func mayBecomeEqual(_ left: Value, _ right: Value) -> Bool? {
        let a = left.type
        let b = right.type
        if a == b { return nil }
        return (!left.isWhollyKnown && b.fits(a)) || (!right.isWhollyKnown && a.fits(b)) ? nil : false
    }
}

extension ValueType {
    /// Whether this type is the other one once every `any` in that is settled.
    func fits(_ pattern: ValueType) -> Bool {
        switch (self, pattern) {
        case (_, .dynamic): true
        case (.list(let a), .list(let b)), (.set(let a), .set(let b)), (.map(let a), .map(let b)): a.fits(b)
        case (.tuple(let a), .tuple(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.fits($1) }
        case (.object(let a), .object(let b)):
            a.attributes.count == b.attributes.count
                && zip(a.attributes, b.attributes).allSatisfy { $0.name == $1.name && $0.type.fits($1.type) }
        default: self == pattern
        }
    }
}

extension Unknown {
    /// Whether a known value may be what this turns out to be.
    func admits(_ value: Value) -> Bool {
        if value.isNull { return !refinement.isNotNull }
        if !value.hasType(fitting: type) { return false }
        switch value.node {
        case .string(let text):
            if let prefix = refinement.prefix { return text.utf8.starts(with: prefix.utf8) }
        case .number(let number):
            if let bound = refinement.lowerBound, number < bound.value || (number == bound.value && !bound.isInclusive) { return false }
            if let bound = refinement.upperBound, bound.value < number || (number == bound.value && !bound.isInclusive) { return false }
        case .list(let elements): return admitsLength(elements.values.count)
        case .map(let map): return admitsLength(map.entries.count)
        case .set(let elements):
            // Elements not known yet may turn out equal.
            return value.isWhollyKnown
                ? admitsLength(elements.values.count) : refinement.minimumLength.map { elements.values.count >= $0 } ?? true
        default: break
        }
        return true
    }

    private func admitsLength(_ count: Int) -> Bool {
        count >= refinement.minimumLength ?? 0 && count <= refinement.maximumLength ?? .max
    }
}

extension Value {
    /// Whether the value is of the type, `any` in which stands for every type; what is unknown in the value may still become so.
    func hasType(fitting type: ValueType) -> Bool {
        switch (node, type) {
        case (_, .dynamic), (.bool, .bool), (.number, .number), (.string, .string): true
        case (.list(let elements), .list(let element)), (.set(let elements), .set(let element)):
            elements.elementType.type.fits(element) || mayStillFit(elements.elementType.type)
        case (.map(let map), .map(let element)): map.elementType.type.fits(element) || mayStillFit(map.elementType.type)
        case (.tuple(let values), .tuple(let types)):
            values.count == types.count && zip(values, types).allSatisfy { $0.hasType(fitting: $1) }
        case (.object(let object), .object(let type)):
            object.slots.count == type.attributes.count
                && zip(zip(object.shape.names, object.slots), type.attributes).allSatisfy {
                    $0.0 == $1.name && $0.1.hasType(fitting: $1.type)
                }
        case (.null(let box), _): box.type.fits(type)
        case (.unknown(let unknown), _): unknown.type.fits(type) || unknown.type.holdsDynamic
        default: false
        }
    }

    private func mayStillFit(_ element: ValueType) -> Bool { element.holdsDynamic && !isWhollyKnown }
}
