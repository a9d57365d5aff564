extension Value {
    /// What is known of a value of `type` that will be one of the two, each of which converts to it: null if both are, within the bounds of both
    /// numbers, as long as both collections. Without marks.
    public static func either(_ first: Value, _ second: Value, of type: ValueType) -> Value {
        if first.isNull, second.isNull { return .null(type) }
        var refinement = Refinement.none
        refinement.isNotNull = first.isDefinitelyNotNull && second.isDefinitelyNotNull
        if first.type == .number, second.type == .number {
            let (a, b) = (first.numberBounds, second.numberBounds)
            refinement.lowerBound = wider(a.lower, b.lower) { $0 < $1 }
            refinement.upperBound = wider(a.upper, b.upper) { $1 < $0 }
        } else if first.type == second.type, first.type.isCollection {
            let (a, b) = (first.lengthBounds, second.lengthBounds)
            let minimum = min(a.minimum, b.minimum)
            refinement.minimumLength = minimum > 0 ? minimum : nil
            refinement.maximumLength = a.maximum.flatMap { a in b.maximum.map { max(a, $0) } }
            if refinement.maximumLength == minimum { refinement.minimumLength = minimum }
        }
        return .unknown(type, refinement)
    }

    /// Known, or refined, not to be null.
    public var isDefinitelyNotNull: Bool {
        switch node {
        case .null: false
        case .unknown(let unknown): unknown.refinement.isNotNull
        default: true
        }
    }

    private static func wider(
        _ a: Refinement.Bound?, _ b: Refinement.Bound?, isBeyond: (Number, Number) -> Bool
    ) -> Refinement.Bound? {
        guard let a, let b else { return nil }
        if a.value == b.value { return a.isInclusive ? a : b }
        return isBeyond(a.value, b.value) ? a : b
    }

    private var lengthBounds: (minimum: Int, maximum: Int?) {
        switch node {
        case .list(let elements): (elements.values.count, elements.values.count)
        case .map(let map): (map.entries.count, map.entries.count)
        case .set(let elements):
            // Elements that are not known yet may turn out equal.
            (isWhollyKnown ? elements.values.count : min(elements.values.count, 1), elements.values.count)
        case .unknown(let unknown): (unknown.refinement.minimumLength ?? 0, unknown.refinement.maximumLength)
        default: (0, nil)
        }
    }
}
