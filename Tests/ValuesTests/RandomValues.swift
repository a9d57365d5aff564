@testable import Values

/// The same numbers every time, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Random types, and values of them with nulls, unknowns and marks.
struct RandomValues {
    var random: SplitMix
    var allowsUnknown = true
    var allowsNull = true
    var allowsMarks = true
    /// Only numbers that decimal text of 512 bits says exactly.
    var onlyLiteralNumbers = false

    init(seed: UInt64) { random = SplitMix(state: seed) }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    mutating func type(depth: Int = 3, dynamic: Bool = false) -> ValueType {
        switch below(depth > 0 ? 12 : dynamic ? 4 : 3) {
        case 0: return .bool
        case 1: return .number
        case 2: return .string
        case 3: return dynamic ? .dynamic : .string
        case 4, 5: return .list(type(depth: depth - 1, dynamic: dynamic))
        case 6: return .set(type(depth: depth - 1, dynamic: dynamic))
        case 7: return .map(type(depth: depth - 1, dynamic: dynamic))
        case 8: return .tuple((0..<below(4)).map { _ in type(depth: depth - 1, dynamic: dynamic) })
        default:
            let names = ["a", "b", "c", "länge", "z"].shuffled(using: &random).prefix(below(4))
            return .object(ObjectType(names.map { .init(name: $0, type: type(depth: depth - 1, dynamic: dynamic)) }))
        }
    }

    mutating func value(depth: Int = 3) -> Value { value(of: type(depth: depth)) }

    mutating func value(of type: ValueType) -> Value {
        let value = plain(type)
        return allowsMarks && chance(8) ? value.marked(.sensitive) : value
    }

    private mutating func plain(_ type: ValueType) -> Value {
        if allowsNull, chance(6) { return .null(type) }
        if allowsUnknown, chance(6) { return .unknown(type, refinement(type)) }
        switch type {
        case .dynamic: return plain(self.type(depth: 1))
        case .bool: return .bool(chance(50))
        case .number: return .number(number())
        case .string: return .string(text())
        case .list(let element): return .list((0..<below(4)).map { _ in value(of: element) }, of: element)
        case .set(let element): return .set((0..<below(4)).map { _ in value(of: element) }, of: element)
        case .map(let element): return .map((0..<below(4)).map { _ in (text(), value(of: element)) }, of: element)
        case .tuple(let types): return .tuple(types.map { value(of: $0) })
        case .object(let object): return .object(object.attributes.map { ($0.name, value(of: $0.type)) })
        }
    }

    private mutating func refinement(_ type: ValueType) -> Refinement {
        var result = Refinement()
        result.isNotNull = chance(50)
        switch type {
        case .string: if chance(40) { result.prefix = text() }
        case .number:
            if chance(30) { result.lowerBound = .init(value: number(), isInclusive: chance(50)) }
            if chance(30) { result.upperBound = .init(value: number(), isInclusive: chance(50)) }
        case .list, .set, .map: if chance(40) { (result.minimumLength, result.maximumLength) = (1, 2 + below(9)) }
        default: break
        }
        return result
    }

    mutating func text() -> String {
        let alphabet = ["", "a", "b", "key", "é", "漢字", "😀", "\"", "\n", "a much longer text that is not inline", "0", "true", "-"]
        return alphabet[below(alphabet.count)] + alphabet[below(alphabet.count)]
    }

    mutating func number() -> Number {
        switch below(onlyLiteralNumbers ? 4 : 8) {
        case 0: return Number(below(10))
        case 1: return Number(Int(truncatingIfNeeded: random.next()))
        case 2: return Number(decimal: "\(Int64(truncatingIfNeeded: random.next())).\(below(1_000_000))") ?? .zero
        case 3: return Number(decimal: "-\(below(100_000))e\(below(80) - 40)") ?? .zero
        case 4: return Number(exactly: Int64(truncatingIfNeeded: random.next()))
        case 5: return Number(Double(bitPattern: random.next())) ?? .one
        case 6: return chance(50) ? .infinity : -.infinity
        default: return -.zero
        }
    }
}
