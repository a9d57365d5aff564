// The parts in which the reference's published plan gives a value: what is known, what is not, what is sensitive.
extension Value {
    /// The value without what is unknown: attributes and entries are left out, elements of sequences become null. An unknown itself
    /// becomes null.
    public func omittingUnknowns() -> Value { omitted() ?? .null }

    private func omitted() -> Value? {
        if isUnknown { return nil }
        if !beneath.contains(.unknown) { return self }
        switch node {
        case .list(let elements), .set(let elements): return Value.tuple(elements.values.map { $0.omitted() ?? .null }).withMarks(marks)
        case .tuple(let values): return Value.tuple(values.map { $0.omitted() ?? .null }).withMarks(marks)
        case .map, .object:
            let kept = (entries ?? []).compactMap { entry in entry.value.omitted().map { (entry.key, $0) } }
            return Value.object(kept).withMarks(marks)
        case .bool, .number, .string, .null, .unknown: return self
        }
    }

    /// JSON of `omittingUnknowns()`.
    /// - Throws: for infinities, and where something is ephemeral.
    public func jsonWithoutUnknowns() throws(JSONError) -> String {
        if holdsEphemeral { throw JSONError(message: "an ephemeral value cannot be written") }
        return try omittingUnknowns().jsonText()
    }

    /// `after_unknown`: true where the value is unknown; in objects and maps what is wholly known is left out, in sequences it is false.
    public func unknownMask() -> Value { mask(.unknown) { $0.isUnknown } }

    /// `after_sensitive`: the same of what is sensitive.
    public func sensitiveMask() -> Value { mask(.sensitive) { $0.isSensitive } }

    private func mask(_ bit: Beneath, _ isHit: (Value) -> Bool) -> Value {
        if isHit(self) { return .true }
        switch node {
        case .bool, .number, .string, .null: return .false
        case .list(let elements), .set(let elements): return Value.tuple(elements.values.map { $0.mask(bit, isHit) })
        case .tuple(let values): return Value.tuple(values.map { $0.mask(bit, isHit) })
        case .map, .object:
            let kept = (entries ?? []).compactMap { entry in
                let mask = entry.value.mask(bit, isHit)
                return mask.boolValue == false ? nil : (entry.key, mask)
            }
            return Value.object(kept)
        case .unknown(let unknown):
            // Of what will be in it nothing can be said.
            switch unknown.type {
            case .list, .set, .tuple: return .emptyTuple
            case .map, .object: return .emptyObject
            case .bool, .number, .string, .dynamic: return .false
            }
        }
    }
}
