/// A parsed pattern.
indirect enum RegexTree {
    case empty
    case scalar(Unicode.Scalar, ignoresCase: Bool)
    case oneOf(RegexClass)
    case assertion(RegexAssertion)
    case group(RegexTree, index: Int)
    case sequence([RegexTree])
    case alternatives([RegexTree])
    case repeated(RegexTree, least: Int, most: Int?, isGreedy: Bool)

    /// Whether it can match nothing.
    var isNullable: Bool {
        switch self {
        case .empty, .assertion: true
        case .scalar, .oneOf: false
        case .group(let inner, _): inner.isNullable
        case .sequence(let parts): parts.allSatisfy(\.isNullable)
        case .alternatives(let parts): parts.contains { $0.isNullable }
        case .repeated(let inner, let least, _, _): least == 0 || inner.isNullable
        }
    }

    /// The largest product of nested repetition counts, which the syntax limits.
    var repetition: Int {
        switch self {
        case .empty, .scalar, .oneOf, .assertion: return 1
        case .group(let inner, _): return inner.repetition
        case .sequence(let parts), .alternatives(let parts): return parts.map(\.repetition).max() ?? 1
        case .repeated(let inner, let least, let most, _):
            // `*`, `+` and `?` are no counts.
            if most == nil, least <= 1 { return inner.repetition }
            if least == 0, most == 1 { return inner.repetition }
            let (product, overflow) = max(most ?? least, 1).multipliedReportingOverflow(by: inner.repetition)
            return overflow ? .max : product
        }
    }
}

enum RegexAssertion {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary
}

/// A set of scalars.
struct RegexClass: Sendable {
    enum Item: Sendable {
        case range(ClosedRange<UInt32>)
        case categories(Set<Unicode.GeneralCategory>)
        case script([ClosedRange<UInt32>])
        /// Everything that a named class does not have.
        case not(RegexClass)
    }

    var items: [Item] = []
    var isNegated = false
    var ignoresCase = false
    /// Answers for ASCII, worked out once.
    private(set) var ascii: (UInt64, UInt64) = (0, 0)

    init(_ items: [Item], isNegated: Bool = false, ignoresCase: Bool = false) {
        self.items = items
        self.isNegated = isNegated
        self.ignoresCase = ignoresCase
        for value in UInt8(0)..<128 where decide(Unicode.Scalar(value)) {
            if value < 64 { ascii.0 |= 1 << UInt64(value) } else { ascii.1 |= 1 << UInt64(value - 64) }
        }
    }

    func contains(_ scalar: Unicode.Scalar) -> Bool {
        let value = scalar.value
        if value < 64 { return ascii.0 >> UInt64(value) & 1 != 0 }
        if value < 128 { return ascii.1 >> UInt64(value - 64) & 1 != 0 }
        return decide(scalar)
    }

    private func decide(_ scalar: Unicode.Scalar) -> Bool {
        let isIn = ignoresCase ? scalar.caseOrbit.contains(where: holds) : holds(scalar)
        return isIn != isNegated
    }

    private func holds(_ scalar: Unicode.Scalar) -> Bool {
        items.contains { item in
            switch item {
            case .range(let range): range.contains(scalar.value)
            case .categories(let categories): categories.contains(scalar.properties.generalCategory)
            case .script(let ranges): ranges.contains { $0.contains(scalar.value) }
            case .not(let other): !other.contains(scalar)
            }
        }
    }
}

extension Unicode.Scalar {
    /// The same for all scalars that differ in case only.
    var caseFolded: Unicode.Scalar {
        if value == 0x130 || value == 0x131 { return self }
        return simpleUppercase.simpleLowercase
    }

    /// All that differ from it in case only.
    var caseOrbit: [Unicode.Scalar] {
        let folded = caseFolded
        var orbit = [self, folded, folded.simpleUppercase]
        switch folded {
        case "k": orbit.append("\u{212A}")
        case "s": orbit.append("\u{17F}")
        case "\u{E5}": orbit.append("\u{212B}")
        case "\u{3BC}": orbit.append("\u{B5}")
        case "\u{3C9}": orbit.append("\u{2126}")
        case "\u{3B8}": orbit += ["\u{3D1}", "\u{3F4}"]
        case "\u{DF}": orbit.append("\u{1E9E}")
        case "\u{3C3}": orbit.append("\u{3C2}")
        default: break
        }
        return orbit
    }
}
