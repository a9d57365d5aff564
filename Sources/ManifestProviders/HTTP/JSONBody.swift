import Values

enum JSONBody {
    /// The value without nulls in objects and maps: an argument that is not given is not sent.
    static func omittingNulls(_ value: Value) -> Value {
        switch value.node {
        case .object(let object):
            let kept = zip(object.shape.names, object.slots).filter { !$1.isNull }
            return .object(kept.map { ($0, omittingNulls($1)) })
        case .map(let map):
            return .object(map.entries.filter { !$0.value.isNull }.map { ($0.key, omittingNulls($0.value)) })
        case .list(let elements), .set(let elements): return .tuple(elements.values.map(omittingNulls))
        case .tuple(let values): return .tuple(values.map(omittingNulls))
        default: return value.withMarks([])
        }
    }
}
