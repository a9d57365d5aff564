extension Value {
    /// The value as one of a type whose objects have other attributes by now: what it lacks is null, what they do not have any more is
    /// left out, within collections, too. Nil where there is nothing to do; what is of another type altogether stays as it is.
    public func reshaped(to wanted: ValueType) -> Value? {
        switch (node, wanted) {
        case (_, .dynamic): return nil
        case (.object(let object), .object(let type)):
            let isSame = object.shape.names == type.shape.names
            var slots = object.slots
            if !isSame {
                slots = ContiguousArray(type.attributes.map { self[$0.name] ?? .null($0.type) })
            }
            var isChanged = !isSame
            for (slot, attribute) in type.attributes.enumerated() {
                guard let changed = slots[slot].reshaped(to: attribute.type) else { continue }
                slots[slot] = changed
                isChanged = true
            }
            return isChanged ? Value.object(shape: type.shape, slots: slots).withMarks(marks) : nil
        case (.list(let elements), .list(let element)):
            return reshaped(elements, to: element).map { Value.list($0, of: element).withMarks(marks) }
        case (.set(let elements), .set(let element)):
            return reshaped(elements, to: element).map { Value.set($0, of: element).marked(marks) }
        case (.map(let map), .map(let element)):
            guard map.elementType.type != element else { return nil }
            let values = map.entries.map { $0.value.reshaped(to: element) ?? $0.value }
            guard values.allSatisfy({ $0.type == element }) else { return nil }
            return Value.map(zip(map.entries, values).map { ($0.key, $1) }, of: element).withMarks(marks)
        case (.null(let type), _): return type.type == wanted ? nil : Value.null(wanted).withMarks(marks)
        default: return nil
        }
    }

    private func reshaped(_ elements: Elements, to element: ValueType) -> [Value]? {
        guard elements.elementType.type != element else { return nil }
        let values = elements.values.map { $0.reshaped(to: element) ?? $0 }
        return values.allSatisfy { $0.type == element } ? Array(values) : nil
    }
}
