import Synchronization

/// A regular expression of RE2's syntax and meaning: leftmost match, first alternative first, time linear in the text.
///
/// Texts are scalars, as in RE2: a character that the eye sees may be several. Known differences to the reference: of Unicode's scripts
/// only those in everyday use have names here (`UnicodeClasses`), and groups nest up to 250 deep instead of 1000.
final class RegularExpression: Sendable {
    /// One a group, the whole match first; nil where it has no name.
    let groupNames: [String?]
    private let program: RegexProgram

    /// - Throws: `RegexSyntaxError`.
    init(_ pattern: String) throws(RegexSyntaxError) {
        var parser = RegexParser(pattern)
        let tree = try parser.parse()
        groupNames = parser.groupNames
        program = try RegexProgram(tree, groupCount: parser.groupNames.count, pattern: pattern)
    }

    /// A cached one: configurations use few patterns and many texts.
    static func compiled(_ pattern: String) throws(RegexSyntaxError) -> RegularExpression {
        if let known = cache.withLock({ $0[pattern] }) { return known }
        let expression = try RegularExpression(pattern)
        cache.withLock { cache in
            if cache.count >= 500 { cache.removeAll() }
            cache[pattern] = expression
        }
        return expression
    }

    private static let cache = Mutex<[String: RegularExpression]>([:])

    /// Where each group matched; nil for one that took no part.
    typealias Match = [Range<Int>?]

    func firstMatch(in text: [Unicode.Scalar], from start: Int = 0) -> Match? {
        var machine = RegexMachine(program, text)
        return machine.firstMatch(from: start)
    }

    /// All matches that do not overlap; an empty one is not taken right behind another.
    func allMatches(in text: [Unicode.Scalar]) -> [Match] {
        var machine = RegexMachine(program, text)
        var matches: [Match] = []
        var position = 0
        var previousEnd = -1
        while position <= text.count, let match = machine.firstMatch(from: position), let whole = match[0] {
            let isEmptyHere = whole.upperBound == position
            if !(isEmptyHere && whole.lowerBound == previousEnd) { matches.append(match) }
            position = isEmptyHere ? position + 1 : whole.upperBound
            previousEnd = whole.upperBound
        }
        return matches
    }

    /// Replaces all matches; in the replacement `$1`, `$name` and `${name}` stand for what a group matched, `$$` for a dollar sign.
    ///
    /// - Throws: where the result would be longer than a text may be.
    func replacingAll(in string: String, with replacement: String) throws(FunctionError) -> String {
        let text = Array(string.unicodeScalars)
        let template = RegexReplacement(replacement)
        var machine = RegexMachine(program, text)
        var result = String.UnicodeScalarView()
        var lastEnd = 0
        var position = 0
        while position <= text.count, let match = machine.firstMatch(from: position), let whole = match[0] {
            result.append(contentsOf: text[lastEnd..<whole.lowerBound])
            if whole.upperBound > lastEnd || whole.lowerBound == 0 {
                template.expand(match, of: text, names: groupNames, into: &result)
                try TextLimit.check(String(result).utf8.count)
            }
            lastEnd = whole.upperBound
            position = max(position + 1, whole.upperBound)
        }
        result.append(contentsOf: text[lastEnd...])
        return String(result)
    }
}

/// What is wrong with a pattern, in RE2's words, and the part of it that is.
struct RegexSyntaxError: Error {
    let message: String
    let part: String
}

/// A replacement's text and references to groups.
private struct RegexReplacement {
    private enum Piece {
        case text(ArraySlice<Unicode.Scalar>)
        case number(Int)
        case name(String)
    }
    private var pieces: [Piece] = []

    init(_ template: String) {
        let scalars = Array(template.unicodeScalars)
        var position = 0
        while let dollar = scalars[position...].firstIndex(of: "$") {
            if dollar > position { pieces.append(.text(scalars[position..<dollar])) }
            position = dollar + 1
            if position < scalars.count, scalars[position] == "$" {
                pieces.append(.text(scalars[position...position]))
                position += 1
            } else if let (name, end) = Self.name(in: scalars, from: position) {
                if let number = Int(name), name.utf8.allSatisfy({ (48...57).contains($0) }) {
                    pieces.append(.number(number))
                } else {
                    pieces.append(.name(name))
                }
                position = end
            } else {
                pieces.append(.text(scalars[dollar...dollar]))
            }
        }
        if position < scalars.count { pieces.append(.text(scalars[position...])) }
    }

    /// Letters, digits and underscores, as many as there are, in braces or not.
    private static func name(in scalars: [Unicode.Scalar], from start: Int) -> (String, end: Int)? {
        let isBraced = start < scalars.count && scalars[start] == "{"
        let first = isBraced ? start + 1 : start
        var end = first
        while end < scalars.count, isWord(scalars[end]) { end += 1 }
        if end == first { return nil }
        let name = String(String.UnicodeScalarView(scalars[first..<end]))
        guard isBraced else { return (name, end) }
        return end < scalars.count && scalars[end] == "}" ? (name, end + 1) : nil
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: true
        default: scalar == "_"
        }
    }

    func expand(
        _ match: RegularExpression.Match, of text: [Unicode.Scalar], names: [String?], into result: inout String.UnicodeScalarView
    ) {
        for piece in pieces {
            var group: Int?
            switch piece {
            case .text(let scalars): result.append(contentsOf: scalars)
            case .number(let number): group = number
            case .name(let name): group = names.indices.first { names[$0] == name && match[$0] != nil }
            }
            if let group, group < match.count, let range = match[group] { result.append(contentsOf: text[range]) }
        }
    }
}
